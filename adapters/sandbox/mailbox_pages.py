"""Pages that show the demo's mails as a mail program would."""

import re
from collections.abc import Callable
from functools import cache
from http import HTTPStatus
from typing import Final

from litestar import Litestar

from adapters.sandbox.asgi import AsgiApp, Connection, Reply, Request, page
from adapters.sandbox.mail import Invite, Mail, invites
from adapters.sandbox.mailbox import Mailbox
from adapters.sandbox.pages import render, style
from adapters.sandbox.routing import Handle, Routed, on, routes

# No script runs in a mail; its links open in a tab of their own, as they would from a mail program.
MAIL_POLICY: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; base-uri 'none';"
    " frame-ancestors 'self';"
    " sandbox allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation"
)
_LINKS: Final = '<base target="_blank">'
_HEAD: Final = re.compile(r"<head\b[^>]*>", re.IGNORECASE)


def mailbox_app(mailbox: Mailbox, *, base_url: str | None = None) -> AsgiApp:
    """Build the pages: `/`, `/{number}`, and below it `html`, `invite.ics` and `raw`."""
    return Routed(_routes, mailbox, base_url)


@cache
def _routes() -> Litestar:
    async def shown(mailbox: Mailbox, request: Request, _: Connection) -> Reply:
        return render(request, "mailbox/list.html", mails=mailbox.messages()[::-1])

    async def styled(_: Mailbox, __: Request, ___: Connection) -> Reply:
        return style()

    parts = {"": _reading, "/html": _html, "/invite.ics": _invite, "/raw": _raw}
    return routes(
        [
            on("GET", "/", shown),
            on("GET", "/sandbox.css", styled),
            *(on("GET", f"/{{number:str}}{path}", _of_a_mail(part)) for path, part in parts.items()),
        ],
        lambda _, __: _not_found(),
    )


def _of_a_mail(part: Callable[[Request, Mail], Reply | None]) -> Handle[Mailbox]:
    async def handle(mailbox: Mailbox, request: Request, _: Connection) -> Reply:
        number = request.parts[0]
        mail = next((mail for mail in mailbox.messages() if str(mail.number) == number), None)
        return (None if mail is None else part(request, mail)) or _not_found()

    return handle


def _html(_: Request, mail: Mail) -> Reply | None:
    if not mail.html:
        return None
    html, found = _HEAD.subn(lambda head: head[0] + _LINKS, mail.html, count=1)
    return _download(html if found else _LINKS + html, "text/html; charset=utf-8").with_headers(
        ("content-security-policy", MAIL_POLICY)
    )


def _invite(_: Request, mail: Mail) -> Reply | None:
    if mail.ics is None:
        return None
    return _download(mail.ics, "text/calendar; charset=utf-8").with_headers(
        ("content-disposition", 'attachment; filename="invite.ics"')
    )


def _raw(_: Request, mail: Mail) -> Reply:
    return _download(mail.raw, "text/plain; charset=utf-8")


def _reading(request: Request, mail: Mail) -> Reply:
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


def _download(content: str | bytes, type_: str) -> Reply:
    body = content.encode() if isinstance(content, str) else content
    fixed = (("content-type", type_), ("x-content-type-options", "nosniff"), ("cache-control", "no-store"))
    return Reply(HTTPStatus.OK, body, fixed)


def _not_found() -> Reply:
    return page(
        '<!doctype html><html lang="en"><title>Not here</title><h1>There is no such mail</h1></html>',
        HTTPStatus.NOT_FOUND,
    )
