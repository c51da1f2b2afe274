"""`make scale`: whether a large installation answers as a small one does, and reads no table from end to end."""

import argparse
import asyncio
import random
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from itertools import cycle
from pathlib import Path

import asyncpg
import httpx
import msgspec
import uvloop

from adapters.postgres.embedded.server import EmbeddedPostgres
from adapters.postgres.housekeeping import sweep
from adapters.postgres.metrics_snapshot import take_metrics_snapshot
from application.jobs import Due, ReleaseHoldJob
from domain.ids import BookingId, HostId
from entrypoints.migrations import bring_up_to_date
from tests.scale.filling import MARCH, Size, grow
from tests.support.deployment import Deployment, deployed
from tests.support.guests import submit

HOSTS = 100
"""Of the small one, each with as many bookings as in the large one."""
ROUNDS = 5
"""Of all hosts in turn; one more before them warms both up, or cold hosts would be compared with hot ones."""

GOAL = 1.25
SETTINGS = {"max_wal_size": "4GB", "shared_buffers": "512MB", "maintenance_work_mem": "256MB"}
LARGE = 1_000
"""Rows from which on a table may not be read from end to end."""

PART = 0.05
"""Of a table's rows, each time: less is read by a sample, and where a new range of an index gets its summary."""

FLUSHED_WITHIN = 11.0
"""Seconds until an idle session has told of what it has read; one that works does so each second."""


class Row(msgspec.Struct, frozen=True):
    """Milliseconds that some work takes in both, the medians; `read_whole` are large tables that it reads through."""

    work: str
    small: float
    large: float
    read_whole: list[str]


class Installation(msgspec.Struct):
    """One that runs, and hosts of it that are asked for: as many in each, or their caches would be compared.

    Attributes:
        turns: all of them, again and again.
    """

    size: Size
    deployment: Deployment
    client: httpx.AsyncClient
    url: str
    turns: Iterator[int]
    without_calendars: list[int]
    booked: int = 0
    leased: int = 0

    def host(self) -> int:
        return next(self.turns)

    async def month(self) -> None:
        days = f"from={MARCH[0]}&to={MARCH[1]}&timezone=Europe/Berlin"
        answer = await self.client.get(f"/api/v1/public/twin-{self.host()}/intro/call/slots?{days}")
        assert answer.status_code == httpx.codes.OK, answer.text

    async def page(self) -> None:
        answer = await self.client.get(f"/twin-{self.host()}/intro/call?month={MARCH[0]:%Y-%m}&timezone=Europe/Berlin")
        assert answer.status_code == httpx.codes.OK

    async def booking(self) -> None:
        week, turn = divmod(self.booked, len(self.without_calendars))
        self.booked += 1
        start = datetime(2027, 4, 1, 8, tzinfo=UTC) + timedelta(weeks=week)
        # Where there is a calendar, Google would be asked.
        host = self.without_calendars[turn]
        body = submit(start.isoformat(), name=f"Guest-{self.booked} Brito")
        answer = await self.client.post(f"/api/v1/public/twin-{host}/intro/call/bookings", json=body)
        assert answer.status_code == httpx.codes.CREATED, answer.text

    async def upcoming(self) -> None:
        host_id = HostId(f"twin{self.host()}")
        found = await self.deployment.store.views.bookings(
            host_id, "upcoming", now=datetime.now(UTC), cursor=None, limit=50
        )
        assert found.items

    async def past(self) -> None:
        host_id = HostId(f"twin{self.host()}")
        found = await self.deployment.store.views.bookings(
            host_id, "past", now=datetime.now(UTC), cursor=None, limit=50
        )
        assert found.items

    async def lease(self) -> None:
        self.leased += 1
        async with self.deployment.store.begin() as uow:
            uow.outbox.enqueue(Due(ReleaseHoldJob(BookingId(f"none-{self.leased}")), datetime.now(UTC)))
        # Or the web process's own relay has been sooner, and this one finds nothing.
        await self.deployment.store.backlog.lease(50, timedelta(hours=1))

    async def metrics_snapshot(self) -> None:
        await take_metrics_snapshot(self.deployment.store.pool, datetime.now(UTC))

    async def erasing(self) -> None:
        async with self.deployment.store.begin() as uow:
            await uow.booking_search.with_old_guests(datetime.now(UTC) - timedelta(days=365), 100)

    async def sweeping(self) -> None:
        await sweep(self.deployment.store.pool, datetime.now(UTC))


WORK: Mapping[str, Callable[[Installation], Awaitable[None]]] = {
    "a month of slots": Installation.month,
    "the public page": Installation.page,
    "a booking": Installation.booking,
    "a host's coming bookings": Installation.upcoming,
    "a host's past bookings": Installation.past,
    "the relay's lease": Installation.lease,
    "the numbers of `/metrics`": Installation.metrics_snapshot,
    "looking for guests to erase": Installation.erasing,
    "the hourly sweep": Installation.sweeping,
}


async def main() -> int:
    options = argparse.ArgumentParser(prog="make scale", description=__doc__)
    options.add_argument("--hosts", type=int, default=100_000)
    options.add_argument("--bookings", type=int, default=100, help="of each host")
    options.add_argument("--calendars", type=int, default=50_000)
    asked = options.parse_args()
    size = Size(asked.hosts, asked.bookings, asked.calendars)
    small_size = Size(HOSTS, asked.bookings, HOSTS // 2)
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="timetuna-scale-")))
        server = stack.enter_context(EmbeddedPostgres(folder / "postgres", durable=False, settings=SETTINGS))
        small = await stack.enter_async_context(installed(server.url, folder, "small", small_size))
        large = await stack.enter_async_context(installed(server.url, folder, "large", size))
        rows = [await measured(name, small, large) for name in WORK]
    return report(size, rows)


@asynccontextmanager
async def installed(server: str, folder: Path, name: str, size: Size) -> AsyncGenerator[Installation]:
    print(f"… filling the {name} database", file=sys.stderr)
    connection = await asyncpg.connect(server)
    await connection.execute(f"create database {name}")
    await connection.close()
    url = server.rsplit("/", 1)[0] + f"/{name}"
    await bring_up_to_date(url)
    (folder / name).mkdir()
    async with deployed(url, folder / name) as deployment:
        base = await deployment.web()
        async with httpx.AsyncClient(base_url=base, timeout=60) as client:
            host = await deployment.host("busy")
            await deployment.connect_zoom(host)
            await host.publishes(client, horizon_days=730)
            await grow(url, host.id, size)
            bare = size.hosts - size.calendars
            without = random.sample(range(1, bare + 1), HOSTS // 2)
            hosts = [*without, *random.sample(range(bare + 1, size.hosts + 1), HOSTS // 2)]
            random.shuffle(hosts)
            yield Installation(size, deployment, client, url, cycle(hosts), without)


async def measured(name: str, small: Installation, large: Installation) -> Row:
    """Do the work in turns, so that whatever else goes on hits both alike."""
    before = await read_through(large.url)
    took: tuple[list[float], list[float]] = [], []
    for number in range(ROUNDS + 1):
        for installation, times in zip((small, large), took, strict=True):
            for _ in range(HOSTS):
                began = time.perf_counter()
                await WORK[name](installation)
                if number:
                    times.append(1000 * (time.perf_counter() - began))
    read_whole = [
        table
        for table, times in (await read_through(large.url)).items()
        if times > before.get(table, 0) + PART * (ROUNDS + 1) * HOSTS
    ]
    return Row(name, statistics.median(took[0]), statistics.median(took[1]), read_whole)


async def read_through(url: str) -> dict[str, float]:
    """How often each large table has been read without an index, in parts of it."""
    await asyncio.sleep(FLUSHED_WITHIN)
    connection = await asyncpg.connect(url)
    try:
        rows = await connection.fetch(
            """
            select relname, seq_tup_read::float / n_live_tup as times from pg_stat_user_tables
            where n_live_tup >= $1 order by relname
            """,
            LARGE,
        )
    finally:
        await connection.close()
    return {row["relname"]: row["times"] for row in rows}


def report(size: Size, rows: list[Row]) -> int:
    print(f"\n{size.hosts:,} hosts, {size.hosts * size.bookings:,} bookings, {size.calendars:,} calendars")
    print("\n| work | small | large | times | reads from end to end |\n|---|---|---|---|---|")
    for each in rows:
        times = each.large / each.small
        read = ", ".join(each.read_whole) or "nothing"
        print(f"| {each.work} | {each.small:.2f} ms | {each.large:.2f} ms | {times:.2f} | {read} |")
    return 1 if any(each.large > GOAL * each.small or each.read_whole for each in rows) else 0


if __name__ == "__main__":
    sys.exit(uvloop.run(main()))
