"""Calendars and their events, as people and apps see and change them."""

from collections.abc import Callable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec

from adapters.sandbox.microsoft import opaque
from adapters.sandbox.microsoft.accounts import MicrosoftAccount
from adapters.sandbox.microsoft.timezones import later, windows_name
from adapters.sandbox.store import Store


class ShowAs(StrEnum):
    FREE = "free"
    TENTATIVE = "tentative"
    BUSY = "busy"
    OOF = "oof"
    WORKING_ELSEWHERE = "workingElsewhere"
    UNKNOWN = "unknown"


class Response(StrEnum):
    NONE = "none"
    ORGANIZER = "organizer"
    ACCEPTED = "accepted"
    TENTATIVELY_ACCEPTED = "tentativelyAccepted"
    DECLINED = "declined"
    NOT_RESPONDED = "notResponded"


class ChangeType(StrEnum):
    CREATED = "created"
    UPDATED = "updated"
    DELETED = "deleted"


class GraphCalendar(msgspec.Struct, frozen=True, kw_only=True):
    """A calendar in somebody's mailbox; `owner` is somebody else where it is shared with them."""

    id: str
    user_id: str
    name: str
    owner_name: str
    owner_address: str
    is_default: bool = False
    can_edit: bool = True


class GraphEvent(msgspec.Struct, frozen=True, kw_only=True):
    """An event or a series.

    Attributes:
        id: the immutable one; `entry_id` is what is told without being asked for that.
        start, end: instants; of an all-day event the midnights in its owner's mailbox.
        timezone: the name of the zone that it was made in; it can be any string, and none.
        every, times: a series repeats after so many days, so often in all.
        properties: whatever else was given, as it was given.
    """

    id: str
    entry_id: str
    calendar_id: str
    user_id: str
    subject: str | None
    start: datetime
    end: datetime
    timezone: str | None
    is_all_day: bool = False
    show_as: ShowAs | None = ShowAs.BUSY
    response: Response | None = Response.ORGANIZER
    is_cancelled: bool = False
    every: int = 1
    times: int = 1
    version: int = 1
    transaction_id: str | None = None
    properties: dict[str, Any] = {}


class Occurrence(msgspec.Struct, frozen=True):
    """An event as it stands in a calendar at one time."""

    event: GraphEvent
    number: int
    start: datetime
    end: datetime

    @property
    def id(self) -> str:
        return self.event.id if self.event.times == 1 else f"{self.event.id}.{self.number}"

    def touches(self, start: datetime, end: datetime) -> bool:
        return self.start < end and (self.end > start or self.start == self.end == start)

    @property
    def entry_id(self) -> str:
        return self.event.entry_id if self.event.times == 1 else f"{self.event.entry_id}.{self.number}"


ChangeListener = Callable[[ChangeType, GraphEvent], None]

MAIN: Final = "Calendar"
BIRTHDAYS: Final = "Birthdays"


class Mailboxes:
    """The calendars of all accounts; each mailbox begins with one of its own, and one of birthdays.

    Args:
        on_change: is called with every change of an event.
    """

    def __init__(self, store: Store, accounts: Mapping[str, MicrosoftAccount], on_change: ChangeListener) -> None:
        self._accounts = accounts
        self._calendars = store.table("calendar", GraphCalendar)
        self._events = store.table("event", GraphEvent)
        self._on_change = on_change

    def calendars(self, account: MicrosoftAccount) -> list[GraphCalendar]:
        """List an account's calendars, its default one first."""
        found = [each for each in self._calendars.values() if each.user_id == account.id]
        if not found:
            found = [
                self.add_calendar(account, MAIN, is_default=True),
                self.add_calendar(account, BIRTHDAYS, can_edit=False),
            ]
        return found

    def add_calendar(
        self,
        account: MicrosoftAccount,
        name: str,
        *,
        is_default: bool = False,
        can_edit: bool = True,
        owner: MicrosoftAccount | None = None,
    ) -> GraphCalendar:
        if not is_default:
            self.calendars(account)
        owner = owner or account
        made = GraphCalendar(
            id=opaque.calendar_id(),
            user_id=account.id,
            name=name,
            owner_name=owner.name,
            owner_address=owner.email,
            is_default=is_default,
            can_edit=can_edit,
        )
        self._calendars.put(made.id, made)
        return made

    def remove_calendar(self, calendar: GraphCalendar) -> None:
        for event in self.events(calendar):
            self._events.remove(event.id)
        self._calendars.remove(calendar.id)

    def calendar(self, account: MicrosoftAccount, calendar_id: str) -> GraphCalendar | None:
        return next((each for each in self.calendars(account) if each.id == calendar_id), None)

    def main(self, account: MicrosoftAccount) -> GraphCalendar:
        return next(each for each in self.calendars(account) if each.is_default)

    def events(self, calendar: GraphCalendar) -> list[GraphEvent]:
        """List what is in a calendar, earliest first."""
        mine = [each for each in self._events.values() if each.calendar_id == calendar.id]
        return sorted(mine, key=lambda each: each.start)

    def occurrences(self, calendar: GraphCalendar, start: datetime, end: datetime) -> list[Occurrence]:
        """Expand the series, and list what touches a span, earliest first."""
        there = self.zone_of(calendar.user_id)
        series = (
            (event, number, number * event.every) for event in self.events(calendar) for number in range(event.times)
        )
        found = (
            Occurrence(event, number, later(event.start, days, there), later(event.end, days, there))
            for event, number, days in series
        )
        return sorted((each for each in found if each.touches(start, end)), key=lambda each: each.start)

    def event(self, account: MicrosoftAccount, event_id: str) -> GraphEvent | None:
        """Find an event by either of its ids."""
        for each in self._events.values():
            if each.user_id == account.id and event_id in {each.id, each.entry_id}:
                return each
        return None

    def by_transaction(self, calendar: GraphCalendar, transaction_id: str) -> GraphEvent | None:
        return next((each for each in self.events(calendar) if each.transaction_id == transaction_id), None)

    def add(
        self,
        calendar: GraphCalendar,
        start: datetime,
        end: datetime,
        subject: str | None = "Private: dentist",
        **more: Any,
    ) -> GraphEvent:
        """Put an event into a calendar; `more` are further attributes of GraphEvent."""
        timezone = windows_name(self.zone_of(calendar.user_id).key)
        event = GraphEvent(
            id=opaque.immutable_event_id(),
            entry_id=opaque.event_id(),
            calendar_id=calendar.id,
            user_id=calendar.user_id,
            subject=subject,
            start=start,
            end=end,
            timezone=timezone,
        )
        event = msgspec.structs.replace(event, **more)
        self._events.put(event.id, event)
        self._on_change(ChangeType.CREATED, event)
        return event

    def change(self, event: GraphEvent, **changes: Any) -> GraphEvent:
        changed = msgspec.structs.replace(self._events[event.id], **changes, version=event.version + 1)
        self._events.put(event.id, changed)
        self._on_change(ChangeType.UPDATED, changed)
        return changed

    def remove(self, event: GraphEvent) -> None:
        self._events.remove(event.id)
        self._on_change(ChangeType.DELETED, event)

    def zone_of(self, user_id: str) -> ZoneInfo:
        return ZoneInfo(self._accounts[user_id].timezone)


def etag(event: GraphEvent) -> str:
    return f'W/"{event.id[-12:]}{event.version}"'
