"""How soon a page follows a change in a calendar: pushed in the demo, and found by polling a feed."""

import asyncio
import os
import statistics
import sys
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
import msgspec

from adapters.sandbox.google.accounts import GINA
from tests.benchmarks.big_feed import feed_served
from tests.benchmarks.table import Row
from tests.support.deployment import deployed
from tests.support.processes import answers, free_port, start_timetuna

PUSHED, POLLED = 40, 8
POLL = 2
PATIENCE = 60.0

_LENGTH = timedelta(minutes=30)
_BERLIN = ZoneInfo("Europe/Berlin")
_EVENT = "BEGIN:VEVENT\r\nUID:{0}\r\nDTSTAMP:{0}\r\nDTSTART:{0}\r\nDURATION:PT30M\r\nEND:VEVENT\r\n"


class FollowedMeasured(msgspec.Struct, frozen=True):
    """Seconds from each change in a calendar until its time is no longer offered."""

    pushed: list[float]
    polled: list[float]


async def measured_following(url: str, folder: Path) -> list[Row]:
    print("… measuring how soon pages follow calendars", file=sys.stderr)
    (folder / "followed").mkdir()
    return _rows(FollowedMeasured(await _pushed(folder / "followed"), await _polled(url, folder / "followed")))


def _rows(measured: FollowedMeasured) -> list[Row]:
    pushed, polled = statistics.quantiles(measured.pushed, n=20)[18], max(measured.polled)
    return [
        Row("change pushed → time gone, 95th percentile", f"{pushed:.2f} s", "", "≤ 5 s", pushed <= 5),
        Row(
            f"change of a feed that is read every {POLL} s → time gone, the longest",
            f"{polled:.2f} s",
            "",
            f"≤ {2 * POLL} s",
            polled <= 2 * POLL,
        ),
    ]


async def _pushed(folder: Path) -> list[float]:
    """Events are added to the sandbox's calendar, which the demo's host is connected with."""
    port = free_port()
    command = "demo", "--port", str(port), "--data", str(folder / "data")
    running = await start_timetuna(folder / "demo.log", *command, environ={**os.environ, "TIMETUNA_RATE_LIMIT": "off"})
    try:
        url = f"http://127.0.0.1:{port}"
        await answers(f"{url}/readyz", running)
        async with httpx.AsyncClient(base_url=url, timeout=30) as client:

            async def add(start: datetime) -> None:
                local, end = (each.astimezone(_BERLIN).strftime("%Y-%m-%dT%H:%M") for each in (start, start + _LENGTH))
                fields = {"do": "add", "calendar": GINA.email, "title": "Busy", "starts": local, "ends": end}
                answer = await client.post("/sandbox/google/calendar", data=fields)
                if answer.is_error:
                    raise RuntimeError(answer.text)

            return await _followed(client, "/api/v1/public/anna/intro/call", PUSHED, add)
    finally:
        await running.stop()


async def _polled(url: str, folder: Path) -> list[float]:
    """Events are added to a feed; nobody tells of them."""
    async with deployed(url, folder) as deployment, feed_served(folder, events=0) as feed:
        deployment.environ |= {
            "TIMETUNA_ALLOWED_NETWORKS": "127.0.0.0/8",
            "TIMETUNA_FEED_POLL_SECONDS": str(POLL),
        }
        base = await deployment.web()
        await deployment.workers()
        host = await deployment.host("follows")
        await deployment.connect_zoom(host)
        published: list[str] = []

        async def add(start: datetime) -> None:
            published.append(_EVENT.format(f"{start:%Y%m%dT%H%M%SZ}"))
            file = folder / "feed" / "busy.ics"
            file.write_text(
                f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{''.join(published)}END:VCALENDAR\r\n", encoding="utf-8"
            )
            # The server compares whole seconds.
            changed = time.time() + len(published)
            os.utime(file, (changed, changed))

        async with httpx.AsyncClient(base_url=base, timeout=30) as client:
            path = await host.publishes(client)
            fields = {"kind": "ical_feed", "url": feed}
            (await client.post("/api/v1/calendar-connections", json=fields, headers=host.headers)).raise_for_status()
            return await _followed(client, path, POLLED, add)


async def _followed(
    client: httpx.AsyncClient, path: str, count: int, add: Callable[[datetime], Awaitable[None]]
) -> list[float]:
    offered = await _offered(client, path)
    if len(offered) < 2 * count:
        raise RuntimeError(f"{path} offers {len(offered)} times, which are too few.")
    taken: list[float] = []
    for start in offered[:: len(offered) // count][:count]:
        await add(start)
        began = time.perf_counter()
        async with asyncio.timeout(PATIENCE):
            while start in await _offered(client, path):
                await asyncio.sleep(0.02)
        taken.append(time.perf_counter() - began)
    return taken


async def _offered(client: httpx.AsyncClient, path: str) -> list[datetime]:
    today = datetime.now(UTC).date()
    days = {"from": f"{today + timedelta(days=2)}", "to": f"{today + timedelta(days=40)}", "timezone": "UTC"}
    answer = await client.get(f"{path}/slots", params=days)
    answer.raise_for_status()
    return [datetime.fromisoformat(each) for each in answer.json()["slots"]]
