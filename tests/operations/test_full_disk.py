"""The disk of an embedded database is full: guests are told so, nothing is lost, and it goes on once there is room."""

import asyncio
import os
import re
import signal
import sys
from collections.abc import AsyncGenerator
from pathlib import Path

import asyncpg
import httpx
import pytest

from tests.support.guests import free_times, submit, token_of
from tests.support.processes import PATIENCE, Running, answers, free_port, start

pytestmark = pytest.mark.namespaces

PATH = "/api/v1/public/anna/intro/call"
PHONE = "+55 11 5550-1234"
ON_A_SMALL_DISK = 'mount -t tmpfs -o size=160m,mode=755 tmpfs /mnt && exec "$@"'


class Demo:
    """A demo whose data are on a disk of its own."""

    def __init__(self, running: Running, url: str) -> None:
        self.running = running
        self.url = url
        self._disk = Path(f"/proc/{running.process.pid}/root/mnt")

    @property
    def database(self) -> str:
        """The URL of its database."""
        folder = self._disk / "data" / "postgres"
        port = (folder / "data" / "postmaster.pid").read_text().splitlines()[3]
        return f"postgresql://timetuna:{(folder / 'password').read_text()}@127.0.0.1:{port}/timetuna"

    def fill_disk(self) -> None:
        with (self._disk / "ballast").open("wb", buffering=0) as ballast:
            try:
                while ballast.write(bytes(65536)):
                    pass
            except OSError:
                return

    def make_room(self) -> None:
        (self._disk / "ballast").unlink()


@pytest.fixture
async def demo(tmp_path: Path) -> AsyncGenerator[Demo]:
    port = free_port()
    command = (sys.executable, "-m", "entrypoints.cli", "demo", "--port", str(port), "--data", "/mnt/data")
    inside = ("unshare", "--mount", "sh", "-c", ON_A_SMALL_DISK, "sh")
    environ = os.environ | {"TIMETUNA_RATE_LIMIT": "off"}
    running = await start(tmp_path / "demo.log", *inside, *command, environ=environ)
    url = f"http://127.0.0.1:{port}"
    try:
        await answers(f"{url}/readyz", running)
        yield Demo(running, url)
        assert 0 == await running.stop(signal.SIGINT)
    finally:
        await running.kill()


async def test_guests_are_told_and_it_goes_on_by_itself_once_there_is_room(demo: Demo) -> None:
    async with httpx.AsyncClient(base_url=demo.url, timeout=30) as client:
        starts = iter(await free_times(client, PATH, 200))
        booked = [await _asks(client, next(starts), 0)]

        demo.fill_disk()
        told = (await client.get("/metrics")).text
        while (answer := await _asks(client, next(starts), len(booked))).is_success:
            booked.append(answer)
        await _write_until_it_gives_up(demo.database)
        without_database = await _asks(client, next(starts), len(booked))
        demo.make_room()
        await answers(f"{demo.url}/readyz", demo.running)
        booked.append(await _asks(client, next(starts), len(booked)))
        kept = [await client.get(f"/api/v1/public/bookings/{token_of(each.json())}") for each in booked]

    free, size = (float(each) for each in re.findall(r"^timetuna_database_disk_\w+_bytes (\S+)$", told, re.MULTILINE))
    assert free < 0.1 * size
    for refused in (answer, without_database):
        assert httpx.codes.SERVICE_UNAVAILABLE.value == refused.status_code, refused.text
        assert refused.json()["type"].endswith("/problems/unavailable")
        assert refused.headers["retry-after"]
    assert {httpx.codes.CREATED.value} == {each.status_code for each in booked}
    assert [each.json()["id"] for each in booked] == [each.json()["id"] for each in kept]


async def _asks(client: httpx.AsyncClient, start: str, number: int) -> httpx.Response:
    """Each guest is another one, who books a phone call."""
    body = submit(start, name=f"Guest-{number} Brito", meeting_type="phone", phone=PHONE)
    return await client.post(f"{PATH}/bookings", json=body)


async def _write_until_it_gives_up(database: str) -> None:
    """Write to PostgreSQL's log alone; where that has no room, no recovery has."""
    async with asyncio.timeout(PATIENCE):
        while True:
            try:
                connection = await asyncpg.connect(database)
            except ConnectionRefusedError:
                return
            except (asyncpg.PostgresError, OSError):
                continue
            try:
                while True:
                    await connection.execute("select pg_logical_emit_message(true, 'drill', repeat('x', 200000))")
            except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
                connection.terminate()
