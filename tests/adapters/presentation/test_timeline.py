"""What the timeline says of what came at once, and of each mail."""

from datetime import UTC, datetime, timedelta

import pytest

from adapters.presentation.sentences.timeline import timeline_words
from adapters.presentation.times import instant
from application.ports.booking_views import TimelineEntry, UnknownEvent
from domain.additional_guest import AdditionalGuest
from domain.conference import NoConference
from domain.events import Booked, MailAccepted, MailRefused, MeetingCreated
from domain.ids import BookingId
from domain.mail_problem import ServerAnswered

AT = datetime(2026, 3, 2, 8, tzinfo=UTC)
BOOKING = BookingId("a booking")


@pytest.mark.parametrize(
    ("after", "meeting_id", "words"),
    [
        (timedelta(0), "1", "Meeting 1 was created less than a second after the booking."),
        (timedelta(milliseconds=999), None, "The meeting was created less than a second after the booking."),
        (timedelta(seconds=1), "1", "Meeting 1 was created 1.0 seconds after the booking."),
    ],
)
def test_a_meeting_that_came_at_once_is_said_to_have_come_at_once(
    after: timedelta, meeting_id: str | None, words: str
) -> None:
    created = MeetingCreated(booking_id=BOOKING, at=AT, meeting_id=meeting_id, after=after, announced_before=False)

    assert words == timeline_words(TimelineEntry.of(created), instant)


def test_whoever_booked_is_named() -> None:
    by_guest = Booked(booking_id=BOOKING, at=AT, conference=NoConference())
    by_host = Booked(booking_id=BOOKING, at=AT, conference=NoConference(), by="host")

    assert "The guest confirmed the booking." == timeline_words(TimelineEntry.of(by_guest), instant)
    assert "The host booked the time." == timeline_words(TimelineEntry.of(by_host), instant)


def test_a_mail_is_named_after_whom_it_is_for() -> None:
    sent = MailAccepted(booking_id=BOOKING, at=AT, party="guest", revision=0)
    refused = MailRefused(booking_id=BOOKING, at=AT, party="host", revision=1, problem=ServerAnswered(550, "No."))

    assert "The email to the guest was sent." == timeline_words(TimelineEntry.of(sent), instant)
    assert "The email to the host was refused: The mail server answered: 550 No." == timeline_words(
        TimelineEntry.of(refused), instant
    )


def test_a_mail_to_an_additional_guest_is_named_after_their_address_as_long_as_that_is_known() -> None:
    sent = TimelineEntry.of(MailAccepted(booking_id=BOOKING, at=AT, party=0, revision=0))
    refused = TimelineEntry.of(
        MailRefused(booking_id=BOOKING, at=AT, party=0, revision=0, problem=ServerAnswered(550, "{No}"))
    )
    ben = AdditionalGuest("ben@guest.example")

    assert "The email to ben@guest.example was sent." == timeline_words(sent, instant, (ben,))
    assert "The email to an additional guest was sent." == timeline_words(sent, instant)
    assert "The email to an additional guest was refused: The mail server answered: 550 {No}" == timeline_words(
        refused, instant
    )


def test_what_a_later_version_has_stored_is_said_to_be_unknown() -> None:
    entry = TimelineEntry(AT, UnknownEvent("meeting_recorded"))

    assert "Another version of TimeTuna recorded this. This version can’t show it." == timeline_words(entry, instant)
    assert "meeting_recorded" == entry.what
