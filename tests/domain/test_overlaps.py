"""Events over a booking: which are, and that each is noted once."""

from datetime import datetime, timedelta

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from domain.booking import Booking, Decision
from domain.busy import BusyTime, Mark
from domain.calendar import Calendar
from domain.events import OverlapEnded, OverlapFound
from domain.ids import CalendarConnectionId, CalendarId
from domain.overlaps import near, over, settle
from domain.slot import Slot
from tests.support.builders import NOW, TOMORROW_AT_TEN, a_booking, a_host, a_page

BOOKING = a_booking(a_page(a_host()))
CALENDAR = Calendar(
    id=CalendarId("c"),
    connection_id=CalendarConnectionId("k"),
    host_id=BOOKING.host_id,
    kind="google",
    name="Work",
    timezone="UTC",
    host_timezone="UTC",
)
LATER = NOW + timedelta(minutes=5)

minutes = st.integers(-90, 90).map(lambda each: timedelta(minutes=each))
lengths = st.integers(1, 120).map(lambda each: timedelta(minutes=each))
marks: st.SearchStrategy[Mark] = st.sampled_from(["busy", "free", "tentative", "out_of_office"])
slots = st.builds(Slot.lasting, lengths, minutes.map(lambda each: TOMORROW_AT_TEN + each))
times = st.lists(st.builds(BusyTime, slots, marks), max_size=8)


def settled(booking: Booking, found: list[BusyTime], at: datetime = NOW) -> Decision[OverlapFound | OverlapEnded]:
    return settle(booking, [(CALENDAR, found)], at)


def told(decision: Decision[OverlapFound | OverlapEnded]) -> list[Slot]:
    return sorted(slot for each in decision.events if isinstance(each, OverlapFound) for slot in each.slots)


def open_ones(booking: Booking) -> list[Slot]:
    return sorted(each.slot for each in booking.overlapped)


@given(times)
def test_exactly_what_blocks_and_takes_some_of_the_meeting_is_over_it(found: list[BusyTime]) -> None:
    expected = {each.slot for each in found if each.mark != "free" and each.slot.overlaps(BOOKING.slot)}

    assert sorted(expected) == over(BOOKING, found, CALENDAR)


@given(times, st.lists(slots, max_size=4))
def test_near_slots_is_exactly_what_touches_one_of_them(found: list[BusyTime], others: list[Slot]) -> None:
    assert [each for each in found if any(each.slot.overlaps(slot) for slot in others)] == near(found, others)


@given(times)
def test_what_is_there_is_open_and_settling_it_again_changes_nothing(found: list[BusyTime]) -> None:
    after = settled(BOOKING, found).booking

    assert over(BOOKING, found, CALENDAR) == open_ones(after)
    assert Decision(after) == settled(after, found, LATER)


@given(st.lists(times, max_size=6))
def test_each_event_is_told_once_and_what_is_open_is_what_was_there_last(readings: list[list[BusyTime]]) -> None:
    booking, heard = BOOKING, list[Slot]()
    for found in readings:
        decision = settled(booking, found)
        assert decision.events or decision.booking == booking
        booking, heard = decision.booking, [*heard, *told(decision)]

    assert sorted({slot for found in readings for slot in over(BOOKING, found, CALENDAR)}) == sorted(heard)
    assert over(BOOKING, readings[-1] if readings else [], CALENDAR) == open_ones(booking)


@given(times, times)
def test_an_event_in_two_calendars_is_one(here: list[BusyTime], there: list[BusyTime]) -> None:
    other = msgspec.structs.replace(CALENDAR, id=CalendarId("d"), name="Home")

    both = settle(BOOKING, [(CALENDAR, here), (other, there)], NOW)

    assert over(BOOKING, [*here, *there], CALENDAR) == told(both)


@given(times)
def test_what_is_closed_is_left_alone(found: list[BusyTime]) -> None:
    assert Decision(BOOKING) == settled(BOOKING, found, BOOKING.slot.end)


def test_where_only_busy_time_is_told_what_goes_on_all_through_the_meeting_may_be_its_copy() -> None:
    a_minute = timedelta(minutes=1)
    whole = Slot(BOOKING.slot.start - a_minute, BOOKING.slot.end + a_minute)
    part = Slot(BOOKING.slot.start + a_minute, BOOKING.slot.end + a_minute)
    found = [BusyTime(whole), BusyTime(BOOKING.slot), BusyTime(part)]
    own = msgspec.structs.replace(CALENDAR, rules_apply=False)
    shared = msgspec.structs.replace(own, is_main=False)

    assert [part] == over(BOOKING, found, own)
    assert sorted([whole, BOOKING.slot, part]) == over(BOOKING, found, shared)
