"""Real clients of Outlook's calendars that talk to the sandbox over real HTTP."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from adapters.microsoft.calendar_account import SCOPES, MicrosoftCalendarAccountClient
from adapters.microsoft.calendar_reader import MicrosoftCalendarReader
from adapters.microsoft.calendar_watcher import MicrosoftCalendarWatcher
from adapters.microsoft.calendar_writer import MicrosoftCalendarWriter
from adapters.microsoft.mailbox_calls import MailboxCalls
from adapters.microsoft.settings import MicrosoftCalendarSettings
from adapters.sandbox.microsoft.accounts import MIA, MicrosoftAccount
from adapters.sandbox.microsoft.mailboxes import GraphCalendar, GraphEvent
from adapters.sandbox.microsoft.sandbox import SandboxMicrosoft
from adapters.sandbox.microsoft.scopes import CALENDARS, OFFLINE, OPENID
from adapters.sandbox.serve import serving
from application.ports.calendar_reader import NOTHING_SEEN, LastSeen, ReadingQuery, SignedIn
from application.ports.oauth import Grant
from domain.slot import Slot
from tests.support.microsoft_connected import known
from tests.support.zoom_connected import NOW

REDIRECT_URI = "https://timetuna.example/integrations/microsoft/calendar/callback"
SPAN = Slot(datetime(2026, 12, 1, tzinfo=UTC), datetime(2026, 12, 31, tzinfo=UTC))
AT_TWO = datetime(2026, 12, 1, 14, 0, tzinfo=UTC)
AN_HOUR = timedelta(hours=1)


class ConnectedCalendars(msgspec.Struct, frozen=True):
    account: MicrosoftCalendarAccountClient
    reader: MicrosoftCalendarReader
    watcher: MicrosoftCalendarWatcher
    writer: MicrosoftCalendarWriter
    sandbox: SandboxMicrosoft

    def access(self, account: MicrosoftAccount = MIA) -> SignedIn:
        """Connect without a browser."""
        tokens = self.sandbox.authorize(account, (OPENID, OFFLINE, CALENDARS))
        assert tokens.refresh_token is not None
        expires_at = NOW + timedelta(seconds=tokens.expires_in)
        return SignedIn(Grant(tokens.access_token, tokens.refresh_token, expires_at, SCOPES, known(account)))

    def main(self, account: MicrosoftAccount = MIA) -> GraphCalendar:
        return self.sandbox.mailboxes.main(account)

    def add(self, start: datetime = AT_TWO, length: timedelta = AN_HOUR, **more: Any) -> GraphEvent:
        """Put an event into Mia's calendar."""
        return self.sandbox.mailboxes.add(self.main(), start, start + length, **more)

    def query(self, span: Slot = SPAN, seen: LastSeen = NOTHING_SEEN) -> ReadingQuery:
        return ReadingQuery(self.main().id, span, "Europe/Berlin", frozenset({MIA.email}), seen)


@asynccontextmanager
async def connected_calendars(
    total: timedelta = timedelta(seconds=10), longest: timedelta = timedelta(seconds=25)
) -> AsyncGenerator[ConnectedCalendars]:
    with SandboxMicrosoft(redirect_uris=[REDIRECT_URI], now=lambda: NOW) as sandbox:
        async with serving(sandbox.app) as url:
            settings = MicrosoftCalendarSettings(
                sandbox.client_id, sandbox.client_secret, REDIRECT_URI, f"{url}/common", f"{url}/v1.0"
            )
            mailboxes = MailboxCalls(settings.api_url, lambda: NOW, total=total)
            account = MicrosoftCalendarAccountClient(settings, lambda: NOW)
            reader = MicrosoftCalendarReader(mailboxes, longest=longest)
            try:
                watcher = MicrosoftCalendarWatcher(mailboxes)
                writer = MicrosoftCalendarWriter(mailboxes, longest=longest)
                yield ConnectedCalendars(account, reader, watcher, writer, sandbox)
            finally:
                await mailboxes.aclose()
                await account.aclose()
