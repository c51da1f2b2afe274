"""The fields of Graph's answers about calendars that are read: when somebody is busy, and nothing of with whom or why.

Source: Microsoft Graph v1.0, `calendar`, `event`, `subscription` and `changeNotification`.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Final

import msgspec

from adapters.http_client.wire import Id

Aware = Annotated[datetime, msgspec.Meta(tz=True)]


class GraphPage(msgspec.Struct, frozen=True, rename={"next_link": "@odata.nextLink"}):
    next_link: str | None = None


class ListedMailboxCalendar(msgspec.Struct, frozen=True, rename="camel"):
    id: Id
    name: str | None = None
    is_default_calendar: bool | None = None
    can_edit: bool | None = None


class GraphCalendarsPage(GraphPage, frozen=True, kw_only=True):
    value: list[ListedMailboxCalendar]


class WallClockTime(msgspec.Struct, frozen=True, rename="camel"):
    """A time without its offset, and the name of its zone."""

    date_time: str | None = None
    time_zone: str | None = None


class EventResponse(msgspec.Struct, frozen=True):
    response: str | None = None


class ExtendedProperty(msgspec.Struct, frozen=True):
    id: str
    value: str | None = None


UID_PROPERTY: Final = "String {7e3c1d52-94c8-4a0b-8f1e-2b6d9a5f0c47} Name TimeTunaEntry"
"""Holds the UID of an entry of ours."""

UID_EXPANDED: Final = f"singleValueExtendedProperties($filter=id eq '{UID_PROPERTY}')"

LINES_PROPERTY: Final = "String {7e3c1d52-94c8-4a0b-8f1e-2b6d9a5f0c47} Name TimeTunaLines"
"""Tells which lines of an entry's description are ours."""

LINES_EXPANDED: Final = f"singleValueExtendedProperties($filter=id eq '{LINES_PROPERTY}')"


def value_of(property_id: str, held: Iterable[ExtendedProperty] | None) -> str | None:
    """Find an extended property among those that were asked for."""
    return next((each.value for each in held or () if each.id.lower() == property_id.lower()), None)


class ViewedEvent(msgspec.Struct, frozen=True, rename="camel"):
    """An event in a view; every member can be null.

    Attributes:
        series_master_id: of the series that it is one of.
        original_start_time_zone: of the mailbox, as a rule, in which the event was made.
    """

    id: str | None = None
    series_master_id: str | None = None
    uid: str | None = msgspec.field(default=None, name="iCalUId")
    start: WallClockTime | None = None
    end: WallClockTime | None = None
    is_all_day: bool | None = None
    show_as: str | None = None
    response_status: EventResponse | None = None
    is_cancelled: bool | None = None
    original_start_time_zone: str | None = None
    single_value_extended_properties: list[ExtendedProperty] | None = None

    @property
    def entry_uid(self) -> str | None:
        """The UID of an entry of ours, where it was asked for."""
        return value_of(UID_PROPERTY, self.single_value_extended_properties)


SELECTED: Final = (
    "id",
    "seriesMasterId",
    "iCalUId",
    "start",
    "end",
    "isAllDay",
    "showAs",
    "responseStatus",
    "isCancelled",
    "originalStartTimeZone",
)


class ViewedEntry(ViewedEvent, frozen=True, rename="camel", kw_only=True):
    """An event that may be an entry of ours."""

    change_key: str | None = None
    web_link: str | None = None


ENTRY_SELECTED: Final = ("id", "changeKey", "start", "end", "isAllDay", "originalStartTimeZone", "webLink")


class EventBody(msgspec.Struct, frozen=True, rename="camel"):
    content: str | None = None
    content_type: str | None = None


class NotedEntry(msgspec.Struct, frozen=True, rename="camel"):
    """The description of an entry of ours, with what its host has added."""

    body: EventBody | None = None
    single_value_extended_properties: list[ExtendedProperty] | None = None

    @property
    def marks(self) -> str | None:
        return value_of(LINES_PROPERTY, self.single_value_extended_properties)


class EntryPage(GraphPage, frozen=True, kw_only=True):
    value: list[ViewedEntry]


class ViewPage(GraphPage, frozen=True, kw_only=True):
    value: list[ViewedEvent]


class GraphSubscription(msgspec.Struct, frozen=True, rename="camel"):
    id: Id
    expiration_date_time: Aware


class ChangeNotification(msgspec.Struct, frozen=True, rename="camel"):
    """What Graph says of one subscription; `lifecycle_event` is there where it is about the subscription itself."""

    client_state: str | None = None
    lifecycle_event: str | None = None


class ChangeNotifications(msgspec.Struct, frozen=True):
    value: list[ChangeNotification]
