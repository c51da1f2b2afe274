"""Being told when a calendar changes, instead of asking it again and again."""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal, Protocol

import msgspec

from application.ports.calendar_reader import CalendarAccess
from application.ports.notifications import AddressCheck
from domain.ids import WatchId


class NewWatch(msgspec.Struct, frozen=True):
    """A watch that the provider is asked for.

    Attributes:
        id: ours, of letters, digits and hyphens, at most 64; some providers keep it and send it along.
        secret: comes with each notice and proves where it is from; at most 128 characters of RFC 3986 that need no
            escape.
        address: where notices go.
        lifecycle_address: where a provider that tells of the watch itself does so.
    """

    id: WatchId
    secret: str
    address: str
    lifecycle_address: str

    def __repr__(self) -> str:
        return f"NewWatch({self.id!r}, …)"


class Watch(msgspec.Struct, frozen=True):
    """A watch that the provider keeps.

    Attributes:
        remote: what the provider knows it by, as far as it takes more than our `id` to renew or end it.
        expires_at: when it ends unless it is renewed before.
    """

    id: WatchId
    remote: str
    expires_at: datetime


class WatchRefused(Exception):
    """The provider watches nothing for this address, or not this calendar; polling has to do.

    Attributes:
        reason: the provider's own code, for the operator.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class WatchGone(Exception):
    """The provider keeps no such watch any more; a new one takes its place."""


class CalendarWatcher(Protocol):
    """Asks one kind of account for notices of changes.

    Every call MUST end within 10 seconds and MUST NOT log or raise what it takes to get in, or a secret. It raises
    CalendarUnreadable as a `CalendarReader` does, and AccessTokenExpired.
    """

    async def watch(self, access: CalendarAccess, remote_id: str, new: NewWatch, /) -> Watch:
        """Ask for notices of every change of one calendar's events, for as long as the provider keeps a watch.

        Notices can come before this returns.

        Raises:
            WatchRefused: now and for the next hours, however often it is asked.
        """
        ...

    async def unwatch(self, access: CalendarAccess, watch: Watch, /) -> None:
        """End a watch; one that is gone already is fine."""
        ...


class WatchRenewer(Protocol):
    """Prolongs watches; elsewhere a new one takes over. The clauses of `CalendarWatcher` hold here as well."""

    async def renew(self, access: CalendarAccess, watch: Watch, /) -> Watch:
        """Prolong a watch, also one whose provider wants it to be authorized anew.

        Raises:
            WatchGone
        """
        ...


NoticeKind = Literal["changed", "expiring", "ended"]
"""Something in the calendar may have changed; the watch has to be renewed soon; it has ended, and changes got lost."""


class CalendarNotice(msgspec.Struct, frozen=True):
    """What a provider tells about one watch. Nothing of it is true unless the secret is one that we made."""

    secret: str
    kind: NoticeKind

    def __repr__(self) -> str:
        return f"CalendarNotice(…, {self.kind!r})"


class CalendarNotices(Protocol):
    """Reads the notices of one kind of account. Secrets are compared by whoever keeps them, not here."""

    def read(
        self, query: Mapping[str, str], headers: Mapping[str, str], body: bytes, /
    ) -> AddressCheck | tuple[CalendarNotice, ...]:
        """Read a request to the address of a watch; notices without a secret are left out.

        Args:
            headers: with their names in small letters.

        Raises:
            MalformedNotification
        """
        ...
