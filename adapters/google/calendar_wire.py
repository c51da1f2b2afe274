"""The fields of the Calendar API's answers that are read: when somebody is busy, and nothing of with whom or why.

Source: Google Calendar API v3, `CalendarList`, `Events`, `Freebusy`, `Channel`.
"""

from datetime import date, datetime
from typing import Annotated, Literal

import msgspec

from adapters.http_client.wire import Id

Aware = Annotated[datetime, msgspec.Meta(tz=True)]


class ListedCalendar(msgspec.Struct, frozen=True, rename="camel"):
    id: Id
    access_role: str
    summary: str = ""
    summary_override: str = ""
    time_zone: str = ""
    primary: bool = False
    deleted: bool = False


class CalendarsPage(msgspec.Struct, frozen=True, rename="camel"):
    """`kind` is in every answer that really is one, also where there is nothing to list."""

    kind: Literal["calendar#calendarList"]
    items: list[ListedCalendar] = []
    next_page_token: str | None = None


class EventEnd(msgspec.Struct, frozen=True, rename={"day": "date", "at": "dateTime"}):
    """One end of an event: a day of all-day events, or an instant."""

    day: date | None = None
    at: Aware | None = None


class ListedAttendee(msgspec.Struct, frozen=True, rename={"is_self": "self", "response_status": "responseStatus"}):
    is_self: bool = False
    response_status: str = ""


class WorkingLocation(msgspec.Struct, frozen=True):
    type: str = ""


class ListedEvent(msgspec.Struct, frozen=True, rename="camel"):
    """One event; a cancelled one may have no times.

    Attributes:
        recurring_event_id: of the series that it is one of.
    """

    id: str = ""
    recurring_event_id: str = ""
    uid: str = msgspec.field(default="", name="iCalUID")
    status: str = "confirmed"
    start: EventEnd | None = None
    end: EventEnd | None = None
    transparency: str = "opaque"
    event_type: str = "default"
    attendees: list[ListedAttendee] = []
    working_location_properties: WorkingLocation = WorkingLocation()

    @property
    def own_answer(self) -> str:
        """What the calendar's owner has answered; empty where nobody was asked."""
        return next((each.response_status for each in self.attendees if each.is_self), "")


class EventsPage(msgspec.Struct, frozen=True, rename="camel"):
    """`time_zone` is the zone of all-day events."""

    kind: Literal["calendar#events"]
    time_zone: str
    items: list[ListedEvent] = []
    next_page_token: str | None = None


class OwnProperties(msgspec.Struct, frozen=True):
    """What our app has noted on an event, for itself alone."""

    private: dict[str, str] = {}


class EntryEvent(msgspec.Struct, frozen=True, rename="camel"):
    """An event that we wrote, as far as it matters what has become of it; a deleted one may have no times."""

    id: str
    etag: Id
    status: str
    start: EventEnd | None = None
    end: EventEnd | None = None
    html_link: str = ""
    description: str = ""
    extended_properties: OwnProperties = OwnProperties()


class EntriesPage(msgspec.Struct, frozen=True, rename="camel"):
    """`time_zone` is the zone of all-day events."""

    kind: Literal["calendar#events"]
    time_zone: str
    items: list[EntryEvent] = []
    next_page_token: str | None = None


class BusyPeriod(msgspec.Struct, frozen=True):
    start: Aware
    end: Aware


class BusyError(msgspec.Struct, frozen=True):
    reason: str = ""


class BusyCalendar(msgspec.Struct, frozen=True):
    """What is known of one calendar; without `busy` or with `errors` it is nothing."""

    busy: list[BusyPeriod] | None = None
    errors: list[BusyError] = []


class FreeBusy(msgspec.Struct, frozen=True):
    kind: Literal["calendar#freeBusy"]
    calendars: dict[str, BusyCalendar]


class Channel(msgspec.Struct, frozen=True, rename="camel"):
    """`expiration` is in milliseconds since 1970."""

    id: Id
    resource_id: Id
    expiration: int
