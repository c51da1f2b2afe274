"""Fetches from addresses that people typed, within bounds of time, size and reach."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from http import HTTPStatus
from typing import Final

import httpx

from adapters.http_client.bodies import BodyBroken, BodyTooLarge, bounded_body
from adapters.http_client.outside import NO_ANSWER, is_busy, outside_client, without_answer
from adapters.http_client.pinned import PinnedTransport
from adapters.http_client.waiting import wished_at
from application.ports.clock import Clock
from application.ports.safe_fetcher import NOTHING_KNOWN, Fetched, FetchFailed, NotModified, Validators
from domain.calendar_problem import (
    CalendarTooLarge,
    NotACalendar,
    ServerBusy,
    ServerRefused,
    ServerUnreachable,
)

LARGEST: Final = 20 * 2**20
LONGEST: Final = timedelta(seconds=15)
MOST_REDIRECTS: Final = 5

_LONGEST_VALIDATOR: Final = 1000


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
        self._client = outside_client(transport, longest, Accept="text/calendar, */*;q=0.1")

    async def fetch(self, url: str, known: Validators = NOTHING_KNOWN, /) -> Fetched | NotModified:
        try:
            async with asyncio.timeout(self._longest):
                return await self._follow(_secure_form(url), known)
        except NO_ANSWER as error:
            problem = without_answer(error)
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
        if is_busy(response):
            raise FetchFailed(ServerBusy(), wished_at(response.headers.get("retry-after"), self._clock()))
        if response.status_code != HTTPStatus.OK:
            raise FetchFailed(ServerRefused(response.status_code))
        try:
            body = await bounded_body(response, self._largest)
        except BodyTooLarge:
            raise FetchFailed(CalendarTooLarge(self._largest // 2**20)) from None
        except BodyBroken:
            raise FetchFailed(NotACalendar()) from None
        return Fetched(body, Validators(_repeatable(response, "etag"), _repeatable(response, "last-modified")))


def _secure_form(url: str) -> str:
    """`webcal` is how calendars are linked to; what is meant is https."""
    scheme, separator, rest = url.strip().partition("://")
    return f"https://{rest}" if separator and scheme.lower() in {"webcal", "webcals"} else url.strip()


def _repeatable(response: httpx.Response, header: str) -> str | None:
    """A header that can be sent back; RFC 9110 lets an ETag hold what httpx refuses to send."""
    value = response.headers.get(header, "")
    return value if value.isascii() and 0 < len(value) <= _LONGEST_VALIDATOR else None


def _conditions(known: Validators) -> Mapping[str, str]:
    conditions = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified}
    return {name: value for name, value in conditions.items() if value}
