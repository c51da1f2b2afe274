"""The public booking page: choose a time, then say who you are."""

from datetime import date, datetime
from uuid import uuid4

import msgspec
from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Template
from litestar.status_codes import HTTP_303_SEE_OTHER, HTTP_400_BAD_REQUEST, HTTP_409_CONFLICT

from adapters.http.clients import limit_public_writes
from adapters.http.web.forms import Errors, Visit, form_of
from adapters.http.web.guest_form import GuestForm, start_of
from adapters.http.web.picker import FreeTimes, Picker, Wish, look
from adapters.http.web.templating import shown
from adapters.http.web.words import Offered
from adapters.http.web.zones import zone_or
from application.app import App
from application.offering import statuses
from application.ports.views import PublicPage
from domain.booking_page import EventType
from domain.errors import (
    IdempotencyKeyReused,
    InvalidInput,
    MeetingTypeNotOffered,
    NoMeetingTypeAvailable,
    NotFound,
    SlotNotOffered,
    SlotTaken,
)
from domain.meeting_type import offered


class Choice(msgspec.Struct, frozen=True):
    """An event type of a page, and how people can meet for it right now."""

    event_type: EventType
    offers: tuple[Offered, ...]


class Place(msgspec.Struct, frozen=True):
    """The page that an address stands for, and the event type on it."""

    public: PublicPage
    choice: Choice

    @property
    def path(self) -> str:
        return f"/{self.public.host.handle}/{self.public.page.slug}/{self.choice.event_type.slug}"

    @property
    def context(self) -> dict[str, object]:
        return {
            "owner": self.public.host,
            "page": self.public.page,
            "event_type": self.choice.event_type,
            "offers": self.choice.offers,
            "path": self.path,
        }


class PublicPages(Controller):
    path = "/{handle:str}/{page:str}"

    @get("/")
    async def choose(
        self,
        app: NamedDependency[App],
        handle: FromPath[str],
        page: FromPath[str],
        timezone: FromQuery[str | None] = None,
        month: FromQuery[str | None] = None,
        date: FromQuery[str | None] = None,
    ) -> Template:
        """List what can be booked; where that is one thing, show its times at once."""
        public = await _public(app, handle, page)
        choices = _choices(app, public)
        if len(choices) == 1:
            return await _picker(app, Place(public, choices[0]), timezone, Wish(month, date))
        return shown("public/choose.html", owner=public.host, page=public.page, choices=choices)

    @get("/{event_type:str}")
    async def times(
        self,
        app: NamedDependency[App],
        handle: FromPath[str],
        page: FromPath[str],
        event_type: FromPath[str],
        timezone: FromQuery[str | None] = None,
        month: FromQuery[str | None] = None,
        date: FromQuery[str | None] = None,
        start: FromQuery[str | None] = None,
    ) -> Template:
        place = _place(app, await _public(app, handle, page), event_type)
        chosen = start_of(start)
        if chosen is None or not place.choice.offers:
            return await _picker(app, place, timezone, Wish(month, date))
        zone = zone_or(timezone, place.public.host.timezone)
        if not await _is_free(app, place, chosen):
            day = f"{chosen.date()}"
            return await _picker(app, place, zone, Wish(date=day), gone=chosen)
        form = GuestForm(start=chosen, timezone=zone, key=uuid4().hex, meeting_type=place.choice.offers[0].name)
        return _form(place, form, Errors())

    @post("/{event_type:str}", guards=[limit_public_writes])
    async def submit(
        self,
        request: Visit,
        app: NamedDependency[App],
        handle: FromPath[str],
        page: FromPath[str],
        event_type: FromPath[str],
    ) -> Template | Redirect:
        place = _place(app, await _public(app, handle, page), event_type)
        sent = await form_of(request)
        zone = zone_or(sent.text("timezone"), place.public.host.timezone)
        offers = place.choice.offers
        form = GuestForm.sent(sent, zone, place.choice.event_type.questions)
        errors = form.errors(place.choice.event_type, offers, place.public.host)
        if not offers:
            return await _refuse_closed(app, place, form)
        if errors or form.start is None:
            return _form(place, form, errors, status_code=HTTP_400_BAD_REQUEST)
        return await _book(app, place, form, form.start)


async def _book(app: App, place: Place, form: GuestForm, start: datetime) -> Template | Redirect:
    public, event_type = place.public, place.choice.event_type
    try:
        submit = await app.book(
            public.host.handle, public.page.slug, event_type.slug, form.request(start), form.key or None
        )
    except InvalidInput as refusal:
        return _form(place, form, Errors({refusal.field: refusal.message}), status_code=HTTP_400_BAD_REQUEST)
    except (SlotTaken, SlotNotOffered) as refusal:
        return _form(place, form, Errors(), refusal.words, refusal.alternatives, status_code=HTTP_409_CONFLICT)
    except IdempotencyKeyReused:
        # A page from the browser's history with something else typed into it: a wish of its own.
        fresh = msgspec.structs.replace(form, key=uuid4().hex)
        note = "You have booked with this form before. To book once more, please confirm again."
        return _form(place, fresh, Errors(), note, status_code=HTTP_409_CONFLICT)
    except (MeetingTypeNotOffered, NoMeetingTypeAvailable) as refusal:
        now = _place(app, await _public(app, public.host.handle, public.page.slug), event_type.slug)
        return _form(now, form, Errors(), refusal.words, status_code=HTTP_409_CONFLICT)
    return Redirect(f"/b/{submit.booking.booking.token}", status_code=HTTP_303_SEE_OTHER)


async def _refuse_closed(app: App, place: Place, form: GuestForm) -> Template:
    """Nothing can be used any more: keep what was typed, and let the host know."""
    public = place.public
    try:
        await app.book.check_open(public.host.handle, public.page.slug, place.choice.event_type.slug)
    except NoMeetingTypeAvailable as refusal:
        return _form(place, form, Errors(), refusal.words, status_code=HTTP_409_CONFLICT)
    return _form(place, form, Errors(), "Please try again.", status_code=HTTP_409_CONFLICT)


async def _picker(app: App, place: Place, timezone: str | None, wish: Wish, gone: datetime | None = None) -> Template:
    picker: Picker | None = None
    zone = zone_or(timezone, place.public.host.timezone)
    if place.choice.offers:
        picker = await look(
            _free_times(app, place),
            wish,
            path=place.path,
            timezone=zone,
            horizon_days=place.public.page.rules.horizon_days,
            now=app.ports.clock(),
        )
    return shown("public/times.html", picker=picker, timezone=zone, gone=gone, **place.context)


def _form(
    place: Place,
    form: GuestForm,
    errors: Errors,
    refusal: str | None = None,
    alternatives: tuple[datetime, ...] = (),
    *,
    status_code: int = 200,
) -> Template:
    return shown(
        "public/form.html",
        status_code,
        form=form,
        errors=errors,
        refusal=refusal,
        alternatives=alternatives,
        **place.context,
    )


async def _is_free(app: App, place: Place, start: datetime) -> bool:
    try:
        day = start.date()
        return start in await _free_times(app, place)(day, day, "UTC")
    except InvalidInput:
        return False


def _free_times(app: App, place: Place) -> FreeTimes:
    async def free_times(first: date, last: date, timezone: str) -> list[datetime]:
        public = place.public
        found = await app.list_slots(
            public.host.handle, public.page.slug, place.choice.event_type.slug, first, last, timezone
        )
        return found.slots

    return free_times


async def _public(app: App, handle: str, page: str) -> PublicPage:
    public = await app.ports.views.public_page(handle, page)
    if public is None:
        raise NotFound("There is no such booking page.")
    return public


def _choices(app: App, public: PublicPage) -> list[Choice]:
    providers = statuses(app.configured, public.connections)
    return [
        Choice(
            event_type=each,
            offers=tuple(
                Offered.of(usable, public.host) for usable in offered(public.page.meeting_types_of(each), providers)
            ),
        )
        for each in public.page.event_types
    ]


def _place(app: App, public: PublicPage, event_type: str) -> Place:
    for choice in _choices(app, public):
        if choice.event_type.slug == event_type:
            return Place(public, choice)
    raise NotFound("There is no such booking page.")
