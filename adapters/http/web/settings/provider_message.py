"""One-time messages on the page with the providers.

By a cookie that the page takes away again. It holds two short names; whoever makes one up only tells themselves.
"""

from collections.abc import Mapping
from datetime import timedelta

import msgspec
from litestar.datastructures import Cookie

from adapters.http.settings import HttpSettings
from adapters.http.web.booking_words import Message
from adapters.http.web.forms import Visit
from adapters.http.web.provider_status import ProviderOverview
from adapters.http.web.settings.provider_words import message_for
from application.connections.authorization import CallbackOutcome
from domain.provider import Provider, provider_named

_NAME = "timetuna_provider_message"
_KEPT_FOR = timedelta(minutes=30)


class Unread(msgspec.Struct, frozen=True):
    """What to tell; `tried_again` after connecting, which gives bookings without a link another chance."""

    message: Message
    tried_again: bool


def kept(settings: HttpSettings, provider: Provider, code: str) -> Cookie:
    return _cookie(settings, f"{provider}.{code}", int(_KEPT_FOR.total_seconds()))


def forgotten(settings: HttpSettings) -> Cookie:
    return _cookie(settings, "", 0)


def unread(request: Visit, found: Mapping[Provider, ProviderOverview]) -> Unread | None:
    """What this browser hasn't been told yet."""
    name, _, code = request.cookies.get(_NAME, "").partition(".")
    provider = provider_named(name)
    message = message_for(code, found[provider]) if provider else None
    return Unread(message, tried_again=code == CallbackOutcome.CONNECTED) if message else None


def _cookie(settings: HttpSettings, value: str, max_age: int) -> Cookie:
    return Cookie(
        key=_NAME, value=value, max_age=max_age, path="/settings", secure=settings.https, httponly=True, samesite="lax"
    )
