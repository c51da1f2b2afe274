"""Serves the API's description: as JSON for programs, and as a plain page for people.

Litestar's own renderers load their script from other hosts, which our content security policy forbids.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
from litestar import get
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.response import Template
from litestar.response.base import ASGIResponse
from markupsafe import Markup, escape

from adapters.http.api.openapi import document
from adapters.http.api.reading import ApiRequest
from adapters.http.indexing import INDEXED
from adapters.http.json_bytes import json_bytes
from adapters.http.request_context import settings_of
from adapters.http.web_page import WebPage
from domain.host import Host


def describing(
    *, public: Sequence[HTTPRouteHandler], for_hosts: Sequence[HTTPRouteHandler]
) -> tuple[HTTPRouteHandler, ...]:
    """Handlers that serve the description of these calls."""

    @get("/api/openapi.json", sync_to_thread=False)
    def openapi_json(request: ApiRequest) -> ASGIResponse:
        return ASGIResponse(body=json_bytes(document(public, for_hosts, settings_of(request))))

    @get("/api/docs", opt=INDEXED, media_type="text/html", sync_to_thread=False)
    def openapi_page(request: ApiRequest, visitor: NamedDependency[Host | None]) -> Template:
        described = document(public, for_hosts, settings_of(request))
        shown = {"me": visitor, "pretty": _pretty, "words": _words, "values": _values}
        return WebPage("api/docs.html", context={**described, **shown})

    return openapi_json, openapi_page


def _values(schema: dict[str, Any]) -> str:
    """Which values a parameter takes, for people."""
    kinds = [each for each in schema.get("anyOf", [schema]) if each.get("type") != "null"]
    [kind] = kinds
    if "enum" in kind:
        words = "one of " + ", ".join(f"`{each}`" for each in kind["enum"])
    else:
        words = {"integer": "whole number", "string": "text"}[kind["type"]]
        words = {"date": "date"}.get(kind.get("format", ""), words)
    if "minimum" in kind:
        words += f" from {kind['minimum']} to {kind['maximum']}"
    if "maxLength" in kind:
        words += f" of at most {kind['maxLength']} characters"
    if schema.get("default"):
        words += f"; `{schema['default']}` unless told"
    return words


def _words(text: str) -> Markup:
    """Text in which `backticks` stand around names."""
    parts = (Markup("<code>{}</code>").format(part) if odd else escape(part) for part, odd in _alternating(text))
    return Markup().join(parts)


def _alternating(text: str) -> Iterator[tuple[str, int]]:
    return ((part, number % 2) for number, part in enumerate(text.split("`")))


def _pretty(schema: dict[str, Any]) -> str:
    return msgspec.json.format(json_bytes(schema), indent=2).decode()
