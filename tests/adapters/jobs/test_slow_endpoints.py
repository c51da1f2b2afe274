"""Webhooks over real sockets, with endpoints that take what is sent and never answer."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

from adapters.http_client.addresses import Reachable
from adapters.jobs.actors import Aside
from adapters.webhooks.sender import SignedWebhookSender
from application.actor import HostActor
from application.app import App
from application.jobs import DeliverWebhooksJob
from domain.host import Host
from tests.support.builders import a_host
from tests.support.memory_app import MemoryApp
from tests.support.processes import PATIENCE

EACH = 2
SLOW_HOSTS = 3
WEBHOOKS_EACH = 4


class Endpoints:
    """A server that never answers, and one that answers at once.

    Attributes:
        hanging: how many requests wait for the first.
        told: something has come to the second.
    """

    def __init__(self) -> None:
        self.hanging = 0
        self.told = asyncio.Event()
        self.slow = self.quick = ""
        self._over = asyncio.Event()

    @asynccontextmanager
    async def serving(self) -> AsyncGenerator[None]:
        servers = [await asyncio.start_server(each, "127.0.0.1", 0) for each in (self._hang, self._answer)]
        self.slow, self.quick = (f"http://127.0.0.1:{each.sockets[0].getsockname()[1]}" for each in servers)
        async with servers[0], servers[1]:
            yield
            self._over.set()

    async def _hang(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        self.hanging += 1
        await self._over.wait()
        writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        self.told.set()
        writer.write(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")
        with suppress(OSError):
            await writer.drain()
        writer.close()


async def test_a_few_hosts_whose_servers_hang_leave_room_for_the_others() -> None:
    memory, endpoints = MemoryApp(), Endpoints()
    memory.limit_nothing()
    sender = SignedWebhookSender(Reachable(["127.0.0.0/8"]), lambda: datetime.now(UTC))
    app = App(replace(memory.ports, webhook_sender=sender))
    aside = Aside(most=SLOW_HOSTS * EACH + 1, most_each=EACH)
    async with endpoints.serving():
        for _ in range(SLOW_HOSTS):
            await _pings(app, await memory.host(a_host()), endpoints.slow, WEBHOOKS_EACH)
        await _pings(app, await memory.host(a_host()), endpoints.quick, 1)

        for lease in await memory.backlog.lease(100, timedelta(minutes=1)):
            assert isinstance(lease.job, DeliverWebhooksJob)
            aside.start(lease.job.host_id, lease.job.key, partial(app.run_job, lease))
        async with asyncio.timeout(PATIENCE):
            await endpoints.told.wait()
            while endpoints.hanging < SLOW_HOSTS * EACH:
                await asyncio.sleep(0.01)

        assert SLOW_HOSTS * EACH == endpoints.hanging
    await aside.finish()
    await sender.aclose()


async def _pings(app: App, host: Host, url: str, webhooks: int) -> None:
    actor = HostActor(host.id)
    for number in range(webhooks):
        added = await app.add_webhook(actor, f"{url}/{number}", ("booking.created",))
        await app.try_webhook(actor, added.webhook.id)
