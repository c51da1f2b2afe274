"""Requests, answers, and the line between: a stand-in may leave without answering."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

import msgspec
from litestar.datastructures import Headers

PAGE = "text/html; charset=utf-8"
ABORT = "timetuna.abort"

AsgiScope = MutableMapping[str, Any]
AsgiReceive = Callable[[], Awaitable[MutableMapping[str, Any]]]
AsgiSend = Callable[[MutableMapping[str, Any]], Awaitable[None]]
# Frameworks type the three arguments each in their own way; all of them fit here.
AsgiApp = Callable[[Any, Any, Any], Awaitable[None]]


class Request(msgspec.Struct, frozen=True):
    """One request; `path` is inside the app, `prefix` is what a link back into the app begins with."""

    method: str
    path: str
    prefix: str
    origin: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    @property
    def parts(self) -> list[str]:
        return [part for part in self.path.split("/") if part]

    def form(self) -> dict[str, str]:
        """Read a form body; any other body is an empty form."""
        if not self.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
            return {}
        return dict(parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True))

    def bearer(self) -> str | None:
        """Read the token from the header; there is no other place for it."""
        scheme, _, token = self.headers.get("authorization", "").partition(" ")
        return token if scheme.lower() == "bearer" else None

    @property
    def address(self) -> str:
        """Where it was sent, with its query."""
        return f"{self.origin}{self.href(self.path)}?{urlencode(self.query, safe='$')}"

    def href(self, path: str) -> str:
        return f"{self.prefix}{path}"


class Reply(msgspec.Struct, frozen=True):
    status: int
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()

    async def __call__(self, scope: AsgiScope, receive: AsgiReceive, send: AsgiSend) -> None:
        del scope, receive
        headers = [(name.encode(), value.encode("latin-1")) for name, value in self.headers]
        headers.append((b"content-length", str(len(self.body)).encode()))
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        await send({"type": "http.response.body", "body": self.body})

    def with_headers(self, *more: tuple[str, str]) -> "Reply":
        return msgspec.structs.replace(self, headers=(*self.headers, *more))


class Connection:
    """The line to the client, for what no answer can express."""

    def __init__(self, scope: AsgiScope, receive: AsgiReceive, send: AsgiSend) -> None:
        self._scope = scope
        self._receive = receive
        self._send = send

    async def lost(self, within: float) -> bool:
        """Wait until the client has gone, at most so many seconds; say whether it has."""
        try:
            async with asyncio.timeout(within):
                while (await self._receive())["type"] != "http.disconnect":
                    pass
        except TimeoutError:
            return False
        return True

    async def cut(self) -> None:
        """Close the line without a byte of an answer.

        Behind a server that doesn't offer `ABORT`, the answer breaks off after its head instead.
        """
        abort: Callable[[], None] | None = self._scope.get("extensions", {}).get(ABORT, {}).get("call")
        if abort is None:
            head = [(b"content-length", b"1")]
            await self._send({"type": "http.response.start", "status": HTTPStatus.OK, "headers": head})
            return
        abort()
        await self.lost(within=1)


def mounted(apps: Mapping[str, AsgiApp], *, otherwise: AsgiApp) -> AsgiApp:
    """Put apps under path prefixes (`/sandbox/zoom`) beside another app, which also gets the lifespan."""

    async def app(scope: AsgiScope, receive: AsgiReceive, send: AsgiSend) -> None:
        inner = scope.get("path", "").removeprefix(scope.get("root_path", ""))
        for prefix, mounted_app in apps.items():
            if scope["type"] == "http" and (inner == prefix or inner.startswith(f"{prefix}/")):
                root_path = scope.get("root_path", "") + prefix
                await mounted_app({**scope, "root_path": root_path}, receive, send)
                return
        await otherwise(scope, receive, send)

    return app


def at_home(app: AsgiApp) -> AsgiApp:
    """The app for whoever asks for it by a name of this machine.

    Any site can make a name of its own lead to this machine, and its visitors' browsers would read what is here for it.
    """

    async def guarded(scope: AsgiScope, receive: AsgiReceive, send: AsgiSend) -> None:
        host = urlsplit(f"//{Headers(scope['headers']).get('host', '')}").hostname
        answering = app if host in _NAMES_OF_THIS_MACHINE else _MISDIRECTED
        await answering(scope, receive, send)

    return guarded


_NAMES_OF_THIS_MACHINE = {"127.0.0.1", "::1", "localhost"}


def page(text: str, status: int = HTTPStatus.OK) -> Reply:
    return Reply(
        status,
        text.encode(),
        (
            ("content-type", PAGE),
            ("cache-control", "no-store"),
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
            (
                "content-security-policy",
                "default-src 'none'; style-src 'self'; img-src data:; frame-src 'self'; base-uri 'none'",
            ),
        ),
    )


_MISDIRECTED = Reply(HTTPStatus.MISDIRECTED_REQUEST, b"", (("content-type", "text/plain"),))


def json(value: Any, status: int = HTTPStatus.OK) -> Reply:
    return Reply(status, msgspec.json.encode(value), (("content-type", "application/json;charset=UTF-8"),))


def see_other(location: str) -> Reply:
    return Reply(HTTPStatus.SEE_OTHER, b"", (("location", location), ("cache-control", "no-store")))


def sent_back(redirect_uri: str, fields: Mapping[str, str]) -> Reply:
    """Send a browser back to an app, which reads the `fields` from its address."""
    glue = "&" if urlsplit(redirect_uri).query else "?"
    return see_other(f"{redirect_uri}{glue}{urlencode(fields)}")


async def _body_of(receive: AsgiReceive) -> bytes | None:
    body = b""
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        body += message.get("body", b"")
        if not message.get("more_body", False):
            return body


async def read(scope: AsgiScope, receive: AsgiReceive, base_url: str | None = None) -> Request | None:
    """Read a request in full; None where the client has gone meanwhile."""
    body = await _body_of(receive)
    if body is None:
        return None
    headers = dict(Headers(scope["headers"]))
    path = scope["path"].removeprefix(scope.get("root_path", "")).rstrip("/")
    if base_url is None:
        # Some routers cut the prefix off `path` and say so nowhere; `raw_path` still has it.
        seen = unquote(scope.get("raw_path", scope["path"].encode()).decode("latin-1")).rstrip("/")
        prefix = seen.removesuffix(path)
        origin = f"{scope['scheme']}://{headers.get('host', 'localhost')}"
    else:
        there = urlsplit(base_url)
        prefix = there.path.rstrip("/")
        origin = f"{there.scheme}://{there.netloc}"
        path = path.removeprefix(prefix)
    return Request(
        method="GET" if scope["method"] == "HEAD" else scope["method"],
        path=path or "/",
        prefix=prefix,
        origin=origin,
        query=dict(parse_qsl(scope.get("query_string", b"").decode("latin-1"), keep_blank_values=True)),
        headers=headers,
        body=body,
    )
