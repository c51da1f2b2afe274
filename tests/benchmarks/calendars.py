"""What calendars cost: pages and submits that heed them, and reading them again and again."""

import asyncio
import os
import sys
from collections.abc import AsyncGenerator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from itertools import cycle
from pathlib import Path

import httpx
import msgspec

from application.calendars.timings import DEFAULT_TIMINGS
from application.jobs import Due, ReadCalendarJob
from application.ports.calendar_reader import NOTHING_SEEN, CaldavLogin, FeedAddress, LastSeen
from application.ports.calendars import StoredCalendar
from application.ports.safe_fetcher import Validators
from domain.busy import BusyTime
from domain.calendar import Calendar, CalendarConnection, Reading
from domain.ids import CalendarConnectionId, CalendarId, HostId
from domain.slot import Slot
from tests.benchmarks.big_feed import FeedMeasured, feed_served
from tests.benchmarks.caldav_server import SEEN, caldav_server
from tests.benchmarks.filling import EACH, FIRST_DAY, LAST_DAY, fill, fill_month
from tests.benchmarks.load import get
from tests.benchmarks.measuring import TWINS, Measured, compare, served, submits
from tests.benchmarks.table import Row
from tests.support.deployment import Deployment, deployed
from tests.support.processes import ROOT

EVENTS = 300
WITH_CALENDARS, WITHOUT = range(1, TWINS // 2 + 1), range(TWINS // 2 + 1, TWINS + 1)
FEEDS, AT_SERVERS = 800, 200
"""Of the calendars that are polled, those that are feeds, and those at CalDAV servers."""

FRESHEN_EVERY = 5.0


_BLOCK = """
    update booking_pages set calendars = jsonb_set(calendars, '{blocking}', to_jsonb($2::text[])) where host_id = $1
"""


_READ_JUST_NOW = "update calendars set read_at = now() where kind = 'caldav'"


class Polled(msgspec.Struct, frozen=True):
    """What it costs to read a calendar that hasn't changed.

    Attributes:
        a_minute: how many are read in a minute, by the default intervals.
        seconds: of processor time for each, and `requests` that its server got.
    """

    a_minute: float
    seconds: float
    requests: float


class CalendarsMeasured(msgspec.Struct, frozen=True):
    """Pages and submits with calendars against those without, and calendars that are polled, by their kinds."""

    slots: Measured
    submits: Measured
    feed: FeedMeasured
    polled: tuple[Polled, ...]


async def measured_calendars(url: str, folder: Path) -> list[Row]:
    (folder / "calendars").mkdir()
    async with deployed(url, folder / "calendars") as deployment, caldav_server() as server:
        deployment.environ |= {"TIMETUNA_ALLOWED_NETWORKS": "127.0.0.0/8"}
        await fill(url, EACH)
        port, host = await served(deployment, url)
        await fill_month(url, "twin1")
        for twin in WITH_CALENDARS:
            await _block(deployment, HostId(f"twin{twin}"), server.url)
        # Rows written since the last one take longer to read, which has nothing to do with calendars.
        await deployment.store.pool.execute("vacuum analyze")
        print("… measuring slots and submits with calendars", file=sys.stderr)
        query = f"intro/call/slots?from={FIRST_DAY}&to={LAST_DAY}&timezone=Europe/Berlin"
        month, plain = (f"/api/v1/public/{handle}/{query}" for handle in ("twin-1", host.handle))
        await _offer_the_same(port, month, plain)
        slots = await compare(port, lambda: cycle([get(month)]), port, lambda: cycle([get(plain)]))
        path = "/api/v1/public/{}/intro/call/bookings"
        ours, theirs = submits(path, WITH_CALENDARS), submits(path, WITHOUT)
        async with _kept_fresh(deployment):
            # One at a time: what counts is how much longer a guest waits.
            submitted = await compare(port, lambda: ours, port, lambda: theirs, connections=1)
        if server.requests:
            raise RuntimeError("Calendars were asked that had been read just now.")
    print("… measuring a big feed", file=sys.stderr)
    feed = await _big_feed()
    print("… measuring polls", file=sys.stderr)
    return _rows(CalendarsMeasured(slots, submitted, feed, await _polled(url, folder)))


def _rows(measured: CalendarsMeasured) -> list[Row]:
    slots, submitted, feed = measured.slots, measured.submits, measured.feed
    extra = 1000 / submitted.ours - 1000 / submitted.floor
    seconds = sum(each.a_minute * each.seconds for each in measured.polled)
    requests = sum(each.a_minute * each.requests for each in measured.polled)
    return [
        Row(
            f"that month with two calendars of {EVENTS} events",
            f"{slots.ours:,.0f}/s, {slots.ratio:.0%}",
            f"{slots.floor:,.0f}/s without",
            "≥ 90 %",
            slots.ratio >= 0.9,
        ),
        Row(
            "submit, its calendars read just now",
            f"{extra:+.2f} ms",
            f"{1000 / submitted.floor:.1f} ms without",
            "≤ +1 ms",
            extra <= 1,
        ),
        _of_feed("processor time", f"{feed.seconds:.1f} s", "≤ 4 s", feed.seconds <= 4),
        _of_feed("memory of the child", f"{feed.mebibytes:.0f} MiB", "≤ 200 MiB", feed.mebibytes <= 200),
        _of_feed("longest pause of the event loop", f"{feed.pause:.0f} ms", "≤ 50 ms", feed.pause <= 50),
        _of_feed("read again unchanged", f"{feed.unchanged:.1f} ms", "< 5 ms", feed.unchanged < 5),
        Row(
            f"{FEEDS} feeds and {AT_SERVERS} CalDAV calendars that don’t change",
            f"{seconds:.2f} s of processor time a minute",
            f"{requests:.0f} requests a minute",
            "reported",
            True,
        ),
    ]


def _of_feed(what: str, measured: str, goal: str, met: bool) -> Row:
    return Row(f"feed of 20,000 events: {what}", measured, "", goal, met)


@asynccontextmanager
async def _kept_fresh(deployment: Deployment) -> AsyncGenerator[None]:
    """Let the calendars at servers always be read just now, as a worker would that has heard of a change."""

    async def keep() -> None:
        while True:
            await deployment.store.pool.execute(_READ_JUST_NOW)
            await asyncio.sleep(FRESHEN_EVERY)

    await deployment.store.pool.execute(_READ_JUST_NOW)
    keeping = asyncio.create_task(keep())
    try:
        yield
    finally:
        keeping.cancel()


async def _block(deployment: Deployment, host_id: HostId, server: str) -> None:
    """Let two calendars block the host's page, in hours that it doesn't offer or has taken bookings in."""
    midnight = datetime(FIRST_DAY.year, FIRST_DAY.month, FIRST_DAY.day, tzinfo=UTC)
    booked = (midnight + timedelta(days=n // 9, hours=7 + n % 9) for n in range(EACH))
    nights = [midnight + timedelta(days=n % 31, hours=19 + n // 31) for n in range(EVENTS)]
    taken = [*booked, *(each + timedelta(minutes=15) for each in nights[: EVENTS - EACH])]
    first = _calendar(host_id, "first", taken, server=server)
    second = _calendar(host_id, "second", nights, server=server)
    await _connect(deployment, first, second)
    await deployment.store.pool.execute(_BLOCK, host_id, [first.calendar.id, second.calendar.id])


def _calendar(
    host_id: HostId,
    name: str,
    starts: Iterable[datetime] = (),
    seen: LastSeen = NOTHING_SEEN,
    *,
    server: str | None = None,
) -> StoredCalendar:
    """A calendar that was read just now: at a CalDAV server, or else a feed's."""
    now, zone = datetime.now(UTC), "Europe/Berlin"
    times = tuple(BusyTime(Slot.lasting(timedelta(minutes=30), each)) for each in sorted(starts))
    key = f"{host_id}-{name}"
    calendar = Calendar(
        id=CalendarId(key),
        connection_id=CalendarConnectionId(key),
        host_id=host_id,
        kind="caldav" if server else "ical_feed",
        name=name,
        timezone=zone,
        host_timezone=zone,
        remote_id=f"{server}/{key}/" if server else "",
    )
    reading = Reading(Slot(now - timedelta(days=2), now + timedelta(days=800)), times)
    return StoredCalendar(calendar.was_read(reading, (), zone, now, timedelta(days=1)), times, seen)


async def _connect(deployment: Deployment, *calendars: StoredCalendar, feed: str = "https://calendar.example") -> None:
    """Store calendars, each in a connection of its own."""
    async with deployment.store.begin() as uow:
        for each in calendars:
            calendar = each.calendar
            connection = CalendarConnection(
                calendar.connection_id,
                calendar.host_id,
                calendar.kind,
                "calendar.example",
                datetime.now(UTC),
                login=calendar.remote_id,
            )
            access = (
                CaldavLogin(calendar.remote_id, "anna", "secret")
                if calendar.kind == "caldav"
                else FeedAddress(f"{feed}?{calendar.id}")
            )
            uow.calendar_connections.add(connection, access)
            uow.calendars.add(each)


async def _offer_the_same(port: int, *months: str) -> None:
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
        offered = {tuple((await client.get(each)).json()["slots"]) for each in months}
    if len(offered) != 1:
        raise RuntimeError("With calendars the month has other slots, so their rates can't be compared.")


async def _big_feed() -> FeedMeasured:
    """In a process of its own, so that its memory and its loop are known."""
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.benchmarks.big_feed", cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    told, _ = await child.communicate()
    return msgspec.json.decode(told, type=FeedMeasured)


async def _polled(url: str, folder: Path) -> tuple[Polled, ...]:
    """Read many calendars once with a web and a worker process, feeds first; their servers count the requests."""
    (folder / "polls").mkdir()
    async with (
        deployed(url, folder / "polls") as deployment,
        feed_served(folder / "polls", events=20) as feed,
        caldav_server() as server,
    ):
        deployment.environ |= {"TIMETUNA_ALLOWED_NETWORKS": "127.0.0.0/8"}
        await deployment.web()
        await deployment.workers()
        host_id = HostId((await deployment.host("polled")).id)
        async with httpx.AsyncClient() as client:
            seen = LastSeen(Validators(None, (await client.head(feed)).headers["last-modified"]))
        feeds = [_calendar(host_id, f"feed-{n}", seen=seen) for n in range(FEEDS)]
        others = [_calendar(host_id, f"dav-{n}", seen=SEEN, server=server.url) for n in range(AT_SERVERS)]
        await _connect(deployment, *feeds, *others, feed=feed)
        log = folder / "polls" / "feed.log"
        return (
            await _read(deployment, feeds, lambda: log.read_text(encoding="utf-8").count('"GET ')),
            await _read(deployment, others, lambda: server.requests),
        )


async def _read(deployment: Deployment, stored: Sequence[StoredCalendar], requests: Callable[[], int]) -> Polled:
    calendars = [each.calendar for each in stored]
    processes = [each.process.pid for each in deployment.running[:2]]
    began, used, asked = datetime.now(UTC), sum(map(_processor_time, processes)), requests()
    async with deployment.store.begin() as uow:
        uow.outbox.enqueue(*(Due(ReadCalendarJob(each.id), began) for each in calendars))
    read = "select count(*) from calendars where read_at >= $1 and problem is null and id = any($2)"

    async def all_are_read() -> bool:
        await asyncio.sleep(0.2)
        return await deployment.store.pool.fetchval(read, began, [each.id for each in calendars]) == len(calendars)

    await deployment.until(all_are_read)
    every = DEFAULT_TIMINGS.poll(calendars[0].kind) / timedelta(minutes=1)
    seconds = sum(map(_processor_time, processes)) - used
    return Polled(len(calendars) / every, seconds / len(calendars), (requests() - asked) / len(calendars))


def _processor_time(pid: int) -> float:
    """Seconds that a process and its children have used."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    # The name before the last parenthesis may hold spaces.
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    ticks = sum(map(int, fields[11:15]))
    return ticks / os.sysconf("SC_CLK_TCK") + sum(_processor_time(int(child)) for child in children)
