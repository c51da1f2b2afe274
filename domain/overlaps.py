"""Events in a host's calendars that lie over a booking: made elsewhere in the same moment, or later."""

from bisect import bisect_right
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

import msgspec

from domain.booking import Booking, Decision, Overlap
from domain.busy import BusyTime, merged
from domain.calendar import Calendar
from domain.events import OverlapEnded, OverlapFound
from domain.slot import Slot

_MOST = 20
"""So many are noted of one booking; its host knows by then."""


def over(booking: Booking, times: Iterable[BusyTime], calendar: Calendar) -> list[Slot]:
    """The events that block and take some of the meeting's time, ascending.

    Buffers keep guests away, and not their host. Where a provider tells merely that time is busy in the host's own
    calendar, busy time all through the meeting may be the copy of its invitation that a mail program has put there.
    """
    may_be_a_copy = calendar.is_main and not calendar.rules_apply
    return sorted(
        {
            each.slot
            for each in times
            if calendar.rules.blocks(each)
            and each.slot.overlaps(booking.slot)
            and not (may_be_a_copy and _holds(each.slot, booking.slot))
        }
    )


def near(times: Iterable[BusyTime], slots: Iterable[Slot]) -> list[BusyTime]:
    """The events that touch any of the slots, found without comparing each with each."""
    ascending = merged(slots)
    ends = [each.end for each in ascending]

    def is_near(slot: Slot) -> bool:
        place = bisect_right(ends, slot.start)
        return place < len(ascending) and ascending[place].start < slot.end

    return [each for each in times if is_near(each.slot)]


def _holds(outer: Slot, inner: Slot) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end


def settle(
    booking: Booking, calendars: Sequence[tuple[Calendar, Collection[BusyTime]]], now: datetime
) -> Decision[OverlapFound | OverlapEnded]:
    """Note which events are over a coming meeting, each once, whichever calendar shows it first.

    One that has gone and come back is in the way again, and is no news.

    Args:
        calendars: all that block the booking's page, with their events.
    """
    if not booking.is_open(now):
        return Decision(booking)
    present = {slot: calendar for calendar, times in reversed(calendars) for slot in over(booking, times, calendar)}
    overlaps = [msgspec.structs.replace(each, is_over=each.slot not in present) for each in booking.overlaps]
    known = {each.slot for each in booking.overlaps}
    new = [slot for slot in sorted(present) if slot not in known][: _MOST - len(known)]
    overlaps += (Overlap(present[slot].id, slot, now) for slot in new)
    back = [each.slot for each in booking.overlaps if each.is_over and each.slot in present]
    has_ended = any(not each.is_over and each.slot not in present for each in booking.overlaps)
    found = (
        OverlapFound(
            booking_id=booking.id,
            at=now,
            host_id=booking.host_id,
            calendar=calendar.name,
            slots=tuple(slot for slot in new if present[slot] == calendar),
            back=tuple(slot for slot in back if present[slot] == calendar),
        )
        for calendar in dict.fromkeys(present[slot] for slot in (*new, *back))
    )
    ended = (OverlapEnded(booking_id=booking.id, at=now),) if has_ended else ()
    return Decision(msgspec.structs.replace(booking, overlaps=tuple(overlaps)), (*ended, *found))
