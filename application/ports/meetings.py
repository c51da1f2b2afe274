"""Creation of meetings at a provider."""

from datetime import UTC, datetime, timedelta
from typing import Protocol

import msgspec

from application.ports.oauth import AccountClient, Grant
from domain.ids import BookingId
from domain.provider import Provider


class MeetingRequest(msgspec.Struct, frozen=True):
    """A meeting to be made: `start` is UTC, `timezone` the host's IANA zone.

    Attributes:
        title: of what was booked.
        language: the host's BCP 47 tag; the provider shows the meeting to the host in it.
    """

    booking_id: BookingId
    title: str
    host_name: str
    guest_name: str
    language: str
    start: datetime
    duration: timedelta
    timezone: str

    @property
    def key(self) -> str:
        """The same for each repeat of one wish; another one once the booking has moved to another time."""
        return f"{self.booking_id}-{self.start.astimezone(UTC):%Y%m%dT%H%M%SZ}"


class Meeting(msgspec.Struct, frozen=True):
    """A meeting that exists; `join_url` is used exactly as the provider gave it."""

    join_url: str
    meeting_id: str
    passcode: str | None = None


class MeetingCreator(Protocol):
    """One provider's meetings. A call MUST end within 10 seconds and MUST NOT follow redirects or log a secret."""

    provider: Provider
    idempotent_creation: bool
    """`create` with the same `MeetingRequest.key` makes one meeting, however often it is called."""

    async def create(self, grant: Grant, request: MeetingRequest, /) -> Meeting:
        """Create one meeting and return where to join it.

        MUST NOT be called inside a transaction. With `idempotent_creation` it MUST answer a repeated `request.key` with
        the meeting that is there; without, a lost answer may leave a meeting behind.

        Args:
            request: `start` is UTC; `duration` is whole minutes, rounded up; texts are cut to what the provider takes.

        Raises:
            NotConnected, NotPermitted, AccessTokenExpired, OurFault
            TryLater: with `left_behind` where the request may have arrived, or the answer had no link to join by.
        """
        ...


class ConferenceProvider(AccountClient, MeetingCreator, Protocol):
    """A provider whose accounts are connected in order to make meetings there."""
