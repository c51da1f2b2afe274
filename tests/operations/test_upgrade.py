"""An upgrade under load: the earlier release's processes and this one's, side by side on one database."""

import asyncio
import random
import signal
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from adapters.postgres.pool import connect
from adapters.sandbox.serve import serving
from tests.operations.releases import earlier_commit, expanding, unpacked
from tests.support.deployment import ApiHost, Deployment, deployed
from tests.support.guests import Json, free_times, ready, submit, token_of
from tests.support.processes import PATIENCE, Running
from tests.support.webhook_receiver import WebhookReceiver

pytestmark = pytest.mark.redis

GUESTS_AT_ONCE = 3
MOST = 90
"""One account at Zoom makes 100 meetings a day."""

MOVED_EVERY = 3
PAUSE = 0.8
REPORT = "monthly report"
"""A session of somebody's who reads bookings for long."""


class Rotation:
    """What a load balancer does: it sends requests to web processes that are ready, over new connections."""

    def __init__(self) -> None:
        self.urls: list[str] = []
        self._lots = random.Random(20261130)

    async def ask(self, method: str, path: str, **request: object) -> httpx.Response:
        """Pass a request on; only one that has reached nobody is passed to another process."""
        async with asyncio.timeout(PATIENCE):
            while True:
                async with httpx.AsyncClient(base_url=self._lots.choice(self.urls), timeout=30) as client:
                    try:
                        return await client.request(method, path, **request)  # pyright: ignore[reportArgumentType]
                    except httpx.ConnectError:
                        await asyncio.sleep(0.01)

    async def takes_out(self, url: str) -> None:
        """Leave a process out once it says that it stops."""
        async with asyncio.timeout(PATIENCE):
            while True:
                async with httpx.AsyncClient(base_url=url, timeout=30) as client:
                    try:
                        if (await client.get("/readyz")).is_server_error:
                            break
                    except httpx.ConnectError:
                        break
                await asyncio.sleep(0.05)
        self.urls.remove(url)


class Guests:
    """Book, move every third booking, and look at free times, until they are told that it is enough."""

    def __init__(self, rotation: Rotation, paths: tuple[str, ...], starts: list[str]) -> None:
        self.booked: list[Json] = []
        self.moved: dict[str, str] = {}
        self.enough = asyncio.Event()
        self._rotation = rotation
        self._paths = paths
        self._starts = iter(starts)
        self._numbers = iter(range(MOST))

    async def come(self) -> None:
        while not self.enough.is_set():
            # So that they don't have done with booking before the processes are replaced.
            await asyncio.sleep(PAUSE)
            number = next(self._numbers, None)
            if number is None:
                await self._look()
                continue
            booking = await self._books(self._paths[number % len(self._paths)], next(self._starts))
            self.booked.append(booking)
            if number % MOVED_EVERY == 0:
                await self._moves(booking, next(self._starts))

    async def _look(self) -> None:
        today = datetime.now(UTC).date()
        span = {"from": str(today), "to": str(today + timedelta(days=7)), "timezone": "UTC"}
        answer = await self._rotation.ask("GET", f"{self._paths[0]}/slots", params=span)
        assert answer.is_success, answer.text

    async def _books(self, path: str, start: str) -> Json:
        answer = await self._rotation.ask("POST", f"{path}/bookings", json=submit(start))
        assert httpx.codes.CREATED == answer.status_code, answer.text
        return answer.json()

    async def _moves(self, booking: Json, start: str) -> None:
        path = f"/api/v1/public/bookings/{token_of(booking)}/reschedule"
        answer = await self._rotation.ask("POST", path, json={"start": start})
        assert answer.is_success, answer.text
        self.moved[booking["id"]] = start


async def test_nothing_fails_nothing_is_lost_and_nothing_is_done_twice(empty_database: str, tmp_path: Path) -> None:
    earlier, present = await asyncio.gather(
        asyncio.to_thread(unpacked, earlier_commit(), tmp_path / "earlier"),
        asyncio.to_thread(expanding, tmp_path / "present"),
    )
    first = await earlier.start(
        tmp_path / "migrate.log", "migrate", environ={"PATH": "/usr/bin:/bin", "TIMETUNA_DATABASE_URL": empty_database}
    )
    assert 0 == await first.process.wait(), first.says()
    told, rotation = Counter[str](), Rotation()
    receiver = WebhookReceiver(lambda webhook_id: told.update([webhook_id]))
    async with deployed(empty_database, tmp_path) as deployment, serving(receiver) as webhook_url:
        deployment.environ["TIMETUNA_ALLOWED_NETWORKS"] = "127.0.0.0/8"
        # No mail goes out without its link, however slow the machine is.
        deployment.environ["TIMETUNA_LINK_WAIT_SECONDS"] = "3600"
        deployment.start = earlier.start
        host = await deployment.host()
        await deployment.connect_zoom(host)
        webs, workers = await asyncio.gather(
            asyncio.gather(deployment.web(), deployment.web()),
            asyncio.gather(deployment.workers(), deployment.workers()),
        )
        rotation.urls = [*webs]
        guests = await _guests(host, rotation, receiver, webhook_url)
        coming = [asyncio.create_task(guests.come()) for _ in range(GUESTS_AT_ONCE)]

        deployment.start = present.start
        before = await _migrated_in_spite_of_a_report(deployment, guests)
        for web in webs:
            await _is_ready(web)
        for web, worker in zip(webs, workers, strict=True):
            await asyncio.gather(_web_replaced(deployment, rotation, web), _worker_replaced(deployment, worker))
        guests.enough.set()
        await asyncio.gather(*coming)
        found = {each["id"]: await _ready(rotation, each) for each in guests.booked}
        await deployment.owes_nothing()
        filled = await deployment.store.pool.fetch("select id from bookings where drilled_at is not null")

    assert before <= {each["id"] for each in filled}
    assert guests.moved
    assert len(guests.booked) == len({each["conference"]["join_url"] for each in found.values()})
    assert len(guests.booked) == len(deployment.sandbox.meetings)
    assert guests.moved == {each: found[each]["start"] for each in guests.moved}
    mails = Counter(mail.message["Message-ID"] for mail in deployment.mailbox.messages())
    assert {1} == set(mails.values())
    # A booking, its link, and for some a move.
    assert len(told) == 2 * len(guests.booked) + len(guests.moved)
    assert {1} == set(told.values())


async def _guests(host: ApiHost, rotation: Rotation, receiver: WebhookReceiver, webhook_url: str) -> Guests:
    """A page of the host's with a webhook, and guests for it."""
    async with httpx.AsyncClient(base_url=rotation.urls[0], timeout=30) as client:
        path = await host.publishes(client)
        await host.publishes(client, slug="second")
        events = ["booking.created", "booking.link_ready", "booking.rescheduled"]
        webhook = {"url": f"{webhook_url}/hook", "events": events}
        made = await client.post("/api/v1/webhooks", json=webhook, headers=host.headers)
        assert httpx.codes.CREATED == made.status_code, made.text
        receiver.expects(made.json()["secret"])
        starts = await free_times(client, path, MOST + MOST // MOVED_EVERY)
    return Guests(rotation, (path, path.replace("/intro/", "/second/")), starts)


async def _migrated_in_spite_of_a_report(deployment: Deployment, guests: Guests) -> set[str]:
    """Expand the schema while somebody's long transaction holds a table of it; return what was booked before."""
    report = await connect(deployment.environ["TIMETUNA_DATABASE_URL"], server_settings={"application_name": REPORT})
    async with report.transaction():
        await report.execute("lock table bookings in access share mode")
        migration = await deployment.begin("migrate")
        waits = f"9001_add_a_column.sql waits for a table that is in use, perhaps by session {report.get_server_pid()}"

        async def has_tried_twice() -> bool:
            assert migration.process.returncode is None, migration.says()
            return migration.says().count(f"{waits} ({REPORT})") > 1

        await deployment.until(has_tried_twice)
        before = {each["id"] for each in guests.booked}
        await deployment.until(lambda: _more(guests.booked, len(before)))
    await report.close()
    assert 0 == await migration.process.wait(), migration.says()
    applied = ("9001_add_a_column.sql", "9002_fill_it.sql", "9003_index_it.sql")
    assert migration.says().endswith("".join(f"applied {name}\n" for name in applied))
    return before


async def _more(booked: list[Json], than: int) -> bool:
    return len(booked) > than


async def _is_ready(web: str) -> None:
    async with httpx.AsyncClient(base_url=web, timeout=30) as client:
        answer = await client.get("/readyz")
    assert answer.is_success, answer.text


async def _web_replaced(deployment: Deployment, rotation: Rotation, web: str) -> None:
    """Start a web process in the place of another one, as a rolling restart does."""
    rotation.urls.append(await deployment.web())
    deployment.webs[web].process.send_signal(signal.SIGTERM)
    await rotation.takes_out(web)
    await _stopped(deployment.webs[web])


async def _worker_replaced(deployment: Deployment, worker: Running) -> None:
    await deployment.workers()
    await _stopped(worker)


async def _stopped(running: Running) -> None:
    assert 0 == await running.stop(), running.says()


async def _ready(rotation: Rotation, booking: Json) -> Json:
    async with httpx.AsyncClient(base_url=rotation.urls[0], timeout=30) as client:
        return await ready(client, booking)
