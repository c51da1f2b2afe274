"""The demo as a person meets it: one command, everything in it, and it forgets nothing."""

import asyncio
import signal
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
import pytest
import pytest_asyncio

from adapters.sandbox.google.accounts import GINA
from entrypoints.demo import GOOGLE
from tests.support.guests import books, free_times, token_of
from tests.support.processes import PATIENCE, Running, answers, free_port, start_timetuna

pytestmark = pytest.mark.asyncio(loop_scope="module")


@dataclass
class Demo:
    """A demo in a folder of its own, started again and again on one port."""

    folder: Path
    port: int
    running: list[Running]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> Running:
        log = self.folder / f"{len(self.running)}.log"
        started = await start_timetuna(log, "demo", "--port", str(self.port), "--data", str(self.folder / "data"))
        self.running.append(started)
        await answers(f"{self.url}/readyz", started)
        return started


@pytest_asyncio.fixture(loop_scope="module")
async def demo(tmp_path: Path) -> AsyncGenerator[Demo]:
    """One of the test's own, to be started and ended."""
    async with _ended(Demo(tmp_path, free_port(), [])) as made:
        yield made


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def running_demo(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Demo]:
    """For all that leave it running: a start takes seconds."""
    async with _ended(Demo(tmp_path_factory.mktemp("demo"), free_port(), [])) as made:
        await made.start()
        yield made


@asynccontextmanager
async def _ended(demo: Demo) -> AsyncGenerator[Demo]:
    try:
        yield demo
    finally:
        for each in demo.running:
            await each.kill()


@asynccontextmanager
async def client_of(demo: Demo) -> AsyncGenerator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=demo.url, verify=False, timeout=PATIENCE) as client:
        yield client


PATH = "/api/v1/public/anna/intro/call"


async def test_an_event_added_to_the_sandboxs_calendar_takes_its_time_off_the_page(running_demo: Demo) -> None:
    async with client_of(running_demo) as client:
        [first, second] = await free_times(client, PATH, 2)
        starts = datetime.fromisoformat(first).astimezone(ZoneInfo("Europe/Berlin"))
        ends = starts + timedelta(minutes=30)

        added = await client.post(
            f"{GOOGLE}/calendar",
            data={
                "do": "add",
                "calendar": GINA.email,
                "week": f"{starts:%F}",
                "title": "Dentist",
                "starts": f"{starts:%FT%R}",
                "ends": f"{ends:%FT%R}",
            },
        )
        assert httpx.codes.SEE_OTHER == added.status_code

        async with asyncio.timeout(PATIENCE):
            while first in (offered := await free_times(client, PATH, 2)):
                await asyncio.sleep(0.05)
    assert second == offered[0]


async def test_a_taken_port_is_a_clear_message_and_changes_nothing(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        other = await start_timetuna(
            tmp_path / "other.log", "demo", "--port", str(port), "--data", str(tmp_path / "other")
        )

        assert 1 == await other.process.wait()
    assert other.says().startswith(f"Port {port} on this machine can’t be used")
    assert not (tmp_path / "other").exists()


async def test_a_folder_that_another_demo_uses_is_a_clear_message(running_demo: Demo, tmp_path: Path) -> None:
    other = await start_timetuna(
        tmp_path / "other.log", "demo", "--port", str(free_port()), "--data", str(running_demo.folder / "data")
    )

    assert 1 == await other.process.wait()
    assert "already in use" in other.says()
    assert "Traceback" not in other.says()


async def test_a_kill_loses_nothing_the_next_start_says_where_to_click_and_ctrl_c_ends_it_cleanly(demo: Demo) -> None:
    killed = await demo.start()
    async with client_of(demo) as client:
        [first, second] = await free_times(client, PATH, 2)
        phoned = await books(client, PATH, first, meeting_type="phone", phone="+55 11 5550-1234")

    await killed.kill()
    restarted = await demo.start()

    async with client_of(demo) as client:
        kept = (await client.get(f"/api/v1/public/bookings/{token_of(phoned)}")).json()
        assert phoned == kept
        assert second in await free_times(client, PATH, 2)
        await _confirmations(client)
    assert 0 == await restarted.stop(signal.SIGINT)
    for path in ("/signin", "/settings/providers", "/anna/intro", "/mailbox/", "/sandbox/zoom/"):
        assert demo.url + path in restarted.says()
    assert "Traceback" not in restarted.says()
    assert restarted.says().rstrip().endswith("data")


async def test_the_mailbox_shows_each_mail_with_its_invitation(running_demo: Demo) -> None:
    async with client_of(running_demo) as client:
        [start] = await free_times(client, PATH, 1)
        await books(client, PATH, start, meeting_type="phone", phone="+55 11 5550-1234")

        mails = await _confirmations(client)
        invite = await client.get("/mailbox/1/invite.ics")

    assert "ana@guests.example" in mails
    assert "anna@timetuna.example" in mails
    assert b"METHOD:REQUEST" in invite.content


async def _confirmations(client: httpx.AsyncClient) -> str:
    """The mailbox, once guest and host have theirs."""
    mails = ""
    async with asyncio.timeout(PATIENCE):
        while mails.count("Confirmed") < 2:
            mails = (await client.get("/mailbox/")).text
    return mails
