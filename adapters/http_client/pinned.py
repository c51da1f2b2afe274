"""A transport for addresses that people typed: it connects to an address that was checked, and to no other."""

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable
from functools import cache
from ipaddress import ip_address
from typing import Final

import httpx

from adapters.http_client.addresses import Reachable
from adapters.tracing.trace import call

_PORTS: Final = {"https": 443, "http": 80}

Resolve = Callable[[str, int], Awaitable[list[str]]]
"""Looks up a host's name once and returns its addresses; raises OSError where there are none."""


class AddressRefused(httpx.RequestError):
    """The name leads to an address that may not be reached."""


async def resolve(host: str, port: int) -> list[str]:
    """Look a name up as the system does."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(each[4][0]) for each in found))


class PinnedTransport(httpx.AsyncBaseTransport):
    """Resolves once, checks every answer, and connects to the checked address itself.

    A name that resolves to something else a moment later (DNS rebinding) gains nothing. `Host`, SNI and the certificate
    are still the name's. Connections aren't kept: a pool would hand one that leads to an address to another name.
    """

    def __init__(
        self, reachable: Reachable, lookup: Resolve = resolve, *, trusts: ssl.SSLContext | None = None
    ) -> None:
        self._reachable = reachable
        self._resolve = lookup
        self._inner = httpx.AsyncHTTPTransport(
            verify=trusts or _trusted(),
            limits=httpx.Limits(max_keepalive_connections=0),
            trust_env=False,
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send the request to the first of the checked addresses that takes it.

        Raises:
            AddressRefused: one of the name's addresses may not be reached.
            httpx.RequestError
        """
        # Whose server it is, is a host's own affair.
        with call(f"{request.method} outside") as span:
            span.note("http.request.method", request.method)
            response = await self._answer(request)
            span.note("http.response.status_code", response.status_code)
        return response

    async def aclose(self) -> None:
        await self._inner.aclose()

    async def _answer(self, request: httpx.Request) -> httpx.Response:
        *others, last = await self._checked(request)
        for address in others:
            try:
                return await self._send(request, address)
            except (httpx.ConnectError, httpx.ConnectTimeout):
                continue
        return await self._send(request, last)

    async def _checked(self, request: httpx.Request) -> list[str]:
        scheme = request.url.scheme
        if scheme not in _PORTS:
            message = "Only https and http lead to a server."
            raise AddressRefused(message, request=request)
        try:
            addresses = await self._resolve(request.url.host, request.url.port or _PORTS[scheme])
        except OSError as error:
            message = "The name leads nowhere."
            raise httpx.ConnectError(message, request=request) from error
        # One bad answer spoils all: which of them is taken must not be a matter of luck.
        if not addresses or not all(self._reachable.permits(each, secure=scheme == "https") for each in addresses):
            message = "The name leads to an address that may not be reached."
            raise AddressRefused(message, request=request)
        return addresses

    async def _send(self, request: httpx.Request, address: str) -> httpx.Response:
        pinned = httpx.Request(
            request.method,
            request.url.copy_with(host=address),
            headers=request.headers,
            stream=request.stream,
            extensions={**request.extensions, "sni_hostname": _name_in_certificate(request.url.host)},
        )
        return await self._inner.handle_async_request(pinned)


@cache
def _trusted() -> ssl.SSLContext:
    # Reading the certificates takes 30 ms and 1 MiB, which one transport after the other would spend.
    return ssl.create_default_context()


def _name_in_certificate(host: str) -> str:
    try:
        return str(ip_address(host.strip("[]")))
    except ValueError:
        return host.rstrip(".")
