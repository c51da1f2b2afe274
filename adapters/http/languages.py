"""Chooses the language of a browser's pages, and the conventions for dates and times.

In the language chosen on the page, else in the first that the browser asks for and TimeTuna speaks. Its region has the
conventions; the hours may be chosen on the page. The JSON API speaks English: programs read it.
"""

from functools import lru_cache
from typing import Any

from litestar import Request
from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Receive, Scope, Send

from adapters.http.connection import HttpConnection
from adapters.http.request_context import settings_of
from adapters.presentation.language import Language, speaking

COOKIE = "timetuna_language"
HOURS_COOKIE = "timetuna_hours"
# Browsers send less than a hundred characters. This and the number of headers that are remembered bound what anybody
# can make this process keep: some 2 MB.
_LONGEST_HEADER = 200
_MOST_REMEMBERED = 256


def language_of(connection: HttpConnection, asked: str = "") -> Language:
    """Which language to speak to whoever asks; `asked` is a tag that comes before all others."""
    wanted = accepted(connection.headers.get("accept-language", "")[:_LONGEST_HEADER])
    cookies = connection.cookies
    hours = f"und-u-hc-{cookies.get(HOURS_COOKIE, '')}"
    return settings_of(connection).languages.of(asked, cookies.get(COOKIE, ""), *wanted, hours)


@lru_cache(_MOST_REMEMBERED)
def accepted(header: str) -> tuple[str, ...]:
    """The tags of an `Accept-Language` header (RFC 9110, section 12.5.4), the most wanted first."""
    weighed: list[tuple[float, str]] = []
    for each in header.split(","):
        tag, _, quality = each.partition(";")
        try:
            weight = float(quality.strip().removeprefix("q=") or 1)
        except ValueError:
            continue
        if tag.strip() and weight > 0:
            weighed.append((weight, tag.strip()))
    return tuple(tag for _, tag in sorted(weighed, key=lambda each: each[0], reverse=True))


class SpeakToReader(ASGIMiddleware):
    """Makes every page in its reader's language."""

    scopes = (ScopeType.HTTP,)

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        with speaking(language_of(Request[Any, Any, Any](scope))):
            await next_app(scope, receive, send)
