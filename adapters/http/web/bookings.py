"""A host's bookings: the lists, and one booking with all that happened to it."""

from contextlib import suppress

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Template
from litestar.status_codes import HTTP_303_SEE_OTHER

from adapters.http.web.forms import Visit, form_of
from adapters.http.web.templating import shown
from application.app import App
from application.ports.views import BookingFilter, BookingView
from domain.booking import refuse_closed
from domain.errors import BookingClosed, NotFound
from domain.host import Host
from domain.ids import BookingId

AT_ONCE = 25
TABS: dict[BookingFilter, str] = {
    "upcoming": "Upcoming",
    "past": "Past",
    "cancelled": "Cancelled",
    "needs_attention": "Needs attention",
}


class Bookings(Controller):
    path = "/bookings"

    @get("/")
    async def listed(
        self,
        app: NamedDependency[App],
        host: NamedDependency[Host],
        show: FromQuery[str] = "upcoming",
        cursor: FromQuery[str | None] = None,
    ) -> Template:
        known: dict[str, BookingFilter] = {each: each for each in TABS}
        chosen = known.get(show, "upcoming")
        page = await app.ports.views.bookings(
            host.id, chosen, now=app.ports.clock(), cursor=cursor or None, limit=AT_ONCE
        )
        return shown("bookings/list.html", me=host, tabs=TABS, show=chosen, page=page, first=not cursor)

    @get("/{booking_id:str}")
    async def one(
        self,
        app: NamedDependency[App],
        host: NamedDependency[Host],
        booking_id: FromPath[str],
        done: FromQuery[str] = "",
    ) -> Template:
        view = await _view(app, host, booking_id)
        return shown("bookings/one.html", me=host, view=view, booking=view.booking, open=_is_open(app, view), done=done)

    @get("/{booking_id:str}/cancel")
    async def ask_to_cancel(
        self, app: NamedDependency[App], host: NamedDependency[Host], booking_id: FromPath[str]
    ) -> Template | Redirect:
        view = await _view(app, host, booking_id)
        if not _is_open(app, view):
            return Redirect(f"/bookings/{booking_id}", status_code=HTTP_303_SEE_OTHER)
        return shown("bookings/cancel.html", me=host, view=view, booking=view.booking)

    @post("/{booking_id:str}/cancel")
    async def cancel(
        self, request: Visit, app: NamedDependency[App], host: NamedDependency[Host], booking_id: FromPath[str]
    ) -> Redirect:
        view = await _view(app, host, booking_id)
        form = await form_of(request)
        # Cancelled or over already: the page says so.
        with suppress(BookingClosed):
            await app.cancel(view.booking.id, "host", form.text("reason"))
        return Redirect(f"/bookings/{booking_id}?done=cancelled", status_code=HTTP_303_SEE_OTHER)


async def _view(app: App, host: Host, booking_id: str) -> BookingView:
    view = await app.ports.views.booking(host.id, BookingId(booking_id))
    if view is None:
        raise NotFound("There is no such booking.")
    return view


def _is_open(app: App, view: BookingView) -> bool:
    try:
        refuse_closed(view.booking, app.ports.clock())
    except BookingClosed:
        return False
    return True
