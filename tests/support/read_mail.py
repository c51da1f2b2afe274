"""What a mail says, as its reader sees it: rendered by the real adapter, then taken apart again."""

from email import policy
from email.parser import BytesParser
from typing import cast

import msgspec

from adapters.mail.message import booking_message, notice_message, proposal_message
from adapters.mail.origin import MailOrigin
from adapters.presentation.sentences.notices import notice_words
from application.ports.mail import BookingMail, Notice, ProposalMail

ORIGIN = MailOrigin.of("invites@timetuna.example", "http://timetuna.example")


class Read(msgspec.Struct, frozen=True):
    """`ics` is unfolded and unescaped, empty where there is none; `file` is the calendar file as it came."""

    subject: str
    text: str
    message_id: str
    raw: bytes
    file: bytes = b""

    @property
    def ics(self) -> str:
        return self.file.decode().replace("\r\n ", "").replace("\\,", ",").replace("\\;", ";")


def path_in(notice: Notice) -> str:
    """Where the notice's button leads."""
    return notice_words(notice.about).path


def read(mail: BookingMail | ProposalMail | Notice) -> Read:
    match mail:
        case Notice():
            outgoing = notice_message(mail, ORIGIN)
        case ProposalMail():
            outgoing = proposal_message(mail, ORIGIN)
        case BookingMail():
            outgoing = booking_message(mail, ORIGIN)
    message = BytesParser(policy=policy.SMTP).parsebytes(outgoing.content)
    text = message.get_body(("plain",))
    assert text is not None
    files = [part for part in message.walk() if part.get_content_type() == "application/ics"]
    return Read(
        subject=str(message["Subject"]),
        text=str(text.get_content()),
        message_id=str(message["Message-ID"]),
        raw=outgoing.content,
        file=cast("bytes", files[0].get_payload(decode=True)) if files else b"",
    )
