"""What can happen to a booking, in the past tense."""

from datetime import datetime, timedelta
from typing import Literal

import msgspec

from domain.conference import Conference, Failure
from domain.ids import BookingId
from domain.meeting_type import MeetingTypeName, Obstacle

Party = Literal["guest", "host"]


class BookingEvent(msgspec.Struct, frozen=True, kw_only=True):
    booking_id: BookingId
    at: datetime


class Booked(BookingEvent, frozen=True, kw_only=True):
    conference: Conference
    fell_back: Obstacle | None = None


class MeetingAttempted(BookingEvent, frozen=True, kw_only=True):
    """`left_behind` is true where the attempt before never reported back: a meeting of it may exist unused."""

    attempt: int
    left_behind: bool


class MeetingCreated(BookingEvent, frozen=True, kw_only=True):
    """`told_before` is true where mails without the link had gone out, so that this one is an update."""

    meeting_id: str | None
    after: timedelta
    told_before: bool


class MeetingDelayed(BookingEvent, frozen=True, kw_only=True):
    failure: Failure
    next_try_at: datetime
    left_behind: bool


class MeetingFellBack(BookingEvent, frozen=True, kw_only=True):
    """The booking was taken, then its meeting type stopped working for good."""

    to: MeetingTypeName
    why: Failure
    conference: Conference
    told_before: bool
    left_behind: bool


class MeetingGivenUp(BookingEvent, frozen=True, kw_only=True):
    failure: Failure
    told_before: bool
    left_behind: bool


class MeetingUnused(BookingEvent, frozen=True, kw_only=True):
    """A meeting was made, but the booking no longer waited for it."""

    meeting_id: str


class WaitedLongEnough(BookingEvent, frozen=True, kw_only=True):
    """The mails stop waiting for the link."""


class MailAccepted(BookingEvent, frozen=True, kw_only=True):
    party: Party
    revision: int


class MailRefused(BookingEvent, frozen=True, kw_only=True):
    party: Party
    revision: int
    reason: str


class Cancelled(BookingEvent, frozen=True, kw_only=True):
    by: Party
    reason: str


class Rescheduled(BookingEvent, frozen=True, kw_only=True):
    by: Party
    from_start: datetime
    to_start: datetime
    conference: Conference
    told_before: bool


Event = (
    Booked
    | MeetingAttempted
    | MeetingCreated
    | MeetingDelayed
    | MeetingFellBack
    | MeetingGivenUp
    | MeetingUnused
    | WaitedLongEnough
    | MailAccepted
    | MailRefused
    | Cancelled
    | Rescheduled
)
