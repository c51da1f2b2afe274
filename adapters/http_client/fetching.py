"""Fetches from addresses that people typed, within bounds of time, size and reach."""

import asyncio
import zlib
from collections.abc import AsyncIterator, Mapping
from datetime import timedelta
from http import HTTPStatus
from typing import Final

import httpx

from adapters.http_client.pinned import AddressRefused, PinnedTransport
from adapters.http_client.waiting import wished_at
from application.ports.clock import Clock
from application.ports.safe_fetcher import NOTHING_KNOWN, Fetched, FetchFailed, NotModified, Validators
from domain.calendar_problem import (
    AddressNotAllowed,
    CalendarProblem,
    CalendarTooLarge,
    NotACalendar,
    ServerBusy,
    ServerRefused,
    ServerTooSlow,
    ServerUnreachable,
)

LARGEST: Final = 20 * 2**20
LONGEST: Final = timedelta(seconds=15)
MOST_REDIRECTS: Final = 5

_BUSY: Final = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS})
# The window bits that make zlib read gzip's header, or its own.
_INFLATES: Final = {"gzip": 16 + zlib.MAX_WBITS, "x-gzip": 16 + zlib.MAX_WBITS, "deflate": zlib.MAX_WBITS}


class BoundedFetcher:
    """The safe fetcher on httpx.

    Args:
        longest: for everything, redirects and the last byte of the body included.
        largest: bytes of the body, inflated.
    """

    def __init__(
        self, transport: PinnedTransport, clock: Clock, *, longest: timedelta = LONGEST, largest: int = LARGEST
    ) -> None:
        self._clock = clock
        self._longest = longest.total_seconds()
        self._largest = largest
        self._client = httpx.AsyncClient(
            transport=transport,
            follow_redirects=False,
            trust_env=False,
            timeout=self._longest,
            headers={"User-Agent": "TimeTuna", "Accept": "text/calendar, */*;q=0.1", "Accept-Encoding": "identity"},
        )

    async def fetch(self, url: str, known: Validators = NOTHING_KNOWN, /) -> Fetched | NotModified:
        problem: CalendarProblem
        try:
            async with asyncio.timeout(self._longest):
                return await self._follow(_secure_form(url), known)
        except AddressRefused:
            problem = AddressNotAllowed()
        except (TimeoutError, httpx.TimeoutException):
            problem = ServerTooSlow()
        except (httpx.HTTPError, httpx.InvalidURL, UnicodeError):
            problem = ServerUnreachable()
        # Raised out here, so that no error of httpx, which holds the address, hangs on this one.
        raise FetchFailed(problem)

    async def aclose(self) -> None:
        await self._client.aclose()

    async def _follow(self, url: str, known: Validators) -> Fetched | NotModified:
        for _ in range(MOST_REDIRECTS + 1):
            async with self._client.stream("GET", url, headers=_conditions(known)) as response:
                onward = response.next_request
                if onward is None:
                    return await self._taken(response)
                # A request of our own: what httpx would carry along stays behind, credentials most of all.
                url = str(onward.url)
        raise FetchFailed(ServerUnreachable())

    async def _taken(self, response: httpx.Response) -> Fetched | NotModified:
        if response.status_code == HTTPStatus.NOT_MODIFIED:
            return NotModified()
        if response.is_server_error or response.status_code in _BUSY:
            raise FetchFailed(ServerBusy(), wished_at(response.headers.get("retry-after"), self._clock()))
        if response.status_code != HTTPStatus.OK:
            raise FetchFailed(ServerRefused(response.status_code))
        body = bytearray()
        async for part in self._inflated(response):
            body += part
            if len(body) > self._largest:
                raise FetchFailed(CalendarTooLarge(self._largest // 2**20))
        headers = response.headers
        return Fetched(bytes(body), Validators(headers.get("etag"), headers.get("last-modified")))

    async def _inflated(self, response: httpx.Response) -> AsyncIterator[bytes]:
        """The body as it was before any compression; a small part that inflates to much is never held as a whole."""
        encoding = response.headers.get("content-encoding", "identity").strip().lower()
        if encoding == "identity":
            async for part in response.aiter_raw():
                yield part
            return
        if encoding not in _INFLATES:
            raise FetchFailed(NotACalendar())
        inflate = zlib.decompressobj(_INFLATES[encoding])
        async for part in response.aiter_raw():
            try:
                yield inflate.decompress(part, self._largest + 1)
            except zlib.error:
                raise FetchFailed(NotACalendar()) from None
            if inflate.unconsumed_tail:
                raise FetchFailed(CalendarTooLarge(self._largest // 2**20))
        if not inflate.eof:
            raise FetchFailed(NotACalendar())


def _secure_form(url: str) -> str:
    """`webcal` is how calendars are linked to; what is meant is https."""
    scheme, separator, rest = url.strip().partition("://")
    return f"https://{rest}" if separator and scheme.lower() in {"webcal", "webcals"} else url.strip()


def _conditions(known: Validators) -> Mapping[str, str]:
    conditions = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified}
    return {name: value for name, value in conditions.items() if value}
