"""What is still English in a mail or a calendar file, read in the pseudo language."""

import re
from typing import Any

from msgspec.structs import replace

from adapters.mail.calendar_file import invitation
from adapters.mail.layout import as_html, as_text
from adapters.mail.letter import Letter
from adapters.mail.wording import letter_to_guest, letter_to_host, letter_to_invitee
from adapters.presentation.language import speaking
from application.ports.mail import BookingMail
from domain.booking import Booking, Guest
from domain.booking_page import Answer
from domain.conference import Failure, Pending, Ready
from domain.meeting_type import InPerson
from domain.provider_problem import MeetingsNotAllowed
from tests.support.builders import altered
from tests.support.mail_examples import HOST, ORIGIN
from tests.support.pseudo import PSEUDO, english_in, english_on

# Names of properties and parameters, and values that programs read.
_CODE_IN_CALENDARS = re.compile(r"[A-Z-]+[:;=]|\b[A-Z-]{3,}\b|-//TimeTuna.*|PRODID.*|UID.*|bk_\w+|\b[0-9TZ]{8,}\b")
GREEK_HOST = replace(HOST, name="Χάννε")
GREEK: dict[str, Any] = {
    "title": "Κλήση",
    "guest": Guest("Άννα", "anna@guests.example", "Europe/Athens", "+302101234567"),
    "answers": (Answer("Τι;", "Αυτό"),),
}
SAYS_NO = Failure("not-permitted", MeetingsNotAllowed("zoom"))


def english_in_mail(mail: BookingMail) -> list[str]:
    """Of the letter and of the calendar file with it."""
    with speaking(PSEUDO):
        letter = _letter(mail)
        calendar = invitation(mail, ORIGIN).decode().replace("\r\n ", "")
    return [*english_in_letter(letter), *english_in(_CODE_IN_CALENDARS.sub(" ", calendar.replace("\n", " ")))]


def _letter(mail: BookingMail) -> Letter:
    if mail.invitee is not None:
        return letter_to_invitee(mail, mail.invitee, ORIGIN)
    return (letter_to_guest if mail.party == "guest" else letter_to_host)(mail, ORIGIN)


def english_in_letter(letter: Letter) -> list[str]:
    with speaking(PSEUDO):
        return [*english_in(letter.subject), *english_in(as_text(letter)), *english_on(body_of(as_html(letter)))]


def body_of(html: str) -> str:
    """Without the style sheet before it."""
    return html.partition("</style>")[2]


def in_greek(booking: Booking) -> Booking:
    place = InPerson("Λιμάνι 1") if isinstance(booking.meeting_type, InPerson) else booking.meeting_type
    conference = booking.conference
    if isinstance(conference, Ready):
        passcode = "1234" if conference.provider else None
        conference = replace(conference, passcode=passcode, join_url="https://zoom.example/1")
    elif isinstance(conference, Pending) and conference.failure:
        conference = replace(conference, failure=SAYS_NO)
    return altered(booking, **GREEK, meeting_type=place, conference=conference)
