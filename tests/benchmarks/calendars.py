"""What calendars cost: pages and submits that heed them, and reading them again and again."""

import asyncio
import os
import sys
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import cycle
from pathlib import Path

import httpx
import msgspec

from application.jobs import Due, ReadCalendarJob
from application.ports.calendar_reader import NOTHING_SEEN, FeedAddress, LastSeen
from application.ports.calendars import StoredCalendar
from application.ports.safe_fetcher import Validators
from domain.busy import BusyTime
from domain.calendar import Calendar, CalendarConnection, Reading
from domain.ids import CalendarConnectionId, CalendarId, HostId
from domain.slot import Slot
from tests.benchmarks.big_feed import FeedMeasured, feed_served
from tests.benchmarks.filling import EACH, FIRST_DAY, LAST_DAY, fill, fill_month
from tests.benchmarks.load import get
from tests.benchmarks.measuring import TWINS, Measured, compare, served, submits
from tests.support.deployment import Deployment, deployed
from tests.support.processes import ROOT

EVENTS = 300
WITH_CALENDARS, WITHOUT = range(1, TWINS // 2 + 1), range(TWINS // 2 + 1, TWINS + 1)
POLLED = 1_000
POLLS_A_MINUTE = POLLED / 15
"""By default a feed is read every quarter of an hour."""

Row = tuple[str, str, str, str, bool]

_BLOCK = """
    update booking_pages set calendars = jsonb_set(calendars, '{blocking}', to_jsonb($2::text[])) where host_id = $1
"""


class CalendarsMeasured(msgspec.Struct, frozen=True):
    """Pages and submits with calendars against those without.

    Attributes:
        poll: seconds of processor time for each reading of a feed that hasn't changed.
    """

    slots: Measured
    submits: Measured
    feed: FeedMeasured
    poll: float


async def measured_calendars(url: str, folder: Path) -> CalendarsMeasured:
    (folder / "calendars").mkdir()
    async with deployed(url, folder / "calendars") as deployment:
        await fill(url, EACH)
        port, host = await served(deployment, url)
        await fill_month(url, "twin1")
        for twin in WITH_CALENDARS:
            await _block(deployment, HostId(f"twin{twin}"))
        print("… measuring slots and submits with calendars", file=sys.stderr)
        query = f"intro/call/slots?from={FIRST_DAY}&to={LAST_DAY}&timezone=Europe/Berlin"
        month, plain = (f"/api/v1/public/{handle}/{query}" for handle in ("twin-1", host.handle))
        await _offer_the_same(port, month, plain)
        slots = await compare(port, lambda: cycle([get(month)]), port, lambda: cycle([get(plain)]))
        path = "/api/v1/public/{}/intro/call/bookings"
        ours, theirs = submits(path, WITH_CALENDARS), submits(path, WITHOUT)
        # One at a time: what counts is how much longer a guest waits.
        submitted = await compare(port, lambda: ours, port, lambda: theirs, connections=1)
    print("… measuring a big feed", file=sys.stderr)
    feed = await _big_feed()
    print("… measuring polls", file=sys.stderr)
    return CalendarsMeasured(slots, submitted, feed, await _poll(url, folder))


def rows_of(measured: CalendarsMeasured) -> list[Row]:
    slots, submitted, feed = measured.slots, measured.submits, measured.feed
    extra = 1000 / submitted.ours - 1000 / submitted.floor
    a_minute = measured.poll * POLLS_A_MINUTE
    return [
        (
            f"that month with two calendars of {EVENTS} events",
            f"{slots.ours:,.0f}/s, {slots.ratio:.0%}",
            f"{slots.floor:,.0f}/s without",
            "≥ 90 %",
            slots.ratio >= 0.9,
        ),
        (
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
        (
            f"{POLLED:,} feeds that don’t change",
            f"{a_minute:.2f} s of processor time a minute",
            f"{POLLS_A_MINUTE:.0f} requests a minute",
            "reported",
            True,
        ),
    ]


def _of_feed(what: str, measured: str, goal: str, met: bool) -> Row:
    return f"feed of 20,000 events: {what}", measured, "", goal, met


async def _block(deployment: Deployment, host_id: HostId) -> None:
    """Let two calendars block the host's page, in hours that it doesn't offer or has taken bookings in."""
    midnight = datetime(FIRST_DAY.year, FIRST_DAY.month, FIRST_DAY.day, tzinfo=UTC)
    booked = (midnight + timedelta(days=n // 9, hours=7 + n % 9) for n in range(EACH))
    nights = [midnight + timedelta(days=n % 31, hours=19 + n // 31) for n in range(EVENTS)]
    first = _calendar(host_id, "first", [*booked, *(each + timedelta(minutes=15) for each in nights[: EVENTS - EACH])])
    second = _calendar(host_id, "second", nights)
    await _connect(deployment, first, second)
    await deployment.store.pool.execute(_BLOCK, host_id, [first.calendar.id, second.calendar.id])


def _calendar(host_id: HostId, name: str, starts: Iterable[datetime], seen: LastSeen = NOTHING_SEEN) -> StoredCalendar:
    """A feed's calendar that was read just now."""
    now, zone = datetime.now(UTC), "Europe/Berlin"
    times = tuple(BusyTime(Slot.lasting(timedelta(minutes=30), each)) for each in sorted(starts))
    key = f"{host_id}-{name}"
    calendar = Calendar(CalendarId(key), CalendarConnectionId(key), host_id, "ical_feed", name, zone, zone)
    reading = Reading(Slot(now - timedelta(days=2), now + timedelta(days=800)), times)
    return StoredCalendar(calendar.was_read(reading, (), zone, now, timedelta(days=1)), times, seen)


async def _connect(deployment: Deployment, *calendars: StoredCalendar, feed: str = "https://calendar.example") -> None:
    """Store calendars, each in a connection of its own."""
    async with deployment.store.begin() as uow:
        for each in calendars:
            calendar = each.calendar
            connection = CalendarConnection(
                calendar.connection_id, calendar.host_id, calendar.kind, "calendar.example", datetime.now(UTC)
            )
            uow.calendars.add(connection, FeedAddress(f"{feed}?{calendar.id}"), each)


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


async def _poll(url: str, folder: Path) -> float:
    """Read many feeds once with a web and a worker process; seconds of processor time for each."""
    (folder / "polls").mkdir()
    async with deployed(url, folder / "polls") as deployment, feed_served(folder / "polls", events=20) as feed:
        deployment.environ |= {"TIMETUNA_ALLOWED_NETWORKS": "127.0.0.0/8"}
        await deployment.web()
        await deployment.workers()
        host = await deployment.host("polled")
        async with httpx.AsyncClient() as client:
            seen = LastSeen(Validators(None, (await client.head(feed)).headers["last-modified"]))
        calendars = [_calendar(HostId(host.id), str(n), [], seen) for n in range(POLLED)]
        await _connect(deployment, *calendars, feed=feed)
        processes = [each.process.pid for each in deployment.running[:2]]
        began, before = datetime.now(UTC), sum(map(_processor_time, processes))
        async with deployment.store.begin() as uow:
            uow.outbox.enqueue(*(Due(ReadCalendarJob(each.calendar.id), began) for each in calendars))
        read = "select count(*) from calendars where read_at >= $1 and problem is null"
        await deployment.until(lambda: _reached(deployment, read, began))
        return (sum(map(_processor_time, processes)) - before) / POLLED


async def _reached(deployment: Deployment, sql: str, began: datetime) -> bool:
    await asyncio.sleep(0.2)
    return await deployment.store.pool.fetchval(sql, began) == POLLED


def _processor_time(pid: int) -> float:
    """Seconds that a process and its children have used."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    # The name before the last parenthesis may hold spaces.
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    ticks = sum(map(int, fields[11:15]))
    return ticks / os.sysconf("SC_CLK_TCK") + sum(_processor_time(int(child)) for child in children)
