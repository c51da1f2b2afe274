"""Events over a booking: which are, and that each is noted once."""

from datetime import timedelta

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from domain.booking import Booking
from domain.busy import BusyTime, Mark
from domain.calendar import Calendar
from domain.ids import CalendarConnectionId, CalendarId
from domain.overlaps import end_overlaps, note_overlaps, over
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


def noted(booking: Booking, found: list[Slot]) -> Booking:
    return note_overlaps(booking, CALENDAR, found, NOW).booking


@given(times)
def test_exactly_what_blocks_and_takes_some_of_the_meeting_is_over_it(found: list[BusyTime]) -> None:
    expected = {each.slot for each in found if each.mark != "free" and each.slot.overlaps(BOOKING.slot)}

    assert sorted(expected) == over(BOOKING, found, CALENDAR)


@given(times)
def test_noting_the_same_again_is_no_news(found: list[BusyTime]) -> None:
    slots = over(BOOKING, found, CALENDAR)
    after = noted(BOOKING, slots)

    assert () == note_overlaps(after, CALENDAR, slots, LATER).events
    assert slots == sorted(each.slot for each in after.overlapped)


@given(times, times)
def test_what_is_news_is_what_was_not_known(first: list[BusyTime], second: list[BusyTime]) -> None:
    before, then = over(BOOKING, first, CALENDAR), over(BOOKING, second, CALENDAR)

    told = [
        each for event in note_overlaps(noted(BOOKING, before), CALENDAR, then, LATER).events for each in event.slots
    ]

    assert sorted(set(then) - set(before)) == told


@given(times)
def test_what_has_gone_is_no_longer_over_it_and_no_news_when_it_comes_back(found: list[BusyTime]) -> None:
    slots = over(BOOKING, found, CALENDAR)
    gone = end_overlaps(noted(BOOKING, slots), CALENDAR, slots, LATER).booking
    back = note_overlaps(gone, CALENDAR, slots, LATER)

    assert () == gone.overlapped
    assert slots == sorted(each.slot for each in back.booking.overlapped)
    assert all(() == event.slots for event in back.events)


def test_where_only_busy_time_is_told_the_meetings_own_time_is_its_entry() -> None:
    coarse = msgspec.structs.replace(CALENDAR, rules_apply=False)
    longer = Slot(BOOKING.slot.start, BOOKING.slot.end + timedelta(minutes=1))

    assert [longer] == over(BOOKING, [BusyTime(BOOKING.slot), BusyTime(longer)], coarse)
