"""Sentences about times that aren't offered, for the host."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import assert_never

from adapters.presentation.language import gettext as _
from adapters.presentation.language import ngettext
from domain.why_not import (
    AddressUnconfirmed,
    BeyondHorizon,
    CalendarBusy,
    CalendarNotRead,
    DailyCap,
    MinimumNotice,
    NoMeetingType,
    NotOnGrid,
    OutsideHours,
    PageTurnedOff,
    PublicHoliday,
    Reason,
    TimeBooked,
    TimeHeld,
    TimePast,
    WithinBuffer,
)


def reason_words(
    reason: Reason, instant: Callable[[datetime], str], day: Callable[[date], str], holidays: Mapping[date, str]
) -> str:
    """One sentence or two, for a reader who has times as `instant` and `day` write them.

    Args:
        holidays: the names of public holidays, in the reader's language where it is known.
    """
    match reason:
        case TimePast():
            return _("This time has passed.")
        case MinimumNotice(earliest=earliest):
            sentence = _("Your minimum notice rules it out. The earliest start is {earliest}.")
            return sentence.format(earliest=instant(earliest))
        case BeyondHorizon(last_day=last_day):
            sentence = _("It’s too far ahead. The last bookable day is {day}.")
            return sentence.format(day=day(last_day))
        case OutsideHours(ends_at=ends_at) if ends_at is not None:
            sentence = _("The meeting would end after your hours do. They end at {end}.")
            return sentence.format(end=instant(ends_at))
        case OutsideHours():
            return _("It’s outside your hours.")
        case PublicHoliday(day=off):
            sentence = _("{day} is a public holiday, {name}, and you keep those free.")
            return sentence.format(day=day(off), name=holidays[off])
        case NotOnGrid(before=before, after=after):
            sentence = _("Meetings don’t start at this time. The nearest start times are {before} and {after}.")
            return sentence.format(before=instant(before), after=instant(after))
        case DailyCap(day=full, cap=cap):
            sentence = ngettext(
                "The daily limit of {cap} booking is reached on {day}.",
                "The daily limit of {cap} bookings is reached on {day}.",
                cap,
            )
            return sentence.format(cap=cap, day=day(full))
        case TimeBooked():
            return _("You have another booking at this time.")
        case TimeHeld(until=until):
            sentence = _("A guest has until {time} to confirm a booking at this time.")
            return sentence.format(time=instant(until))
        case WithinBuffer():
            return _("It’s too close to another booking. The buffers don’t leave room for it.")
        case CalendarBusy():
            return _("You’re busy at this time in one of your calendars, or the buffers don’t leave room for it.")
        case CalendarNotRead():
            return _("One of your calendars can’t be read, so the page offers no times. See Connected providers.")
        case PageTurnedOff():
            return _("This page is turned off. Turn it on to accept bookings.")
        case AddressUnconfirmed():
            return _("Confirm your email address to accept bookings.")
        case NoMeetingType():
            return _("None of the event type’s meeting types can be used right now.")
        case _:
            assert_never(reason)
