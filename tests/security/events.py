"""What the log and the metrics tell."""

from datetime import timedelta

from domain.host import Host
from domain.security_events import SecurityEvent
from tests.support.serving import Server

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0"


async def events_of(server: Server, host: Host) -> list[SecurityEvent]:
    """The earliest first."""
    async with server.memory.store.begin() as uow:
        events = await uow.security_log.of(host.id, server.memory.clock() - timedelta(days=90), 1000)
    return list(reversed(events))
