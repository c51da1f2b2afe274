"""List what happened to a host's account."""

from dataclasses import dataclass

from application.actor import HostActor
from application.ports.clock import Clock
from application.ports.storage import Begin
from domain.security_events import KEPT_FOR, SecurityEvent


@dataclass(frozen=True)
class ListSecurityEvents:
    begin: Begin
    clock: Clock

    async def __call__(self, actor: HostActor, limit: int | None) -> tuple[SecurityEvent, ...]:
        """Return the events of the last 90 days, the latest first, all without a limit. Raises Forbidden."""
        host_id = actor.require("account:read")
        async with self.begin() as uow:
            return await uow.security_log.of(host_id, self.clock() - KEPT_FOR, limit)
