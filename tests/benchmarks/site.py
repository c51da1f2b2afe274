"""A whole site against a bare floor, and with many bookings against few."""

import json
import os
import sys
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count, cycle
from pathlib import Path

import httpx
import msgspec

from adapters.postgres.embedded.server import EmbeddedPostgres
from entrypoints.migrations import bring_up_to_date
from tests.benchmarks.filling import FIRST_DAY, LAST_DAY, fill
from tests.benchmarks.load import get
from tests.benchmarks.measuring import Measured, compare, served, submits
from tests.benchmarks.table import Row
from tests.support.deployment import ApiHost, Deployment, deployed
from tests.support.processes import answers, free_port, start

SMALL, BIG = 1_000, 1_000_000


class SiteMeasured(msgspec.Struct, frozen=True):
    """A site with few bookings against a floor; and `_grown`, with many bookings against few.

    `_unlimited` is with `TIMETUNA_RATE_LIMIT=off`: the floor counts nothing either.
    """

    slots: Measured
    page: Measured
    own_page: Measured
    accepting: Measured
    accepting_unlimited: Measured
    slots_grown: Measured
    accepting_grown: Measured


@dataclass(frozen=True)
class Site:
    """A web process on a database with so many bookings of others."""

    deployment: Deployment
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


async def measured_site(url: str, folder: Path) -> list[Row]:
    """Each pair is measured in turns."""
    (folder / "site").mkdir()
    ours = submits(_BOOKINGS)
    async with filled(url, folder / "site", SMALL) as few:
        with EmbeddedPostgres(folder / "many") as server:
            slots_grown, accepting_grown = await _beside_many(few, ours, server.url, folder)
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{few.port}") as client:
            offered: list[str] = (await client.get(few.month_path)).json()["slots"]
        async with floor(url, folder, offered) as floor_port:
            print("… measuring slots", file=sys.stderr)
            at_the_floor = get(f"/slots/{few.host.id}")
            slots = await compare(few.port, lambda: cycle([few.month]), floor_port, lambda: cycle([at_the_floor]))
            print("… measuring the public page", file=sys.stderr)
            page = f"/{few.host.handle}/intro/call?month={FIRST_DAY:%Y-%m}&timezone=Europe/Berlin"
            pages = await compare(few.port, lambda: cycle([get(page)]), few.port, lambda: cycle([few.month]))
            # What fills in a guest's form is nobody else's, so that nothing is kept.
            own = (get(f"{page}&name=Guest+{n}") for n in count())
            own_pages = await compare(few.port, lambda: own, few.port, lambda: cycle([few.month]))
            print("… measuring bookings", file=sys.stderr)
            theirs = submits("/bookings/floor-{}")
            accepting = await compare(few.port, lambda: ours, floor_port, lambda: theirs)
            few.deployment.environ["TIMETUNA_RATE_LIMIT"] = "off"
            port = int((await few.deployment.web()).rsplit(":", 1)[1])
            unlimited = await compare(port, lambda: ours, floor_port, lambda: theirs)
    return _rows(SiteMeasured(slots, pages, own_pages, accepting, unlimited, slots_grown, accepting_grown))


async def _beside_many(few: Site, ours: Iterator[bytes], url: str, folder: Path) -> tuple[Measured, Measured]:
    """Slots and bookings of a site with many bookings stored against the one with few."""
    (folder / "big-site").mkdir()
    async with filled(url, folder / "big-site", BIG) as many:
        print("… measuring slots with many bookings stored", file=sys.stderr)
        slots = await compare(many.port, lambda: cycle([many.month]), few.port, lambda: cycle([few.month]))
        print("… measuring bookings with many stored", file=sys.stderr)
        beside_many = submits(_BOOKINGS)
        return slots, await compare(many.port, lambda: beside_many, few.port, lambda: ours)


@asynccontextmanager
async def filled(url: str, folder: Path, size: int) -> AsyncGenerator[Site]:
    await bring_up_to_date(url)
    async with deployed(url, folder) as deployment:
        print(f"… filling in {size:,} bookings", file=sys.stderr)
        await fill(url, size)
        yield Site(deployment, *await served(deployment, url))


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


def _rows(measured: SiteMeasured) -> list[Row]:
    slots, limited, unlimited = measured.slots, measured.accepting, measured.accepting_unlimited
    return [
        Row("a month of slots, 200 bookings in it", *_of_floor(slots), "≥ 75 %", slots.ratio >= 0.75),
        _page("the public page of that month", measured.page, most=2),
        _page("the same with a guest’s name in its address", measured.own_page, most=None),
        Row("accepting a booking, limits off", *_of_floor(unlimited), "≥ 70 %", unlimited.ratio >= 0.7),
        Row("accepting a booking, all limits on", *_of_floor(limited), "≥ 65 %", limited.ratio >= 0.65),
        _grown(f"slots with {BIG:,} bookings stored", measured.slots_grown),
        _grown(f"accepting with {BIG:,} bookings stored", measured.accepting_grown),
    ]


def _of_floor(measured: Measured) -> tuple[str, str]:
    return f"{measured.ours:,.0f}/s, {measured.ratio:.0%}, {_slow(measured)}", f"floor {measured.floor:,.0f}/s"


def _slow(measured: Measured) -> str:
    return f"99th percentile {1000 * measured.slow:.0f} ms"


def _page(work: str, measured: Measured, *, most: float | None) -> Row:
    times = 1 / measured.ratio
    taken = f"{measured.ours:,.0f}/s, {times:.2f} × the time, {_slow(measured)}"
    against = f"the slots API’s {measured.floor:,.0f}/s"
    return Row(work, taken, against, f"≤ {most} ×" if most else "reported", most is None or times <= most)


def _grown(work: str, measured: Measured) -> Row:
    times = 1 / measured.ratio
    against = f"{measured.floor:,.0f}/s with {SMALL:,}"
    return Row(work, f"{times:.2f} × the time", against, "≤ 1.25 ×", times <= 1.25)
