"""Real clients of Google's calendars that talk to the sandbox over real HTTP."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from adapters.google.calendar_account import GoogleCalendarAccountClient
from adapters.google.calendar_reader import GoogleCalendarReader
from adapters.google.calendar_requests import GoogleCalendarRequests
from adapters.google.calendar_watcher import GoogleCalendarWatcher
from adapters.google.calendar_writer import GoogleCalendarWriter
from adapters.google.settings import GoogleCalendarSettings
from adapters.sandbox.google.accounts import GINA, GoogleAccount
from adapters.sandbox.google.calendar.calendars import SandboxCalendar
from adapters.sandbox.google.calendar.events import SandboxEvent
from adapters.sandbox.google.sandbox import SandboxGoogle
from adapters.sandbox.google.scopes import CALENDAR_USUAL
from adapters.sandbox.serve import serving
from application.ports.calendar_reader import (
    NOTHING_SEEN,
    CalendarRead,
    LastSeen,
    ReadingQuery,
    RemoteCalendar,
    SignedIn,
)
from application.ports.oauth import Grant
from domain.busy import BusyTime
from domain.ids import BookingId
from domain.slot import Slot

REDIRECT_URI = "https://timetuna.example/integrations/google/calendar/callback"
INVITED_FROM = "timetuna.example"
NOW = datetime(2026, 11, 22, 14, 30, tzinfo=UTC)
TEN = datetime(2026, 11, 24, 10, tzinfo=UTC)
HOUR = timedelta(hours=1)
SPAN = Slot(datetime(2026, 11, 20, tzinfo=UTC), datetime(2027, 1, 20, tzinfo=UTC))


class WithCalendars(msgspec.Struct, frozen=True):
    """The clients, the sandbox, and what its people do."""

    account: GoogleCalendarAccountClient
    reader: GoogleCalendarReader
    watcher: GoogleCalendarWatcher
    writer: GoogleCalendarWriter
    sandbox: SandboxGoogle

    def access(self, account: GoogleAccount = GINA, scopes: tuple[str, ...] = CALENDAR_USUAL) -> SignedIn:
        """Connect without a browser."""
        tokens = self.sandbox.authorize(account, scopes)
        granted = frozenset(tokens.scope.split())
        return SignedIn(Grant(tokens.access_token, tokens.refresh_token or "", NOW + HOUR, granted))

    def calendar(self, account: GoogleAccount = GINA) -> SandboxCalendar:
        return self.sandbox.calendars.of(account)[0]

    def adds(self, start: Any = TEN, end: Any = TEN + HOUR, **fields: Any) -> SandboxEvent:
        """Let the account's owner add an event to their own calendar."""
        return self.sandbox.events.add(self.calendar(), start, end, summary="Secret title", **fields)

    async def times(self, query: ReadingQuery | None = None, access: SignedIn | None = None) -> tuple[BusyTime, ...]:
        read = await self.reader.read(access or self.access(), query or a_query())
        assert isinstance(read, CalendarRead)
        return read.reading.times

    async def listed(self, access: SignedIn | None = None) -> dict[str, RemoteCalendar]:
        return {each.name: each for each in await self.reader.calendars(access or self.access())}


def a_query(
    remote_id: str = GINA.email,
    span: Slot = SPAN,
    *,
    seen: LastSeen = NOTHING_SEEN,
    rules_apply: bool = True,
    ours: dict[str, tuple[Slot, ...]] | None = None,
    entry_slots: tuple[Slot, ...] = (),
    invited: frozenset[BookingId] = frozenset(),
) -> ReadingQuery:
    owners = frozenset({GINA.email})
    return ReadingQuery(
        remote_id, span, "America/New_York", owners, seen, rules_apply, ours or {}, entry_slots, invited=invited
    )


@asynccontextmanager
async def with_calendars(total: timedelta = timedelta(seconds=10)) -> AsyncGenerator[WithCalendars]:
    with SandboxGoogle(redirect_uris=[REDIRECT_URI], now=lambda: NOW) as sandbox:
        async with serving(sandbox.app) as url, clients_at(url, sandbox, total) as clients:
            yield clients


@asynccontextmanager
async def clients_at(
    url: str, sandbox: SandboxGoogle, total: timedelta = timedelta(seconds=10)
) -> AsyncGenerator[WithCalendars]:
    """The clients of whatever answers at an address."""
    settings = settings_at(url, sandbox.client_id, sandbox.client_secret)
    account = GoogleCalendarAccountClient(settings, lambda: NOW, total=total)
    requests = GoogleCalendarRequests(settings, lambda: NOW, total=total)
    try:
        yield WithCalendars(
            account,
            GoogleCalendarReader(requests, INVITED_FROM),
            GoogleCalendarWatcher(requests, lambda: NOW),
            GoogleCalendarWriter(requests),
            sandbox,
        )
    finally:
        await account.aclose()
        await requests.aclose()


def settings_at(url: str, client_id: str = "id", client_secret: str = "secret-of-ours") -> GoogleCalendarSettings:
    return GoogleCalendarSettings(
        client_id, client_secret, REDIRECT_URI, f"{url}/o/oauth2/v2/auth", f"{url}/token", f"{url}/calendar/v3"
    )
