"""What is owed for what has happened, and that it is said in one place."""

import ast
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from application.effects import ENTRY_WAITS, Effect, effect_of, effect_of_connection
from application.jobs import (
    AskToConfirmJob,
    CheckOverlapsJob,
    CreateMeetingJob,
    Due,
    FollowEntriesJob,
    Job,
    MailBookingJob,
    ReleaseHoldJob,
    RemindGuestJob,
    RetryWaitingBookingsJob,
    StopWaitingJob,
    TellConnectionJob,
    WriteEntryJob,
)
from domain.conference import Conference, NoConference, Pending, Ready
from domain.connection_events import (
    ConnectionBroke,
    ConnectionDropped,
    ConnectionEvent,
    ConnectionMade,
    ConnectionRevoked,
)
from domain.events import (
    Booked,
    Cancelled,
    ConfirmationWantedAgain,
    EntryDeleted,
    Event,
    Held,
    LinkAdded,
    MailsWantedAgain,
    MeetingCreated,
    MeetingSwitched,
    Rescheduled,
)
from domain.ids import BookingId, CalendarId, HostId
from tests.support.builders import NOW, TOMORROW_AT_TEN
from tests.support.processes import ROOT

LINK_WAIT = timedelta(minutes=1)
BOOKING = BookingId("booking-1")
CALENDAR = CalendarId("calendar-1")
REMIND_AT = TOMORROW_AT_TEN - timedelta(hours=1)
CREATE, WAIT, REMIND = CreateMeetingJob(BOOKING), StopWaitingJob(BOOKING), RemindGuestJob(BOOKING, REMIND_AT)
ASK, RELEASE = AskToConfirmJob(BOOKING), ReleaseHoldJob(BOOKING)
MAILS = (Due(MailBookingJob(BOOKING, "guest"), NOW), Due(MailBookingJob(BOOKING, "host"), NOW))
READY = Ready("https://zoom.example/j/1")

conferences = st.sampled_from([Pending("zoom"), NoConference(), READY])


def booked(conference: Conference) -> Booked:
    return Booked(booking_id=BOOKING, at=NOW, conference=conference, remind_at=(REMIND_AT,))


def moved(conference: Conference, *, announced: bool = True) -> Rescheduled:
    return Rescheduled(
        booking_id=BOOKING,
        at=NOW,
        by="guest",
        reason="",
        from_start=TOMORROW_AT_TEN,
        to_start=TOMORROW_AT_TEN + LINK_WAIT,
        conference=conference,
        instead_of=None,
        announced_before=announced,
        remind_at=(REMIND_AT,),
    )


def switched(conference: Conference) -> MeetingSwitched:
    return MeetingSwitched(
        booking_id=BOOKING, at=NOW, to="phone", conference=conference, announced_before=True, instead_of=None
    )


def created() -> MeetingCreated:
    return MeetingCreated(booking_id=BOOKING, at=NOW, meeting_id="1", after=LINK_WAIT, announced_before=False)


def cancelled(conference: Conference) -> Cancelled:
    return Cancelled(booking_id=BOOKING, at=NOW, by="host", reason="", conference=conference)


def test_mails_about_a_new_booking_wait_for_its_link() -> None:
    expected = (Due(CREATE, NOW), Due(WAIT, NOW + LINK_WAIT), Due(REMIND, REMIND_AT))

    assert expected == effect_of(booked(Pending("zoom")), LINK_WAIT).enqueue


def test_mails_about_a_new_booking_without_a_meeting_leave_at_once() -> None:
    assert (*MAILS, Due(REMIND, REMIND_AT)) == effect_of(booked(NoConference()), LINK_WAIT).enqueue


def test_a_held_booking_is_asked_about_and_forgotten_in_time() -> None:
    held = Held(booking_id=BOOKING, at=NOW, until=NOW + LINK_WAIT)

    assert Effect((Due(ASK, NOW), Due(RELEASE, NOW + LINK_WAIT))) == effect_of(held, LINK_WAIT)


def test_the_guest_of_a_held_booking_is_asked_once_more() -> None:
    wanted = ConfirmationWantedAgain(booking_id=BOOKING, at=NOW)

    assert Effect((Due(ASK, NOW),)) == effect_of(wanted, LINK_WAIT)


@given(conferences)
def test_once_confirmed_nothing_is_asked_or_forgotten_any_more(conference: Conference) -> None:
    assert (ASK, RELEASE) == effect_of(booked(conference), LINK_WAIT).cancel


@given(conferences)
def test_an_entry_in_a_calendar_is_owed_where_a_booking_has_one(conference: Conference) -> None:
    write = Due(WriteEntryJob(BOOKING), NOW)

    for event in (moved(conference, announced=True), cancelled(conference), switched(conference)):
        without, with_entry = effect_of(event, LINK_WAIT), effect_of(event, LINK_WAIT, entry_in=CALENDAR)
        assert Effect((*without.enqueue, write), without.cancel) == with_entry


def test_a_new_entry_waits_a_moment_for_its_link_and_no_longer_than_that_comes() -> None:
    late, at_once = Due(WriteEntryJob(BOOKING), NOW + ENTRY_WAITS), Due(WriteEntryJob(BOOKING), NOW)

    assert late in effect_of(booked(Pending("zoom")), LINK_WAIT, entry_in=CALENDAR).enqueue
    assert at_once in effect_of(booked(NoConference()), LINK_WAIT, entry_in=CALENDAR).enqueue
    assert at_once in effect_of(created(), LINK_WAIT, entry_in=CALENDAR).enqueue


@given(conferences)
def test_calendars_are_looked_at_once_more_for_a_time_that_was_just_taken(conference: Conference) -> None:
    look = Due(CheckOverlapsJob((BOOKING,)), NOW)

    for event in (booked(conference), moved(conference)):
        without, watched = effect_of(event, LINK_WAIT), effect_of(event, LINK_WAIT, is_watched=True)
        assert Effect((*without.enqueue, look), without.cancel) == watched
    assert effect_of(cancelled(conference), LINK_WAIT) == effect_of(cancelled(conference), LINK_WAIT, is_watched=True)


def test_what_a_host_has_done_in_the_calendar_is_followed() -> None:
    deleted = EntryDeleted(booking_id=BOOKING, at=NOW)

    assert Effect((Due(FollowEntriesJob(CALENDAR, NOW), NOW),)) == effect_of(deleted, LINK_WAIT, entry_in=CALENDAR)


@given(conferences)
def test_nothing_but_the_mails_is_left_of_a_cancelled_booking(conference: Conference) -> None:
    assert Effect(MAILS, (CREATE, WAIT)) == effect_of(cancelled(conference), LINK_WAIT)


@given(conferences, st.booleans())
def test_a_moved_booking_reminds_of_its_new_time(conference: Conference, announced: bool) -> None:
    assert Due(REMIND, REMIND_AT) in effect_of(moved(conference, announced=announced), LINK_WAIT).enqueue


def test_a_link_by_hand_ends_the_wait_for_another() -> None:
    assert Effect(MAILS, (CREATE, WAIT)) == effect_of(LinkAdded(booking_id=BOOKING, at=NOW), LINK_WAIT)


def test_a_switch_to_a_phone_call_ends_the_wait_for_a_meeting() -> None:
    assert Effect(MAILS, (CREATE, WAIT)) == effect_of(switched(NoConference()), LINK_WAIT)


def test_a_switch_to_another_provider_waits_for_its_meeting() -> None:
    expected = (Due(CREATE, NOW), Due(WAIT, NOW + LINK_WAIT))

    assert Effect(expected) == effect_of(switched(Pending("google")), LINK_WAIT)


def test_a_meeting_that_is_there_ends_the_wait() -> None:
    assert Effect(MAILS, (WAIT,)) == effect_of(created(), LINK_WAIT)


@pytest.mark.parametrize(("party", "mails"), [("guest", MAILS[:1]), (None, MAILS)])
def test_a_guest_gets_the_own_mail_again_and_a_host_both(party: None, mails: tuple[Due, ...]) -> None:
    event = MailsWantedAgain(booking_id=BOOKING, at=NOW, revision=0, party=party)

    assert Effect(mails) == effect_of(event, LINK_WAIT)


@given(st.sampled_from([booked, moved, switched, cancelled]), conferences)
def test_no_event_brings_a_job_that_it_makes_void(build: Callable[[Conference], Event], conference: Conference) -> None:
    effect = effect_of(build(conference), LINK_WAIT)

    assert not {each.job for each in effect.enqueue} & set(effect.cancel)


HOST = HostId("host-1")
TOLD_OF_REMOVAL = TellConnectionJob(HOST, "zoom", "removed", NOW)


@pytest.mark.parametrize(
    ("event", "jobs"),
    [
        (ConnectionMade(HOST, "zoom", NOW), [RetryWaitingBookingsJob(HOST, "zoom", connected=True)]),
        (ConnectionDropped(HOST, "zoom", NOW), [RetryWaitingBookingsJob(HOST, "zoom", connected=False)]),
        (
            ConnectionRevoked(HOST, "zoom", NOW),
            [RetryWaitingBookingsJob(HOST, "zoom", connected=False), TOLD_OF_REMOVAL],
        ),
        (ConnectionBroke(HOST, "zoom", NOW), [TellConnectionJob(HOST, "zoom", "trouble", NOW)]),
    ],
)
def test_what_happens_to_a_connection_is_told_and_decides_bookings_anew(
    event: ConnectionEvent, jobs: list[Job]
) -> None:
    assert Effect(tuple(Due(each, NOW) for each in jobs)) == effect_of_connection(event)


def test_only_the_table_says_what_is_due() -> None:
    """So a reader finds there whatever is owed, and nobody owes anything beside it."""
    assert {"application/effects.py"} == {file for file, call in calls() if call in {"Due", "Effect"}}
    assert {"application/effects.py"} == {file for file, call in calls() if call in OF_OUTBOX}


def test_only_decisions_are_stored_about_bookings_and_connections() -> None:
    """So no state is stored without what it owes."""
    assert {"application/decisions.py"} == {file for file, call in calls() if call in OF_AGGREGATES}


OF_OUTBOX = {"uow.outbox.enqueue", "uow.outbox.cancel"}
OF_AGGREGATES = {
    "uow.bookings.add",
    "uow.bookings.save",
    "uow.connections.put",
    "uow.connections.remove",
    "uow.connections.save",
}


def calls() -> Iterator[tuple[str, str]]:
    """Whatever is called by its name in the application, and where."""
    for file in (ROOT / "application").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_bytes())):
            if isinstance(node, ast.Call):
                yield str(file.relative_to(ROOT)), ast.unparse(node.func)
