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
        is_expiring: the provider wants it to be renewed before its time.
        refusal: the provider's reason for keeping no such watch, for the operator.
    """

    id: WatchId
    calendar_id: CalendarId
    begun_at: datetime
    remote: str = ""
    expires_at: datetime | None = None
    is_expiring: bool = False
    refusal: str | None = None

    def lives(self, now: datetime) -> bool:
        return self.expires_at is not None and now < self.expires_at

    @property
    def renewal_at(self) -> datetime:
        """Half-way: there is as much time left for trying again."""
        if self.expires_at is None or self.is_expiring:
            return self.begun_at
        return self.begun_at + (self.expires_at - self.begun_at) / 2

    def was_granted(self, remote: str, expires_at: datetime, now: datetime) -> "CalendarWatch":
        """The provider has begun or prolonged it."""
        return msgspec.structs.replace(self, begun_at=now, remote=remote, expires_at=expires_at, is_expiring=False)

    def was_refused(self, reason: str) -> "CalendarWatch":
        return msgspec.structs.replace(self, refusal=reason)

    def has_to_be_renewed(self) -> "CalendarWatch":
        return msgspec.structs.replace(self, is_expiring=True)
