"""Booking pages as an assistant reads them: what can be booked, and the ids to ask for it by."""

from typing import Annotated

import msgspec

from domain.booking_page import BookingPage, EventType
from domain.ids import EventTypeId, PageId
from domain.meeting_type import MeetingTypeName, name_of

MOST_EVENT_TYPES_LISTED = 100


class AssistantEventType(msgspec.Struct, frozen=True):
    id: EventTypeId
    title: str
    duration_minutes: int
    meeting_types: tuple[MeetingTypeName, ...]


class AssistantPage(msgspec.Struct, frozen=True):
    id: PageId
    title: str
    active: Annotated[bool, msgspec.Meta(description="False: it takes no new bookings from guests.")]
    url: Annotated[
        str | None, msgspec.Meta(description="The link for guests; null where the token lacks account:read.")
    ]
    event_types: tuple[AssistantEventType, ...]


class PageListResult(msgspec.Struct, frozen=True):
    pages: tuple[AssistantPage, ...]
    left_out: Annotated[
        int, msgspec.Meta(description="How many event types there are that this answer has no room for.")
    ]


def page_list_result(pages: list[BookingPage], address: str | None) -> PageListResult:
    """The pages with as many event types as there is room for; guests find pages below the `address`."""
    room = MOST_EVENT_TYPES_LISTED
    listed: list[AssistantPage] = []
    for page in pages:
        if room == 0:
            break
        shown = page.event_types[:room]
        room -= len(shown)
        event_types = tuple(_event_type(page, each) for each in shown)
        url = f"{address}/{page.slug}" if address else None
        listed.append(AssistantPage(page.id, page.title, page.active, url, event_types))
    everything = sum(len(page.event_types) for page in pages)
    return PageListResult(tuple(listed), everything - (MOST_EVENT_TYPES_LISTED - room))


def _event_type(page: BookingPage, each: EventType) -> AssistantEventType:
    minutes = int(each.duration.total_seconds()) // 60
    meeting_types: tuple[MeetingTypeName, ...] = tuple(name_of(one) for one in page.meeting_types_of(each))
    return AssistantEventType(each.id, each.title, minutes, meeting_types)
