"""What is still English in a mail or a calendar file, read in the pseudo language."""

import re

from adapters.mail.calendar_file import invitation
from adapters.mail.layout import as_html, as_text
from adapters.mail.letter import Letter
from adapters.mail.wording import letter_to_guest, letter_to_host, letter_to_invitee
from adapters.presentation.language import speaking
from application.ports.mail import BookingMail
from tests.support.mail_examples import ORIGIN
from tests.support.pseudo import PSEUDO, english_in, english_on

# Names of properties and parameters, and values that programs read.
_CODE_IN_CALENDARS = re.compile(r"[A-Z-]+[:;=]|\b[A-Z-]{3,}\b|-//TimeTuna.*|PRODID.*|UID.*|bk_\w+|\b[0-9TZ]{8,}\b")


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
