"""A provider's promise to tell when a calendar changes."""

from datetime import datetime

import msgspec

from domain.ids import CalendarId, WatchId


class CalendarWatch(msgspec.Struct, frozen=True):
    """A watch, which is known before the provider is asked for it: its first notices can come before the answer.

    Attributes:
        begun_at: when it was asked for, or last renewed.
        remote: what the provider knows it by; empty until it has answered.
        expires_at: when it ends unless it is renewed; None until the provider has answered.
    """

    id: WatchId
    calendar_id: CalendarId
    begun_at: datetime
    remote: str = ""
    expires_at: datetime | None = None

    def lives(self, now: datetime) -> bool:
        return self.expires_at is not None and now < self.expires_at

    @property
    def renewal_at(self) -> datetime:
        """Half-way: there is as much time left for trying again."""
        return self.begun_at if self.expires_at is None else self.begun_at + (self.expires_at - self.begun_at) / 2

    def was_granted(self, remote: str, expires_at: datetime, now: datetime) -> "CalendarWatch":
        """The provider has begun or prolonged it."""
        return msgspec.structs.replace(self, begun_at=now, remote=remote, expires_at=expires_at)
