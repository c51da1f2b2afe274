"""Requests to the Calendar API, with what it takes to get in."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import quote, urlencode

import msgspec

from adapters.google.calendar_account import NEEDED, missing_permissions
from adapters.google.calendar_refusals import CALENDAR
from adapters.google.settings import GoogleCalendarSettings
from adapters.http_client.answer import ProviderAnswer
from adapters.http_client.calendar_calls import CalendarCalls, CalendarRefusal
from adapters.http_client.http import ProviderHttp
from adapters.http_client.wire import T
from application.ports.calendar_reader import CalendarAccess, CalendarUnreadable, SignedIn
from application.ports.clock import Clock
from application.ports.oauth import Grant
from domain.calendar_problem import CalendarPermissionMissing


class GoogleCalendarRequests:
    """One pool of connections for everything about calendars, closed by `aclose`."""

    def __init__(
        self, settings: GoogleCalendarSettings, clock: Clock, *, total: timedelta = timedelta(seconds=10)
    ) -> None:
        self._url = settings.api_url.rstrip("/")
        self._http = ProviderHttp("google", total)
        self._calls = CalendarCalls("google", CALENDAR, clock)

    async def get(self, operation: str, path: str, query: Mapping[str, str], grant: Grant, type_: type[T]) -> T:
        """Raises CalendarUnreadable or AccessTokenExpired."""
        sent = self._http.get(f"{self._url}{path}?{urlencode(query)}", grant.access_token)
        return await self._calls.told(operation, sent, type_)

    async def post(self, operation: str, path: str, body: Mapping[str, Any], grant: Grant, type_: type[T]) -> T:
        """Raises CalendarUnreadable or AccessTokenExpired."""
        sent = self._http.post_json(f"{self._url}{path}", grant.access_token, msgspec.json.encode(body))
        return await self._calls.told(operation, sent, type_)

    async def post_for_any(self, operation: str, path: str, body: Mapping[str, Any], grant: Grant) -> ProviderAnswer:
        """Post, and return a no as well. Raises CalendarUnreadable where there is no answer."""
        sent = self._http.post_json(f"{self._url}{path}", grant.access_token, msgspec.json.encode(body))
        return await self._calls.any_answer(operation, sent)

    def refused(self, operation: str, answer: ProviderAnswer) -> CalendarRefusal:
        """Log a no, and return the error to be raised."""
        return self._calls.refused(operation, answer)

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
