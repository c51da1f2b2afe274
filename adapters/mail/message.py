"""The bytes of a mail: the same for the same mail, whenever they are made."""

import hashlib
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime

import msgspec

from adapters.mail.calendar_file import invitation, method_of, publication
from adapters.mail.headers import address_header, list_header, text_header
from adapters.mail.layout import as_html, as_text
from adapters.mail.letter import Letter
from adapters.mail.origin import MailOrigin
from adapters.mail.people import Pair, Person
from adapters.mail.policy import PARTS
from adapters.mail.wording import (
    letter_of,
    letter_to_choose,
    letter_to_confirm,
    letter_to_guest,
    letter_to_host,
    letter_to_invitee,
)
from application.ports.mail import BookingMail, ConfirmationMail, Notice, ProposalMail, RecipientRefused
from domain.mail_problem import UndeliverableAddress


class Outgoing(msgspec.Struct, frozen=True):
    """A finished mail and the one address it goes to."""

    recipient: str
    content: bytes


def booking_message(mail: BookingMail, origin: MailOrigin) -> Outgoing:
    """A mail about a booking, with its calendar file twice: to be understood, and to be opened.

    A host whose calendar holds the event has the file to be opened alone.

    A reminder has none: calendars know of the event, and would take a repeat for a change.

    Raises:
        RecipientRefused: the address is none that mail can be sent to.
    """
    booking, people = mail.booking, Pair.of(mail.booking, mail.host)
    reader, other = people.seen_by(mail.party)
    if mail.invitee is not None:
        reader = Person.of("", mail.invitee.email)
    recipient = _deliverable(reader)
    letter = _letter(mail, origin)

    def message_id(revision: int) -> str:
        return f"<{booking.id}.{revision}.{mail.recipient}@{origin.domain}>"

    is_reminder = mail.kind == "reminder"
    own_id, sent_at = message_id(booking.revision), booking.changed_at
    if mail.remind_at is not None:
        own_id, sent_at = _reminder_id(mail, mail.remind_at, origin), mail.remind_at
    elif mail.invitee is not None and mail.invitee.left_at is not None:
        own_id = f"<{booking.id}.{booking.revision}.left.{mail.recipient}@{origin.domain}>"
        sent_at = mail.invitee.left_at
    headers = [
        address_header("From", people.organizer, origin.sender),
        address_header("To", "" if mail.invitee else reader.name, recipient),
        address_header("Reply-To", other.name, other.address) if other.address and not mail.host_is_leaving else "",
        *_common_headers(letter, own_id),
        *one_click(origin.unsubscribe(mail.unsubscribe)),
        text_header("Date", format_datetime(sent_at)),
    ]
    is_revision = mail.kind not in {"reminder", "left"}
    earlier = [
        message_id(each.revision) for each in mail.earlier if not is_revision or each.revision < booking.revision
    ]
    if earlier:
        headers += [list_header("In-Reply-To", earlier[-1]), list_header("References", *earlier)]

    body = bodies(letter)
    if is_reminder:
        return Outgoing(recipient, bytes_of(headers, body, own_id))
    if mail.is_in_calendar:
        # Nothing for a program to take for an invitation: it would add the event a second time.
        calendar = publication(booking, mail.host, origin)
    else:
        # Outlook and Exchange take only a part without a disposition for an invitation; Proton wants a file's name.
        calendar = invitation(mail, origin)
        kind = {"charset": "utf-8", "method": method_of(mail)}
        body.add_alternative(calendar, maintype="text", subtype="calendar", params=kind)
    name = "invite.ics"
    body.add_attachment(calendar, maintype="application", subtype="ics", filename=name, params={"name": name})
    return Outgoing(recipient, bytes_of(headers, body, own_id))


def confirmation_message(mail: ConfirmationMail, origin: MailOrigin) -> Outgoing:
    """A mail that asks a guest to confirm a booking; nobody's name but the host's is in it.

    Raises:
        RecipientRefused: the address is none that mail can be sent to.
    """
    people = Pair.of(mail.booking, mail.host)
    recipient = _deliverable(people.guest)
    letter = letter_to_confirm(mail, origin)
    proof = hashlib.sha256(mail.link.proof.encode()).hexdigest()[:16]
    message_id = f"<{mail.booking.id}.confirm.{proof}@{origin.domain}>"
    headers = [
        address_header("From", people.organizer, origin.sender),
        address_header("To", "", recipient),
        *_common_headers(letter, message_id),
        *one_click(origin.unsubscribe(mail.unsubscribe)),
        text_header("Date", format_datetime(mail.booking.changed_at)),
    ]
    return Outgoing(recipient, bytes_of(headers, bodies(letter), message_id))


def proposal_message(mail: ProposalMail, origin: MailOrigin) -> Outgoing:
    """A mail with the times that the host proposes to the guest.

    Raises:
        RecipientRefused: the address is none that mail can be sent to.
    """
    people = Pair.of(mail.booking, mail.host)
    recipient = _deliverable(people.guest)
    letter = letter_to_choose(mail, origin)
    message_id = f"<{mail.booking.id}.proposal.{mail.proposal.at:%Y%m%dT%H%M%S%f}@{origin.domain}>"
    headers = [
        address_header("From", people.organizer, origin.sender),
        address_header("To", people.guest.name, recipient),
        address_header("Reply-To", people.host.name, people.host.address) if people.host.address else "",
        *_common_headers(letter, message_id),
        *one_click(origin.unsubscribe(mail.unsubscribe)),
        text_header("Date", format_datetime(mail.proposal.at)),
    ]
    return Outgoing(recipient, bytes_of(headers, bodies(letter), message_id))


def notice_message(notice: Notice, origin: MailOrigin) -> Outgoing:
    """A mail to a host that is about no booking.

    Raises:
        RecipientRefused: the address is none that mail can be sent to.
    """
    reader = Person.of(notice.to.name, notice.to.email)
    recipient = _deliverable(reader)
    letter = letter_of(notice, origin)
    message_id = f"<notice.{notice.id}@{origin.domain}>"
    headers = [
        address_header("From", "TimeTuna", origin.sender),
        address_header("To", reader.name, recipient),
        text_header("Date", format_datetime(notice.at)),
        *_common_headers(letter, message_id),
    ]
    return Outgoing(recipient, bytes_of(headers, bodies(letter), message_id))


def _letter(mail: BookingMail, origin: MailOrigin) -> Letter:
    if mail.invitee is not None:
        return letter_to_invitee(mail, mail.invitee, origin)
    return letter_to_guest(mail, origin) if mail.party == "guest" else letter_to_host(mail, origin)


def _reminder_id(mail: BookingMail, at: datetime, origin: MailOrigin) -> str:
    """One for each reminder of each time that a booking has had."""
    start = mail.booking.slot.start
    return f"<{mail.booking.id}.reminder.{start:%Y%m%dT%H%M}.{at:%Y%m%dT%H%M}.{mail.recipient}@{origin.domain}>"


def _deliverable(person: Person) -> str:
    if person.address is None:
        raise RecipientRefused(UndeliverableAddress())
    return person.address


def _common_headers(letter: Letter, message_id: str) -> list[str]:
    return [
        text_header("Subject", letter.subject),
        list_header("Message-ID", message_id),
        text_header("Auto-Submitted", "auto-generated"),
    ]


def one_click(link: str | None) -> tuple[str, ...]:
    """Source: RFC 8058, whose two headers have to be covered by a DKIM signature."""
    if link is None:
        return ()
    return (
        list_header("List-Unsubscribe", f"<{link}>"),
        list_header("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
    )


def bodies(letter: Letter) -> EmailMessage:
    body = EmailMessage(policy=PARTS)
    body.set_content(as_text(letter), cte="quoted-printable")
    body.add_alternative(as_html(letter), subtype="html", cte="quoted-printable")
    return body


def bytes_of(headers: list[str], body: EmailMessage, message_id: str) -> bytes:
    """Python draws boundaries by lot; these follow from the Message-ID."""
    seed = hashlib.sha256(message_id.encode()).hexdigest()[:32]
    for depth, part in enumerate(part for part in body.walk() if part.is_multipart()):
        part.set_boundary(f"=_{seed}_{depth}")
    return "".join(headers).encode("ascii") + body.as_bytes()
