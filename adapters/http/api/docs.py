"""Where the API's description is served: as JSON for programs, and as a plain page for people.

Litestar's own renderers load their script from other hosts, which our content security policy forbids.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
from litestar import get
from litestar.handlers import HTTPRouteHandler
from litestar.response import Template
from litestar.response.base import ASGIResponse
from markupsafe import Markup, escape

from adapters.http.api.openapi import document
from adapters.http.api.reading import ApiRequest
from adapters.http.reach import settings_of


def describing(
    *, public: Sequence[HTTPRouteHandler], for_hosts: Sequence[HTTPRouteHandler]
) -> tuple[HTTPRouteHandler, ...]:
    """Handlers that serve the description of these calls."""

    @get("/api/openapi.json", sync_to_thread=False)
    def openapi_json(request: ApiRequest) -> ASGIResponse:
        return ASGIResponse(body=msgspec.json.encode(document(public, for_hosts, settings_of(request))))

    @get("/api/docs", media_type="text/html", sync_to_thread=False)
    def openapi_page(request: ApiRequest) -> Template:
        described = document(public, for_hosts, settings_of(request))
        return Template("api/docs.html", context={**described, "pretty": _pretty, "words": _words})

    return openapi_json, openapi_page


def _words(text: str) -> Markup:
    """Text in which `backticks` stand around names."""
    parts = (Markup("<code>{}</code>").format(part) if odd else escape(part) for part, odd in _alternating(text))
    return Markup().join(parts)


def _alternating(text: str) -> Iterator[tuple[str, int]]:
    return ((part, number % 2) for number, part in enumerate(text.split("`")))


def _pretty(schema: dict[str, Any]) -> str:
    return msgspec.json.format(msgspec.json.encode(schema), indent=2).decode()
