"""Hosts, and the handles that lead to them."""

from datetime import datetime
from typing import Protocol

import msgspec

from domain.host import Host
from domain.ids import HostId


class FormerHandle(msgspec.Struct, frozen=True):
    """A handle that nobody else can take yet; without a host it leads nowhere."""

    host_id: HostId | None


class Hosts(Protocol):
    def add(self, host: Host, password_hash: str | None) -> None:
        """Store a new host. At the latest at the commit, MUST raise Taken("email") or Taken("handle")."""
        ...

    async def get(self, host_id: HostId, /) -> Host | None: ...

    async def lock(self, host_id: HostId, /) -> Host | None:
        """Read a host and keep everybody else from locking them until the unit ends."""
        ...

    def save(self, host: Host) -> None:
        """Raises Taken like `add`."""
        ...

    async def is_free(self, handle: str, now: datetime, /) -> bool:
        """Whether nobody has the handle now, and it leads to nobody who had it."""
        ...

    async def lock_handle(self, handle: str, now: datetime, /) -> FormerHandle | None:
        """Who had the handle, while it still leads to them.

        MUST keep everybody else from locking it until the unit ends. Whoever takes or leaves a handle locks it first,
        and several in the order of the alphabet.
        """
        ...

    def leave_handle(self, host_id: HostId, handle: str, ends_at: datetime) -> None:
        """Let a handle that was locked lead to this host until then."""
        ...
