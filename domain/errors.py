"""Refusals: a code and typed parameters, without words for people and without HTTP."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar, Literal, ParamSpec, TypeVar

import msgspec

from domain.budgets import Counted
from domain.events import Party
from domain.faults import Fault, FaultKind
from domain.meeting_type import MeetingTypeName, Obstacle

P = ParamSpec("P")
T = TypeVar("T")


class Refusal(Exception):
    """A request that can't be granted; nothing was changed."""

    code: ClassVar[str]


class InvalidInput(Refusal):
    """Something in what was sent is not usable; `faults` are all that were found, in the order of the input."""

    code = "invalid-input"

    def __init__(self, *faults: Fault) -> None:
        super().__init__(*faults)
        self.faults = faults

    @classmethod
    def at(cls, field: str, problem: FaultKind) -> "InvalidInput":
        """One fault."""
        return cls(Fault(field, problem))


class Checks:
    """Runs the checks of one input and collects the faults of all of them.

    checks = Checks()
    name = checks.run("", person_name, typed.name, "name")
    email = checks.run("", email_address, typed.email, "email")
    checks.done()
    """

    def __init__(self) -> None:
        self._faults: list[Fault] = []

    @property
    def faults(self) -> tuple[Fault, ...]:
        return tuple(self._faults)

    def run(self, otherwise: T, check: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Return what the check returns; `otherwise`, which `done` keeps from being used, where it finds a fault."""
        try:
            return check(*args, **kwargs)
        except InvalidInput as refusal:
            self._faults += refusal.faults
            return otherwise

    def note(self, field: str, problem: FaultKind) -> None:
        self._faults.append(Fault(field, problem))

    def done(self) -> None:
        """Raise InvalidInput where any check has found a fault."""
        if self._faults:
            raise InvalidInput(*self._faults)


Thing = Literal[
    "address",
    "account",
    "booking",
    "booking-link",
    "leave-link",
    "booking-page",
    "event-type",
    "single-use-link",
    "schedule",
    "calendar",
    "calendar-connection",
    "provider",
    "provider-settings",
    "api-token",
    "mail-link",
    "support",
    "support-thread",
    "support-desk",
    "passkey",
    "webhook",
    "webhook-delivery",
    "webhook-event",
    "problem",
    "colour",
]


@dataclass(eq=False)
class NotFound(Refusal):
    """There is none, or it belongs to somebody else."""

    code = "not-found"

    what: Thing


WhyTaken = Literal["busy", "daily-cap"]
"""Something else of the host's is in the way, or the page has as many bookings that day as it may have."""


@dataclass(eq=False)
class SlotTaken(Refusal):
    """The page offers the start, and it can't be had; `alternatives` are up to three nearest starts that are free."""

    code = "slot-taken"

    alternatives: tuple[datetime, ...] = ()
    why: WhyTaken = "busy"


@dataclass(eq=False)
class HostBusy(Refusal):
    """A calendar of the host's takes the time, who can book it all the same."""

    code = "calendar-busy"


@dataclass(eq=False)
class SlotNotOffered(Refusal):
    """The page doesn't offer this start; `alternatives` are up to three nearest starts that are free."""

    code = "slot-not-offered"

    alternatives: tuple[datetime, ...] = ()


class PageInactive(msgspec.Struct, frozen=True):
    """The host has turned the page off."""


class HostUnconfirmed(msgspec.Struct, frozen=True):
    """The host hasn't confirmed their email address, so none of their pages takes bookings."""


class NothingSwitchedOn(msgspec.Struct, frozen=True):
    """The page has no meeting type."""


class NoneUsable(msgspec.Struct, frozen=True):
    """None of the page's meeting types can be used; what keeps each of them."""

    obstacles: tuple[Obstacle, ...]


class RequestedUnusable(msgspec.Struct, frozen=True):
    """The requested type can't be used, and no other without more of the guest; `others` could be requested."""

    obstacle: Obstacle
    others: tuple[MeetingTypeName, ...]


class UnusableForBooking(msgspec.Struct, frozen=True):
    """The type that a host switches to can't be used for this booking."""

    meeting_type: MeetingTypeName
    obstacle: Obstacle


WhyNone = PageInactive | HostUnconfirmed | NothingSwitchedOn | NoneUsable | RequestedUnusable | UnusableForBooking


@dataclass(eq=False)
class NoMeetingTypeAvailable(Refusal):
    code = "no-meeting-type-available"

    why: WhyNone


@dataclass(eq=False)
class TooManyBookings(Refusal):
    """The guest has as many coming bookings on the page as its host allows."""

    code = "too-many-bookings"

    most: int


@dataclass(eq=False)
class LinkEnded(Refusal):
    """The single-use link that the guest came by is good for no more bookings."""

    code = "link-ended"

    why: Literal["used", "expired", "removed"]


@dataclass(eq=False)
class MeetingTypeNotOffered(Refusal):
    """The page doesn't have this type switched on."""

    code = "meeting-type-not-offered"

    meeting_type: MeetingTypeName


class AlreadyCancelled(msgspec.Struct, frozen=True):
    at: datetime
    by: Party


class Past(msgspec.Struct, frozen=True):
    """The booking is over."""


class PageGone(msgspec.Struct, frozen=True):
    """The booking's page was removed, so there are no times to move it to."""


class Unconfirmed(msgspec.Struct, frozen=True):
    """The booking is held `until` then, and its guest has to confirm the address before anything else."""

    until: datetime


class HoldEnded(msgspec.Struct, frozen=True):
    """Nobody has confirmed the booking in time, or it isn't held any more."""


class NoLinkAwaited(msgspec.Struct, frozen=True):
    """The booking has its link, or needs none."""


class NoEntryChange(msgspec.Struct, frozen=True):
    """The host hasn't changed the booking's entry in the calendar, or that is decided."""


class ProposalEnded(msgspec.Struct, frozen=True):
    """The time isn't proposed any more: the booking was moved since, or the guest took too long."""


WhyClosed = AlreadyCancelled | Past | PageGone | Unconfirmed | HoldEnded | NoLinkAwaited | NoEntryChange | ProposalEnded


@dataclass(eq=False)
class BookingClosed(Refusal):
    """The booking can't be changed any more, or not in this way."""

    code = "booking-closed"

    why: WhyClosed


@dataclass(eq=False)
class BookingOpen(Refusal):
    """The booking is still to come, so its guest's details are needed."""

    code = "booking-open"


@dataclass(eq=False)
class ScheduleInUse(Refusal):
    """Pages with these titles take their hours from the schedule."""

    code = "schedule-in-use"

    pages: tuple[str, ...]


@dataclass(eq=False)
class EventErased(Refusal):
    """The guest's details were erased from the event, so it can't be sent as it was."""

    code = "event-erased"


@dataclass(eq=False)
class IdempotencyKeyReused(Refusal):
    """The key came before, with another request."""

    code = "idempotency-key-reused"


@dataclass(eq=False)
class Unauthorized(Refusal):
    """Whoever asks hasn't proved who they are."""

    code = "unauthorized"

    why: Literal[
        "token-missing",
        "token-unknown",
        "token-expired",
        "session-ended",
        "wrong-password",
        "other-account",
        "passkey-unknown",
        "passkey-refused",
        "passkey-too-late",
    ]


@dataclass(eq=False)
class Forbidden(Refusal):
    """Whoever asks is known, and isn't allowed to do this; `scope` is what is missing."""

    code = "forbidden"

    scope: str


@dataclass(eq=False)
class TooManyRequests(Refusal):
    """A budget of what is `counted` is spent; `retry_after` says how long to wait."""

    code = "too-many-requests"

    retry_after: timedelta
    counted: Counted = "tries"


@dataclass(eq=False)
class Overloaded(Refusal):
    """There is more to do than this server takes on at once; `retry_after` says how long to wait."""

    code = "overloaded"

    retry_after: timedelta


@dataclass(eq=False)
class CalendarsUnreadable(Refusal):
    """A calendar that blocks the page can't be read, and its last reading counts no more."""

    code = "calendar-unreadable"

    retry_after: timedelta


AnyRefusal = (
    InvalidInput
    | NotFound
    | SlotTaken
    | HostBusy
    | SlotNotOffered
    | TooManyBookings
    | LinkEnded
    | NoMeetingTypeAvailable
    | MeetingTypeNotOffered
    | BookingClosed
    | BookingOpen
    | ScheduleInUse
    | EventErased
    | IdempotencyKeyReused
    | Unauthorized
    | Forbidden
    | TooManyRequests
    | Overloaded
    | CalendarsUnreadable
)
