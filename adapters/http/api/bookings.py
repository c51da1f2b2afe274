"""The calls about a host's bookings."""

from typing import Annotated

import msgspec
from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response.base import ASGIResponse

from adapters.http.api.answering import answer
from adapters.http.api.booking_json import HostBooking, HostBookings, for_host
from adapters.http.api.described import call
from adapters.http.api.public import Cancellation, Move, read_cancellation, read_move
from adapters.http.api.reading import ApiRequest, known, read_body, read_query
from adapters.http.reach import app_of, settings_of
from application.ports.views import BookingFilter, BookingView
from domain.errors import NotFound
from domain.host import Host
from domain.ids import BookingId, HostId


class BookingsQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`cursor` is the `next` of the answer before."""

    status: BookingFilter = "upcoming"
    cursor: str | None = None
    limit: Annotated[int, msgspec.Meta(ge=1, le=200)] = 50


@get(
    "/bookings",
    opt=call(
        id="listBookings",
        summary="List your bookings",
        description="Upcoming and needing attention by start ascending, past and cancelled descending.",
        query=BookingsQuery,
        result=HostBookings,
        problems=("invalid-input",),
    ),
)
async def list_bookings(request: ApiRequest, host: NamedDependency[Host]) -> ASGIResponse:
    asked = read_query(request, BookingsQuery)
    ports, public_url = app_of(request).ports, settings_of(request).public_url
    found = await ports.views.bookings(host.id, asked.status, now=ports.clock(), cursor=asked.cursor, limit=asked.limit)
    return answer(HostBookings([for_host(each, public_url) for each in found.items], found.next))


@get(
    "/bookings/{booking_id:str}",
    opt=call(id="getBooking", summary="Read a booking", result=HostBooking, problems=("not-found",)),
)
async def get_booking(request: ApiRequest, host: NamedDependency[Host], booking_id: FromPath[str]) -> ASGIResponse:
    return _shown(request, await _booking(request, host.id, booking_id))


@post(
    "/bookings/{booking_id:str}/cancel",
    opt=call(
        id="cancelBooking",
        summary="Cancel a booking",
        description="The guest is told, with the reason. The meeting stays in the provider's account.",
        body=Cancellation,
        body_required=False,
        result=HostBooking,
        problems=("invalid-input", "not-found", "booking-closed"),
    ),
)
async def cancel_booking(request: ApiRequest, host: NamedDependency[Host], booking_id: FromPath[str]) -> ASGIResponse:
    view = await _booking(request, host.id, booking_id)
    asked = await read_body(request, read_cancellation, optional=True)
    await app_of(request).cancel(view.booking.id, "host", asked.reason)
    return _shown(request, await _booking(request, host.id, booking_id))


@post(
    "/bookings/{booking_id:str}/reschedule",
    opt=call(
        id="rescheduleBooking",
        summary="Move a booking",
        description="To a time that its page offers; both sides are told.",
        body=Move,
        result=HostBooking,
        problems=("invalid-input", "not-found", "booking-closed", "slot-taken", "slot-not-offered"),
    ),
)
async def reschedule_booking(
    request: ApiRequest, host: NamedDependency[Host], booking_id: FromPath[str]
) -> ASGIResponse:
    view = await _booking(request, host.id, booking_id)
    asked = await read_body(request, read_move)
    await app_of(request).reschedule(view, asked.start, "host")
    return _shown(request, await _booking(request, host.id, booking_id))


async def _booking(request: ApiRequest, host_id: HostId, booking_id: str) -> BookingView:
    known(booking_id)
    view = await app_of(request).ports.views.booking(host_id, BookingId(booking_id))
    if view is None:
        raise NotFound("There is no such booking.")
    return view


def _shown(request: ApiRequest, view: BookingView) -> ASGIResponse:
    return answer(for_host(view, settings_of(request).public_url))
