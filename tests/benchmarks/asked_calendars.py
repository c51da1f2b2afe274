"""What a guest waits for when calendars are asked before a time is taken: healthy ones, and one that never answers."""

import statistics
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from pathlib import Path

import httpx
import msgspec

from application.ports.calendar_reader import CaldavLogin
from application.ports.calendars import StoredCalendar
from domain.calendar import Calendar, CalendarConnection, Reading
from domain.ids import CalendarConnectionId, CalendarId, HostId
from domain.slot import Slot
from tests.benchmarks.caldav_server import caldav_server
from tests.benchmarks.table import Row
from tests.support.deployment import ApiHost, Deployment, deployed
from tests.support.guests import submit

PROVIDER_TAKES = 0.1
SUBMITS, SUBMITS_TO_THE_DEAD = 40, 5
OURS = 0.03
"""What may come on top of the provider's time: connecting, as anew for each ask, and our own work."""

BOUND = 2.1

_BLOCK = """
    update booking_pages set calendars = jsonb_set(calendars, '{blocking}', to_jsonb($2::text[])) where host_id = $1
"""


class AskedMeasured(msgspec.Struct, frozen=True):
    """Seconds of each submit: without calendars, with two that answer, and with one more that never does."""

    without: list[float]
    healthy: list[float]
    dead: list[float]


async def measured_asking(url: str, folder: Path) -> list[Row]:
    (folder / "asked").mkdir()
    async with deployed(url, folder / "asked") as deployment, caldav_server(PROVIDER_TAKES) as server:
        deployment.environ |= {"TIMETUNA_ALLOWED_NETWORKS": "127.0.0.0/8"}
        print("… measuring submits that ask calendars", file=sys.stderr)
        async with httpx.AsyncClient(base_url=await deployment.web(), timeout=30) as client:
            paths = [
                await _page(deployment, client, server.url, *paces) for paces in ((), ("a", "b"), ("a", "b", "dead"))
            ]
            counts = SUBMITS, SUBMITS, SUBMITS_TO_THE_DEAD
            submits = [await _submits(client, *each) for each in zip(paths, counts, strict=True)]
            return _rows(AskedMeasured(*submits))


def _rows(measured: AskedMeasured) -> list[Row]:
    without, healthy = statistics.median(measured.without), statistics.median(measured.healthy)
    extra, longest = healthy - without, max(measured.dead)
    return [
        Row(
            "submit that asks two healthy calendars",
            f"{1000 * extra:+.0f} ms",
            f"{1000 * without:.0f} ms without, and the provider’s own {1000 * PROVIDER_TAKES:.0f} ms",
            f"≤ the provider’s + {1000 * OURS:.0f} ms",
            extra <= PROVIDER_TAKES + OURS,
        ),
        Row(
            "submit with a calendar that never answers",
            f"{longest:.2f} s at most",
            "",
            f"≤ {BOUND} s",
            longest <= BOUND,
        ),
    ]


async def _submits(client: httpx.AsyncClient, path: str, count: int) -> list[float]:
    """The first one makes connections, and isn't counted."""
    taken: list[float] = []
    for start in _starts(count + 1):
        began = time.perf_counter()
        answer = await client.post(f"{path}/bookings", json=submit(start.isoformat(), name=f"G{start:%d%H%M}"))
        taken.append(time.perf_counter() - began)
        if answer.status_code != HTTPStatus.CREATED:
            raise RuntimeError(answer.text)
    return taken[1:]


def _starts(count: int) -> Iterator[datetime]:
    midnight = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    days = (midnight + timedelta(days=each) for each in range(2, 60))
    starts = (day + timedelta(hours=hour) for day in days if day.weekday() < 5 for hour in range(8, 16))
    return (start for start, _ in zip(starts, range(count), strict=False))


async def _page(deployment: Deployment, client: httpx.AsyncClient, address: str, *names: str) -> str:
    """A page that these calendars block; each is an account of its own, and was last read minutes ago."""
    host = await deployment.host(f"asks-{len(names)}")
    await deployment.connect_zoom(host)
    path = await host.publishes(client)
    read_at, zone = datetime.now(UTC) - timedelta(minutes=2), "Europe/Berlin"
    async with deployment.store.begin() as uow:
        for name in names:
            connection, stored = _calendar(host, name, address, read_at, zone)
            uow.calendar_connections.add(connection, CaldavLogin(f"{address}/{name}/", "anna", "secret"))
            uow.calendars.add(stored)
    await deployment.store.pool.execute(_BLOCK, host.id, [f"{host.handle}-{name}" for name in names])
    return path


def _calendar(
    host: ApiHost, name: str, address: str, read_at: datetime, zone: str
) -> tuple[CalendarConnection, StoredCalendar]:
    key = f"{host.handle}-{name}"
    connection = CalendarConnection(
        CalendarConnectionId(key), HostId(host.id), "caldav", "calendar.example", read_at, login=key
    )
    calendar = Calendar(
        id=CalendarId(key),
        connection_id=connection.id,
        host_id=connection.host_id,
        kind="caldav",
        name=name,
        timezone=zone,
        host_timezone=zone,
        remote_id=f"{address}/{name}/",
    )
    reading = Reading(Slot(read_at, read_at + timedelta(days=800)), ())
    return connection, StoredCalendar(calendar.was_read(reading, (), zone, read_at, timedelta(days=1)))
