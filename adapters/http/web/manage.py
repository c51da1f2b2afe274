"""A guest's own page of a booking: where to meet, a new time, or no meeting at all."""

from contextlib import suppress
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Template
from litestar.status_codes import HTTP_204_NO_CONTENT, HTTP_303_SEE_OTHER, HTTP_409_CONFLICT

from adapters.http.clients import limit_public_writes
from adapters.http.web.forms import Visit, form_of
from adapters.http.web.guest_form import start_of
from adapters.http.web.live import Fragment, fragment, next_fragment
from adapters.http.web.picker import FreeTimes, Wish, look
from adapters.http.web.templating import rendered, shown
from adapters.http.web.zones import zone_or
from application.app import App
from application.ports.views import BookingView
from domain.booking import refuse_closed
from domain.errors import BookingClosed, NotFound, SlotNotOffered, SlotTaken
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
        zone = zone_or(timezone, view.booking.guest.timezone)
        chosen = start_of(start)
        if chosen is not None:
            return shown("manage/confirm_time.html", start=chosen, timezone=zone, path=_path(token), **_about(view))
        return await _picker(app, view, token, zone, Wish(month, date))

    @post("/reschedule", guards=[limit_public_writes])
    async def reschedule(self, request: Visit, app: NamedDependency[App], token: FromPath[str]) -> Template | Redirect:
        view = await _view(app, token)
        form = await form_of(request)
        zone = zone_or(form.text("timezone"), view.booking.guest.timezone)
        start = start_of(form.text("start"))
        if start is None:
            return _back(token, "/reschedule")
        try:
            await app.reschedule(view, start, "guest")
        except (SlotTaken, SlotNotOffered) as refusal:
            wish = Wish(date=f"{start.astimezone(ZoneInfo(zone)).date()}")
            return await _picker(app, view, token, zone, wish, refusal.words, refusal.alternatives)
        except BookingClosed:
            return _back(token)
        return _back(token)


async def _picker(
    app: App,
    view: BookingView,
    token: str,
    timezone: str,
    wish: Wish,
    refusal: str | None = None,
    alternatives: tuple[datetime, ...] = (),
) -> Template:
    page = await app.ports.views.public_page(view.host.handle, view.page_slug) if view.page_slug else None
    picker = (
        await look(
            _free_times(app, view),
            wish,
            path=_path(token),
            timezone=timezone,
            horizon_days=page.page.rules.horizon_days,
            now=app.ports.clock(),
        )
        if page and view.event_type_slug
        else None
    )
    return shown(
        "manage/reschedule.html",
        HTTP_409_CONFLICT if refusal else 200,
        picker=picker,
        timezone=timezone,
        refusal=refusal,
        alternatives=alternatives,
        **_about(view),
    )


def _free_times(app: App, view: BookingView) -> FreeTimes:
    async def free_times(first: date, last: date, timezone: str) -> list[datetime]:
        return await app.reschedule.free_times(view, first, last, timezone)

    return free_times


async def _view(app: App, token: str) -> BookingView:
    view = await app.ports.views.booking_for(GuestToken(token))
    if view is None:
        raise NotFound("There is no such booking. Please check that you have the whole link.")
    return view


def _is_open(app: App, view: BookingView) -> bool:
    try:
        refuse_closed(view.booking, app.ports.clock())
    except BookingClosed:
        return False
    return True


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


def _path(token: str) -> str:
    return f"/b/{token}/reschedule"


def _back(token: str, to: str = "") -> Redirect:
    return Redirect(f"/b/{token}{to}", status_code=HTTP_303_SEE_OTHER)
