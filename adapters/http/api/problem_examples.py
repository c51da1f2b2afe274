"""An example of each problem, made as an answer's is."""

from datetime import UTC, datetime, timedelta

from adapters.http.problems import STATUS, Problem, problem_for, problem_with_status
from adapters.http.settings import HttpSettings
from domain.errors import (
    AlreadyCancelled,
    AnyRefusal,
    BookingClosed,
    BookingOpen,
    CalendarsUnreadable,
    EventErased,
    Forbidden,
    HostBusy,
    IdempotencyKeyReused,
    InvalidInput,
    LinkEnded,
    MeetingTypeNotOffered,
    NoMeetingTypeAvailable,
    NoneUsable,
    NotFound,
    Overloaded,
    ScheduleInUse,
    SlotNotOffered,
    SlotTaken,
    TooManyBookings,
    TooManyRequests,
    Unauthorized,
)
from domain.faults import Required
from domain.meeting_type import Obstacle

_NEAREST = tuple(datetime(2026, 12, 1, hour, 30, tzinfo=UTC) for hour in (13, 14, 15))
_REFUSALS: dict[str, AnyRefusal] = {
    each.code: each
    for each in (
        InvalidInput.at("timezone", Required()),
        Unauthorized("token-unknown"),
        Forbidden("bookings:write"),
        NotFound("booking"),
        SlotTaken(_NEAREST),
        SlotNotOffered(_NEAREST),
        HostBusy(),
        TooManyBookings(5),
        LinkEnded("used"),
        NoMeetingTypeAvailable(NoneUsable((Obstacle("not-connected", "zoom"),))),
        MeetingTypeNotOffered("phone"),
        BookingClosed(AlreadyCancelled(datetime(2026, 11, 30, 9, tzinfo=UTC), "guest")),
        BookingOpen(),
        ScheduleInUse(("Intro",)),
        EventErased(),
        IdempotencyKeyReused(),
        TooManyRequests(timedelta(minutes=5)),
        Overloaded(timedelta(seconds=2)),
        CalendarsUnreadable(timedelta(minutes=1)),
    )
}


def problem_example(code: str, settings: HttpSettings) -> Problem:
    """A refusal of ours with this code, or the framework's with its status."""
    refusal = _REFUSALS.get(code)
    return problem_for(refusal, settings) if refusal else problem_with_status(STATUS[code], settings)
