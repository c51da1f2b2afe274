"""Two web processes behind Debian's nginx and Caddy, restarted one after the other while guests look and book."""

import asyncio
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from tests.operations.proxies import Proxy, caddy_before, nginx_before
from tests.support.deployment import Deployment
from tests.support.guests import free_times, submit
from tests.support.processes import PATIENCE

pytestmark = [pytest.mark.redis, pytest.mark.nginx, pytest.mark.caddy]

GUESTS_AT_ONCE = 3
PAUSE = 0.1
BOOKED_EVERY = 3
"""Proxies send a booking once at most, lest it is taken twice; what is only looked at they may ask for again."""


class Guests:
    """Look at a page and its free times, and book, over and over; count what each proxy made of it."""

    def __init__(self, path: str, starts: list[str]) -> None:
        self.seen = {"nginx": Counter[str](), "caddy": Counter[str]()}
        self.enough = asyncio.Event()
        self._path = path
        self._starts = enumerate(starts)

    async def come(self, name: str, proxy: Proxy) -> None:
        asked = 0
        async with httpx.AsyncClient(base_url=proxy.url, verify=proxy.trusting, timeout=PATIENCE) as client:
            while not self.enough.is_set():
                await asyncio.sleep(PAUSE)
                asked += 1
                self.seen[name][await self._asks(client, books=asked % BOOKED_EVERY == 0)] += 1

    async def _asks(self, client: httpx.AsyncClient, *, books: bool) -> str:
        number, start = next(self._starts) if books else (0, "")
        try:
            if books:
                booking = submit(start, name=f"guest{number}", meeting_type="in_person")
                answer = await client.post(f"{self._path}/bookings", json=booking)
            else:
                answer = await client.get("/anna/intro")
        except httpx.TransportError as error:
            return type(error).__name__
        return f"{answer.request.method} {answer.status_code}"


async def test_no_request_fails_behind_nginx_or_caddy(deployment: Deployment, tmp_path: Path) -> None:
    host = await deployment.host()
    webs = [await deployment.web() for _ in range(2)]
    async with httpx.AsyncClient(base_url=webs[0], timeout=PATIENCE) as client:
        path = await host.publishes(client, meeting_types=[{"type": "in_person", "address": "Hafenstraße 1, Hamburg"}])
        starts = await free_times(client, path, 2_000)
    guests = Guests(path, starts)
    folders = [tmp_path / name for name in guests.seen]
    for folder in folders:
        folder.mkdir()
    async with nginx_before(folders[0], *webs) as nginx, caddy_before(folders[1], *webs) as caddy:
        coming = [
            asyncio.create_task(guests.come(name, proxy))
            for name, proxy in (("nginx", nginx), ("caddy", caddy))
            for _ in range(GUESTS_AT_ONCE)
        ]

        for web in webs:
            assert 0 == await deployment.webs[web].stop(), deployment.webs[web].says()
            await deployment.web(port=urlsplit(web).port)
            # As the guide says: by then Caddy has asked the new one.
            await asyncio.sleep(1)

        guests.enough.set()
        await asyncio.gather(*coming)

    for name in guests.seen:
        assert {"GET 200", "POST 201"} == guests.seen[name].keys(), guests.seen
