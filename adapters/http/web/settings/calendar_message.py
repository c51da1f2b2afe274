"""One-time messages about connecting calendars, on the page with the providers.

By a cookie that the page takes away again; whoever makes one up only tells themselves.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import timedelta

import msgspec
from litestar.datastructures import Cookie

from adapters.http.json_bytes import json_bytes
from adapters.http.settings import HttpSettings
from adapters.http.web.booking_words import Message
from adapters.http.web.forms import Visit
from adapters.http.web.settings.provider_words import callback_message
from adapters.presentation.calendars import calendar_product
from adapters.presentation.language import gettext as _
from adapters.presentation.sentences.calendar_problems import for_reading
from adapters.presentation.sentences.joined import joined
from application.calendars.connect_account import (
    AnotherLogin,
    CalendarsNotRead,
    NotConnectedCalendars,
    PermissionsMissing,
)
from application.connections.revoking import Revoked
from domain.calendar import CalendarKind
from domain.calendar_problem import CalendarPermission, CalendarPermissionMissing, CalendarProblem

_NAME = "timetuna_calendar_message"
_KEPT_FOR = timedelta(minutes=30)


class CalendarMessage(msgspec.Struct, frozen=True, omit_defaults=True):
    """What to tell; `code` is how it ended, and the other fields say more where there is more to say."""

    kind: CalendarKind
    code: str
    account: str = ""
    expected: str = ""
    missing: tuple[CalendarPermission, ...] = ()
    problem: CalendarProblem | None = None

    @classmethod
    def of(cls, kind: CalendarKind, ended: NotConnectedCalendars) -> "CalendarMessage":
        match ended:
            case AnotherLogin(account, expected):
                return cls(kind, "another-login", account=account, expected=expected)
            case PermissionsMissing(missing):
                return cls(kind, "permissions-missing", missing=missing)
            case CalendarsNotRead(problem):
                return cls(kind, "unread", problem=problem)
            case _:
                return cls(kind, ended)

    @classmethod
    def of_disconnecting(cls, kind: CalendarKind, account: str, revoked: Revoked) -> "CalendarMessage":
        is_kept = revoked == "kept-for-meetings"
        return cls(kind, "disconnected-kept" if is_kept else "disconnected", account=account)


class UnreadCalendarMessage(msgspec.Struct, frozen=True):
    """`again` is the kind of account that the host should connect again."""

    message: Message
    again: CalendarKind | None


_decoder = msgspec.json.Decoder(CalendarMessage)


def kept(settings: HttpSettings, message: CalendarMessage) -> Cookie:
    value = urlsafe_b64encode(json_bytes(message)).decode()
    return _cookie(settings, value, int(_KEPT_FOR.total_seconds()))


def forgotten(settings: HttpSettings) -> Cookie:
    return _cookie(settings, "", 0)


def unread(request: Visit) -> UnreadCalendarMessage | None:
    """What this browser hasn't been told yet."""
    value = request.cookies.get(_NAME, "")
    try:
        found = _decoder.decode(urlsafe_b64decode(value.encode())) if value else None
    except ValueError:
        return None
    message = found and _words(found)
    if not found or not message:
        return None
    return UnreadCalendarMessage(message, found.kind if found.code == "permissions-missing" else None)


def _words(message: CalendarMessage) -> Message | None:
    product = calendar_product(message.kind)
    match message.code:
        case "another-login":
            text = _(
                "You signed in as {account}, but this connection belongs to {expected}. Nothing changed. To add the "
                "other account too, click Connect {name}."
            )
            return Message("alert", text.format(account=message.account, expected=message.expected, name=product))
        case "permissions-missing":
            why = for_reading(CalendarPermissionMissing(message.missing))
            return Message("alert", joined(_("Nothing was connected."), why))
        case "unread" if message.problem is not None:
            return Message("alert", joined(_("Nothing was connected."), for_reading(message.problem)))
        case "too-many-connections":
            return Message("alert", _("Nothing was connected. Disconnect a calendar that you no longer need first."))
        case "disconnected":
            text = _("{name} ({account}) is disconnected. We’ve deleted everything we stored from it.")
            return Message("status", text.format(name=product, account=message.account))
        case "disconnected-kept":
            text = _(
                "{name} ({account}) is disconnected. We’ve deleted everything we stored from it. We didn’t revoke it "
                "at Google, so that your Google Meet connection stays."
            )
            return Message("status", text.format(name=product, account=message.account))
        case _:
            return callback_message(message.code, product, needs_admin=message.kind == "microsoft")


def _cookie(settings: HttpSettings, value: str, max_age: int) -> Cookie:
    return Cookie(
        key=_NAME, value=value, max_age=max_age, path="/settings", secure=settings.https, httponly=True, samesite="lax"
    )
