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
from tests.benchmarks.table import Row
from tests.support.deployment import ApiHost, Deployment, deployed
from tests.support.guests import free_times, submit
from tests.support.processes import free_port
from tests.support.webhook_receiver import SECRET, WebhookReceiver

TOLD = 100
PAUSE = 0.1
MOMENT = 0.02
"""Seconds between two bookings, in which the worker mails the first."""

BURST = 150
"""Bookings without any pause."""

QUEUED = 10_000
BLOCKS = 5
TURNS = 10
A_TURN = 20

_TOLD = "change committed → webhook told, {}, 95th percentile"


class WebhooksMeasured(msgspec.Struct, frozen=True):
    """What was measured.

    Attributes:
        told: seconds from the instant of each event until it had come; it is committed a little later.
        burst: the same of bookings without a pause.
        blocks: seconds of each booking, without a dead webhook and beside one.
    """

    told: list[float]
    burst: list[float]
    blocks: list[tuple[list[float], list[float]]]


async def measured_webhooks(url: str, folder: Path) -> list[Row]:
    print("… measuring webhooks", file=sys.stderr)
    (folder / "webhooks").mkdir()
    async with deployed(url, folder / "webhooks") as deployment:
        deployment.environ["TIMETUNA_ALLOWED_NETWORKS"] = "127.0.0.0/8"
        base = await deployment.web()
        await deployment.workers()
        async with httpx.AsyncClient(base_url=base, timeout=30) as client:
            told = await _told(deployment, await _guests_of(deployment, client, "heard"), TOLD, PAUSE)
            burst = await _told(deployment, await _guests_of(deployment, client, "rushed"), BURST, 0)
            guests = await _guests_of(deployment, client, "busy")
            dead = await _queue(deployment, await deployment.host("dead"))
            blocks = await _beside(deployment, guests, dead)
    return _rows(WebhooksMeasured(told, burst, blocks))


def _rows(measured: WebhooksMeasured) -> list[Row]:
    without = statistics.median(_p95(each) for each, _ in measured.blocks)
    # Of the blocks, so that whatever else the machine did during one of them decides nothing.
    times = statistics.median(_p95(beside) / _p95(alone) for alone, beside in measured.blocks)
    return [
        Row(_TOLD.format(f"one every {PAUSE} s"), _milliseconds(measured.told), "", "≤ 1 s", _p95(measured.told) <= 1),
        # The worker mails host and guest of each as well, so this is how much work a processor gets done.
        Row(_TOLD.format(f"{BURST} without a pause"), _milliseconds(measured.burst), "", "reported", True),
        Row(
            f"accepting beside {QUEUED:,} deliveries to a dead webhook, 95th percentile",
            f"{times:.2f} × the time",
            f"{1000 * without:.1f} ms without",
            "≤ 1.05 ×",
            times <= 1.05,
        ),
    ]


def _milliseconds(told: list[float]) -> str:
    return f"{1000 * _p95(told):.0f} ms"


class Guests:
    """Book ever new times of one page, one after the other, each from a mailbox of their own."""

    def __init__(self, client: httpx.AsyncClient, handle: str, path: str, free: list[str]) -> None:
        self.handle = handle
        self._client = client
        self._path = path
        self._free = enumerate(free)

    async def book(self, count: int, pause: float) -> list[float]:
        """How long each booking has taken; `pause` is how many seconds there are between two."""
        took: list[float] = []
        for number, start in islice(self._free, count):
            took.append(await self._one(number, start))
            await asyncio.sleep(pause)
        if len(took) < count:
            raise RuntimeError(f"{self._path} has no free times left.")
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
    return Guests(client, handle, path, await free_times(client, path, 10_000))


async def _told(deployment: Deployment, guests: Guests, count: int, pause: float) -> list[float]:
    came: dict[str, datetime] = {}
    receiver = WebhookReceiver(lambda name: came.setdefault(name, datetime.now(UTC)))
    async with serving(receiver) as url:
        await _add(deployment, guests.handle, url)
        await guests.book(count, pause)
        await deployment.owes_nothing()
    sql = "select v.id, v.at from webhook_events as v join hosts as h on h.id = v.host_id where h.handle = $1"
    rows = await deployment.store.pool.fetch(sql, guests.handle)
    return [(came[row["id"]] - row["at"]).total_seconds() for row in rows]


async def _beside(deployment: Deployment, guests: Guests, dead: WebhookId) -> list[tuple[list[float], list[float]]]:
    """Measure both in short turns, the one first or the other, so that whatever else there is hits both alike.

    The first block warms up, and lets the webhook fail so often that it rests.
    """
    blocks: list[tuple[list[float], list[float]]] = []
    for _ in range(BLOCKS + 1):
        without, beside = list[float](), list[float]()
        for turn in range(TURNS):
            for is_owed in (False, True) if turn % 2 else (True, False):
                await deployment.store.pool.execute(_FORGET)
                if is_owed:
                    await deployment.store.pool.execute(_OWE, dead)
                (beside if is_owed else without).extend(await guests.book(A_TURN, MOMENT))
                await _mails_are_out(deployment)
        blocks.append((without, beside))
    return blocks[1:]


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

_FORGET = "delete from outbox where job = 'deliver_webhooks'"

# After its first failures, which come while this warms up, it is tried when its rest is over.
_OWE = """
    insert into outbox (job, key, payload, due_at)
    select
        'deliver_webhooks', id || '/1',
        jsonb_build_object('job', 'deliver_webhooks', 'host_id', host_id, 'webhook_id', id, 'lane', 1),
        coalesce(rests_until, now())
    from webhooks where id = $1
"""
