from typing import Protocol

import msgspec

from domain.ids import BookingId, LeaveToken


class LeaveLink(msgspec.Struct, frozen=True):
    """Whom a link to leave was mailed to: the additional guest at a place of a booking."""

    booking_id: BookingId
    place: int


class LeaveTokens(Protocol):
    """The links that additional guests leave by."""

    def link_to_leave(self, token: LeaveToken, booking_id: BookingId, place: int) -> None:
        """Let a token stand for an additional guest of a booking; a second time changes nothing."""
        ...

    async def leaving(self, token: LeaveToken, /) -> LeaveLink | None:
        """What a token stands for, for as long as the booking knows its guests. MUST find it by a digest."""
        ...
