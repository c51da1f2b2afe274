"""Mails of a support conversation: the visitor's messages, the receipt of the first one, and the answers.

Anybody can type anybody's address, so the receipt must be of no use to whoever sends spam: every word of it is ours,
and the conversation has what was typed. As in all mails, nothing that the visitor typed can be clicked on. The operator
may mean a link.
"""

from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from typing import assert_never

import msgspec

from adapters.mail.headers import address_header, list_header, text_header
from adapters.mail.letter import Detail, Exact, Letter, Link
from adapters.mail.message import Outgoing, bodies, bytes_of, one_click
from adapters.mail.origin import MailOrigin
from adapters.mail.people import is_address, is_plain_address
from adapters.presentation.language import gettext as _
from adapters.presentation.times import starts
from application.ports.mail import RecipientRefused, SupportMail
from application.support.ask_support import LONGEST_ADDRESS, LONGEST_MESSAGE
from domain.mail_problem import UndeliverableAddress
from domain.support_thread import ThreadMessage, answer_due_at
from domain.text import one_line, several_lines


def support_message(mail: SupportMail, origin: MailOrigin) -> Outgoing:
    """The finished mail.

    Nobody is named to reply to: a reply quotes what it replies to, and the operator's mail holds the operator's link.

    Raises:
        RecipientRefused: the address is none that mail can be sent to.
    """
    if not is_address(mail.to):
        raise RecipientRefused(UndeliverableAddress())
    letter = _letter(mail, origin)
    message_id = _message_id(mail, mail.number, origin)
    headers = [
        address_header("From", "TimeTuna", origin.sender),
        address_header("To", "", mail.to),
        text_header("Date", format_datetime(mail.message.sent_at)),
        text_header("Subject", letter.subject),
        list_header("Message-ID", message_id),
        *_in_one_thread(mail, origin),
        *one_click(origin.unsubscribe(mail.unsubscribe)),
        text_header("Auto-Submitted", "auto-generated"),
    ]
    body = bodies(letter)
    if mail.screenshot and mail.kind == "to_operator":
        _attach(body, mail.screenshot.content, mail.screenshot.kind)
    return Outgoing(mail.to, bytes_of(headers, body, message_id))


def _letter(mail: SupportMail, origin: MailOrigin) -> Letter:
    match mail.kind:
        case "to_operator":
            return _to_operator(mail, origin)
        case "receipt":
            return _receipt(mail, origin)
        case "answer":
            return _answer(mail, origin)
        case _:
            assert_never(mail.kind)


def _to_operator(mail: SupportMail, origin: MailOrigin) -> Letter:
    thread, due_at = mail.thread, _due_at(mail)
    return Letter(
        subject=f"Support: message from {one_line(thread.email, 100)}",
        headline="A message to support",
        action=Link("Answer", origin.page_at(f"support/desk/{mail.desk_link}/{thread.id}")) if mail.desk_link else None,
        details=(
            Detail("From", (Exact(thread.email) if is_plain_address(thread.email) else thread.email,)),
            *((Detail("Page", (one_line(thread.page_url, LONGEST_ADDRESS),)),) if thread.page_url else ()),
            Detail("Message", _lines(mail.message)),
            Detail("Screenshot", ("Attached." if mail.message.has_screenshot else "None was sent.",)),
            *((Detail("Answer by", (f"{starts(due_at, 'UTC')} UTC",)),) if due_at else ()),
        ),
        closing=(
            "Replies to this email don’t reach the sender. Answer on the page: they read it there and by email.",
            "Nobody has checked the sender’s address. Whoever wrote this reads your answer.",
            "Keep the link to yourself. Anyone who has it can read and answer all messages to support.",
        ),
    )


def _receipt(mail: SupportMail, origin: MailOrigin) -> Letter:
    return Letter(
        subject=_("Your message to support"),
        headline=_("We’ve got your message"),
        paragraphs=(_("We’ll answer within one business day, in the conversation and by email."),),
        action=_conversation(mail, origin),
        closing=(
            _("Didn’t write to us? Ignore this email."),
            _("Sent by TimeTuna because someone wrote to support with this email address."),
        ),
        stop=_stop(mail, origin),
    )


def _answer(mail: SupportMail, origin: MailOrigin) -> Letter:
    asked = next((each for each in reversed(mail.thread.messages[: mail.number]) if each.side == "visitor"), None)
    return Letter(
        subject=_("Support has answered"),
        headline=_("Support has answered"),
        action=_conversation(mail, origin),
        details=(
            Detail(_("Answer"), tuple(map(Exact, _lines(mail.message)))),
            *((Detail(_("You wrote"), _lines(asked)),) if asked else ()),
        ),
        closing=(_("Replies to this email don’t reach us. Write on the page instead."),),
        stop=_stop(mail, origin),
    )


def _conversation(mail: SupportMail, origin: MailOrigin) -> Link | None:
    """None where the key that sealed the token is lost: the link in earlier mails works on."""
    token = mail.thread.token
    return Link(_("Open the conversation"), origin.page_at(f"support/{token}")) if token else None


def _stop(mail: SupportMail, origin: MailOrigin) -> Link | None:
    link = origin.unsubscribe(mail.unsubscribe)
    return Link(_("Stop all emails from this server"), link) if link else None


def _due_at(mail: SupportMail) -> datetime | None:
    """Until when the visitor was to be answered when this was sent."""
    messages = mail.thread.messages[: mail.number + 1]
    waiting_since = msgspec.structs.replace(mail.thread, messages=messages, closed_at=None).waiting_since
    return waiting_since and answer_due_at(waiting_since)


def _lines(message: ThreadMessage) -> tuple[str, ...]:
    return tuple(several_lines(message.text, LONGEST_MESSAGE).split("\n"))


def _message_id(mail: SupportMail, number: int, origin: MailOrigin) -> str:
    side = "operator" if mail.kind == "to_operator" else "visitor"
    return f"<support.{mail.thread.id}.{number}.{side}@{origin.domain}>"


def _in_one_thread(mail: SupportMail, origin: MailOrigin) -> tuple[str, ...]:
    """Mail programs show the mails of a conversation together."""
    if mail.number == 0:
        return ()
    first = _message_id(mail, 0, origin)
    return (list_header("In-Reply-To", first), list_header("References", first))


def _attach(body: EmailMessage, content: bytes, kind: str) -> None:
    name = f"screenshot.{'jpg' if kind == 'jpeg' else 'png'}"
    body.add_attachment(content, maintype="image", subtype=kind, filename=name)
