"""Reads a feed of 20,000 events as a worker does: `python -m tests.benchmarks.big_feed` prints what that took."""

import asyncio
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import uvloop

from adapters.http_client.addresses import Reachable
from adapters.http_client.fetching import BoundedFetcher
from adapters.http_client.pinned import PinnedTransport
from adapters.ical_feed.reader import IcalFeedReader
from adapters.recurrence.working_out import WorkOut
from adapters.vault.system import utc_now
from application.ports.calendar_reader import NOTHING_SEEN, CalendarRead, FeedAddress, LastSeen, ReadingQuery
from domain.slot import Slot
from tests.support.processes import answers, free_port, start

EVENTS = 20_000
AGAIN = 20


class FeedMeasured(msgspec.Struct, frozen=True):
    """What reading a feed took.

    Attributes:
        seconds: of processor time, the child's included.
        mebibytes: that the child held at most.
        pause: of the event loop, the longest, in milliseconds.
        unchanged: milliseconds until the feed is known to be as before, the median.
    """

    seconds: float
    mebibytes: float
    pause: float
    unchanged: float


@asynccontextmanager
async def feed_served(folder: Path, *, events: int) -> AsyncGenerator[str]:
    """A feed on this machine, by a server that tells when it hasn't changed; its address."""
    (folder / "feed").mkdir()
    (folder / "feed" / "busy.ics").write_bytes(_feed(events))
    port = free_port()
    url = f"http://127.0.0.1:{port}/busy.ics"
    command = ["-m", "http.server", str(port), "--bind", "127.0.0.1", "--directory", str(folder / "feed")]
    running = await start(folder / "feed.log", sys.executable, *command)
    try:
        await answers(url, running)
        yield url
    finally:
        await running.stop()


def _feed(events: int) -> bytes:
    """Every 90 minutes an event as calendar programs write it, and each hundredth repeats weekly."""
    began = datetime(2025, 1, 1, tzinfo=UTC)
    parts = ["BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//TimeTuna//Benchmark//EN\r\n"]
    for number in range(events):
        at = began + timedelta(minutes=90 * number)
        repeats = "RRULE:FREQ=WEEKLY;COUNT=20\r\n" if number % 100 == 0 else ""
        parts.append(
            f"BEGIN:VEVENT\r\nUID:{number}@calendar.example\r\nDTSTAMP:20261101T000000Z\r\n"
            f"DTSTART;TZID=Europe/Berlin:{at:%Y%m%dT%H%M%S}\r\nDURATION:PT30M\r\n{repeats}"
            f"SUMMARY:Meeting {number}\r\nLOCATION:Room 7\r\nDESCRIPTION:Notes of meeting {number}\r\n"
            "STATUS:CONFIRMED\r\nTRANSP:OPAQUE\r\nEND:VEVENT\r\n"
        )
    return "".join([*parts, "END:VCALENDAR\r\n"]).encode()


async def main() -> None:
    with tempfile.TemporaryDirectory(prefix="timetuna-feed-") as temporary:
        async with feed_served(Path(temporary), events=EVENTS) as url:
            sys.stdout.buffer.write(msgspec.json.encode(await _measured(FeedAddress(url))))


async def _measured(feed: FeedAddress) -> FeedMeasured:
    fetcher = BoundedFetcher(PinnedTransport(Reachable(["127.0.0.0/8"])), utc_now)
    reader = IcalFeedReader(fetcher, WorkOut())
    pauses: list[float] = []
    watching = asyncio.create_task(_watch(pauses))
    before = _processor_time()
    first = await reader.read(feed, _query(NOTHING_SEEN))
    seconds = _processor_time() - before
    watching.cancel()
    if not isinstance(first, CalendarRead) or not first.reading.times:
        raise RuntimeError("The feed wasn't read.")
    took: list[float] = []
    for _ in range(AGAIN):
        began = time.perf_counter()
        await reader.read(feed, _query(first.seen))
        took.append(time.perf_counter() - began)
    await fetcher.aclose()
    # Linux counts kibibytes. The server that has the feed is a child, too, but one that nobody has waited for yet.
    child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return FeedMeasured(seconds, child, 1000 * max(pauses), 1000 * statistics.median(took))


def _query(seen: LastSeen) -> ReadingQuery:
    now = utc_now()
    return ReadingQuery("", Slot(now - timedelta(days=2), now + timedelta(days=71)), "Europe/Berlin", seen=seen)


async def _watch(pauses: list[float]) -> None:
    """Note how much longer than asked for each short sleep takes."""
    while True:
        began = time.perf_counter()
        await asyncio.sleep(0.001)
        pauses.append(time.perf_counter() - began - 0.001)


def _processor_time() -> float:
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(each.ru_utime + each.ru_stime for each in used)


if __name__ == "__main__":
    uvloop.run(main())
