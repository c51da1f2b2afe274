"""Pages that show the demo's mails as a mail program would."""

import re
from http import HTTPStatus
from typing import Final

from adapters.sandbox.asgi import Answer, ASGIApp, Connection, Request, asgi_app, page
from adapters.sandbox.mail import Invite, Mail, invites
from adapters.sandbox.mailbox import Mailbox
from adapters.sandbox.pages import render, style

# No script runs in a mail; its links open in a tab of their own, as they would from a mail program.
MAIL_POLICY: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; base-uri 'none';"
    " frame-ancestors 'self';"
    " sandbox allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation"
)
_LINKS: Final = '<base target="_blank">'
_HEAD: Final = re.compile(r"<head\b[^>]*>", re.IGNORECASE)


def mailbox_app(mailbox: Mailbox, *, base_url: str | None = None) -> ASGIApp:
    """Build the pages: `/`, `/{number}`, and below it `html`, `invite.ics` and `raw`."""

    async def handle(request: Request, _: Connection) -> Answer:
        match request.method, request.parts:
            case "GET", []:
                return render(request, "mailbox/list.html", mails=mailbox.messages()[::-1])
            case "GET", ["sandbox.css"]:
                return style()
            case "GET", [number, *rest]:
                mail = next((mail for mail in mailbox.messages() if str(mail.number) == number), None)
                return _not_found() if mail is None else _part(request, mail, rest)
            case _:
                return _not_found()

    return asgi_app(handle, base_url=base_url)


def _part(request: Request, mail: Mail, rest: list[str]) -> Answer:
    match rest:
        case []:
            return _reading(request, mail)
        case ["html"] if mail.html:
            html, found = _HEAD.subn(lambda head: head[0] + _LINKS, mail.html, count=1)
            return _download(html if found else _LINKS + html, "text/html; charset=utf-8").with_headers(
                ("content-security-policy", MAIL_POLICY)
            )
        case ["invite.ics"] if mail.ics is not None:
            return _download(mail.ics, "text/calendar; charset=utf-8").with_headers(
                ("content-disposition", 'attachment; filename="invite.ics"')
            )
        case ["raw"]:
            return _download(mail.raw, "text/plain; charset=utf-8")
        case _:
            return _not_found()


def _reading(request: Request, mail: Mail) -> Answer:
    message = mail.message
    return render(
        request,
        "mailbox/mail.html",
        mail=mail,
        headers=[(name, message[name]) for name in ("From", "To", "Reply-To", "Subject") if name in message],
        invites=_invites(mail),
        ics=None if mail.ics is None else mail.ics.decode("utf-8", "replace"),
    )


def _invites(mail: Mail) -> list[Invite]:
    if mail.ics is None:
        return []
    try:
        return invites(mail.ics)
    except ValueError:
        return []


def _download(content: str | bytes, type_: str) -> Answer:
    body = content.encode() if isinstance(content, str) else content
    fixed = (("content-type", type_), ("x-content-type-options", "nosniff"), ("cache-control", "no-store"))
    return Answer(HTTPStatus.OK, body, fixed)


def _not_found() -> Answer:
    return page(
        '<!doctype html><html lang="en"><title>Not here</title><h1>There is no such mail</h1></html>',
        HTTPStatus.NOT_FOUND,
    )
