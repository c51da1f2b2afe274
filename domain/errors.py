"""What the domain refuses: each refusal has a stable code, words for a person, and no HTTP status."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from math import ceil
from typing import ClassVar

from domain.words import Words


class Refusal(Exception):
    """A wish that can't be granted; nothing was changed."""

    code: ClassVar[str]

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


class InvalidInput(Refusal):
    """Something in what was sent is not usable; `field` is a dotted path such as `guest.email`."""

    code = "invalid-input"

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field
        self.message = message


class NotFound(Refusal):
    code = "not-found"


class SlotTaken(Refusal):
    """Somebody was faster; `alternatives` are up to three nearest starts that are free."""

    code = "slot-taken"

    def __init__(self, alternatives: Sequence[datetime] = ()) -> None:
        super().__init__(Words("Somebody has just booked this time. Please choose another one."))
        self.alternatives = tuple(alternatives)


class SlotNotOffered(Refusal):
    code = "slot-not-offered"

    def __init__(self, alternatives: Sequence[datetime] = ()) -> None:
        super().__init__(Words("This time can't be booked. Please choose one of the times that the page offers."))
        self.alternatives = tuple(alternatives)


class NoMeetingTypeAvailable(Refusal):
    code = "no-meeting-type-available"


class MeetingTypeNotOffered(Refusal):
    code = "meeting-type-not-offered"


class BookingClosed(Refusal):
    code = "booking-closed"


class IdempotencyKeyReused(Refusal):
    code = "idempotency-key-reused"

    def __init__(self) -> None:
        super().__init__(Words("This Idempotency-Key was used for another request. Use a new key for a new booking."))


class Unauthorized(Refusal):
    code = "unauthorized"


class Forbidden(Refusal):
    """The token doesn't hold the scope that this takes."""

    code = "forbidden"

    def __init__(self, scope: str) -> None:
        super().__init__(Words("This API token may not do that: it needs the scope {scope}.", scope=scope))
        self.scope = scope


class TooManyRequests(Refusal):
    """Too often from one place; `retry_after` says how long to wait."""

    code = "too-many-requests"

    def __init__(self, retry_after: timedelta) -> None:
        minutes = ceil(retry_after.total_seconds() / 60)
        wait = Words("{number} minutes", number=f"{minutes}") if minutes > 1 else Words("a minute")
        super().__init__(
            Words("Too many tries in a short time. Nothing was changed. Please wait {wait} and try again.", wait=wait)
        )
        self.retry_after = retry_after
