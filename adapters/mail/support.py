"""What is mailed of a message to the operator: the message itself, and a copy for its sender.

Anybody can type anybody's address, so the copy must be of no use to whoever sends spam: its subject is ours, it carries
no picture, and as in all mails nothing that somebody typed can be clicked on.
"""

from email.message import EmailMessage
from email.utils import format_datetime

from adapters.mail.headers import address_header, list_header, text_header
from adapters.mail.letter import Detail, Exact, Letter
from adapters.mail.message import Outgoing, bodies, bytes_of
from adapters.mail.origin import MailOrigin
from adapters.mail.people import is_address, is_plain_address
from adapters.presentation.language import gettext as _
from application.ports.mail import RecipientRefused, SupportMail
from domain.mail_problem import UndeliverableAddress
from domain.text import one_line, several_lines


def support_message(mail: SupportMail, origin: MailOrigin) -> Outgoing:
    """The finished mail.

    Raises:
        RecipientRefused: the address is none that mail can be sent to.
    """
    if not is_address(mail.to):
        raise RecipientRefused(UndeliverableAddress())
    request = mail.request
    is_copy = mail.kind == "copy"
    letter = _copy(mail) if is_copy else _to_operator(mail)
    message_id = f"<support.{request.id}.{mail.kind}@{origin.domain}>"
    headers = [
        address_header("From", "TimeTuna", origin.sender),
        address_header("To", "", mail.to),
        "" if is_copy or not is_address(request.email) else address_header("Reply-To", "", request.email),
        text_header("Date", format_datetime(request.sent_at)),
        text_header("Subject", letter.subject),
        list_header("Message-ID", message_id),
        text_header("Auto-Submitted", "auto-generated"),
    ]
    body = bodies(letter)
    if request.screenshot and not is_copy:
        _attach(body, request.screenshot.content, request.screenshot.kind)
    return Outgoing(mail.to, bytes_of(headers, body, message_id))


def _to_operator(mail: SupportMail) -> Letter:
    request = mail.request
    return Letter(
        subject=f"Support: message from {one_line(request.email, 100)}",
        headline="A message to support",
        details=(
            Detail("From", (Exact(request.email) if is_plain_address(request.email) else request.email,)),
            *((Detail("Page", (one_line(request.page_url, 500),)),) if request.page_url else ()),
            Detail("Message", tuple(several_lines(request.message, 5000).split("\n"))),
            Detail("Screenshot", ("Attached." if request.screenshot else "None was sent.",)),
        ),
        closing=("Nobody has checked the sender’s address. Your reply goes to it.",),
    )


def _copy(mail: SupportMail) -> Letter:
    request = mail.request
    return Letter(
        subject=_("Your message to support"),
        headline=_("We’ve got your message"),
        paragraphs=(_("We’ll reply to this address, usually within one business day."),),
        details=(
            *((Detail(_("Page"), (one_line(request.page_url, 500),)),) if request.page_url else ()),
            Detail(_("You wrote"), tuple(several_lines(request.message, 5000).split("\n"))),
        ),
        closing=(_("If you didn’t write this, someone typed your address by mistake. You can ignore this email."),),
    )


def _attach(body: EmailMessage, content: bytes, kind: str) -> None:
    name = f"screenshot.{'jpg' if kind == 'jpeg' else 'png'}"
    body.add_attachment(content, maintype="image", subtype=kind, filename=name)
