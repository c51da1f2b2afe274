"""Hosts who edit their bookings' events in the calendars of the sandboxes."""

from datetime import UTC, datetime, timedelta
from typing import ClassVar, Protocol

import msgspec
from msgspec.structs import replace

from adapters.google.calendar_account import PERMISSIONS
from adapters.microsoft.calendar_account import SCOPES
from adapters.sandbox.google.accounts import GINA
from adapters.sandbox.google.sandbox import SandboxGoogle
from adapters.sandbox.google.scopes import CALENDAR_USUAL
from adapters.sandbox.microsoft.accounts import MIA
from adapters.sandbox.microsoft.sandbox import SandboxMicrosoft
from adapters.sandbox.microsoft.scopes import CALENDARS, OFFLINE, OPENID
from application.ports.calendar_reader import SignedIn
from application.ports.oauth import Grant
from domain.calendar import CalendarKind
from domain.connection import ProviderAccount
from domain.slot import Slot

AN_HOUR = timedelta(hours=1)


class SeenEvent(msgspec.Struct, frozen=True, order=True):
    """An event as its calendar shows it."""

    title: str
    slot: Slot
    location: str


class CalendarOwner(Protocol):
    """One calendar, which only its bookings' events are in."""

    kind: ClassVar[CalendarKind]
    email: str
    calendar: str

    def access(self) -> SignedIn: ...

    def events(self) -> dict[str, SeenEvent]: ...

    def move(self, event_id: str, slot: Slot) -> None: ...

    def delete(self, event_id: str) -> None: ...


class GoogleOwner:
    kind: ClassVar[CalendarKind] = "google"

    def __init__(self, sandbox: SandboxGoogle, number: int) -> None:
        self._sandbox = sandbox
        self._account = replace(GINA, id=f"{number:021}", email=f"gina{number}@gmail.example")
        sandbox.add(self._account)
        [self._calendar] = sandbox.calendars.of(self._account)
        self.email, self.calendar = self._account.email, self._calendar.id

    def access(self) -> SignedIn:
        tokens = self._sandbox.authorize(self._account, CALENDAR_USUAL)
        scopes = frozenset(PERMISSIONS)
        return SignedIn(Grant(tokens.access_token, tokens.refresh_token or "", datetime.now(UTC) + AN_HOUR, scopes))

    def events(self) -> dict[str, SeenEvent]:
        held = (each for each in self._sandbox.events.of(self._calendar) if not each.is_deleted)
        return {
            each.id: SeenEvent(each.given["summary"], Slot(each.begins, each.ends), each.given["location"])
            for each in held
        }

    def move(self, event_id: str, slot: Slot) -> None:
        self._sandbox.events.move(self._calendar, event_id, slot.start, slot.end)

    def delete(self, event_id: str) -> None:
        self._sandbox.events.delete(self._calendar, event_id)


class MicrosoftOwner:
    kind: ClassVar[CalendarKind] = "microsoft"

    def __init__(self, sandbox: SandboxMicrosoft, number: int) -> None:
        self._sandbox = sandbox
        self._account = replace(MIA, id=f"6d1f1a52-8a0c-4a1e-9f51-{number:012}", email=f"mia{number}@contoso.example")
        sandbox.add(self._account)
        self._calendar = sandbox.mailboxes.main(self._account)
        self.email, self.calendar = self._account.email, self._calendar.id

    def access(self) -> SignedIn:
        tokens = self._sandbox.authorize(self._account, (OPENID, OFFLINE, CALENDARS))
        account = self._account
        known = ProviderAccount(account.id, account.tenant_id, account.email, account.name)
        expires_at = datetime.now(UTC) + AN_HOUR
        return SignedIn(Grant(tokens.access_token, tokens.refresh_token or "", expires_at, SCOPES, known))

    def events(self) -> dict[str, SeenEvent]:
        return {
            each.id: SeenEvent(
                each.subject or "", Slot(each.start, each.end), each.properties["location"]["displayName"]
            )
            for each in self._sandbox.mailboxes.events(self._calendar)
        }

    def move(self, event_id: str, slot: Slot) -> None:
        event = self._sandbox.mailboxes.event(self._account, event_id)
        assert event is not None
        self._sandbox.mailboxes.change(event, start=slot.start, end=slot.end)

    def delete(self, event_id: str) -> None:
        event = self._sandbox.mailboxes.event(self._account, event_id)
        assert event is not None
        self._sandbox.mailboxes.remove(event)
