"""A booking that waits for its guest to confirm the address."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from domain.booking import HELD_FOR, Booking, book, cancel, confirm, release, reschedule
from domain.booking_mails import want_mails_again
from domain.conference import NoConference, Pending
from domain.errors import BookingClosed, HoldEnded, Past, Unconfirmed
from domain.events import PARTIES, Booked, ConfirmationWantedAgain, Held, Party
from domain.fallback import MeetingTypeUnusable
from domain.host_actions import set_join_link, switch_meeting_type
from domain.meeting_type import InPerson, MeetingType, Obstacle, Phone, Zoom, name_of
from domain.slot import Slot
from tests.support.builders import NOW, TOMORROW_AT_TEN, a_booking, a_host, a_page, ana, token_of

PAGE = a_page(a_host())
UNTIL = NOW + HELD_FOR
NOT_CONNECTED = Obstacle("not-connected", "zoom")
seconds = st.integers(0, 3 * 3600).map(lambda number: timedelta(seconds=number))
types = st.sampled_from([Zoom(), InPerson("Main Street 1")])


def taken(meeting_type: MeetingType, *, unproven: bool, why: Obstacle | None = None) -> Booking:
    of = a_booking(PAGE)
    decision = book(
        id=of.id,
        token=token_of(of),
        host_id=of.host_id,
        page_id=of.page_id,
        event_type_id=of.event_type_id,
        title=of.title,
        slot=of.slot,
        buffer_before=of.buffer_before,
        buffer_after=of.buffer_after,
        guest=ana,
        host_timezone=of.host_timezone,
        requested="google_meet" if why else name_of(meeting_type),
        meeting_type=meeting_type,
        why=why,
        answers=(),
        tracking={},
        now=NOW,
        reminders=(timedelta(hours=1),),
        unproven=unproven,
    )
    assert isinstance(decision.events[0], Held if unproven else Booked)
    return decision.booking


@given(types, st.none() | st.just(NOT_CONNECTED))
def test_confirming_at_once_is_booking(meeting_type: MeetingType, why: Obstacle | None) -> None:
    held = taken(meeting_type, unproven=True, why=why)
    booked = taken(meeting_type, unproven=False, why=why)

    confirmed, (event,) = confirm(held, meeting_type, None, NOW)

    same = {"id": booked.id, "token": booked.token}
    assert booked == replace(confirmed, **same)
    assert why == event.fell_back
    assert (TOMORROW_AT_TEN - timedelta(hours=1),) == event.remind_at


@given(types, seconds)
def test_it_is_confirmed_in_time_or_not_at_all(meeting_type: MeetingType, after: timedelta) -> None:
    held = taken(meeting_type, unproven=True)
    now = NOW + after

    assert held.is_expired(now) == (now >= UNTIL)
    assert held.occupies(now) == (now < UNTIL)
    if now < UNTIL:
        confirmed, (event,) = confirm(held, meeting_type, None, now)
        assert ("confirmed", None, now) == (confirmed.status, confirmed.held_until, confirmed.created_at)
        assert isinstance(event, Booked)
    else:
        with pytest.raises(BookingClosed) as late:
            confirm(held, meeting_type, None, now)
        assert HoldEnded() == late.value.why


@given(types, seconds, st.sampled_from(PARTIES))
def test_nothing_but_confirming_changes_it(meeting_type: MeetingType, after: timedelta, by: Party) -> None:
    held = taken(meeting_type, unproven=True)
    now = NOW + after
    for change in (
        lambda: reschedule(held, Slot.lasting(held.slot.duration, TOMORROW_AT_TEN + timedelta(days=1)), by, now),
        lambda: cancel(held, by, "", now),
        lambda: set_join_link(held, "https://meet.example/1", now),
        lambda: switch_meeting_type(held, InPerson("Main Street 2"), now),
    ):
        with pytest.raises(BookingClosed) as refused:
            change()
        assert Unconfirmed(UNTIL) == refused.value.why
    assert not held.announced
    assert not held.waits_for_link
    assert not held.is_open(now)
    assert not held.wants_reminder(held.slot.start - timedelta(hours=1), now)


def test_it_falls_back_to_what_can_be_used_when_it_is_confirmed() -> None:
    held = taken(Zoom(), unproven=True)

    fallen, (event,) = confirm(held, Phone("host"), NOT_CONNECTED, NOW)

    assert ("zoom", Phone("host")) == (fallen.requested, fallen.meeting_type)
    assert MeetingTypeUnusable(NOT_CONNECTED) == fallen.fallback
    assert (NoConference(), NOT_CONNECTED) == (event.conference, event.fell_back)
    assert fallen.announced


def test_a_booking_that_comes_back_to_what_was_asked_for_is_no_fallback() -> None:
    fallen = replace(taken(InPerson("Main Street 1"), unproven=True, why=NOT_CONNECTED), requested="zoom")

    confirmed, (event,) = confirm(fallen, Zoom(), Obstacle("number-missing"), NOW)

    assert (None, None) == (confirmed.fallback, event.fell_back)


def test_its_meeting_is_wanted_from_then_on() -> None:
    confirmed, (event,) = confirm(taken(Zoom(), unproven=True), Zoom(), None, NOW)

    assert confirmed.waits_for_link
    assert Pending("zoom") == event.conference


def test_what_is_over_is_not_confirmed() -> None:
    held = replace(taken(Zoom(), unproven=True), slot=Slot.lasting(timedelta(minutes=5), NOW))

    with pytest.raises(BookingClosed) as late:
        confirm(held, Zoom(), None, NOW + timedelta(minutes=5))

    assert Past() == late.value.why


def test_what_is_confirmed_is_not_confirmed_again() -> None:
    with pytest.raises(BookingClosed):
        confirm(taken(Zoom(), unproven=False), Zoom(), None, NOW)


def test_given_back_it_is_cancelled_by_its_guest() -> None:
    released = release(taken(Zoom(), unproven=True), NOW)

    assert ("cancelled", None) == (released.status, released.held_until)


def test_its_guest_can_have_the_link_mailed_again_until_it_expires() -> None:
    held = taken(Zoom(), unproven=True)

    _, (event,) = want_mails_again(held, "guest", NOW)
    with pytest.raises(BookingClosed):
        want_mails_again(held, "guest", UNTIL)

    assert ConfirmationWantedAgain(booking_id=held.id, at=NOW) == event
