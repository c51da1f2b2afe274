"""What a host can do about a booking's meeting."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from domain.awaited_meeting import as_announced, meeting_fell_back, meeting_given_up, wait_no_longer
from domain.booking import Booking, Decision, cancel, reschedule
from domain.conference import Failed, Failure, NoConference, Pending, Ready
from domain.errors import AlreadyCancelled, BookingClosed
from domain.events import ConnectionGone, HostAsked, LinkReplaced, MeetingRetried, Reconnected, RetryCause
from domain.fallback import ChosenByHost
from domain.host_actions import retry_meeting, set_join_link, switch_meeting_type
from domain.meeting_type import name_of
from domain.provider_problem import GrantEnded, RateLimited
from domain.slot import Slot
from tests.support.builders import (
    NOW,
    TOMORROW_AT_TEN,
    a_booking,
    a_host,
    a_page,
    ana_with_a_number,
    at_the_harbour,
    phone_by_host,
    zoom,
)

DEAD = Failure("not-connected", GrantEnded("zoom"))
BUSY = Failure("try-later", RateLimited("zoom"))
BY_HAND = "https://meet.example/anna"
LATER = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def waiting() -> Booking:
    return a_booking(a_page(a_host()), guest=ana_with_a_number)


def announced() -> Booking:
    """The mails have gone out and say that the link follows."""
    return wait_no_longer(waiting(), NOW).booking


def given_up() -> Booking:
    return meeting_given_up(announced(), DEAD, left_behind=False, now=NOW).booking


def ready() -> Booking:
    link = Ready("https://us05web.zoom.us/j/1", "1", None, "zoom", waiting().slot.end)
    return msgspec.structs.replace(waiting(), conference=link, announced=True)


def test_trying_again_is_no_news_before_it_has_brought_something() -> None:
    before = given_up()

    again, events = retry_meeting(before, HostAsked(), LATER)

    assert events
    assert isinstance(again.conference, Pending)
    assert 0 == again.conference.attempts
    assert (before.revision, before.changed_at) == (again.revision, again.changed_at)
    # So what is mailed once more meanwhile is the same mail.
    assert as_announced(before) == as_announced(again)


def test_failing_again_for_the_same_reason_is_no_news_either() -> None:
    before = given_up()
    again, _ = retry_meeting(before, HostAsked(), LATER)

    failed, _ = meeting_given_up(again, DEAD, left_behind=False, now=LATER)

    assert before == failed


def test_failing_again_for_another_reason_is_told() -> None:
    before = given_up()
    again, _ = retry_meeting(before, HostAsked(), LATER)

    failed, _ = meeting_given_up(again, BUSY, left_behind=False, now=LATER)

    assert (Failed(BUSY), before.revision + 1) == (failed.conference, failed.revision)


def test_what_waits_is_tried_now_and_what_has_a_link_or_needs_none_stays() -> None:
    at_the_place = a_booking(a_page(a_host()), meeting_type=at_the_harbour)

    assert retry_meeting(announced(), HostAsked(), LATER).events
    assert not retry_meeting(ready(), HostAsked(), LATER).events
    assert not retry_meeting(at_the_place, HostAsked(), LATER).events


def test_a_pasted_link_is_the_next_revision_once_people_were_told() -> None:
    linked, events = set_join_link(given_up(), BY_HAND, LATER)

    assert events
    assert (Ready(BY_HAND), 2, "link_added") == (linked.conference, linked.revision, linked.last_change)


def test_a_link_pasted_before_any_mail_is_simply_there() -> None:
    linked, _ = set_join_link(waiting(), BY_HAND, LATER)

    assert (Ready(BY_HAND), 0, True) == (linked.conference, linked.revision, linked.announced)


def test_a_pasted_link_replaces_the_one_that_there_was() -> None:
    before = ready()

    linked, (event,) = set_join_link(before, BY_HAND, LATER)

    assert isinstance(event, LinkReplaced)
    assert before.conference == event.instead_of
    assert ("link_replaced", before.revision + 1) == (linked.last_change, linked.revision)


def test_pasting_the_same_link_again_changes_nothing() -> None:
    linked, _ = set_join_link(given_up(), BY_HAND, LATER)

    assert (linked, ()) == set_join_link(linked, BY_HAND, LATER)


def test_with_a_link_a_booking_that_fell_back_is_online_after_all() -> None:
    fallen, _ = meeting_fell_back(announced(), phone_by_host, DEAD, left_behind=False, now=NOW)

    linked, _ = set_join_link(fallen, BY_HAND, LATER)

    assert ("zoom", None) == (name_of(linked.meeting_type), linked.fallback)


def test_switching_to_a_place_needs_no_link() -> None:
    before = given_up()

    switched, events = switch_meeting_type(before, at_the_harbour, LATER)

    assert events
    assert (at_the_harbour, NoConference(), ChosenByHost()) == (
        switched.meeting_type,
        switched.conference,
        switched.fallback,
    )
    assert ("zoom", "switched", before.revision + 1) == (switched.requested, switched.last_change, switched.revision)


def test_switching_back_to_what_was_asked_for_is_no_fallback() -> None:
    away, _ = switch_meeting_type(given_up(), at_the_harbour, LATER)

    back, _ = switch_meeting_type(away, zoom, LATER)

    assert (zoom, Pending("zoom"), None) == (back.meeting_type, back.conference, back.fallback)


def test_switching_to_what_it_is_already_changes_nothing() -> None:
    booking = given_up()

    assert (booking, ()) == switch_meeting_type(booking, booking.meeting_type, LATER)


def test_a_closed_booking_says_when_and_by_whom_it_was_closed() -> None:
    cancelled, _ = cancel(ready(), "guest", "", NOW)

    for attempt in (
        lambda: retry_meeting(cancelled, HostAsked(), LATER),
        lambda: set_join_link(cancelled, BY_HAND, LATER),
        lambda: switch_meeting_type(cancelled, at_the_harbour, LATER),
    ):
        with pytest.raises(BookingClosed) as refusal:
            attempt()
        assert AlreadyCancelled(NOW, "guest") == refusal.value.why


def test_a_link_lasts_thirty_days_past_the_time_that_zoom_knows_however_often_it_is_moved() -> None:
    once, _ = reschedule(ready(), _in_days(20), "host", NOW)
    twice, (event,) = reschedule(once, _in_days(40), "host", NOW)

    assert ready().conference == once.conference
    assert Pending("zoom") == twice.conference
    assert ready().conference == event.instead_of


def test_a_reminder_moves_with_the_booking_and_is_left_out_where_it_would_be_too_late() -> None:
    booking = msgspec.structs.replace(ready(), reminders=(timedelta(hours=24), timedelta(hours=1)))

    _, (far,) = reschedule(booking, _in_days(9), "host", NOW)
    _, (near,) = reschedule(booking, Slot.lasting(timedelta(minutes=30), NOW + timedelta(hours=3)), "host", NOW)

    in_nine_days = TOMORROW_AT_TEN + timedelta(days=9)
    assert (in_nine_days - timedelta(days=1), in_nine_days - timedelta(hours=1)) == far.remind_at
    assert (NOW + timedelta(hours=2),) == near.remind_at


def _in_days(days: int) -> Slot:
    return Slot.lasting(timedelta(minutes=30), TOMORROW_AT_TEN + timedelta(days=days))


@pytest.mark.parametrize("cause", [HostAsked(), Reconnected("zoom"), ConnectionGone("zoom")])
def test_a_booking_that_waits_is_tried_now_and_says_why(cause: RetryCause) -> None:
    before = announced()

    again, events = retry_meeting(before, cause, LATER)

    assert (before, (MeetingRetried(booking_id=before.id, at=LATER, cause=cause),)) == (again, events)


def test_what_was_given_up_is_not_tried_again_because_the_connection_went_too() -> None:
    before = given_up()

    assert Decision(before) == retry_meeting(before, ConnectionGone("zoom"), LATER)
