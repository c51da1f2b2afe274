"""Authorized requests to the Calendar API."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any, Final, TypeVar
from urllib.parse import quote, urlencode, urlsplit

import msgspec

from adapters.google.calendar_account import NEEDED, missing_permissions
from adapters.google.calendar_refusals import CALENDAR
from adapters.google.calendar_wire import CalendarsPage, EntriesPage, EventsPage
from adapters.google.settings import GoogleCalendarSettings
from adapters.http_client.answer import ProviderAnswer
from adapters.http_client.calendar_calls import CalendarCalls, CalendarRefusal
from adapters.http_client.http import ProviderHttp
from adapters.http_client.wire import T
from application.ports.calendar_reader import CalendarAccess, CalendarUnreadable, SignedIn
from application.ports.clock import Clock
from application.ports.oauth import Grant
from domain.calendar_problem import CalendarPermissionMissing, CalendarTooComplex, ServerTooSlow

LONGEST: Final = timedelta(seconds=28)
"""For all requests of one call."""

MOST_PAGES: Final = 20

Page = TypeVar("Page", CalendarsPage, EventsPage, EntriesPage)


class GoogleCalendarRequests:
    """One pool of connections for everything about calendars, closed by `aclose`.

    Attributes:
        origin: of the API.
    """

    def __init__(
        self, settings: GoogleCalendarSettings, clock: Clock, *, total: timedelta = timedelta(seconds=10)
    ) -> None:
        self._url = settings.api_url.rstrip("/")
        self.origin = urlsplit(self._url)._replace(path="", query="", fragment="").geturl()
        self._http = ProviderHttp("google", total)
        self._calls = CalendarCalls("google", CALENDAR, clock)

    async def get(self, operation: str, path: str, query: Mapping[str, str], grant: Grant, type_: type[T]) -> T:
        """Raises CalendarUnreadable or AccessTokenExpired."""
        sent = self._http.get(f"{self._url}{path}?{urlencode(query)}", grant.access_token)
        return await self._calls.decoded_answer(operation, sent, type_)

    async def post(self, operation: str, path: str, body: Mapping[str, Any], grant: Grant, type_: type[T]) -> T:
        """Raises CalendarUnreadable or AccessTokenExpired."""
        sent = self._http.post_json(f"{self._url}{path}", grant.access_token, msgspec.json.encode(body))
        return await self._calls.decoded_answer(operation, sent, type_)

    async def pages(
        self, operation: str, path: str, query: Mapping[str, str], grant: Grant, type_: type[Page]
    ) -> list[Page]:
        """Read a whole list, or none of it. Raises CalendarUnreadable or AccessTokenExpired."""
        pages: list[Page] = []
        more: dict[str, str] = {}
        while len(pages) < MOST_PAGES:
            page = await self.get(operation, path, {**query, **more}, grant, type_)
            pages.append(page)
            if page.next_page_token is None:
                return pages
            more = {"pageToken": page.next_page_token}
        raise self.noted(operation, CalendarUnreadable(CalendarTooComplex()))

    async def get_for_any(self, operation: str, path: str, query: Mapping[str, str], grant: Grant) -> ProviderAnswer:
        """Get, and return a no as well. Raises CalendarUnreadable where there is no answer."""
        sent = self._http.get(f"{self._url}{path}?{urlencode(query)}", grant.access_token)
        return await self._calls.any_answer(operation, sent)

    async def post_for_any(self, operation: str, path: str, body: Mapping[str, Any], grant: Grant) -> ProviderAnswer:
        """Post, and return a no as well. Raises CalendarUnreadable where there is no answer."""
        sent = self._http.post_json(f"{self._url}{path}", grant.access_token, msgspec.json.encode(body))
        return await self._calls.any_answer(operation, sent)

    async def patch_for_any(
        self, operation: str, path: str, body: Mapping[str, Any], grant: Grant, headers: Mapping[str, str]
    ) -> ProviderAnswer:
        """The same for a change."""
        sent = self._http.patch_json(f"{self._url}{path}", grant.access_token, msgspec.json.encode(body), headers)
        return await self._calls.any_answer(operation, sent)

    async def delete_for_any(self, operation: str, path: str, grant: Grant) -> ProviderAnswer:
        """The same for a deletion."""
        return await self._calls.any_answer(operation, self._http.delete(f"{self._url}{path}", grant.access_token))

    def understood(self, operation: str, answer: ProviderAnswer, type_: type[T]) -> T:
        """Read an answer. Raises CalendarUnreadable or AccessTokenExpired."""
        return self._calls.understood(operation, answer, type_)

    def refused(self, operation: str, answer: ProviderAnswer) -> CalendarRefusal:
        """Log a no, and return the error to be raised."""
        return self._calls.refused(operation, answer)

    def noted(self, operation: str, error: CalendarRefusal) -> CalendarRefusal:
        """Log what isn't a no of Google's, and return the error to be raised."""
        return self._calls.noted(operation, error)

    @asynccontextmanager
    async def in_time(self, operation: str) -> AsyncGenerator[None]:
        """Give all requests of one call together no more than LONGEST."""
        try:
            async with asyncio.timeout(LONGEST.total_seconds()):
                yield
        except TimeoutError as error:
            raise self.noted(operation, CalendarUnreadable(ServerTooSlow())) from error

    async def aclose(self) -> None:
        await self._http.aclose()


def granted(access: CalendarAccess) -> Grant:
    """Open what a host has allowed. Raises CalendarUnreadable where that is too little to be of use."""
    if not isinstance(access, SignedIn):
        raise TypeError("Google lets in those who have signed in.")
    if not access.grant.scopes >= NEEDED:
        raise CalendarUnreadable(CalendarPermissionMissing(missing_permissions(access.grant.scopes)))
    return access.grant


def events_of(calendar_id: str) -> str:
    """The path of a calendar's events."""
    return f"/calendars/{quote(calendar_id, safe='')}/events"


def event_of(calendar_id: str, event_id: str) -> str:
    """The path of one of them."""
    return f"{events_of(calendar_id)}/{quote(event_id, safe='')}"
