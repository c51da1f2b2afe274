"""The calls that need no account: a page, its free times, and a guest's booking."""

from datetime import date, datetime
from typing import Annotated

import msgspec
from litestar import get, post
from litestar.params import FromPath
from litestar.response.base import ASGIResponse

from adapters.http.api.answering import REPLAYED, answer
from adapters.http.api.booking_json import GuestBooking, InvitationOut, for_guest, for_invitee
from adapters.http.api.described import call
from adapters.http.api.moved import following
from adapters.http.api.page_json import PublicPageOut, page_for_guests
from adapters.http.api.reading import ApiRequest, known, read_body, read_key, read_query
from adapters.http.clients import client_network, counting_cancellation, spend
from adapters.http.problems import UnsupportedMediaType
from adapters.http.request_context import app_of, settings_of
from application.actor import GuestActor
from application.booking.book import BookingRequest, Submit
from application.booking.list_slots import Slots
from application.booking.offering import MOST_DAYS
from application.ports.booking_views import BookingView
from domain.budgets import PUBLIC_WRITES
from domain.errors import Refusal
from domain.host import no_page_of
from domain.ids import GuestToken, LeaveToken


class SlotsQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Days in `timezone`, both included."""

    first: Annotated[date, msgspec.Meta(description="The first day, such as 2026-12-01.")] = msgspec.field(name="from")
    last: Annotated[date, msgspec.Meta(description=f"The last day, at most {MOST_DAYS - 1} days later.")] = (
        msgspec.field(name="to")
    )
    timezone: Annotated[str, msgspec.Meta(description="The IANA time zone of these days, such as Europe/Berlin.")]


class CancellationIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    reason: str = ""


class MoveIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`start` is an instant with its offset; moving a booking to where it is changes nothing."""

    start: datetime
    reason: str = ""


@get(
    "/public/{handle:str}/{page:str}",
    opt=call(
        id="getPublicPage",
        summary="Read a booking page",
        description="`meeting_types` has only what works right now, in the host's order. If nothing does, "
        "`accepting_bookings` is false.",
        result=PublicPageOut,
        problems=("not-found",),
    ),
)
async def get_page(request: ApiRequest, handle: FromPath[str], page: FromPath[str]) -> ASGIResponse:
    known(handle, page)
    app = app_of(request)
    async with following(request, handle, page):
        found = await app.show_public_page(handle, page)
        if found is None:
            raise no_page_of(handle)
    return answer(page_for_guests(found, app.configured, app.now()))


@get(
    "/public/{handle:str}/{page:str}/{event_type:str}/slots",
    opt=call(
        id="listSlots",
        summary="List free times",
        description="Starts in UTC, ascending, on the given days of `timezone`.",
        query=SlotsQuery,
        result=Slots,
        problems=("invalid-input", "not-found"),
    ),
)
async def list_slots(
    request: ApiRequest, handle: FromPath[str], page: FromPath[str], event_type: FromPath[str]
) -> ASGIResponse:
    known(handle, page, event_type)
    asked = read_query(request, SlotsQuery)
    app = app_of(request)
    async with following(request, handle, page, event_type):
        return answer(await app.list_slots(handle, page, event_type, asked.first, asked.last, asked.timezone))


@post(
    "/public/{handle:str}/{page:str}/{event_type:str}/bookings",
    opt=call(
        id="createBooking",
        summary="Book a time",
        description="If guests have to confirm their address, the booking is `held`: we email the guest a link, and "
        "nothing is booked unless they confirm with it in time. If you repeat a request with the same "
        "`Idempotency-Key`, you get the same booking and `Idempotent-Replayed: true`.",
        body=BookingRequest,
        takes_key=True,
        status=201,
        result=GuestBooking,
        problems=(
            "invalid-input",
            "not-found",
            "no-meeting-type-available",
            "meeting-type-not-offered",
            "slot-taken",
            "slot-not-offered",
            "calendar-unreadable",
            "too-many-bookings",
            "link-ended",
            "too-many-requests",
        ),
    ),
)
async def create_booking(
    request: ApiRequest, handle: FromPath[str], page: FromPath[str], event_type: FromPath[str]
) -> ASGIResponse:
    stored = False
    try:
        submit = await _submit(request, handle, page, event_type)
        stored = not submit.replayed
    finally:
        # A booking that is stored was counted by the statement that stores it, which saves a round trip.
        if not stored:
            await spend(request, PUBLIC_WRITES)
    replayed = REPLAYED if submit.replayed else None
    return answer(for_guest(submit.booking, settings_of(request).public_url), 201, replayed)


async def _submit(request: ApiRequest, handle: str, page: str, event_type: str) -> Submit:
    known(handle, page, event_type)
    app, network = app_of(request), client_network(request)
    async with following(request, handle, page, event_type):
        try:
            asked = await read_body(request, BookingRequest)
            key = read_key(request)
        except (Refusal, UnsupportedMediaType):
            # Whoever can't book here at all is told that first, not what to correct.
            await app.book.check_open(handle, page, event_type)
            raise
        also = (PUBLIC_WRITES.of(network),)
        return await app.book(handle, page, event_type, asked, key, network=network, also=also)


@get(
    "/public/bookings/{token:str}",
    opt=call(
        id="getGuestBooking",
        summary="Read a booking with the guest's token",
        result=GuestBooking,
        problems=("not-found",),
    ),
)
async def get_booking(request: ApiRequest, token: FromPath[str]) -> ASGIResponse:
    return _shown(request, await _booking(request, token))


@post(
    "/public/bookings/{token:str}/cancel",
    opt=call(
        id="cancelGuestBooking",
        summary="Cancel a booking as its guest",
        description="A held booking is gone afterwards. If you got no response, send it again: we cancel a booking "
        "only once, and `booking-closed` says that it’s cancelled.",
        body=CancellationIn,
        body_required=False,
        result=GuestBooking,
        problems=("invalid-input", "not-found", "booking-closed", "too-many-requests"),
    ),
)
async def cancel_booking(request: ApiRequest, token: FromPath[str]) -> ASGIResponse:
    async with counting_cancellation(request):
        view = await _booking(request, token)
        asked = await read_body(request, CancellationIn, optional=True)
        cancelled = await app_of(request).cancel(_guest(token), asked.reason)
    return _shown(request, msgspec.structs.replace(view, booking=cancelled))


@post(
    "/public/bookings/{token:str}/reschedule",
    opt=call(
        id="rescheduleGuestBooking",
        summary="Reschedule a booking as its guest",
        description="If you got no response, send it again: we reschedule the booking only once, and the response is "
        "the same.",
        body=MoveIn,
        result=GuestBooking,
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
async def reschedule_booking(request: ApiRequest, token: FromPath[str]) -> ASGIResponse:
    await spend(request, PUBLIC_WRITES)
    guest = _guest(token)
    asked = await read_body(request, MoveIn)
    await app_of(request).reschedule(guest, asked.start, asked.reason)
    return _shown(request, await _booking(request, token))


@post(
    "/public/bookings/{token:str}/resend",
    opt=call(
        id="resendGuestMail",
        summary="Resend the guest's email",
        description="The same email as before, to the booking’s address.",
        result=GuestBooking,
        problems=("not-found", "booking-closed", "too-many-requests"),
    ),
)
async def resend_mail(request: ApiRequest, token: FromPath[str]) -> ASGIResponse:
    await spend(request, PUBLIC_WRITES)
    await app_of(request).resend(_guest(token))
    return _shown(request, await _booking(request, token))


@get(
    "/public/invitations/{token:str}",
    opt=call(
        id="getInvitation",
        summary="Read an invitation with an additional guest's token",
        result=InvitationOut,
        problems=("not-found",),
    ),
)
async def get_invitation(request: ApiRequest, token: FromPath[str]) -> ASGIResponse:
    known(token)
    return answer(for_invitee(await app_of(request).leave_booking.look(LeaveToken(token))))


@post(
    "/public/invitations/{token:str}/leave",
    opt=call(
        id="leaveBooking",
        summary="Leave a meeting as an additional guest",
        description="We email the host. Nothing changes for everyone else.",
        result=InvitationOut,
        problems=("not-found", "booking-closed", "too-many-requests"),
    ),
)
async def leave_booking(request: ApiRequest, token: FromPath[str]) -> ASGIResponse:
    await spend(request, PUBLIC_WRITES)
    known(token)
    return answer(for_invitee(await app_of(request).leave_booking.leave(LeaveToken(token))))


async def _booking(request: ApiRequest, token: str) -> BookingView:
    return await app_of(request).show_guest_booking(_guest(token))


def _guest(token: str) -> GuestActor:
    known(token)
    return GuestActor(GuestToken(token))


def _shown(request: ApiRequest, view: BookingView) -> ASGIResponse:
    return answer(for_guest(view, settings_of(request).public_url))
