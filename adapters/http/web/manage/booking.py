"""A guest's own page of a booking: where to meet, a new time, or no meeting at all."""

from contextlib import suppress
from datetime import timedelta
from functools import partial
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Template
from litestar.status_codes import HTTP_204_NO_CONTENT, HTTP_303_SEE_OTHER, HTTP_429_TOO_MANY_REQUESTS

from adapters.http.clients import counting_cancellation, limit_public_writes
from adapters.http.retry_after import retry_after
from adapters.http.web.booking_words import Message
from adapters.http.web.forms import Visit, form_of
from adapters.http.web.live import Fragment, guest_fragment, next_fragment
from adapters.http.web.manage.calendar_links import calendar_links
from adapters.http.web.manage.messages import announcement, mail_to_come, mailed_before, message_for, page_title
from adapters.http.web.manage.moving import Mover, choose_time, move
from adapters.http.web.manage.redirect import redirect_address
from adapters.http.web.picker import Wish
from adapters.http.web.templating import shown
from application.actor import GuestActor
from application.app import App
from application.ports.booking_views import BookingView
from domain.errors import BookingClosed, TooManyRequests
from domain.ids import GuestToken


class Manage(Controller):
    path = "/b/{token:str}"

    @get("/")
    async def show(self, app: NamedDependency[App], token: FromPath[str], done: FromQuery[str] = "") -> Template:
        view = await _view(app, token)
        message = message_for(done, view.booking, is_open=_is_open(app, view))
        return await _page(app, token, view, message, agreed=done == "agreed")

    @get("/booked")
    async def go_on(self, app: NamedDependency[App], token: FromPath[str]) -> Template | Redirect:
        """Lead on to the host's own page. A redirect couldn't: the policy keeps what follows a form on this site."""
        booked = await app.show_guest_booking.sent_on_by(_guest(token))
        view = await _view(app, token)
        address = redirect_address(booked, view.booking) if booked else None
        if address is None:
            return _back(token)
        color = await app.show_guest_booking.brand_color(_guest(token))
        return shown(
            "manage/go_on.html",
            address=address,
            site=urlsplit(address).hostname,
            brand_color=color,
            **_about(view, token),
        )

    @get("/live")
    async def live(
        self, app: NamedDependency[App], token: FromPath[str], seen: FromQuery[str] = ""
    ) -> Template | Response[str]:
        """Answer with the changed part of the page as soon as there is one, or with 204 after a while."""

        async def present() -> BookingView:
            return await _view(app, token)

        def stands(view: BookingView) -> Fragment:
            return fragment_of(app, view)

        found = await next_fragment(present, partial(app.watch_booking, _guest(token)), seen, stands)
        if found is None:
            return Response("", status_code=HTTP_204_NO_CONTENT)
        return shown("manage/_live.html", **card_of(app, found.view, token))

    @get("/invite.ics")
    async def calendar_file(self, app: NamedDependency[App], token: FromPath[str]) -> Response[bytes]:
        return Response(
            await app.download_invite(_guest(token)),
            # Litestar adds the charset.
            media_type="text/calendar",
            headers={"content-disposition": 'attachment; filename="invite.ics"'},
        )

    @post("/mail", guards=[limit_public_writes])
    async def mail_again(self, app: NamedDependency[App], token: FromPath[str]) -> Template | Redirect:
        """Send the guest's own mail once more, to the address that the booking has."""
        try:
            # Cancelled or over meanwhile: the page says so.
            with suppress(BookingClosed):
                await app.resend(_guest(token))
        except TooManyRequests as refusal:
            view = await _view(app, token)
            page = await _page(app, token, view, mailed_before(refusal, view.booking), HTTP_429_TOO_MANY_REQUESTS)
            page.headers.update(retry_after(refusal))
            return page
        return _back(token, "?done=mailed")

    @get("/cancel")
    async def ask_to_cancel(self, app: NamedDependency[App], token: FromPath[str]) -> Template | Redirect:
        view = await _view(app, token)
        if not _is_open(app, view) and view.booking.status != "held":
            return _back(token)
        color = await app.show_guest_booking.brand_color(_guest(token))
        return shown("manage/cancel.html", brand_color=color, **_about(view, token))

    @post("/cancel")
    async def cancel(self, request: Visit, app: NamedDependency[App], token: FromPath[str]) -> Template | Redirect:
        view = await _view(app, token)
        color = await app.show_guest_booking.brand_color(_guest(token))
        form = await form_of(request)
        # Cancelled or over already: the page says so.
        with suppress(BookingClosed):
            async with counting_cancellation(request):
                await app.cancel(_guest(token), form.text("reason"))
        if view.booking.status == "held":
            return shown("manage/released.html", brand_color=color, owner=view.host, home=_public_path(view))
        return _back(token)

    @post("/release", guards=[limit_public_writes])
    async def release(self, app: NamedDependency[App], token: FromPath[str]) -> Redirect:
        """Give a held time back to choose another one; what is confirmed meanwhile stays."""
        view = await _view(app, token)
        if view.booking.status != "held":
            return _back(token)
        await app.cancel.release(_guest(token))
        return Redirect(_public_path(view) or "/", status_code=HTTP_303_SEE_OTHER)

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
        mover = await mover_of(app, view, token)
        return await choose_time(app, mover, Wish(month, date), timezone=timezone, start=start)

    @post("/reschedule", guards=[limit_public_writes])
    async def reschedule(self, request: Visit, app: NamedDependency[App], token: FromPath[str]) -> Template | Redirect:
        view = await _view(app, token)
        return await move(app, await mover_of(app, view, token), await form_of(request), done="?done=moved")


async def _page(
    app: App, token: str, view: BookingView, message: Message | None, status_code: int = 200, *, agreed: bool = False
) -> Template:
    """Show the booking; once the guest has `agreed` to what it fell back to, without asking again."""
    color = await app.show_guest_booking.brand_color(_guest(token))
    card = card_of(app, view, token, agreed=agreed)
    return shown("manage/booking.html", status_code, message=message, brand_color=color, **card)


async def _view(app: App, token: str) -> BookingView:
    return await app.show_guest_booking(_guest(token))


def _guest(token: str) -> GuestActor:
    return GuestActor(GuestToken(token))


def _public_path(view: BookingView) -> str | None:
    """Where the event type, or at least its page, can be booked; None once the page is gone."""
    if view.page_slug is None:
        return None
    page = f"/{view.host.handle}/{view.page_slug}"
    return f"{page}/{view.event_type_slug}" if view.event_type_slug else page


def _is_past(app: App, view: BookingView) -> bool:
    return view.booking.slot.end <= app.now()


def _is_open(app: App, view: BookingView) -> bool:
    return view.booking.is_open(app.now())


def fragment_of(app: App, view: BookingView) -> Fragment:
    return guest_fragment(view, past=_is_past(app, view))


async def mover_of(app: App, view: BookingView, token: str) -> Mover:
    """The guest, who moves the booking."""
    color = await app.show_guest_booking.brand_color(_guest(token))
    return Mover(view, _guest(token), f"/b/{token}", color)


def card_of(app: App, view: BookingView, token: str, *, agreed: bool = False) -> dict[str, object]:
    """Return the context of the part of the page that refreshes automatically."""
    return {
        **_about(view, token),
        "view": view,
        "live": fragment_of(app, view),
        "past": _is_past(app, view),
        "open": _is_open(app, view),
        "asks": view.booking.fell_back and _is_open(app, view) and not agreed,
        "mail_to_come": mail_to_come(view.booking, app.link_wait),
        "announcement": announcement(view.booking, view.host),
        "title": page_title(view.booking, view.host, past=_is_past(app, view)),
        "calendar_links": calendar_links(view.booking, view.host),
    }


def _about(view: BookingView, token: str) -> dict[str, object]:
    booking = view.booking
    there = booking.slot.start.astimezone(ZoneInfo(booking.guest.timezone)).utcoffset()
    here = booking.slot.start.astimezone(ZoneInfo(booking.host_timezone)).utcoffset()
    return {
        "booking": booking,
        "owner": view.host,
        "token": token,
        "zones_differ": (there or timedelta()) != (here or timedelta()),
    }


def _back(token: str, done: str = "") -> Redirect:
    return Redirect(f"/b/{token}{done}", status_code=HTTP_303_SEE_OTHER)
