"""Events of the sandbox's calendars, each with the version at which it changed last."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec

from adapters.sandbox.google.calendar.calendars import SandboxCalendar
from adapters.sandbox.google.calendar.errors import deleted, duplicate, forbidden, invalid, not_found
from adapters.sandbox.google.calendar.resource import checked, shown_time, times_of
from adapters.sandbox.google.opaque import event_id
from adapters.sandbox.store import Store

_PRIMARY_ONLY: Final = frozenset({"outOfOffice", "focusTime", "workingLocation"})


class SandboxEvent(msgspec.Struct, frozen=True, kw_only=True):
    """One event; a deleted one stays, cancelled, and its id stays taken.

    Attributes:
        version: rises with every change of anything.
        given: what was set of it, and by whom it was made.
    """

    id: str
    calendar_id: str
    version: int
    created_at: datetime
    updated_at: datetime
    begins: datetime
    ends: datetime
    sequence: int = 0
    is_deleted: bool = False
    given: dict[str, Any]

    @property
    def status(self) -> str:
        return "cancelled" if self.is_deleted else self.given.get("status", "confirmed")

    @property
    def etag(self) -> str:
        return f'"{self.version}"'

    @property
    def is_all_day(self) -> bool:
        return "date" in self.given["start"]

    def answer_of(self, email: str) -> str | None:
        """What somebody has answered to the invitation; None where they aren't invited."""
        invited = (each for each in self.given.get("attendees", []) if each["email"].lower() == email.lower())
        return next((each.get("responseStatus", "needsAction") for each in invited), None)

    def takes_time_of(self, email: str) -> bool:
        """Whether free/busy counts it."""
        return (
            self.status != "cancelled"
            and self.given.get("transparency", "opaque") == "opaque"
            and self.given.get("eventType") != "workingLocation"
            and self.answer_of(email) != "declined"
        )


class GoogleEvents:
    """All events of all calendars.

    Attributes:
        changed: called with the id of a calendar after each change in it.
    """

    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        self.changed: Callable[[str], None] = lambda _: None
        self._now = now
        self._rows = store.table("event", SandboxEvent)
        self._of: dict[str, dict[str, SandboxEvent]] = {}
        for row in self._rows.values():
            self._of.setdefault(row.calendar_id, {})[row.id] = row
        self._version = max((row.version for row in self._rows.values()), default=0)

    @property
    def version(self) -> int:
        """The version of the newest change."""
        return self._version

    def of(self, calendar: SandboxCalendar) -> list[SandboxEvent]:
        """List everything that a calendar has ever held, deleted events too, by time."""
        return sorted(self._of.get(calendar.id, {}).values(), key=lambda each: (each.begins, each.id))

    def get(self, calendar: SandboxCalendar, id_: str) -> SandboxEvent:
        """Find an event, or what is left of a deleted one.

        Raises:
            GoogleApiError: 404; there never was one.
        """
        found = self._of.get(calendar.id, {}).get(id_)
        if found is None:
            raise not_found()
        return found

    def insert(self, calendar: SandboxCalendar, body: Mapping[str, Any]) -> SandboxEvent:
        """Make an event, with an id of the maker's choice if they want.

        Raises:
            GoogleApiError: 400; it can't be. 409; the id is taken, be it by a deleted event.
        """
        given = checked(body)
        id_ = given.pop("id", None) or event_id()
        if id_ in self._of.get(calendar.id, {}):
            raise duplicate()
        begins, ends = self._times(calendar, given)
        now = self._now()
        made = SandboxEvent(
            id=id_,
            calendar_id=calendar.id,
            version=0,
            created_at=now,
            updated_at=now,
            begins=begins,
            ends=ends,
            given={"iCalUID": f"{id_}@google.com", **given},
        )
        return self._put(made)

    def patch(self, calendar: SandboxCalendar, id_: str, body: Mapping[str, Any]) -> SandboxEvent:
        """Change fields of an event; None takes one out.

        Raises:
            GoogleApiError: 400; it can't be so. 403; it is deleted. 404; there is none.
        """
        event = self.get(calendar, id_)
        if event.is_deleted:
            raise forbidden()
        removed = {name for name, value in body.items() if value is None}
        changes = checked({name: value for name, value in body.items() if name not in removed and name != "id"})
        given = {name: value for name, value in {**event.given, **changes}.items() if name not in removed}
        if given.get("status") == "cancelled":
            self.delete(calendar, id_)
            return self.get(calendar, id_)
        begins, ends = self._times(calendar, given)
        has_moved = (begins, ends) != (event.begins, event.ends)
        return self._put(
            msgspec.structs.replace(event, given=given, begins=begins, ends=ends, sequence=event.sequence + has_moved)
        )

    def delete(self, calendar: SandboxCalendar, id_: str) -> None:
        """Delete an event.

        Raises:
            GoogleApiError: 404; there is none. 410; it is deleted already.
        """
        event = self.get(calendar, id_)
        if event.is_deleted:
            raise deleted()
        self._put(msgspec.structs.replace(event, is_deleted=True))

    def add(self, calendar: SandboxCalendar, start: date, end: date, **fields: Any) -> SandboxEvent:
        """Make an event as its owner does, of instants or of whole days, `end` exclusive."""
        return self.insert(calendar, {"start": _given_time(start), "end": _given_time(end), **fields})

    def move(self, calendar: SandboxCalendar, id_: str, start: date, end: date) -> SandboxEvent:
        """Move an event as its owner does."""
        return self.patch(calendar, id_, {"start": _given_time(start), "end": _given_time(end)})

    def _times(self, calendar: SandboxCalendar, given: Mapping[str, Any]) -> tuple[datetime, datetime]:
        if given.get("eventType") in _PRIMARY_ONLY and not calendar.is_primary:
            raise invalid("This event type is only possible on a primary calendar.", "eventTypeRestriction")
        return times_of(given, ZoneInfo(calendar.time_zone))

    def _put(self, event: SandboxEvent) -> SandboxEvent:
        self._version += 1
        stored = msgspec.structs.replace(event, version=self._version, updated_at=self._now())
        self._rows.put(f"{stored.calendar_id} {stored.id}", stored)
        self._of.setdefault(stored.calendar_id, {})[stored.id] = stored
        self.changed(stored.calendar_id)
        return stored


def event_resource(event: SandboxEvent, calendar: SandboxCalendar, owner_email: str, link: str) -> dict[str, Any]:
    """Write an event as those see it who may see all of it; the link opens it."""
    if event.is_deleted:
        return {"kind": "calendar#event", "etag": event.etag, "id": event.id, "status": "cancelled"}
    zone = ZoneInfo(calendar.time_zone)
    person = {"email": owner_email, "self": True}
    attendees = [
        {"responseStatus": "needsAction", **each, **({"self": True} if each["email"] == owner_email else {})}
        for each in event.given.get("attendees", [])
    ]
    return {
        "kind": "calendar#event",
        "etag": event.etag,
        "status": "confirmed",
        "htmlLink": link,
        "created": _written(event.created_at),
        "updated": _written(event.updated_at),
        "creator": person,
        "organizer": person,
        "eventType": "default",
        "reminders": {"useDefault": True},
        **event.given,
        "id": event.id,
        "sequence": event.sequence,
        "start": shown_time(event.given["start"], zone),
        "end": shown_time(event.given["end"], zone),
        **({"attendees": attendees} if attendees else {}),
    }


def busy_resource(event: SandboxEvent, calendar: SandboxCalendar) -> dict[str, Any]:
    """Write an event as those see it who may only see when somebody is busy."""
    if event.is_deleted:
        return {"kind": "calendar#event", "etag": event.etag, "id": event.id, "status": "cancelled"}
    zone = ZoneInfo(calendar.time_zone)
    transparency = event.given.get("transparency")
    return {
        "kind": "calendar#event",
        "etag": event.etag,
        "id": event.id,
        "status": event.status,
        "visibility": "private",
        "start": shown_time(event.given["start"], zone),
        "end": shown_time(event.given["end"], zone),
        **({} if transparency is None else {"transparency": transparency}),
    }


def _given_time(at: date) -> dict[str, str]:
    if isinstance(at, datetime):
        return {"dateTime": at.isoformat()}
    return {"date": at.isoformat()}


def _written(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
