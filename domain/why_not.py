"""Reasons against a time: all that there are, as facts."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import ClassVar, Literal
from zoneinfo import ZoneInfo

import msgspec
from msgspec import UnsetType

from domain.availability import BookingRules
from domain.booking import Booking
from domain.ids import BookingId, CalendarId
from domain.open_slots import earliest_start, full_days
from domain.public_holidays import HolidayCalendar
from domain.slot import Slot
from domain.windows import DAY, Window, midnight, windows
from domain.working_hours import WorkingHours

ReasonCode = Literal[
    "past",
    "minimum-notice",
    "beyond-horizon",
    "outside-hours",
    "not-on-grid",
    "daily-cap",
    "booking",
    "buffer",
    "calendar",
    "calendar-unreadable",
    "no-meeting-type",
]


class TimePast(msgspec.Struct, frozen=True):
    """The time is over; the minimum notice is then no reason of its own."""

    code: ClassVar[ReasonCode] = "past"


class MinimumNotice(msgspec.Struct, frozen=True):
    """Too soon; `earliest` is the first instant that gives notice enough."""

    earliest: datetime
    code: ClassVar[ReasonCode] = "minimum-notice"


class BeyondHorizon(msgspec.Struct, frozen=True):
    """Too far ahead; `last_day` is the last of the host's days that can be booked."""

    last_day: date
    code: ClassVar[ReasonCode] = "beyond-horizon"


class OutsideHours(msgspec.Struct, frozen=True):
    """No window holds the whole meeting; `ends_at` is the end of the one that it begins in, if there is one."""

    ends_at: datetime | None = None
    code: ClassVar[ReasonCode] = "outside-hours"


class PublicHoliday(msgspec.Struct, frozen=True):
    """The hours of this day are off, for a public holiday of the calendar that the host keeps."""

    day: date
    calendar: HolidayCalendar
    code: ClassVar[ReasonCode] = "outside-hours"


class NotOnGrid(msgspec.Struct, frozen=True):
    """Between two starts of the window; `before` and `after` are those, whatever else speaks against them."""

    before: datetime
    after: datetime
    code: ClassVar[ReasonCode] = "not-on-grid"


class DailyCap(msgspec.Struct, frozen=True):
    """The page has as many bookings on this day of the host's as it may have."""

    day: date
    cap: int
    code: ClassVar[ReasonCode] = "daily-cap"


class TimeBooked(msgspec.Struct, frozen=True):
    """Another meeting of the host takes place at this time."""

    booking_id: BookingId
    code: ClassVar[ReasonCode] = "booking"


class TimeHeld(msgspec.Struct, frozen=True):
    """The time is kept `until` then for a guest who has to confirm the address."""

    until: datetime
    code: ClassVar[ReasonCode] = "booking"


class WithinBuffer(msgspec.Struct, frozen=True):
    """Another meeting of the host is too near for the buffers of the two; None where it is only held."""

    booking_id: BookingId | None
    code: ClassVar[ReasonCode] = "buffer"


class PageTurnedOff(msgspec.Struct, frozen=True):
    """The host has turned the page off, so no meeting type is offered at any time."""

    code: ClassVar[ReasonCode] = "no-meeting-type"


class AddressUnconfirmed(msgspec.Struct, frozen=True):
    """The host hasn't confirmed their email address, so no meeting type is offered at any time."""

    code: ClassVar[ReasonCode] = "no-meeting-type"


class CalendarBusy(msgspec.Struct, frozen=True):
    """The host is busy by a calendar of theirs, or so near that the page's buffers don't fit."""

    calendar_id: CalendarId
    code: ClassVar[ReasonCode] = "calendar"


class CalendarNotRead(msgspec.Struct, frozen=True):
    """A calendar can't be read, and the page offers nothing until it can."""

    calendar_id: CalendarId
    code: ClassVar[ReasonCode] = "calendar-unreadable"


class NoMeetingType(msgspec.Struct, frozen=True):
    """No meeting type of the event type can be used, at any time."""

    code: ClassVar[ReasonCode] = "no-meeting-type"


Reason = (
    TimePast
    | MinimumNotice
    | BeyondHorizon
    | OutsideHours
    | PublicHoliday
    | NotOnGrid
    | DailyCap
    | TimeBooked
    | TimeHeld
    | WithinBuffer
    | CalendarBusy
    | CalendarNotRead
    | PageTurnedOff
    | AddressUnconfirmed
    | NoMeetingType
)


def why_not(
    start: datetime,
    *,
    hours: WorkingHours,
    rules: BookingRules,
    zone: ZoneInfo,
    duration: timedelta,
    now: datetime,
    bookings: Sequence[Booking] = (),
    page_starts: Sequence[datetime] = (),
) -> tuple[Reason, ...]:
    """List every reason why `open_slots` doesn't offer a start; there are none exactly if it does.

    Args:
        zone: the host's; the daily cap and the horizon count its days.
        bookings: held and confirmed bookings of the host that may be near, other than one that is to be moved.
        page_starts: starts of this page's bookings on the host's day of `start`, for the daily cap.
    """
    meeting = Slot.lasting(duration, start)
    return (
        *_against_the_date(start, rules, zone, now),
        *_against_the_hours(meeting, hours, rules),
        *_against_the_day(start, rules, zone, page_starts),
        *_in_the_way(meeting, rules, bookings),
    )


def _against_the_date(start: datetime, rules: BookingRules, zone: ZoneInfo, now: datetime) -> list[Reason]:
    earliest = earliest_start(rules, zone, now)
    if start < now:
        return [TimePast()]
    if start < earliest:
        return [MinimumNotice(earliest)]
    last_day = now.astimezone(zone).date() + timedelta(days=rules.horizon_days)
    return [BeyondHorizon(last_day)] if start >= midnight(last_day + DAY, zone) else []


def _against_the_hours(meeting: Slot, hours: WorkingHours, rules: BookingRules) -> list[Reason]:
    near = _windows_near(meeting, hours)
    holding = next((each for each in near if each.holds(meeting)), None)
    if holding is None:
        if holiday := _holiday_against(meeting, hours):
            return [holiday]
        begun = next((each for each in near if each.start <= meeting.start < each.end), None)
        return [OutsideHours(begun.end if begun else None)]
    beyond = (meeting.start - holding.start) % rules.slot_interval
    if not beyond:
        return []
    before = meeting.start - beyond
    return [NotOnGrid(before, before + rules.slot_interval)]


def _holiday_against(meeting: Slot, hours: WorkingHours) -> PublicHoliday | None:
    """The public holiday but for which the hours would hold the meeting."""
    day, calendar = meeting.start.astimezone(hours.zone).date(), hours.availability.public_holidays
    if isinstance(calendar, UnsetType) or not hours.is_off_for_holiday(day):
        return None
    ordinary = msgspec.structs.replace(hours, holidays=frozenset())
    is_held = any(each.holds(meeting) for each in _windows_near(meeting, ordinary))
    return PublicHoliday(day, calendar) if is_held else None


def _windows_near(meeting: Slot, hours: WorkingHours) -> list[Window]:
    return list(windows(hours, meeting.start, meeting.start + timedelta.resolution))


def _against_the_day(
    start: datetime, rules: BookingRules, zone: ZoneInfo, page_starts: Sequence[datetime]
) -> list[Reason]:
    return [
        DailyCap(day, rules.daily_cap)
        for day in full_days(page_starts, rules.daily_cap, zone)
        if rules.daily_cap is not None and midnight(day, zone) <= start < midnight(day + DAY, zone)
    ]


def _in_the_way(meeting: Slot, rules: BookingRules, bookings: Sequence[Booking]) -> list[Reason]:
    occupied = meeting.padded(rules.buffer_before, rules.buffer_after)
    return [
        _taken_by(each) if each.slot.overlaps(meeting) else WithinBuffer(None if each.held_until else each.id)
        for each in bookings
        if each.occupied.overlaps(occupied)
    ]


def _taken_by(booking: Booking) -> Reason:
    return TimeBooked(booking.id) if booking.held_until is None else TimeHeld(booking.held_until)
