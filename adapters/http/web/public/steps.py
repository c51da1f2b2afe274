"""The steps to a booking: what can be booked, when, and the form of a chosen time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import quote

import msgspec
from litestar.datastructures import Cookie
from litestar.response import Redirect, Template
from litestar.status_codes import HTTP_301_MOVED_PERMANENTLY, HTTP_404_NOT_FOUND, HTTP_410_GONE

from adapters.http.request_context import framed_pages_of, settings_of
from adapters.http.web.forms import Visit
from adapters.http.web.picker import FreeTimes, Picker, Wish, look, to_read
from adapters.http.web.public.booking_form import KEPT_BY_THE_BROWSER, booked_here, empty_form, submit
from adapters.http.web.public.guest_form import start_of
from adapters.http.web.public.places import Place, choices_of, is_open
from adapters.http.web.public.way import Way
from adapters.http.web.templating import KeptPage, shown
from adapters.http.web.zones import ZONE_COOKIE, known_zone
from adapters.http.web_page import WebPage
from adapters.presentation.sentences.refusals import refusal_sentence
from adapters.presentation.times import instant
from application.app import App
from application.booking.open_event_type import today
from application.ports.public_pages import PublicPage
from domain.errors import InvalidInput, LinkEnded
from domain.host import no_page_of
from domain.open_slots import nearest

_A_YEAR = timedelta(days=365)
_BEFORE, _AFTER = timedelta(days=7), timedelta(days=14)


class StepQuery(msgspec.Struct, frozen=True):
    """What the address asks to see, as it stands there; `start` is a time, whoever has chosen it."""

    timezone: str | None = None
    month: str | None = None
    date: str | None = None
    start: str | None = None

    @property
    def chosen(self) -> datetime | None:
        return start_of(self.start)

    @property
    def wish(self) -> Wish:
        return Wish(date=f"{self.chosen.date()}") if self.chosen else Wish(self.month, self.date)


@dataclass(frozen=True)
class Steps:
    """The steps of one request, on the way that its guest goes."""

    request: Visit
    app: App
    way: Way

    async def choices(self, handle: str, page: str, asked: StepQuery) -> Template | Redirect:
        """List what can be booked; where that is one thing, show its times at once."""
        place = await self._place(handle, page, None, asked.wish)
        if place is not None:
            return await self._step(place, asked)
        public = await self.app.show_public_page(handle, page)
        if public is None:
            return await self.elsewhere(handle, page)
        self._note(public)
        if ended := await self._ended_link(public):
            return ended
        wished = {
            "slot": asked.chosen and instant(asked.chosen),
            "date": asked.date,
            "month": asked.month,
            "timezone": known_zone(asked.timezone),
        }
        return kept(
            shown(
                "public/choose.html",
                **self.way.context,
                owner=public.host,
                page=public.page,
                choices=choices_of(self.app, public),
                wished=[(name, text) for name, text in wished.items() if text],
            )
        )

    async def times(self, handle: str, page: str, event_type: str, asked: StepQuery) -> Template | Redirect:
        """The free times, or the form of a chosen one."""
        place = await self._place(handle, page, event_type, asked.wish)
        if place is None:
            return await self._gone(handle, page, event_type)
        return await self._step(place, asked)

    async def submit(self, handle: str, page: str, event_type: str) -> Template | Redirect:
        """Book; who may send this, and why without a token, is said in `cross_site`."""
        place = await self._place(handle.lower(), page.lower(), event_type.lower(), Wish())
        if place is None:
            return await self._gone(handle, page, event_type)
        return await submit(self.request, self.app, place)

    async def elsewhere(self, *path: str) -> Redirect:
        """Lead from an address in capitals, or from one that it had before, to the one of today."""
        now = await self.app.find_present_path(*(part.lower() for part in path))
        if now is None or now == path or not await self._is_there(*now[:2]):
            if self.way.frame is not None:
                framed_pages_of(self.request).forget(self.request)
            raise no_page_of(path[0])
        query = self.request.scope["query_string"].decode("latin-1")
        address = f"{self.way.begins}/" + "/".join(quote(part) for part in now)
        return Redirect(f"{address}?{query}" if query else address, status_code=HTTP_301_MOVED_PERMANENTLY)

    async def _ended_link(self, public: PublicPage) -> Template | None:
        """What to say to a guest whose single-use link is good for nothing any more."""
        if self.way.link is None:
            return None
        try:
            await self.app.check_booking_link(public.page.id, self.way.link)
        except LinkEnded as refusal:
            return shown(
                "public/link_ended.html",
                HTTP_410_GONE,
                **self.way.context,
                owner=public.host,
                page=public.page,
                why=refusal_sentence(refusal),
            )
        return None

    async def _step(self, place: Place, asked: StepQuery) -> Template:
        if ended := await self._ended_link(place.public):
            return ended
        chosen, zone = asked.chosen, self._zone(asked)
        if chosen is None or not place.choice.offers:
            return await self._picker(place, zone, asked.wish)
        near = await self._around(place, chosen)
        if chosen in near:
            return empty_form(place, chosen, zone)
        if own := await booked_here(self.request, self.app, place, chosen):
            zone = zone or own.booking.guest.timezone
            return shown("public/booked.html", booking=own.booking, timezone=zone, **place.context)
        return await self._picker(place, zone, asked.wish, gone=chosen, instead=nearest(near, chosen))

    async def _picker(
        self,
        place: Place,
        chosen_zone: str | None,
        wish: Wish,
        *,
        gone: datetime | None = None,
        instead: Sequence[datetime] = (),
    ) -> Template:
        timezone = chosen_zone or place.public.host.timezone
        picker: Picker | None = None
        if place.choice.offers:
            picker = await look(
                self._free_times(place),
                wish,
                path=place.path,
                timezone=timezone,
                horizon_days=place.opened.offer.page.rules.horizon_days,
                now=self.app.now(),
                settled=chosen_zone is not None,
                carried=self.way.carried,
                remembers=self.way.frame is None,
            )
        # What is about one guest alone is asked for once, and not to be kept.
        page = (WebPage if gone or self.way.is_personal else KeptPage)(
            "public/times.html",
            context={
                "unreadable": bool(place.opened.openings.unreadable),
                "picker": picker,
                "timezone": timezone,
                "settled": chosen_zone is not None,
                "gone": gone,
                "is_full": gone is not None and place.opened.openings.why_taken(gone) == "daily-cap",
                "instead": tuple(instead),
                **place.context,
            },
        )
        if chosen_zone and self.request.query_params.get("remember") and self.way.frame is None:
            # Without scripts; they write the cookie themselves.
            page.cookies.append(_remembered(self.request, timezone))
        return kept(page)

    async def _place(self, handle: str, page: str, event_type: str | None, wish: Wish) -> Place | None:
        opened = await self.app.open_event_type(handle, page, event_type, *to_read(wish, today(self.app.now())))
        if opened is None:
            return None
        self._note(opened.public)
        return Place.of(self.app, opened, self.way)

    def _note(self, public: PublicPage) -> None:
        """From here on, who may frame the page may frame what fails as well."""
        if self.way.frame is not None:
            framed_pages_of(self.request).note(self.request, public.page)

    def _free_times(self, place: Place) -> FreeTimes:
        async def free_times(first: date, last: date, timezone: str) -> list[datetime]:
            return await self.app.open_event_type.free_times(place.opened, first, last, timezone)

        return free_times

    async def _around(self, place: Place, start: datetime) -> list[datetime]:
        """The free times of the days around a start, for it to be among them or to be replaced by the nearest."""
        try:
            return await self._free_times(place)((start - _BEFORE).date(), (start + _AFTER).date(), "UTC")
        except InvalidInput:
            return []

    def _zone(self, asked: StepQuery) -> str | None:
        """The zone in the address, else the one chosen before; None until a script or the guest tells it."""
        return known_zone(asked.timezone) or known_zone(self.request.cookies.get(ZONE_COOKIE))

    async def _gone(self, handle: str, page: str, event_type: str) -> Template | Redirect:
        """An event type that isn't there under this name: it may have another, or its page may be there."""
        public = await self.app.show_public_page(handle, page)
        present = await self.app.find_present_path(handle.lower(), page.lower(), event_type.lower())
        if public is None or present != (handle, page, event_type):
            return await self.elsewhere(handle, page, event_type)
        context = {"owner": public.host, "page": public.page, **self.way.context}
        return shown("public/gone.html", HTTP_404_NOT_FOUND, **context)

    async def _is_there(self, handle: str, page: str | None = None) -> bool:
        if page is None:
            return any(is_open(self.app, public) for public in await self.app.list_public_pages(handle))
        return await self.app.show_public_page(handle, page) is not None


def kept(page: Template) -> Template:
    page.headers.update(KEPT_BY_THE_BROWSER)
    return page


def _remembered(request: Visit, timezone: str) -> Cookie:
    lasts: dict[str, Any] = {"max_age": int(_A_YEAR.total_seconds()), "samesite": "lax"}
    return Cookie(key=ZONE_COOKIE, value=quote(timezone), path="/", secure=settings_of(request).https, **lasts)
