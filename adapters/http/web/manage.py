"""A guest's own page of a booking: where to meet, a new time, or no meeting at all."""

from contextlib import suppress
from datetime import timedelta
from zoneinfo import ZoneInfo

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Template
from litestar.status_codes import HTTP_204_NO_CONTENT, HTTP_303_SEE_OTHER

from adapters.http.clients import limit_public_writes
from adapters.http.web.forms import Visit, form_of
from adapters.http.web.live import Fragment, fragment, next_fragment
from adapters.http.web.moving import Mover, choose_time, move
from adapters.http.web.picker import Wish
from adapters.http.web.templating import rendered, shown
from application.app import App
from application.ports.views import BookingView
from domain.errors import BookingClosed, NotFound
from domain.ids import GuestToken


class Manage(Controller):
    path = "/b/{token:str}"

    @get("/")
    async def show(self, app: NamedDependency[App], token: FromPath[str]) -> Template:
        view = await _view(app, token)
        return shown(
            "manage/booking.html", view=view, live=fragment(view), past=view.booking.slot.end <= app.ports.clock(),
            **_about(view),
        )  # fmt: skip

    @get("/live")
    async def live(self, app: NamedDependency[App], token: FromPath[str], seen: FromQuery[str] = "") -> Response[str]:
        """Answer with the changed fragment as soon as there is one, or with 204 after a while."""

        async def present() -> BookingView:
            return await _view(app, token)

        found: Fragment | None = await next_fragment(present, app.ports.changes, seen)
        if found is None:
            return Response("", status_code=HTTP_204_NO_CONTENT)
        return Response(rendered("manage/_live.html", live=found, **_about(found.view)), media_type="text/html")

    @get("/invite.ics")
    async def calendar_file(self, app: NamedDependency[App], token: FromPath[str]) -> Response[bytes]:
        view = await _view(app, token)
        return Response(
            app.ports.calendar_files.download(view.booking, view.host),
            media_type="text/calendar; charset=utf-8",
            headers={"content-disposition": 'attachment; filename="invite.ics"'},
        )

    @get("/cancel")
    async def ask_to_cancel(self, app: NamedDependency[App], token: FromPath[str]) -> Template | Redirect:
        view = await _view(app, token)
        return shown("manage/cancel.html", **_about(view)) if _is_open(app, view) else _back(token)

    @post("/cancel", guards=[limit_public_writes])
    async def cancel(self, request: Visit, app: NamedDependency[App], token: FromPath[str]) -> Redirect:
        view = await _view(app, token)
        form = await form_of(request)
        # Cancelled or over already: the page says so.
        with suppress(BookingClosed):
            await app.cancel(view.booking.id, "guest", form.text("reason"))
        return _back(token)

    @get("/reschedule")
    async def times(
        self,
        app: NamedDependency[App],
        token: FromPath[str],
        timezone: FromQuery[str | None] = None,
        month: FromQuery[str | None] = None,
        date: FromQuery[str | None] = None,
        start: FromQuery[str | None] = None,
    ) -> Template | Redirect:
        view = await _view(app, token)
        if not _is_open(app, view):
            return _back(token)
        return await choose_time(app, _mover(view), Wish(month, date), timezone=timezone, start=start)

    @post("/reschedule", guards=[limit_public_writes])
    async def reschedule(self, request: Visit, app: NamedDependency[App], token: FromPath[str]) -> Template | Redirect:
        view = await _view(app, token)
        return await move(app, _mover(view), await form_of(request))


async def _view(app: App, token: str) -> BookingView:
    view = await app.ports.views.booking_for(GuestToken(token))
    if view is None:
        raise NotFound("There is no such booking. Please check that you have the whole link.")
    return view


def _is_open(app: App, view: BookingView) -> bool:
    return view.booking.is_open(app.ports.clock())


def _mover(view: BookingView) -> Mover:
    return Mover(view, "guest", f"/b/{view.booking.token}")


def _about(view: BookingView) -> dict[str, object]:
    booking = view.booking
    there = booking.slot.start.astimezone(ZoneInfo(booking.guest.timezone)).utcoffset()
    here = booking.slot.start.astimezone(ZoneInfo(booking.host_timezone)).utcoffset()
    return {
        "booking": booking,
        "owner": view.host,
        "token": booking.token,
        "zones_differ": (there or timedelta()) != (here or timedelta()),
    }


def _back(token: str) -> Redirect:
    return Redirect(f"/b/{token}", status_code=HTTP_303_SEE_OTHER)
