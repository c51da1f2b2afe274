"""The tools, named by what a host wants done. Each calls the use case that the API calls, with the token's scopes."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, Generic, Literal, TypeVar

import msgspec

from adapters.http.api.reading import checked_key, known, read_members
from adapters.http.api.why_json import WhyOut, why_for_host
from adapters.http.mcp.booking_results import (
    BookingListResult,
    BookingResult,
    ChangeResult,
    booking_list_result,
    booking_result,
    change_result,
)
from adapters.http.mcp.caller import Caller
from adapters.http.mcp.page_results import PageListResult, page_list_result
from adapters.http.mcp.time_results import FreeTimesResult, free_times_result
from application.actor import HostActor
from application.booking.access import BookingById
from application.booking.book import GuestDetails
from application.booking.book_for_guest import BookingForGuest
from application.booking.list_slots import Slots
from application.ports.booking_views import BookingFilter
from domain.errors import InvalidInput
from domain.faults import Required
from domain.ids import BookingId, EventTypeId, PageId
from domain.meeting_type import MeetingTypeName

MOST_BOOKINGS_LISTED = 20

Effect = Literal["reads", "adds", "replaces"]
"""What a tool does to the host's things: nothing, more of them, or other ones in their place."""

Key = Annotated[
    str,
    msgspec.Meta(
        description="A value of your own for this one change, such as a UUID: up to 255 visible ASCII characters. A "
        "repeat with the same key changes nothing more."
    ),
]
Start = Annotated[datetime, msgspec.Meta(description="ISO 8601 with an offset, such as 2026-12-01T15:00:00+01:00.")]
Zone = Annotated[str, msgspec.Meta(description="IANA time zone, such as Europe/Berlin.")]
PageOf = Annotated[PageId, msgspec.Meta(description="From list_pages.")]
EventTypeOf = Annotated[EventTypeId, msgspec.Meta(description="From list_pages.")]
BookingOf = Annotated[BookingId, msgspec.Meta(description="From list_bookings.")]
Reason = Annotated[str, msgspec.Meta(description="For the guest, who gets it by email.")]


class ListPagesCall(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    pass


class FindTimesCall(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    page_id: PageOf | None = None
    event_type_id: EventTypeOf | None = None
    booking_id: Annotated[
        BookingId | None, msgspec.Meta(description="In place of the two: the times to which this booking can move.")
    ] = None
    first: Annotated[date, msgspec.Meta(description="The first day in the time zone.")] = msgspec.field(name="from")
    last: Annotated[date, msgspec.Meta(description="The last day, at most 61 days later.")] = msgspec.field(name="to")
    timezone: Zone


class WhyCall(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    page_id: PageOf
    event_type_id: EventTypeOf
    start: Start


class BookCall(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    page_id: PageOf
    event_type_id: EventTypeOf
    start: Start
    meeting_type: Annotated[MeetingTypeName, msgspec.Meta(description="One of the event type's.")]
    guest: GuestDetails
    idempotency_key: Key
    additional_guests: Annotated[
        tuple[str, ...], msgspec.Meta(description="Email addresses of up to 10 others who come along.")
    ] = ()


class ListBookingsCall(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    status: BookingFilter = "upcoming"
    search: Annotated[
        str, msgspec.Meta(description="Part of a guest's name or email address, or of an additional guest's address.")
    ] = ""
    limit: Annotated[int, msgspec.Meta(ge=1, le=MOST_BOOKINGS_LISTED)] = MOST_BOOKINGS_LISTED
    cursor: Annotated[str | None, msgspec.Meta(description="The `next` of the answer before.")] = None


class GetBookingCall(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    booking_id: BookingOf


class MoveCall(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    booking_id: BookingOf
    start: Start
    idempotency_key: Key
    reason: Reason = ""


class ProposeCall(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    booking_id: BookingOf
    starts: Annotated[tuple[datetime, ...], msgspec.Meta(description="Up to 5 free times, from find_times.")]
    idempotency_key: Key
    note: Annotated[str, msgspec.Meta(description="For the guest.")] = ""


class CancelCall(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    booking_id: BookingOf
    idempotency_key: Key
    reason: Reason = ""


class RetryLinkCall(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    booking_id: BookingOf
    idempotency_key: Key


class SetLinkCall(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    booking_id: BookingOf
    join_url: Annotated[str, msgspec.Meta(description="An https address at which the meeting can be joined.")]
    idempotency_key: Key


Arguments = TypeVar("Arguments", bound=msgspec.Struct)


@dataclass(frozen=True)
class AssistantTool(Generic[Arguments]):
    """One tool; `run` raises the refusals of its use case."""

    name: str
    title: str
    description: str
    effect: Effect
    arguments: type[Arguments]
    result: type[msgspec.Struct]
    run: Callable[[Caller, Arguments], Awaitable[msgspec.Struct]]

    async def call(self, caller: Caller, given: Mapping[str, object]) -> msgspec.Struct:
        """Raises Refusal: InvalidInput too."""
        return await self.run(caller, read_members(given, self.arguments))


async def _list_pages(caller: Caller, _asked: ListPagesCall) -> PageListResult:
    app, actor = caller.app, caller.actor
    pages = await app.list_pages(actor)
    if not actor.may("account:read"):
        return page_list_result(pages, None)
    host = (await app.show_profile(actor)).host
    return page_list_result(pages, f"{caller.settings.public_url}/{host.handle}")


async def _find_times(caller: Caller, asked: FindTimesCall) -> FreeTimesResult:
    app, actor = caller.app, caller.actor
    if asked.booking_id is not None:
        access = BookingById(actor, _known(asked.booking_id))
        free = await app.reschedule.free_times(access, asked.first, asked.last, asked.timezone)
        return free_times_result(Slots(asked.timezone, free))
    if asked.page_id is None or asked.event_type_id is None:
        raise InvalidInput.at("event_type_id" if asked.page_id else "page_id", Required())
    known(asked.page_id, asked.event_type_id)
    return free_times_result(
        await app.list_slots.for_host(
            actor, asked.page_id, asked.event_type_id, asked.first, asked.last, asked.timezone
        )
    )


async def _why(caller: Caller, asked: WhyCall) -> WhyOut:
    known(asked.page_id, asked.event_type_id)
    found = await caller.app.explain_time(caller.actor, asked.page_id, asked.event_type_id, asked.start)
    return await why_for_host(caller.app, found)


async def _book(caller: Caller, asked: BookCall) -> ChangeResult:
    known(asked.page_id, asked.event_type_id)
    key = checked_key(asked.idempotency_key, "idempotency_key")
    request = BookingForGuest(asked.start, asked.meeting_type, asked.guest, additional_guests=asked.additional_guests)
    submit = await caller.app.book_for_guest(
        caller.actor, asked.page_id, asked.event_type_id, request, network=caller.network, key=key
    )
    return change_result(submit.booking, caller.settings.public_url, replayed=submit.replayed)


async def _list_bookings(caller: Caller, asked: ListBookingsCall) -> BookingListResult:
    found = await caller.app.list_bookings(
        caller.actor, asked.status, cursor=asked.cursor, limit=asked.limit, search=asked.search
    )
    return booking_list_result(list(found.items), found.next, caller.settings.public_url)


async def _get_booking(caller: Caller, asked: GetBookingCall) -> BookingResult:
    view = await caller.app.show_booking(caller.actor, _known(asked.booking_id))
    return booking_result(view, caller.settings.public_url)


async def _move(caller: Caller, asked: MoveCall) -> ChangeResult:
    def change(actor: HostActor) -> Awaitable[object]:
        return caller.app.reschedule(BookingById(actor, asked.booking_id), asked.start, asked.reason)

    return await _once(caller, "move_booking", asked, change)


async def _propose(caller: Caller, asked: ProposeCall) -> ChangeResult:
    def change(actor: HostActor) -> Awaitable[object]:
        return caller.app.propose_times(actor, asked.booking_id, asked.starts, asked.note)

    return await _once(caller, "propose_times", asked, change)


async def _cancel(caller: Caller, asked: CancelCall) -> ChangeResult:
    def change(actor: HostActor) -> Awaitable[object]:
        return caller.app.cancel(BookingById(actor, asked.booking_id), asked.reason)

    return await _once(caller, "cancel_booking", asked, change)


async def _retry_link(caller: Caller, asked: RetryLinkCall) -> ChangeResult:
    def change(actor: HostActor) -> Awaitable[object]:
        return caller.app.retry_meeting(actor, asked.booking_id)

    return await _once(caller, "retry_link", asked, change)


async def _set_link(caller: Caller, asked: SetLinkCall) -> ChangeResult:
    def change(actor: HostActor) -> Awaitable[object]:
        return caller.app.set_join_link(actor, asked.booking_id, asked.join_url)

    return await _once(caller, "set_join_link", asked, change)


_Change = MoveCall | ProposeCall | CancelCall | RetryLinkCall | SetLinkCall


async def _once(
    caller: Caller, name: str, asked: _Change, change: Callable[[HostActor], Awaitable[object]]
) -> ChangeResult:
    booking_id = _known(asked.booking_id)
    key = checked_key(asked.idempotency_key, "idempotency_key")
    replayed = await caller.app.change_once(caller.actor, key, [name, asked], change)
    # Whoever may change a booking may read it.
    view = await caller.app.show_booking(caller.actor, booking_id)
    return change_result(view, caller.settings.public_url, replayed=replayed)


def _known(booking_id: BookingId) -> BookingId:
    known(booking_id)
    return booking_id


_ALL: tuple[AssistantTool[Any], ...] = (
    AssistantTool(
        name="list_pages",
        title="List booking pages",
        description="List the user's booking pages and event types, with their ids and the links for guests.",
        effect="reads",
        arguments=ListPagesCall,
        result=PageListResult,
        run=_list_pages,
    ),
    AssistantTool(
        name="find_times",
        title="Find free times",
        description="Find the times at which guests can book an event type, or to which a booking can be moved. "
        "Calendars, hours and limits are taken into account.",
        effect="reads",
        arguments=FindTimesCall,
        result=FreeTimesResult,
        run=_find_times,
    ),
    AssistantTool(
        name="why_not_offered",
        title="Explain why a time isn't offered",
        description="Tell every reason why guests aren't offered an event type at a time.",
        effect="reads",
        arguments=WhyCall,
        result=WhyOut,
        run=_why,
    ),
    AssistantTool(
        name="list_bookings",
        title="List bookings",
        description="List the user's upcoming, past or cancelled bookings, or those that need attention, such as a "
        "missing link.",
        effect="reads",
        arguments=ListBookingsCall,
        result=BookingListResult,
        run=_list_bookings,
    ),
    AssistantTool(
        name="get_booking",
        title="Read a booking",
        description="Read one booking with its guest's answers and reasons, and with what has happened to it.",
        effect="reads",
        arguments=GetBookingCall,
        result=BookingResult,
        run=_get_booking,
    ),
    AssistantTool(
        name="book_meeting",
        title="Book a meeting",
        description="Book a time for a guest, who gets the usual email and link. Any time ahead can be booked, also "
        "outside the offered hours, but never over another booking or a busy calendar.",
        effect="adds",
        arguments=BookCall,
        result=ChangeResult,
        run=_book,
    ),
    AssistantTool(
        name="move_booking",
        title="Reschedule a booking",
        description="Move a booking to a time that its page offers. The guest and the user get an email.",
        effect="replaces",
        arguments=MoveCall,
        result=ChangeResult,
        run=_move,
    ),
    AssistantTool(
        name="propose_times",
        title="Propose other times",
        description="Email the guest other times to choose from. The booking stays as it is until they choose one.",
        effect="adds",
        arguments=ProposeCall,
        result=ChangeResult,
        run=_propose,
    ),
    AssistantTool(
        name="cancel_booking",
        title="Cancel a booking",
        description="Cancel a booking for good. The guest gets an email with the reason.",
        effect="replaces",
        arguments=CancelCall,
        result=ChangeResult,
        run=_cancel,
    ),
    AssistantTool(
        name="retry_link",
        title="Try again to create the meeting",
        description="Try again to create the meeting of a booking without a link. One that has its link "
        "stays as it is.",
        effect="adds",
        arguments=RetryLinkCall,
        result=ChangeResult,
        run=_retry_link,
    ),
    AssistantTool(
        name="set_join_link",
        title="Set the join link",
        description="Add or replace a booking's join link with one of the user's own. The guest gets an email.",
        effect="replaces",
        arguments=SetLinkCall,
        result=ChangeResult,
        run=_set_link,
    ),
)

TOOLS: Mapping[str, AssistantTool[Any]] = {each.name: each for each in _ALL}
