"""The calls about a host's bookings."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Annotated

import msgspec
from litestar import delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response.base import ASGIResponse

from adapters.http.api.answering import REPLAYED, answer
from adapters.http.api.booking_json import HostBooking, HostBookings, for_host
from adapters.http.api.described import call
from adapters.http.api.public import CancellationIn, MoveIn
from adapters.http.api.reading import ApiRequest, known, read_body, read_key, read_query
from adapters.http.request_context import app_of, settings_of
from application.actor import HostActor
from application.app import App
from application.booking.access import BookingById
from application.booking.book_for_guest import BookingForGuest
from application.ports.booking_views import LONGEST_SEARCH, BookingFilter
from domain.ids import BookingId, EventTypeId, PageId
from domain.limits import ITEMS_LISTED
from domain.meeting_type import MeetingTypeName


class BookingsQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which of your bookings to list."""

    status: Annotated[BookingFilter, msgspec.Meta(description="Which of the four lists.")] = "upcoming"
    search: Annotated[
        str,
        msgspec.Meta(
            max_length=LONGEST_SEARCH,
            description="Part of the guest's name or of any guest's email address. Leave it empty for all.",
        ),
    ] = ""
    cursor: Annotated[
        str | None, msgspec.Meta(description="The previous response’s `next`. Leave it out for the first page.")
    ] = None
    limit: Annotated[int, ITEMS_LISTED.meta, msgspec.Meta(description="The most bookings to return.")] = 50


class JoinLink(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    join_url: str


class ProposalIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`starts` are instants with their offsets; the guest reads the `note`."""

    starts: tuple[datetime, ...]
    note: str = ""


class OtherMeetingType(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    meeting_type: MeetingTypeName


@get(
    "/bookings",
    opt=call(
        id="listBookings",
        summary="List your bookings",
        scopes=("bookings:read",),
        description="Upcoming ones and those that need attention by start ascending, past and cancelled ones "
        "descending.",
        query=BookingsQuery,
        result=HostBookings,
        problems=("invalid-input",),
    ),
)
async def list_bookings(request: ApiRequest, actor: NamedDependency[HostActor]) -> ASGIResponse:
    asked = read_query(request, BookingsQuery)
    public_url = settings_of(request).public_url
    found = await app_of(request).list_bookings(
        actor, asked.status, cursor=asked.cursor, limit=asked.limit, search=asked.search
    )
    return answer(HostBookings([for_host(each, public_url) for each in found.items], found.next))


@get(
    "/bookings/{booking_id:str}",
    opt=call(
        id="getBooking",
        summary="Read a booking",
        scopes=("bookings:read",),
        result=HostBooking,
        problems=("not-found",),
    ),
)
async def get_booking(
    request: ApiRequest, actor: NamedDependency[HostActor], booking_id: FromPath[str]
) -> ASGIResponse:
    return await _shown(request, actor, _id(booking_id))


@post(
    "/booking-pages/{page_id:str}/event-types/{event_type_id:str}/bookings",
    opt=call(
        id="bookForGuest",
        summary="Book for a guest",
        scopes=("bookings:write",),
        description="At any future time, also outside your hours, but never over another booking. The guest gets the "
        "usual email and link. Answers are optional. If one of the page’s calendars is busy then or can’t be read, set "
        "`despite_calendars` to book anyway.",
        body=BookingForGuest,
        takes_key=True,
        status=201,
        result=HostBooking,
        problems=(
            "invalid-input",
            "not-found",
            "no-meeting-type-available",
            "meeting-type-not-offered",
            "slot-taken",
            "slot-not-offered",
            "calendar-busy",
            "calendar-unreadable",
            "too-many-bookings",
            "too-many-requests",
        ),
    ),
)
async def book_for_guest(
    request: ApiRequest,
    actor: NamedDependency[HostActor],
    network: NamedDependency[str],
    page_id: FromPath[str],
    event_type_id: FromPath[str],
) -> ASGIResponse:
    known(page_id, event_type_id)
    asked = await read_body(request, BookingForGuest)
    submit = await app_of(request).book_for_guest(
        actor, PageId(page_id), EventTypeId(event_type_id), asked, network=network, key=read_key(request)
    )
    return answer(for_host(submit.booking, settings_of(request).public_url), 201, REPLAYED if submit.replayed else None)


@post(
    "/bookings/{booking_id:str}/cancel",
    opt=call(
        id="cancelBooking",
        summary="Cancel a booking",
        scopes=("bookings:write",),
        description="We email all guests the reason. The meeting stays in the provider's account.",
        body=CancellationIn,
        body_required=False,
        takes_key=True,
        result=HostBooking,
        problems=("invalid-input", "not-found", "booking-closed"),
    ),
)
async def cancel_booking(
    request: ApiRequest, actor: NamedDependency[HostActor], booking_id: FromPath[str]
) -> ASGIResponse:
    which = _id(booking_id)
    asked = await read_body(request, CancellationIn, optional=True)
    return await _changed(
        request, actor, which, asked, lambda app, by: app.cancel(BookingById(by, which), asked.reason)
    )


@post(
    "/bookings/{booking_id:str}/reschedule",
    opt=call(
        id="rescheduleBooking",
        summary="Reschedule a booking",
        scopes=("bookings:write",),
        description="To a time that its page offers. We email everyone.",
        body=MoveIn,
        takes_key=True,
        result=HostBooking,
        problems=(
            "invalid-input",
            "not-found",
            "booking-closed",
            "slot-taken",
            "slot-not-offered",
            "calendar-unreadable",
            "too-many-requests",
        ),
    ),
)
async def reschedule_booking(
    request: ApiRequest, actor: NamedDependency[HostActor], booking_id: FromPath[str]
) -> ASGIResponse:
    which = _id(booking_id)
    asked = await read_body(request, MoveIn)
    return await _changed(
        request, actor, which, asked, lambda app, by: app.reschedule(BookingById(by, which), asked.start, asked.reason)
    )


@post(
    "/bookings/{booking_id:str}/proposals",
    opt=call(
        id="proposeTimes",
        summary="Propose other times to the guest",
        scopes=("bookings:write",),
        description="Up to 5 times that its page offers. The guest gets an email with a link for each, and the booking "
        "stays as it is until they choose one. The links work for 7 days, until the booking is rescheduled or "
        "cancelled.",
        body=ProposalIn,
        takes_key=True,
        result=HostBooking,
        problems=(
            "invalid-input",
            "not-found",
            "booking-closed",
            "slot-taken",
            "slot-not-offered",
            "calendar-unreadable",
            "too-many-requests",
        ),
    ),
)
async def propose_times(
    request: ApiRequest, actor: NamedDependency[HostActor], booking_id: FromPath[str]
) -> ASGIResponse:
    which = _id(booking_id)
    asked = await read_body(request, ProposalIn)
    return await _changed(
        request, actor, which, asked, lambda app, by: app.propose_times(by, which, asked.starts, asked.note)
    )


@post(
    "/bookings/{booking_id:str}/retry-meeting",
    opt=call(
        id="retryMeeting",
        summary="Try again to create the meeting",
        scopes=("bookings:write",),
        description="Right away, even if we’ve given up. A booking that has its link, or needs none, stays as it is.",
        takes_key=True,
        result=HostBooking,
        problems=("not-found", "booking-closed", "too-many-requests"),
    ),
)
async def retry_meeting(
    request: ApiRequest, actor: NamedDependency[HostActor], booking_id: FromPath[str]
) -> ASGIResponse:
    which = _id(booking_id)
    return await _changed(request, actor, which, None, lambda app, by: app.retry_meeting(by, which))


@put(
    "/bookings/{booking_id:str}/join-link",
    opt=call(
        id="setJoinLink",
        summary="Add or replace the join link",
        scopes=("bookings:write",),
        description="An https address of your own. We email everyone. A meeting that it replaces stays in the "
        "provider's account.",
        body=JoinLink,
        takes_key=True,
        result=HostBooking,
        problems=("invalid-input", "not-found", "booking-closed", "too-many-requests"),
    ),
)
async def set_join_link(
    request: ApiRequest, actor: NamedDependency[HostActor], booking_id: FromPath[str]
) -> ASGIResponse:
    which = _id(booking_id)
    asked = await read_body(request, JoinLink)
    return await _changed(request, actor, which, asked, lambda app, by: app.set_join_link(by, which, asked.join_url))


@put(
    "/bookings/{booking_id:str}/meeting-type",
    opt=call(
        id="switchMeetingType",
        summary="Switch to another meeting type",
        scopes=("bookings:write",),
        description="To one that the booking's page has and that works with what the guest entered. We email everyone.",
        body=OtherMeetingType,
        takes_key=True,
        result=HostBooking,
        problems=(
            "invalid-input",
            "not-found",
            "booking-closed",
            "meeting-type-not-offered",
            "no-meeting-type-available",
            "too-many-requests",
        ),
    ),
)
async def switch_meeting_type(
    request: ApiRequest, actor: NamedDependency[HostActor], booking_id: FromPath[str]
) -> ASGIResponse:
    which = _id(booking_id)
    asked = await read_body(request, OtherMeetingType)
    return await _changed(
        request, actor, which, asked, lambda app, by: app.switch_meeting_type(by, which, asked.meeting_type)
    )


@post(
    "/bookings/{booking_id:str}/resend",
    opt=call(
        id="resendMails",
        summary="Resend the emails",
        scopes=("bookings:write",),
        description="The same emails to everyone, with the same calendar file and Message-ID.",
        takes_key=True,
        result=HostBooking,
        problems=("not-found", "booking-closed", "too-many-requests"),
    ),
)
async def resend(request: ApiRequest, actor: NamedDependency[HostActor], booking_id: FromPath[str]) -> ASGIResponse:
    which = _id(booking_id)
    return await _changed(request, actor, which, None, lambda app, by: app.resend(BookingById(by, which)))


@post(
    "/bookings/{booking_id:str}/calendar-entry/restore",
    opt=call(
        id="restoreCalendarEntry",
        summary="Put the calendar event back",
        scopes=("bookings:write",),
        description="If you deleted or moved it in your calendar. The booking stays as it is.",
        takes_key=True,
        result=HostBooking,
        problems=("not-found", "booking-closed"),
    ),
)
async def restore_entry(
    request: ApiRequest, actor: NamedDependency[HostActor], booking_id: FromPath[str]
) -> ASGIResponse:
    which = _id(booking_id)
    return await _changed(request, actor, which, None, lambda app, by: app.restore_entry(BookingById(by, which)))


@post(
    "/bookings/{booking_id:str}/calendar-entry/accept",
    opt=call(
        id="acceptCalendarEntry",
        summary="Apply your calendar’s change to the booking",
        scopes=("bookings:write",),
        description="A deleted event cancels the booking, a moved one reschedules it. We email all guests.",
        takes_key=True,
        result=HostBooking,
        problems=("not-found", "booking-closed", "slot-taken", "slot-not-offered", "too-many-requests"),
    ),
)
async def accept_entry(
    request: ApiRequest, actor: NamedDependency[HostActor], booking_id: FromPath[str]
) -> ASGIResponse:
    which = _id(booking_id)
    return await _changed(request, actor, which, None, lambda app, by: app.accept_entry_change(BookingById(by, which)))


@delete(
    "/bookings/{booking_id:str}/guest",
    opt=call(
        id="eraseGuest",
        summary="Erase the guest’s details",
        scopes=("bookings:write",),
        description="For a past or cancelled booking: name, address, number, answers and reasons, everywhere. The "
        "guest’s name becomes “Erased”. We don’t send emails about the booking that are still waiting.",
        status=204,
        problems=("not-found", "booking-open"),
    ),
)
async def erase_guest(request: ApiRequest, actor: NamedDependency[HostActor], booking_id: FromPath[str]) -> None:
    await app_of(request).erase_guest(actor, _id(booking_id))


def _id(text: str) -> BookingId:
    known(text)
    return BookingId(text)


async def _changed(
    request: ApiRequest,
    actor: HostActor,
    booking_id: BookingId,
    asked: msgspec.Struct | None,
    change: Callable[[App, HostActor], Awaitable[object]],
) -> ASGIResponse:
    """Make a change, once for each idempotency key, and answer with the booking as it is then."""
    app, key = app_of(request), read_key(request)
    if key is None:
        await change(app, actor)
        return await _shown(request, actor, booking_id)
    whole = [request.route_handler.opt["call"].id, booking_id, asked]
    replayed = await app.change_once(actor, key, whole, lambda once: change(app, once))
    return await _shown(request, actor, booking_id, replayed=replayed)


async def _shown(
    request: ApiRequest, actor: HostActor, booking_id: BookingId, *, replayed: bool = False
) -> ASGIResponse:
    view = await app_of(request).show_booking(actor, booking_id)
    return answer(for_host(view, settings_of(request).public_url), 200, REPLAYED if replayed else None)
