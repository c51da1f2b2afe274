"""The public booking page: choose a time, then say who you are."""

from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import quote

from litestar import Controller, get, post
from litestar.datastructures import Cookie
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Template
from litestar.status_codes import HTTP_301_MOVED_PERMANENTLY, HTTP_404_NOT_FOUND

from adapters.http.cross_site import ANSWERS_OTHER_SITES
from adapters.http.indexing import INDEXED
from adapters.http.request_context import settings_of
from adapters.http.web.forms import Visit
from adapters.http.web.picker import FreeTimes, Picker, Wish, look, to_read
from adapters.http.web.public.booking_form import KEPT_BY_THE_BROWSER, booked_here, empty_form, submit
from adapters.http.web.public.carried import carried_in
from adapters.http.web.public.guest_form import start_of
from adapters.http.web.public.picker_html import picker_html
from adapters.http.web.public.places import Place, choices_of, is_open
from adapters.http.web.templating import shown
from adapters.http.web.zones import ZONE_COOKIE, known_zone
from adapters.presentation.times import instant
from application.app import App
from application.booking.open_event_type import today
from domain.errors import InvalidInput, NotFound
from domain.open_slots import nearest

_A_YEAR = timedelta(days=365)
_BEFORE, _AFTER = timedelta(days=7), timedelta(days=14)


LARGEST_ANSWERS = 500_000
"""Twenty long answers in Chinese, percent-encoded as forms are, have 360 kB."""


class PublicBookingPages(Controller):
    path = "/{handle:str}"
    opt = INDEXED

    @get("/")
    async def pages(self, app: NamedDependency[App], handle: FromPath[str]) -> Template | Redirect:
        """List the pages of a host that take bookings."""
        open_now = [public for public in await app.list_public_pages(handle) if is_open(app, public)]
        if not open_now:
            return await _elsewhere(app, handle)
        listed = sorted((public.page for public in open_now), key=lambda page: (page.title.casefold(), page.slug))
        return _kept(shown("public/pages.html", owner=open_now[0].host, pages=listed))

    @get("/{page:str}")
    async def choose(
        self,
        request: Visit,
        app: NamedDependency[App],
        handle: FromPath[str],
        page: FromPath[str],
        timezone: FromQuery[str | None] = None,
        month: FromQuery[str | None] = None,
        date: FromQuery[str | None] = None,
        slot: FromQuery[str | None] = None,
    ) -> Template | Redirect:
        """List what can be booked; where that is one thing, show its times at once."""
        chosen = start_of(slot)
        wish = _wish(month, date, chosen)
        place = await _place(request, app, handle, page, None, wish)
        if place is not None:
            return await _step(request, app, place, _zone(request, timezone), wish, chosen)
        public = await app.show_public_page(handle, page)
        if public is None:
            return await _elsewhere(app, handle, page, asked=request)
        wished = {"slot": chosen and instant(chosen), "date": date, "month": month, "timezone": known_zone(timezone)}
        return _kept(
            shown(
                "public/choose.html",
                owner=public.host,
                page=public.page,
                choices=choices_of(app, public),
                carried=(*((name, text) for name, text in wished.items() if text), *carried_in(_query(request))),
            )
        )

    @get("/{page:str}/{event_type:str}")
    async def times(
        self,
        request: Visit,
        app: NamedDependency[App],
        handle: FromPath[str],
        page: FromPath[str],
        event_type: FromPath[str],
        timezone: FromQuery[str | None] = None,
        month: FromQuery[str | None] = None,
        date: FromQuery[str | None] = None,
        start: FromQuery[str | None] = None,
        slot: FromQuery[str | None] = None,
    ) -> Template | Redirect:
        """Show the free times; with a time, its form. `start` is chosen here, `slot` by whoever made the link."""
        chosen = start_of(start) or start_of(slot)
        wish = _wish(month, date, chosen)
        place = await _place(request, app, handle, page, event_type, wish)
        if place is None:
            return await _gone(request, app, handle, page, event_type)
        return await _step(request, app, place, _zone(request, timezone), wish, chosen)

    @post("/{page:str}/{event_type:str}", opt={ANSWERS_OTHER_SITES: True}, request_max_body_size=LARGEST_ANSWERS)
    async def submit(
        self,
        request: Visit,
        app: NamedDependency[App],
        handle: FromPath[str],
        page: FromPath[str],
        event_type: FromPath[str],
    ) -> Template | Redirect:
        """Book; who may send this, and why without a token, is said in `cross_site`."""
        place = await _place(request, app, handle.lower(), page.lower(), event_type.lower(), Wish())
        if place is None:
            return await _gone(request, app, handle, page, event_type)
        return await submit(request, app, place)


async def _step(
    request: Visit, app: App, place: Place, zone: str | None, wish: Wish, chosen: datetime | None
) -> Template:
    """The times, or the form of a chosen one."""
    if chosen is None or not place.choice.offers:
        return await _picker(request, app, place, zone, wish)
    near = await _around(app, place, chosen)
    if chosen in near:
        return empty_form(place, chosen, zone)
    if own := await booked_here(request, app, place, chosen):
        zone = zone or own.booking.guest.timezone
        return shown("public/booked.html", booking=own.booking, timezone=zone, **place.context)
    return await _picker(request, app, place, zone, wish, gone=chosen, instead=nearest(near, chosen))


async def _picker(
    request: Visit,
    app: App,
    place: Place,
    chosen_zone: str | None,
    wish: Wish,
    *,
    gone: datetime | None = None,
    instead: list[datetime] | None = None,
) -> Template:
    timezone = chosen_zone or place.public.host.timezone
    picker: Picker | None = None
    if place.choice.offers:
        picker = await look(
            _free_times(app, place),
            wish,
            path=place.path,
            timezone=timezone,
            horizon_days=place.opened.offer.page.rules.horizon_days,
            now=app.now(),
            settled=chosen_zone is not None,
            carried=place.carried,
        )
    page = shown(
        "public/times.html",
        unreadable=bool(place.opened.openings.unreadable),
        picker=picker,
        picker_html=picker_html(picker, place.opened.offer.host) if picker else None,
        timezone=timezone,
        settled=chosen_zone is not None,
        gone=gone,
        is_full=gone is not None and place.opened.openings.why_taken(gone) == "daily-cap",
        instead=instead or [],
        **place.context,
    )
    if chosen_zone and request.query_params.get("remember"):
        # Without scripts; they write the cookie themselves.
        page.cookies.append(_remembered(request, timezone))
    return _kept(page)


async def _place(request: Visit, app: App, handle: str, page: str, event_type: str | None, wish: Wish) -> Place | None:
    opened = await app.open_event_type(handle, page, event_type, *to_read(wish, today(app.now())))
    return Place.of(app, opened, carried_in(_query(request))) if opened else None


def _query(request: Visit) -> list[tuple[str, str]]:
    return list(request.query_params.multi_items())


def _wish(month: str | None, date: str | None, chosen: datetime | None) -> Wish:
    return Wish(date=f"{chosen.date()}") if chosen else Wish(month, date)


def _free_times(app: App, place: Place) -> FreeTimes:
    async def free_times(first: date, last: date, timezone: str) -> list[datetime]:
        return await app.open_event_type.free_times(place.opened, first, last, timezone)

    return free_times


async def _around(app: App, place: Place, start: datetime) -> list[datetime]:
    """The free times of the days around a start, for it to be among them or to be replaced by the nearest."""
    try:
        return await _free_times(app, place)((start - _BEFORE).date(), (start + _AFTER).date(), "UTC")
    except InvalidInput:
        return []


def _zone(request: Visit, asked: str | None) -> str | None:
    """The zone in the address, else the one that was chosen before; None until a script or the guest tells it."""
    return known_zone(asked) or known_zone(request.cookies.get(ZONE_COOKIE))


async def _gone(request: Visit, app: App, handle: str, page: str, event_type: str) -> Template | Redirect:
    """An event type that isn't there under this name: it may have another, or its page may be there."""
    public = await app.show_public_page(handle, page)
    present = await app.find_present_path(handle.lower(), page.lower(), event_type.lower())
    if public is None or present != (handle, page, event_type):
        return await _elsewhere(app, handle, page, event_type, asked=request)
    return shown("public/gone.html", HTTP_404_NOT_FOUND, owner=public.host, page=public.page)


async def _elsewhere(app: App, *path: str, asked: Visit | None = None) -> Redirect:
    """Lead from an address in capitals, or from one that it had before, to the one of today."""
    now = await app.find_present_path(*(part.lower() for part in path))
    if now is None or now == path or not await _is_there(app, *now[:2]):
        raise NotFound("booking-page")
    query = asked.scope["query_string"].decode("latin-1") if asked else ""
    address = "/" + "/".join(quote(part) for part in now)
    return Redirect(f"{address}?{query}" if query else address, status_code=HTTP_301_MOVED_PERMANENTLY)


async def _is_there(app: App, handle: str, page: str | None = None) -> bool:
    if page is None:
        return any(is_open(app, public) for public in await app.list_public_pages(handle))
    return await app.show_public_page(handle, page) is not None


def _kept(page: Template) -> Template:
    page.headers.update(KEPT_BY_THE_BROWSER)
    return page


def _remembered(request: Visit, timezone: str) -> Cookie:
    lasts: dict[str, Any] = {"max_age": int(_A_YEAR.total_seconds()), "samesite": "lax"}
    return Cookie(key=ZONE_COOKIE, value=quote(timezone), path="/", secure=settings_of(request).https, **lasts)
