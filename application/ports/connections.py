"""Hosts' connections to providers."""

from datetime import datetime
from typing import Protocol

import msgspec

from application.ports.oauth import Grant
from domain.connection import ProviderConnection
from domain.ids import HostId
from domain.provider import Provider


class LockedConnections(msgspec.Struct, frozen=True):
    """`busy` is true where there are others that somebody else holds."""

    locked: tuple[ProviderConnection, ...]
    busy: bool


class Connections(Protocol):
    """Connections, whose state MUST be readable without opening a grant: a lost key is no reason to break a page."""

    async def get(self, host_id: HostId, provider: Provider, /) -> ProviderConnection | None: ...

    async def lock(self, host_id: HostId, provider: Provider, /) -> ProviderConnection | None:
        """Read the connection and keep every other process from locking it until the unit ends.

        MUST raise Busy rather than wait for longer than a refresh that works takes.
        """
        ...

    async def grant(self, host_id: HostId, provider: Provider, /) -> Grant | None:
        """Open the grant of a connection.

        Raises:
            Unopenable: the key that sealed it is gone.
        """
        ...

    def put(self, connection: ProviderConnection, grant: Grant) -> None:
        """Store the one connection that a host has to this provider, replacing any other."""
        ...

    def save(self, connection: ProviderConnection) -> None:
        """Store a new state of the connection; the grant stays."""
        ...

    def remove(self, host_id: HostId, provider: Provider) -> None:
        """Delete the connection and its grant."""
        ...

    async def hosts_on(self, provider: Provider, user_id: str, /) -> list[HostId]:
        """The hosts that rely on an account at the provider."""
        ...

    async def superseded(self, connection: ProviderConnection, /) -> bool:
        """Whether another host has connected the same account at the provider later than this one."""
        ...

    async def lock_on(self, provider: Provider, user_id: str, account_id: str, /) -> LockedConnections:
        """Lock the connections of all hosts to an account, but those that somebody else holds right now.

        MUST NOT wait, and MUST NOT open the grants: a lost key is no reason to keep a connection.
        """
        ...

    async def first_heard(self, key: str, at: datetime, /) -> bool:
        """Remember that the notification with this key came. MUST be true once for each key, in units that commit."""
        ...
