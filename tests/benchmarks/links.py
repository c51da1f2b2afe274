"""How soon after a submit the guest's page has the Zoom link."""

import statistics
import sys
import time
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx

from tests.benchmarks.table import Row
from tests.support.deployment import deployed
from tests.support.guests import submit, token_of

ZOOM_TAKES = 0.3
# With those that warm up, fewer than the 90 meetings of a day that Zoom makes for guests whom nobody knows.
LINKS = 80


async def measured_links(url: str, folder: Path) -> list[Row]:
    """How long after the submit the guest's page has the link."""
    (folder / "links").mkdir()
    async with AsyncExitStack() as stack:
        deployment = await stack.enter_async_context(deployed(url, folder / "links"))
        base = await deployment.web()
        await deployment.workers()
        host = await deployment.host("busy", timezone="UTC")
        await deployment.connect_zoom(host)
        client = await stack.enter_async_context(httpx.AsyncClient(base_url=base, timeout=30))
        path = await host.publishes(client, horizon_days=730)
        deployment.sandbox.switches.latency = ZOOM_TAKES
        print("… measuring how soon the link is there", file=sys.stderr)
        starts = [datetime(2027, 4, 1, tzinfo=UTC) + timedelta(minutes=30 * n) for n in range(LINKS * 3)]
        working = [each.isoformat() for each in starts if each.weekday() < 5][: LINKS + 5]
        took = [await seconds_to_link(client, path, start, number) for number, start in enumerate(working)]
    return _rows(took[5:])


async def seconds_to_link(client: httpx.AsyncClient, path: str, start: str, number: int) -> float:
    """From the submit until the guest's open page is told the link, as its script asks for it."""
    began = time.perf_counter()
    # No page takes that many bookings of one guest.
    booking = (await client.post(f"{path}/bookings", json=submit(start, name=f"Guest-{number} Brito"))).json()
    live = f"/b/{token_of(booking)}/live"
    answer = await client.get(live)
    while "Join Zoom meeting" not in answer.text:
        [seen] = [part.partition('"')[0] for part in answer.text.split("seen=")[1:]][:1]
        answer = await client.get(live, params={"seen": seen})
    return time.perf_counter() - began


def _rows(took: list[float]) -> list[Row]:
    extra = [1000 * (each - ZOOM_TAKES) for each in took]
    # Not beyond the longest, which so few would be taken to have if they were a sample of more.
    slow = statistics.quantiles(extra, n=100, method="inclusive")[98]
    return [
        _extra("submit → link visible, median", statistics.median(extra), 50),
        _extra("submit → link visible, 99th percentile", slow, 250),
    ]


def _extra(work: str, milliseconds: float, goal: int) -> Row:
    return Row(work, f"+{milliseconds:.0f} ms", "Zoom’s own 300 ms", f"≤ +{goal} ms", milliseconds <= goal)
