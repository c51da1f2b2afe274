"""A booking walked through everything that can happen to it."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from msgspec.structs import replace

from domain.awaited_meeting import (
    as_announced,
    attempt_meeting,
    meeting_created,
    meeting_delayed,
    meeting_fell_back,
    meeting_given_up,
    wait_no_longer,
)
from domain.booking import Booking, Guest, book, cancel, reschedule
from domain.conference import Failed, Failure, NoConference, Pending, Ready
from domain.errors import AlreadyCancelled, BookingClosed, Past
from domain.events import HostAsked
from domain.fallback import ChosenByHost
from domain.host_actions import retry_meeting, set_join_link, switch_meeting_type
from domain.ids import BookingId, EventTypeId, GuestToken, HostId, PageId
from domain.meeting_type import InPerson, MeetingType, MicrosoftTeams, Zoom, name_of
from domain.provider_problem import RateLimited
from domain.slot import Slot

NOW = datetime(2027, 1, 11, 8, 0, 0, 123456, tzinfo=UTC)
START = datetime(2027, 1, 12, 10, tzinfo=UTC)
FAILURE = Failure("try-later", RateLimited("zoom"))
ZOOM_LINK = Ready("https://us05web.zoom.us/j/1?pwd=x", "1", None, "zoom")


def a_booking(meeting_type: MeetingType) -> Booking:
    booking, _ = book(
        id=BookingId("b1"),
        token=GuestToken("t1"),
        host_id=HostId("h1"),
        page_id=PageId("p1"),
        event_type_id=EventTypeId("e1"),
        title="Intro call",
        slot=Slot.lasting(timedelta(minutes=30), START),
        buffer_before=timedelta(0),
        buffer_after=timedelta(0),
        guest=Guest("Ana", "ana@guests.example", "America/Sao_Paulo"),
        host_timezone="Europe/Berlin",
        requested=name_of(meeting_type),
        meeting_type=meeting_type,
        why=None,
        answers=(),
        tracking={},
        now=NOW,
    )
    return booking


def test_a_link_that_comes_before_any_mail_is_no_new_revision() -> None:
    booking, (event,) = meeting_created(a_booking(Zoom()), ZOOM_LINK, NOW + timedelta(seconds=1))

    assert (0, True, False) == (booking.revision, booking.announced, event.announced_before)


def test_a_link_that_comes_after_the_mails_is_the_next_revision() -> None:
    waited, _ = wait_no_longer(a_booking(Zoom()), NOW + timedelta(seconds=60))
    booking, (event,) = meeting_created(waited, ZOOM_LINK, NOW + timedelta(seconds=90))

    assert (1, True, "link_added") == (booking.revision, event.announced_before, booking.last_change)


def test_two_changes_within_a_second_have_different_stamps() -> None:
    ready, _ = meeting_created(a_booking(Zoom()), ZOOM_LINK, NOW)
    moved, _ = reschedule(ready, Slot.lasting(timedelta(minutes=30), START + timedelta(hours=1)), "guest", NOW)
    cancelled, _ = cancel(moved, "guest", "", NOW)

    assert ready.changed_at < moved.changed_at < cancelled.changed_at


def test_an_attempt_that_never_reported_back_may_have_left_a_meeting_behind() -> None:
    first, (event,) = attempt_meeting(a_booking(Zoom()), NOW)
    assert not event.left_behind

    _, (event,) = attempt_meeting(first, NOW + timedelta(minutes=1))

    assert event.left_behind


def test_the_same_link_is_kept_for_thirty_days_and_a_new_one_is_made_beyond() -> None:
    ready, _ = meeting_created(a_booking(Zoom()), ZOOM_LINK, NOW)

    near, _ = reschedule(ready, Slot.lasting(timedelta(minutes=30), START + timedelta(days=30)), "host", NOW)
    far, _ = reschedule(ready, Slot.lasting(timedelta(minutes=30), START + timedelta(days=31)), "host", NOW)

    assert ZOOM_LINK == near.conference
    assert Pending("zoom") == far.conference


def test_a_booking_without_a_link_gets_another_chance_when_it_is_moved() -> None:
    failed, _ = meeting_given_up(a_booking(Zoom()), FAILURE, left_behind=False, now=NOW)

    moved, _ = reschedule(failed, Slot.lasting(timedelta(minutes=30), START + timedelta(days=1)), "host", NOW)

    assert Pending("zoom") == moved.conference


def test_a_booking_that_falls_back_to_what_was_asked_for_is_no_fallback() -> None:
    fallen = replace(a_booking(MicrosoftTeams()), requested="zoom", fallback=ChosenByHost())

    assert meeting_fell_back(fallen, Zoom(), FAILURE, left_behind=False, now=NOW).booking.fallback is None


def test_what_is_cancelled_or_over_stays_as_it_is() -> None:
    cancelled, _ = cancel(a_booking(Zoom()), "guest", "", NOW)

    with pytest.raises(BookingClosed) as twice:
        cancel(cancelled, "guest", "", NOW)
    with pytest.raises(BookingClosed) as late:
        cancel(a_booking(Zoom()), "guest", "", START + timedelta(hours=1))
    assert AlreadyCancelled(NOW, "guest") == twice.value.why
    assert Past() == late.value.why


class BookingLife(RuleBasedStateMachine):
    """Whatever happens in whatever order, the calendar's rules hold."""

    booking: Booking
    seen: list[Booking]
    now: datetime

    @initialize(meeting_type=st.sampled_from([Zoom(), InPerson("Main Street 1")]))
    def is_booked(self, meeting_type: MeetingType) -> None:
        self.now = NOW
        self.booking = a_booking(meeting_type)
        self.seen = [self.booking]

    def _becomes(self, booking: Booking) -> None:
        self.seen.append(booking)
        self.booking = booking

    @rule(milliseconds=st.integers(0, 5000))
    def time_passes(self, milliseconds: int) -> None:
        self.now += timedelta(milliseconds=milliseconds)

    @precondition(lambda self: self.booking.waits_for_link)
    @rule()
    def is_attempted(self) -> None:
        self._becomes(attempt_meeting(self.booking, self.now).booking)

    @precondition(lambda self: self.booking.waits_for_link)
    @rule()
    def gets_its_link(self) -> None:
        self._becomes(meeting_created(self.booking, ZOOM_LINK, self.now).booking)

    @precondition(lambda self: self.booking.waits_for_link)
    @rule(left_behind=st.booleans())
    def is_delayed(self, left_behind: bool) -> None:
        self._becomes(
            meeting_delayed(
                self.booking, FAILURE, self.now + timedelta(seconds=5), left_behind=left_behind, now=self.now
            ).booking
        )

    @precondition(lambda self: self.booking.waits_for_link)
    @rule()
    def falls_back(self) -> None:
        to = InPerson("Main Street 1")
        self._becomes(meeting_fell_back(self.booking, to, FAILURE, left_behind=False, now=self.now).booking)

    @precondition(lambda self: self.booking.waits_for_link)
    @rule()
    def is_given_up(self) -> None:
        self._becomes(meeting_given_up(self.booking, FAILURE, left_behind=False, now=self.now).booking)

    @precondition(lambda self: self.booking.waits_for_link and not self.booking.announced)
    @rule()
    def waits_long_enough(self) -> None:
        self._becomes(wait_no_longer(self.booking, self.now).booking)

    @precondition(lambda self: self.booking.status == "confirmed")
    @rule(days=st.integers(0, 40))
    def is_moved(self, days: int) -> None:
        slot = Slot.lasting(timedelta(minutes=30), START + timedelta(days=days))
        self._becomes(reschedule(self.booking, slot, "guest", self.now).booking)

    @precondition(lambda self: self.booking.status == "confirmed")
    @rule()
    def is_cancelled(self) -> None:
        self._becomes(cancel(self.booking, "host", "ill", self.now).booking)

    @precondition(lambda self: self.booking.status == "confirmed")
    @rule()
    def is_tried_again(self) -> None:
        self._becomes(retry_meeting(self.booking, HostAsked(), self.now).booking)

    @precondition(lambda self: self.booking.status == "confirmed")
    @rule(number=st.integers(1, 2))
    def gets_a_link_by_hand(self, number: int) -> None:
        self._becomes(set_join_link(self.booking, f"https://meet.example/{number}", self.now).booking)

    @precondition(lambda self: self.booking.status == "confirmed")
    @rule(to=st.sampled_from([Zoom(), InPerson("Main Street 1"), InPerson("Main Street 2")]))
    def is_switched(self, to: MeetingType) -> None:
        self._becomes(switch_meeting_type(self.booking, to, self.now).booking)

    @precondition(lambda self: self.booking.status == "cancelled")
    @rule()
    def nothing_changes_a_cancelled_booking(self) -> None:
        with pytest.raises(BookingClosed):
            reschedule(self.booking, self.booking.slot, "guest", self.now)
        with pytest.raises(BookingClosed):
            meeting_created(self.booking, ZOOM_LINK, self.now)

    @invariant()
    def revisions_and_stamps_rise_together(self) -> None:
        for before, after in zip(self.seen, self.seen[1:], strict=False):
            assert after.revision - before.revision in {0, 1}
            assert (after.changed_at > before.changed_at) == (after.revision > before.revision)

    @invariant()
    def a_revision_always_says_the_same(self) -> None:
        told: dict[int, Booking] = {}
        for each in self.seen:
            if each.announced:
                first = told.setdefault(each.revision, as_announced(each))
                assert _what_a_mail_says(first) == _what_a_mail_says(as_announced(each))

    @invariant()
    def the_link_or_its_absence_is_announced(self) -> None:
        if isinstance(self.booking.conference, Ready | NoConference | Failed) and self.booking.status == "confirmed":
            assert self.booking.announced

    @invariant()
    def what_was_announced_stays_announced(self) -> None:
        assert [each.announced for each in self.seen] == sorted(each.announced for each in self.seen)


def _what_a_mail_says(booking: Booking) -> object:
    """All of it but the counting of attempts, which no mail tells."""
    conference = booking.conference
    if isinstance(conference, Pending):
        conference = Pending(conference.provider, failure=conference.failure)
    return replace(booking, conference=conference)


TestBookingLife = BookingLife.TestCase
