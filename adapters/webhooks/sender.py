"""Sends signed events to addresses that people typed."""

import asyncio
import ssl
from collections.abc import Sequence
from datetime import datetime, timedelta
from time import monotonic
from typing import Final
from urllib.parse import urlsplit

import httpx

from adapters.http_client.addresses import Reachable
from adapters.http_client.outside import NO_ANSWER, outside_client
from adapters.http_client.pinned import AddressRefused, PinnedTransport, Resolve, resolve
from adapters.http_client.waiting import wished_at
from adapters.webhooks.signature import signed_headers
from application.ports.clock import Clock
from application.ports.webhooks import Sent
from domain.webhook_delivery import LONGEST_RESPONSE
from domain.webhook_event import WebhookEvent
from domain.webhook_problem import (
    EndpointAnswered,
    EndpointNotAllowed,
    EndpointTooSlow,
    EndpointUnreachable,
    EndpointUntrusted,
    WebhookProblem,
)

LONGEST: Final = timedelta(seconds=15)
LONGEST_TO_CONNECT: Final = timedelta(seconds=5)

_LONGEST_TO_READ: Final = 1.0
"""Seconds for the beginning of a body."""

_PORTS: Final = {"https": 443, "http": 80}


class SignedWebhookSender:
    """The sender on httpx.

    Args:
        reachable: what may be connected to.
        longest: for one attempt, from the look-up of the name to what is read of the answer.
    """

    def __init__(
        self,
        reachable: Reachable,
        clock: Clock,
        lookup: Resolve = resolve,
        *,
        longest: timedelta = LONGEST,
        trusts: ssl.SSLContext | None = None,
    ) -> None:
        self._reachable = reachable
        self._clock = clock
        self._lookup = lookup
        self._longest = longest.total_seconds()
        transport = PinnedTransport(reachable, lookup, trusts=trusts)
        self._client = outside_client(transport, longest, **{"Content-Type": "application/json"})
        self._client.timeout = httpx.Timeout(self._longest, connect=LONGEST_TO_CONNECT.total_seconds())

    async def leads_inside(self, url: str, /) -> bool:
        parts = urlsplit(url)
        secure = parts.scheme == "https"
        try:
            async with asyncio.timeout(LONGEST_TO_CONNECT.total_seconds()):
                addresses = await self._lookup(parts.hostname or "", parts.port or _PORTS[parts.scheme])
        except (OSError, TimeoutError, UnicodeError):
            # It may be set up later; each attempt looks again. Without https it can only be meant for inside.
            return not secure
        return not all(self._reachable.permits(each, secure=secure) for each in addresses)

    async def send(self, url: str, event: WebhookEvent, secrets: Sequence[str], at: datetime, /) -> Sent:
        began = monotonic()
        try:
            async with asyncio.timeout(self._longest):
                return await self._attempt(url, event, secrets, at, began)
        except NO_ANSWER as error:
            return Sent(_milliseconds(began), problem=_without_answer(error))

    async def aclose(self) -> None:
        await self._client.aclose()

    async def _attempt(self, url: str, event: WebhookEvent, secrets: Sequence[str], at: datetime, began: float) -> Sent:
        headers = signed_headers(event.id, at, event.body, secrets)
        async with self._client.stream("POST", url, content=event.body, headers=headers) as response:
            status, took = response.status_code, _milliseconds(began)
            wish = wished_at(response.headers.get("retry-after"), self._clock())
            try:
                async with asyncio.timeout(_LONGEST_TO_READ):
                    head = await _head(response)
            except (TimeoutError, httpx.HTTPError):
                # The answer was given; what it would have said beside matters to nobody.
                head = ""
        if response.is_success:
            return Sent(took, status, response=head)
        return Sent(took, status, EndpointAnswered(status), head, wish)


async def _head(response: httpx.Response) -> str:
    """How the body begins; the rest is never read."""
    body = bytearray()
    async for part in response.aiter_raw():
        body += part
        if len(body) >= LONGEST_RESPONSE:
            break
    text = bytes(body[:LONGEST_RESPONSE]).decode(errors="replace").replace("\0", "�")
    # What stands for bytes that are no text is longer than those.
    return text.encode()[:LONGEST_RESPONSE].decode(errors="ignore")


def _without_answer(error: Exception) -> WebhookProblem:
    match error:
        case AddressRefused():
            return EndpointNotAllowed()
        case TimeoutError() | httpx.TimeoutException():
            return EndpointTooSlow()
        case _:
            return EndpointUntrusted() if _is_about_certificate(error) else EndpointUnreachable()


def _is_about_certificate(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return True
        error = error.__cause__ or error.__context__
    return False


def _milliseconds(began: float) -> int:
    return round(1000 * (monotonic() - began))
