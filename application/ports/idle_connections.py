"""Connections that nobody has used for long."""

from datetime import datetime
from typing import Protocol

from domain.ids import HostId
from domain.provider import Provider


class IdleConnections(Protocol):
    """Finds connections whose tokens are due to be renewed, over all hosts."""

    async def idle_connections(
        self, providers: frozenset[Provider], since: datetime, limit: int, /
    ) -> list[tuple[HostId, Provider]]:
        """Working connections whose tokens were last renewed at `since` or before, those of longest ago first.

        Those are left out whose KeepConnectionJob is in the outbox already.
        """
        ...
