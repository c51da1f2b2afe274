"""What additional guests are mailed: the guest's own invitation, less what is between guest and host."""

import re

import pytest
from msgspec.structs import replace

from adapters.mail.calendar_file import invitation
from adapters.mail.layout import as_text
from adapters.mail.wording import letter_to_invitee
from application.ports.mail import BookingMail, Invitee, MailKind
from domain.ids import LeaveToken
from tests.support.ical_referees import lint, unfolded_event
from tests.support.mail_examples import BOOKED_AT, HALF_AN_HOUR, KINDS, ORIGIN, STATES, TOKEN, booking_in, mail_of

BOB = Invitee(0, "bob@guests.example", LeaveToken("token-to-leave"))
ALL: tuple[MailKind, ...] = (*KINDS, "left")


def to_bob(kind: MailKind, state: str = "ready") -> BookingMail:
    if kind == "left":
        gone = replace(BOB, left_at=BOOKED_AT + HALF_AN_HOUR)
        return replace(mail_of(about=booking_in(state)), kind="left", invitee=gone)
    return replace(mail_of(kind, about=booking_in(state)), invitee=BOB)


@pytest.mark.parametrize("state", STATES)
def test_nothing_between_guest_and_host_is_told(state: str) -> None:
    for kind in ALL:
        mail = to_bob(kind, state)
        told = as_text(letter_to_invitee(mail, BOB, ORIGIN)) + invitation(mail, ORIGIN).decode().replace("\r\n ", "")

        for secret in (TOKEN, "301234567", "What is it about?", "zoe@guest.example"):
            assert secret not in told
        assert "Zoë Müller" in told
        assert ("token-to-leave" in told) == (kind not in {"cancelled", "left"})


@pytest.mark.parametrize("kind", ALL)
def test_their_event_is_the_guests_with_them_as_the_attendee(kind: MailKind) -> None:
    mail = to_bob(kind)
    theirs, guests = (
        _lines(invitation(each, ORIGIN)) for each in (mail, replace(mail, kind="confirmed", invitee=None))
    )

    assert lint(invitation(mail, ORIGIN)) == []
    same = ("UID", "DTSTART", "DTEND", "ORGANIZER", "SUMMARY", *(() if kind == "left" else ("SEQUENCE", "DTSTAMP")))
    assert [guests[name] for name in same] == [theirs[name] for name in same]
    assert ["mailto:bob@guests.example", "mailto:anna@host.example"] == _attendees(mail)


def _lines(file: bytes) -> dict[str, str]:
    return {re.split("[;:]", line, maxsplit=1)[0]: line for line in unfolded_event(file)}


def _attendees(mail: BookingMail) -> list[str]:
    lines = unfolded_event(invitation(mail, ORIGIN))
    return [line[line.rindex("mailto:") :] for line in lines if line.startswith("ATTENDEE")]


def test_who_leaves_gets_an_end_that_is_later_than_all_they_had() -> None:
    mail = to_bob("left")

    file = invitation(mail, ORIGIN).decode()

    assert "METHOD:CANCEL" in file
    assert "STATUS:CANCELLED" in file
    assert f"SEQUENCE:{mail.booking.revision + 1}" in file
    assert "us05web.zoom.us" not in file
