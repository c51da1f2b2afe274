"""`make bench`: how fast TimeTuna is, as ratios against a bare floor measured in the same run."""

import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import cycle
from pathlib import Path

import httpx
import msgspec
import uvloop

from adapters.postgres.embedded.server import EmbeddedPostgres
from entrypoints.migrations import bring_up_to_date
from tests.benchmarks.asked_calendars import AskedMeasured, measured_asking, rows_of_asking
from tests.benchmarks.calendars import CalendarsMeasured, measured_calendars, rows_of
from tests.benchmarks.filling import FIRST_DAY, LAST_DAY, fill
from tests.benchmarks.followed import FollowedMeasured, measured_following, rows_of_following
from tests.benchmarks.load import get
from tests.benchmarks.measuring import Measured, compare, served, submits
from tests.benchmarks.starting import StartingMeasured, measured_starting, rows_of_starting
from tests.benchmarks.webhooks import WebhooksMeasured, measured_webhooks, rows_of_webhooks
from tests.support.deployment import ApiHost, deployed
from tests.support.guests import submit, token_of
from tests.support.processes import answers, free_port, start

SMALL, BIG = 1_000, 1_000_000
ZOOM_TAKES = 0.3
# With those that warm up, fewer than the 90 meetings of a day that Zoom makes for guests whom nobody knows.
LINKS = 80


class SiteMeasured(msgspec.Struct, frozen=True):
    """A site with few bookings against a floor; and `_grown`, with many bookings against few."""

    slots: Measured
    page: Measured
    accepting: Measured
    slots_grown: Measured
    accepting_grown: Measured


@dataclass(frozen=True)
class Site:
    """A web process on a database with so many bookings of others."""

    port: int
    host: ApiHost

    @property
    def month_path(self) -> str:
        """Where the slots of a month are that has 200 bookings."""
        days = f"from={FIRST_DAY}&to={LAST_DAY}&timezone=Europe/Berlin"
        return f"/api/v1/public/{self.host.handle}/intro/call/slots?{days}"

    @property
    def month(self) -> bytes:
        return get(self.month_path)


_BOOKINGS = "/api/v1/public/{}/intro/call/bookings"


async def main() -> None:
    with tempfile.TemporaryDirectory(prefix="timetuna-bench-") as temporary:
        folder = Path(temporary)
        with EmbeddedPostgres(folder / "few") as server:
            with EmbeddedPostgres(folder / "many") as another:
                site = await measured_site(server.url, another.url, folder)
            starting = await measured_starting(server.url, folder)
            links = await measured_links(server.url, folder)
            calendars = await measured_calendars(server.url, folder)
            asked = await measured_asking(server.url, folder)
            followed = await measured_following(server.url, folder)
            webhooks = await measured_webhooks(server.url, folder)
    report(site, links, calendars, asked, followed, webhooks, starting)


async def measured_site(url: str, url_of_many: str, folder: Path) -> SiteMeasured:
    """Each pair is measured in turns, the two sizes as well."""
    for each in ("site", "big-site"):
        (folder / each).mkdir()
    async with filled(url, folder / "site", SMALL) as few:
        async with filled(url_of_many, folder / "big-site", BIG) as many:
            print("… measuring slots with many bookings stored", file=sys.stderr)
            slots_grown = await compare(many.port, lambda: cycle([many.month]), few.port, lambda: cycle([few.month]))
            print("… measuring bookings with many stored", file=sys.stderr)
            beside_many, ours = submits(_BOOKINGS), submits(_BOOKINGS)
            accepting_grown = await compare(many.port, lambda: beside_many, few.port, lambda: ours)
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{few.port}") as client:
            offered: list[str] = (await client.get(few.month_path)).json()["slots"]
        async with floor(url, folder, offered) as floor_port:
            print("… measuring slots", file=sys.stderr)
            at_the_floor = get(f"/slots/{few.host.id}")
            slots = await compare(few.port, lambda: cycle([few.month]), floor_port, lambda: cycle([at_the_floor]))
            print("… measuring the public page", file=sys.stderr)
            page = get(f"/{few.host.handle}/intro/call?month={FIRST_DAY:%Y-%m}&timezone=Europe/Berlin")
            pages = await compare(few.port, lambda: cycle([page]), few.port, lambda: cycle([few.month]))
            print("… measuring bookings", file=sys.stderr)
            theirs = submits("/bookings/floor-{}")
            accepting = await compare(few.port, lambda: ours, floor_port, lambda: theirs)
    return SiteMeasured(slots, pages, accepting, slots_grown, accepting_grown)


@asynccontextmanager
async def filled(url: str, folder: Path, size: int) -> AsyncGenerator[Site]:
    await bring_up_to_date(url)
    async with deployed(url, folder) as deployment:
        print(f"… filling in {size:,} bookings", file=sys.stderr)
        await fill(url, size)
        yield Site(*await served(deployment, url))


@asynccontextmanager
async def floor(url: str, folder: Path, offered: list[str]) -> AsyncGenerator[int]:
    """The bare floor in a process of its own, on the same server as ours."""
    port = free_port()
    environ = {**os.environ, "TIMETUNA_DATABASE_URL": url, "FLOOR_SLOTS": json.dumps(offered)}
    command = ["-m", "uvicorn", "tests.benchmarks.floor:app", "--port", str(port), "--no-access-log"]
    running = await start(folder / "floor.log", sys.executable, *command, environ=environ)
    try:
        await answers(f"http://127.0.0.1:{port}/slots/nobody", running)
        yield port
    finally:
        await running.stop()


async def measured_links(url: str, folder: Path) -> list[float]:
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
    return took[5:]


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


def report(
    site: SiteMeasured,
    links: list[float],
    calendars: CalendarsMeasured,
    asked: AskedMeasured,
    followed: FollowedMeasured,
    webhooks: WebhooksMeasured,
    starting: StartingMeasured,
) -> None:
    extra = [1000 * (each - ZOOM_TAKES) for each in links]
    # Not beyond the longest, which so few would be taken to have if they were a sample of more.
    slow = statistics.quantiles(extra, n=100, method="inclusive")[98]
    rows = [
        ("a month of slots, 200 bookings in it", *_of_floor(site.slots), "≥ 75 %", site.slots.ratio >= 0.75),
        _page(site.page),
        ("accepting a booking", *_of_floor(site.accepting), "≥ 70 %", site.accepting.ratio >= 0.7),
        _grown(f"slots with {BIG:,} bookings stored", site.slots_grown),
        _grown(f"accepting with {BIG:,} bookings stored", site.accepting_grown),
        _extra("submit → link visible, median", statistics.median(extra), 50),
        _extra("submit → link visible, 99th percentile", slow, 250),
        *rows_of(calendars),
        *rows_of_asking(asked),
        *rows_of_following(followed),
        *rows_of_webhooks(webhooks),
        *rows_of_starting(starting),
    ]
    print("\n| work | measured | against | goal | met |\n|---|---|---|---|---|")
    for work, measured, against, goal, met in rows:
        print(f"| {work} | {measured} | {against} | {goal} | {'yes' if met else '**no**'} |")


def _of_floor(measured: Measured) -> tuple[str, str]:
    return f"{measured.ours:,.0f}/s, {measured.ratio:.0%}, {_slow(measured)}", f"floor {measured.floor:,.0f}/s"


def _slow(measured: Measured) -> str:
    return f"99th percentile {1000 * measured.slow:.0f} ms"


def _page(measured: Measured) -> tuple[str, str, str, str, bool]:
    times = 1 / measured.ratio
    against = f"the slots API’s {measured.floor:,.0f}/s"
    return (
        "the public page of that month",
        f"{measured.ours:,.0f}/s, {times:.2f} × the time, {_slow(measured)}",
        against,
        "≤ 2 ×",
        times <= 2,
    )


def _grown(work: str, measured: Measured) -> tuple[str, str, str, str, bool]:
    times = 1 / measured.ratio
    return work, f"{times:.2f} × the time", f"{measured.floor:,.0f}/s with {SMALL:,}", "≤ 1.25 ×", times <= 1.25


def _extra(work: str, milliseconds: float, goal: int) -> tuple[str, str, str, str, bool]:
    return work, f"+{milliseconds:.0f} ms", "Zoom’s own 300 ms", f"≤ +{goal} ms", milliseconds <= goal


if __name__ == "__main__":
    uvloop.run(main())
