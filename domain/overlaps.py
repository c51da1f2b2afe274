"""Events in a host's calendars that lie over a booking: made elsewhere in the same moment, or later."""

from collections.abc import Collection, Iterable
from datetime import datetime

import msgspec

from domain.booking import Booking, Decision, Overlap
from domain.busy import BusyTime
from domain.calendar import Calendar
from domain.events import OverlapEnded, OverlapFound
from domain.slot import Slot

_MOST = 20
"""So many are noted of one booking; its host knows by then."""


def over(booking: Booking, times: Iterable[BusyTime], calendar: Calendar) -> list[Slot]:
    """The events that block and take some of the meeting's time, ascending.

    Buffers keep guests away, and not their host. Where a provider tells merely that time is busy, the meeting's own
    time is taken for the entry that the invitation has made.
    """
    return sorted(
        {
            each.slot
            for each in times
            if calendar.rules.blocks(each)
            and each.slot.overlaps(booking.slot)
            and (calendar.rules_apply or each.slot != booking.slot)
        }
    )


def note_overlaps(
    booking: Booking, calendar: Calendar, slots: Collection[Slot], now: datetime
) -> Decision[OverlapFound]:
    """Note events over a coming meeting, each once, whichever calendar shows it first; it's told when it is noted.

    One that has gone and come back is in the way again, and isn't told again.
    """
    if not booking.is_open(now):
        return Decision(booking)
    known = {each.slot for each in booking.overlaps}
    back = {each.slot for each in booking.overlaps if each.is_over}.intersection(slots)
    new = [each for each in slots if each not in known][: _MOST - len(known)]
    if not new and not back:
        return Decision(booking)
    overlaps = (
        *(msgspec.structs.replace(each, is_over=each.is_over and each.slot not in back) for each in booking.overlaps),
        *(Overlap(calendar.id, each, now) for each in new),
    )
    event = OverlapFound(
        booking_id=booking.id, at=now, host_id=booking.host_id, calendar=calendar.name, slots=(*new,), back=(*back,)
    )
    return Decision(msgspec.structs.replace(booking, overlaps=overlaps), (event,))


def end_overlaps(booking: Booking, calendar: Calendar, gone: Collection[Slot], now: datetime) -> Decision[OverlapEnded]:
    """Note that events are no longer in the way."""
    ended = [
        each for each in booking.overlaps if each.calendar_id == calendar.id and each.slot in gone and not each.is_over
    ]
    if not ended:
        return Decision(booking)
    overlaps = tuple(
        msgspec.structs.replace(each, is_over=True) if each in ended else each for each in booking.overlaps
    )
    event = OverlapEnded(booking_id=booking.id, at=now, calendar=calendar.name)
    return Decision(msgspec.structs.replace(booking, overlaps=overlaps), (event,))
