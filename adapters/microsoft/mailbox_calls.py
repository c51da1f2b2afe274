"""Graph's calls into people's mailboxes: at most four at once in each, whatever they are for.

Source: Microsoft Graph, "Throttling limits", Outlook service.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Final, TypeVar
from urllib.parse import quote, urlencode, urlsplit
from weakref import WeakValueDictionary

from adapters.http_client.answer import ProviderAnswer
from adapters.http_client.calendar_calls import CalendarCalls
from adapters.http_client.http import ProviderHttp
from adapters.http_client.wire import T
from adapters.microsoft.calendar_refusals import CALENDAR
from adapters.microsoft.calendar_wire import GraphPage
from application.ports.calendar_reader import CalendarAccess, CalendarUnreadable, SignedIn
from application.ports.clock import Clock
from application.ports.oauth import Grant
from domain.calendar_problem import CalendarTooComplex, NotACalendar

MOST_AT_ONCE: Final = 4
_MOST_PAGES: Final = 50

P = TypeVar("P", bound=GraphPage)

Call = Callable[[ProviderHttp, str], Awaitable[ProviderAnswer]]
"""A request; it is given the access token."""


IMMUTABLE_IDS: Final = 'IdType="ImmutableId"'
EVENTS_IN_UTC: Final = {"Prefer": f'outlook.timezone="UTC", {IMMUTABLE_IDS}'}


class MailboxCalls:
    """The calls of one process to one Graph, closed by `aclose`."""

    def __init__(self, api_url: str, clock: Clock, *, total: timedelta = timedelta(seconds=10)) -> None:
        self.clock = clock
        self.calls = CalendarCalls("microsoft", CALENDAR, clock)
        self._api_url = api_url.rstrip("/")
        self._http = ProviderHttp("microsoft", total, tracking_header="request-id")
        self._mailboxes: WeakValueDictionary[str, asyncio.Semaphore] = WeakValueDictionary()

    def address(self, path: str, query: Mapping[str, str] | None = None) -> str:
        # Graph wants spaces as %20.
        encoded = f"?{urlencode(query, safe='$,', quote_via=quote)}" if query else ""
        return f"{self._api_url}{path}{encoded}"

    async def get(
        self, operation: str, access: CalendarAccess, url: str, type_: type[T], headers: Mapping[str, str]
    ) -> T:
        """Read one answer.

        Raises:
            CalendarUnreadable, AccessTokenExpired
        """
        return await self.calls.decoded_answer(
            operation, self.send(access, lambda http, token: http.get(url, token, headers)), type_
        )

    async def pages(self, operation: str, access: CalendarAccess, url: str, type_: type[P]) -> list[P]:
        """Read a list to its end.

        Raises:
            CalendarUnreadable, AccessTokenExpired
        """
        pages: list[P] = []
        for _ in range(_MOST_PAGES):
            page = await self.get(operation, access, url, type_, EVENTS_IN_UTC)
            pages.append(page)
            if page.next_link is None:
                return pages
            # It goes out with the token, so that it may lead to nobody else.
            if not self._has(page.next_link):
                raise self.calls.noted(operation, CalendarUnreadable(NotACalendar()))
            url = page.next_link
        raise self.calls.noted(operation, CalendarUnreadable(CalendarTooComplex()))

    async def send(self, access: CalendarAccess, call: Call) -> ProviderAnswer:
        """Make a call as soon as there are fewer than four in the mailbox.

        Raises:
            TryLater: there is no answer.
        """
        grant = _grant(access)
        whose = f"{grant.account.account_id} {grant.account.user_id}" if grant.account else grant.refresh_token
        room = self._mailboxes.setdefault(whose, asyncio.Semaphore(MOST_AT_ONCE))
        async with room:
            return await call(self._http, grant.access_token)

    def _has(self, url: str) -> bool:
        """Whether an address is one of this Graph's."""
        here, there = urlsplit(self._api_url), urlsplit(url)
        return (here.scheme, here.netloc.lower()) == (there.scheme, there.netloc.lower())

    async def aclose(self) -> None:
        await self._http.aclose()


def _grant(access: CalendarAccess) -> Grant:
    if not isinstance(access, SignedIn):
        raise TypeError("A mailbox is entered with a grant.")
    return access.grant
