"""What the timeline says of what came at once, and of each mail."""

from datetime import UTC, datetime, timedelta

import pytest

from application.booking.timeline import entry_for
from domain.events import MailAccepted, MailRefused, MeetingCreated
from domain.ids import BookingId

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

    assert words == entry_for(created).detail


def test_the_first_mail_is_version_one() -> None:
    sent = MailAccepted(booking_id=BOOKING, at=AT, party="guest", revision=0)
    refused = MailRefused(booking_id=BOOKING, at=AT, party="host", revision=1, reason="550 No.")

    assert "The mail to the guest was sent (version 1)." == entry_for(sent).detail
    assert "The mail to the host (version 2) was refused: 550 No." == entry_for(refused).detail
