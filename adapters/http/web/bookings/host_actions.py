"""Host actions on a booking: retry, set a link, switch, resend, reschedule, cancel.

Every form that is sent comes back to the booking's page, which says what came of it.
"""

from contextlib import suppress
from typing import get_args

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Template
from litestar.status_codes import (
    HTTP_303_SEE_OTHER,
    HTTP_400_BAD_REQUEST,
    HTTP_409_CONFLICT,
    HTTP_429_TOO_MANY_REQUESTS,
)

from adapters.http.retry_after import retry_after
from adapters.http.web.bookings.lists import booking_of, booking_page
from adapters.http.web.forms import Visit, form_of
from adapters.http.web.manage.moving import Mover, choose_time, move
from adapters.http.web.picker import Wish
from adapters.http.web.templating import shown
from adapters.presentation.language import gettext as _
from adapters.presentation.sentences.joined import joined
from adapters.presentation.sentences.refusals import refusal_sentence
from application.actor import HostActor
from application.app import App
from application.booking.access import BookingById
from application.ports.booking_views import BookingView
from domain.booking import ErasedGuest
from domain.errors import (
    BookingClosed,
    BookingOpen,
    InvalidInput,
    MeetingTypeNotOffered,
    NoMeetingTypeAvailable,
    SlotNotOffered,
    SlotTaken,
    TooManyRequests,
)
from domain.host import Host
from domain.ids import BookingId
from domain.meeting_type import MeetingTypeName

_NAMES: dict[str, MeetingTypeName] = {name: name for name in get_args(MeetingTypeName)}


class HostActions(Controller):
    path = "/bookings/{booking_id:str}"

    @post("/retry")
    async def retry(
        self, app: NamedDependency[App], host: NamedDependency[Host], booking_id: FromPath[str]
    ) -> Template | Redirect:
        try:
            # Cancelled or over meanwhile: here and below, the page says so.
            with suppress(BookingClosed):
                await app.retry_meeting(HostActor(host.id), BookingId(booking_id))
        except TooManyRequests as refusal:
            return await _come_back_later(app, host, booking_id, refusal)
        return _back(booking_id, "?done=retried")

    @post("/join-link")
    async def set_join_link(
        self, request: Visit, app: NamedDependency[App], host: NamedDependency[Host], booking_id: FromPath[str]
    ) -> Template | Redirect:
        typed = (await form_of(request)).text("join_url")
        try:
            with suppress(BookingClosed):
                await app.set_join_link(HostActor(host.id), BookingId(booking_id), typed)
        except InvalidInput as refusal:
            view = await booking_of(app, host, booking_id)
            return await booking_page(
                app, host, view, typed=typed, error=refusal_sentence(refusal), status_code=HTTP_400_BAD_REQUEST
            )
        except TooManyRequests as refusal:
            return await _come_back_later(app, host, booking_id, refusal, typed)
        return _back(booking_id, "?done=linked")

    @post("/meeting-type")
    async def switch_meeting_type(
        self, request: Visit, app: NamedDependency[App], host: NamedDependency[Host], booking_id: FromPath[str]
    ) -> Template | Redirect:
        name = _NAMES.get((await form_of(request)).text("meeting_type"))
        if name is None:
            return _back((await booking_of(app, host, booking_id)).booking.id)
        try:
            with suppress(BookingClosed):
                await app.switch_meeting_type(HostActor(host.id), BookingId(booking_id), name)
        except (MeetingTypeNotOffered, NoMeetingTypeAvailable) as refusal:
            view = await booking_of(app, host, booking_id)
            words = joined(refusal_sentence(refusal), _("Nothing changed."))
            return await booking_page(app, host, view, refusal=words, status_code=HTTP_409_CONFLICT)
        except TooManyRequests as refusal:
            return await _come_back_later(app, host, booking_id, refusal)
        return _back(booking_id, "?done=switched")

    @post("/resend")
    async def resend(
        self, app: NamedDependency[App], host: NamedDependency[Host], booking_id: FromPath[str]
    ) -> Template | Redirect:
        try:
            with suppress(BookingClosed):
                await app.resend(BookingById(HostActor(host.id), BookingId(booking_id)))
        except TooManyRequests as refusal:
            return await _come_back_later(app, host, booking_id, refusal)
        return _back(booking_id, "?done=resent")

    @get("/reschedule")
    async def times(
        self,
        app: NamedDependency[App],
        host: NamedDependency[Host],
        booking_id: FromPath[str],
        timezone: FromQuery[str | None] = None,
        month: FromQuery[str | None] = None,
        date: FromQuery[str | None] = None,
        start: FromQuery[str | None] = None,
    ) -> Template | Redirect:
        view = await booking_of(app, host, booking_id)
        if not _is_open(app, view):
            return _back(booking_id, "?done=moved")
        return await choose_time(app, _mover(view), Wish(month, date), timezone=timezone, start=start)

    @post("/reschedule")
    async def reschedule(
        self, request: Visit, app: NamedDependency[App], host: NamedDependency[Host], booking_id: FromPath[str]
    ) -> Template | Redirect:
        view = await booking_of(app, host, booking_id)
        return await move(app, _mover(view), await form_of(request), done="?done=moved")

    @get("/cancel")
    async def ask_to_cancel(
        self, app: NamedDependency[App], host: NamedDependency[Host], booking_id: FromPath[str]
    ) -> Template | Redirect:
        view = await booking_of(app, host, booking_id)
        if not _is_open(app, view):
            return _back(booking_id)
        return shown("bookings/cancel.html", me=host, view=view, booking=view.booking)

    @get("/erase-guest")
    async def ask_to_erase_guest(
        self, app: NamedDependency[App], host: NamedDependency[Host], booking_id: FromPath[str]
    ) -> Template | Redirect:
        view = await booking_of(app, host, booking_id)
        if _is_open(app, view) or isinstance(view.booking.guest, ErasedGuest):
            return _back(booking_id)
        return shown("bookings/erase_guest.html", me=host, view=view, booking=view.booking)

    @post("/erase-guest")
    async def erase_guest(
        self, app: NamedDependency[App], actor: NamedDependency[HostActor], booking_id: FromPath[str]
    ) -> Redirect:
        # It may have been opened before: the page says how it stands.
        with suppress(BookingOpen):
            await app.erase_guest(actor, BookingId(booking_id))
        return _back(booking_id, "?done=erased")

    @post("/calendar-entry/restore")
    async def restore_entry(
        self, app: NamedDependency[App], actor: NamedDependency[HostActor], booking_id: FromPath[str]
    ) -> Redirect:
        with suppress(BookingClosed):
            await app.restore_entry(BookingById(actor, BookingId(booking_id)))
        return _back(booking_id, "?done=restored")

    @post("/calendar-entry/accept")
    async def accept_entry(
        self,
        app: NamedDependency[App],
        host: NamedDependency[Host],
        actor: NamedDependency[HostActor],
        booking_id: FromPath[str],
    ) -> Template | Redirect:
        try:
            with suppress(BookingClosed):
                await app.accept_entry_change(BookingById(actor, BookingId(booking_id)))
        except TooManyRequests as refusal:
            return await _come_back_later(app, host, booking_id, refusal)
        except (SlotTaken, SlotNotOffered):
            view = await booking_of(app, host, booking_id)
            words = _(
                "The booking can’t be rescheduled to this time: it’s taken by another booking, or it’s in the past."
            )
            return await booking_page(app, host, view, refusal=words, status_code=HTTP_409_CONFLICT)
        return _back(booking_id, "?done=followed")

    @post("/cancel")
    async def cancel(
        self, request: Visit, app: NamedDependency[App], host: NamedDependency[Host], booking_id: FromPath[str]
    ) -> Redirect:
        reason = (await form_of(request)).text("reason")
        with suppress(BookingClosed):
            await app.cancel(BookingById(HostActor(host.id), BookingId(booking_id)), reason)
        return _back(booking_id, "?done=cancelled")


async def _come_back_later(
    app: App, host: Host, booking_id: str, refusal: TooManyRequests, typed: str | None = None
) -> Template:
    view = await booking_of(app, host, booking_id)
    words = refusal_sentence(refusal)
    page = await booking_page(app, host, view, typed=typed, refusal=words, status_code=HTTP_429_TOO_MANY_REQUESTS)
    page.headers.update(retry_after(refusal))
    return page


def _is_open(app: App, view: BookingView) -> bool:
    return view.booking.is_open(app.now())


def _mover(view: BookingView) -> Mover:
    return Mover(view, BookingById(HostActor(view.host.id), view.booking.id), f"/bookings/{view.booking.id}")


def _back(booking_id: str, done: str = "") -> Redirect:
    return Redirect(f"/bookings/{booking_id}{done}", status_code=HTTP_303_SEE_OTHER)
