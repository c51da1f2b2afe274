"""How soon webhooks are told, and what a dead one costs guests who book elsewhere."""

import asyncio
import statistics
import sys
import time
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

import httpx
import msgspec

from adapters.sandbox.serve import serving
from domain.ids import HostId, WebhookId
from domain.webhook import Webhook, WebhookSecrets
from domain.webhook_event import WEBHOOK_EVENT_TYPES
from tests.support.deployment import ApiHost, Deployment, deployed
from tests.support.guests import free_times, submit
from tests.support.processes import free_port
from tests.support.webhook_receiver import SECRET, WebhookReceiver

TOLD = 100
PAUSE = 0.1
MOMENT = 0.02
"""Seconds between two bookings, in which the worker mails the first."""

QUEUED = 10_000
TURNS = 25
A_TURN = 30

Row = tuple[str, str, str, str, bool]


class WebhooksMeasured(msgspec.Struct, frozen=True):
    """What was measured.

    Attributes:
        told: seconds from the instant of each event until it had come; it is committed a little later.
        without, beside: seconds of each booking, without a dead webhook and beside one.
    """

    told: list[float]
    without: list[float]
    beside: list[float]


async def measured_webhooks(url: str, folder: Path) -> WebhooksMeasured:
    print("… measuring webhooks", file=sys.stderr)
    (folder / "webhooks").mkdir()
    async with deployed(url, folder / "webhooks") as deployment:
        deployment.environ["TIMETUNA_ALLOWED_NETWORKS"] = "127.0.0.0/8"
        base = await deployment.web()
        await deployment.workers()
        async with httpx.AsyncClient(base_url=base, timeout=30) as client:
            told = await _told(deployment, await _guests_of(deployment, client, "heard"))
            guests = await _guests_of(deployment, client, "busy")
            dead = await _queue(deployment, await deployment.host("dead"))
            without, beside = await _beside(deployment, guests, dead)
    return WebhooksMeasured(told, without, beside)


def rows_of_webhooks(measured: WebhooksMeasured) -> list[Row]:
    told, without, beside = (_p95(each) for each in (measured.told, measured.without, measured.beside))
    times = beside / without
    return [
        (
            f"change committed → webhook told, one every {PAUSE} s, 95th percentile",
            f"{1000 * told:.0f} ms",
            "",
            "≤ 1 s",
            told <= 1,
        ),
        (
            f"accepting beside {QUEUED:,} deliveries to a dead webhook, 95th percentile",
            f"{times:.2f} × the time",
            f"{1000 * without:.1f} ms without",
            "≤ 1.05 ×",
            times <= 1.05,
        ),
    ]


class Guests:
    """Book ever new times of one page, one after the other, each from a mailbox of their own."""

    def __init__(self, client: httpx.AsyncClient, path: str, free: list[str]) -> None:
        self._client = client
        self._path = path
        self._free = enumerate(free)

    async def book(self, count: int, pause: float) -> list[float]:
        """How long each booking has taken; `pause` is how many seconds there are between two."""
        took: list[float] = []
        for number, start in islice(self._free, count):
            took.append(await self._one(number, start))
            await asyncio.sleep(pause)
        return took

    async def _one(self, number: int, start: str) -> float:
        body = submit(start, name=f"Guest-{number} Brito", meeting_type="in_person")
        began = time.perf_counter()
        answer = await self._client.post(f"{self._path}/bookings", json=body)
        took = time.perf_counter() - began
        answer.raise_for_status()
        return took


async def _guests_of(deployment: Deployment, client: httpx.AsyncClient, handle: str) -> Guests:
    """Guests of a new page whose bookings need no meeting, with thousands of times."""
    host = await deployment.host(handle)
    path = await host.publishes(
        client,
        meeting_types=[{"type": "in_person", "address": "Hafenstraße 1, Hamburg"}],
        event_types=[{"slug": "call", "title": "Intro call", "duration_minutes": 15}],
        slot_interval_minutes=15,
    )
    return Guests(client, path, await free_times(client, path, 10_000))


async def _told(deployment: Deployment, guests: Guests) -> list[float]:
    came: dict[str, datetime] = {}
    receiver = WebhookReceiver(lambda name: came.setdefault(name, datetime.now(UTC)))
    async with serving(receiver) as url:
        await _add(deployment, "heard", url)
        await guests.book(TOLD, PAUSE)
        await deployment.owes_nothing()
    rows = await deployment.store.pool.fetch("select id, at from webhook_events")
    return [(came[row["id"]] - row["at"]).total_seconds() for row in rows]


async def _beside(deployment: Deployment, guests: Guests, dead: WebhookId) -> tuple[list[float], list[float]]:
    """Measure both in short turns, so that whatever else the machine does hits both alike; the first warm up."""
    pool = deployment.store.pool
    without, beside = list[float](), list[float]()
    for _ in range(TURNS):
        await pool.execute("delete from outbox where job = 'deliver_webhooks'")
        without += await guests.book(A_TURN, MOMENT)
        await _mails_are_out(deployment)
        await pool.execute(_OWE, dead)
        beside += await guests.book(A_TURN, MOMENT)
        await _mails_are_out(deployment)
    return without[2 * A_TURN :], beside[2 * A_TURN :]


async def _mails_are_out(deployment: Deployment) -> None:
    done = "select count(*) = 0 from outbox where job not in ('deliver_webhooks', 'remind_guest')"
    await deployment.until(lambda: deployment.store.pool.fetchval(done))


async def _queue(deployment: Deployment, host: ApiHost) -> WebhookId:
    """A webhook of this host's that nobody listens at, with many events that are new."""
    webhook_id = await _add(deployment, host.handle, f"http://127.0.0.1:{free_port()}")
    await deployment.store.pool.execute(_QUEUE, host.id, webhook_id, QUEUED)
    await deployment.store.pool.execute("analyze")
    return webhook_id


async def _add(deployment: Deployment, handle: str, url: str) -> WebhookId:
    host_id = await deployment.store.pool.fetchval("select id from hosts where handle = $1", handle)
    name = WebhookId(f"webhook-of-{handle}")
    webhook = Webhook(
        id=name, host_id=HostId(host_id), url=url, events=WEBHOOK_EVENT_TYPES, created_at=datetime.now(UTC)
    )
    async with deployment.store.begin() as uow:
        uow.webhooks.add(webhook, WebhookSecrets(SECRET))
    return name


def _p95(seconds: list[float]) -> float:
    return statistics.quantiles(seconds, n=20)[18]


_QUEUE = """
    with event as (
        insert into webhook_events (id, host_id, type, at, body, is_erased)
        select 'evt_' || n, $1, 'ping', now(), '{}', false from generate_series(1, $3::integer) as n
        returning id
    )
    insert into webhook_deliveries
        (id, webhook_id, event_id, type, state, tries, is_repeat, created_at, next_attempt_at, attempts)
    select 'dlv_' || id, $2, id, 'ping', 'pending', 0, false, now(), now(), '[]' from event
"""

# After its first failures, which come while this warms up, it is tried when its rest is over.
_OWE = """
    insert into outbox (job, key, payload, due_at)
    select
        'deliver_webhooks', id || '/1',
        jsonb_build_object('job', 'deliver_webhooks', 'host_id', host_id, 'webhook_id', id, 'lane', 1),
        coalesce(rests_until, now())
    from webhooks where id = $1
"""
