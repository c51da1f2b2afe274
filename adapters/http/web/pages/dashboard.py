"""What a host sees first: what needs attention, and the booking pages."""

from collections.abc import Mapping
from datetime import datetime

import msgspec
from litestar import get, post
from litestar.di import NamedDependency
from litestar.response import Redirect, Template
from litestar.status_codes import HTTP_303_SEE_OTHER, HTTP_400_BAD_REQUEST

from adapters.http.settings import HttpSettings
from adapters.http.web.bookings.days import days_of
from adapters.http.web.calendar_overview import calendar_rows
from adapters.http.web.forms import Errors, Visit, form_of
from adapters.http.web.pages.slugs import slug_from
from adapters.http.web.provider_status import troubles
from adapters.http.web.settings.profile import is_unconfirmed
from adapters.http.web.templating import shown
from adapters.presentation.language import gettext as _
from adapters.presentation.sentences.refusals import refusal_sentence
from application.actor import HostActor
from application.app import App
from application.booking.offering import has_room, usable_types
from application.pages.page_edits import EventTypeEdit, PageEdit
from domain.booking_page import BookingPage
from domain.connection import ProviderStatus
from domain.errors import InvalidInput, NoMeetingTypeAvailable
from domain.host import Host
from domain.ids import CalendarId
from domain.meeting_type import MADE_BY, Hindrance, MeetingType, MeetingTypeName, name_of, obstacle, offered
from domain.provider import Provider

FEW = 5

_NOTICE = 240
"""Minutes: nobody who makes a page expects to be booked for the next quarter of an hour."""


class PageCard(msgspec.Struct, frozen=True):
    """A page in the list; `closed` says what takes no bookings, and why, `unusable` what hinders which meeting type."""

    page: BookingPage
    address: str
    closed: str | None
    unusable: dict[MeetingTypeName, str]


@get("/dashboard")
async def dashboard(
    app: NamedDependency[App],
    settings: NamedDependency[HttpSettings],
    host: NamedDependency[Host],
    actor: NamedDependency[HostActor],
) -> Template:
    providers = await app.show_provider_statuses(actor)
    unconfirmed = await is_unconfirmed(app, actor)
    attention = await app.list_bookings(actor, "needs_attention", limit=FEW)
    upcoming = await app.list_bookings(actor, "upcoming", limit=FEW)
    calendars = await calendar_rows(app, actor)
    readable = {each.calendar.id: each.calendar.readable_until for each in calendars}
    await app.freshen_calendars(actor, [each.calendar for each in calendars])
    return shown(
        "pages/dashboard.html",
        me=host,
        unconfirmed=unconfirmed,
        cards=[
            PageCard(
                page,
                f"{settings.public_url}/{host.handle}/{page.slug}",
                _closed(host, page, providers, readable, app.now(), confirmed=not unconfirmed),
                _unusable(page, providers),
            )
            for page in await app.list_pages(actor)
        ],
        providers=providers,
        troubles=await troubles(app, host),
        unreadable=[each for each in calendars if each.problem],
        attention=attention,
        days=days_of(upcoming.items, host.timezone),
    )


@get("/pages/new")
async def new_page(host: NamedDependency[Host], settings: NamedDependency[HttpSettings]) -> Template:
    return _new(host, settings, "", "", Errors())


@post("/pages/new")
async def create_page(
    request: Visit,
    app: NamedDependency[App],
    host: NamedDependency[Host],
    actor: NamedDependency[HostActor],
    settings: NamedDependency[HttpSettings],
) -> Template | Redirect:
    """Make a page with a 30-minute event type and what is connected; everything else is edited from there."""
    form = await form_of(request)
    title, slug = form.text("title"), form.text("slug").strip().lower()
    providers = await app.show_provider_statuses(actor)
    edit = PageEdit(
        title=title,
        slug=slug or slug_from(title, [each.slug for each in await app.list_pages(actor)]),
        meeting_types=_connected(providers),
        minimum_notice_minutes=_NOTICE,
        event_types=(EventTypeEdit(slug="30-minutes", title=title, duration_minutes=30),),
    )
    try:
        page = await app.create_page(actor, edit)
    except InvalidInput as refusal:
        return _new(host, settings, title, slug, _of_page(refusal), HTTP_400_BAD_REQUEST)
    return Redirect(f"/pages/{page.id}/edit?made=1", status_code=HTTP_303_SEE_OTHER)


def _of_page(refusal: InvalidInput) -> Errors:
    """What is wrong with the page; its event type has the same title, and the same is wrong with that."""
    return Errors.of(InvalidInput(*(each for each in refusal.faults if not each.field.startswith("event_types."))))


def _new(host: Host, settings: HttpSettings, title: str, slug: str, errors: Errors, status_code: int = 200) -> Template:
    prefix = f"{settings.public_url}/{host.handle}/"
    return shown("pages/new.html", status_code, me=host, title=title, slug=slug, prefix=prefix, errors=errors)


def _connected(providers: dict[Provider, ProviderStatus]) -> tuple[MeetingType, ...]:
    return tuple(made for provider, made in MADE_BY.items() if providers[provider] == "connected")


def _unusable(page: BookingPage, providers: dict[Provider, ProviderStatus]) -> dict[MeetingTypeName, str]:
    usable = offered(page.meeting_types, providers)
    found: dict[MeetingTypeName, str] = {}
    for each in page.meeting_types:
        why = obstacle(each, providers, None)
        if why is not None and each not in usable:
            found[name_of(each)] = _in_short(why.what)
    return found


def _in_short(what: Hindrance) -> str:
    match what:
        case "not-connected":
            return _("not connected")
        case "needs-reconnect":
            return _("needs reconnecting")
        case "not-set-up" | "blocked" | "number-missing":
            return _("can’t be used")


def _closed(
    host: Host,
    page: BookingPage,
    providers: dict[Provider, ProviderStatus],
    readable: Mapping[CalendarId, datetime | None],
    now: datetime,
    *,
    confirmed: bool,
) -> str | None:
    if not confirmed:
        return _("Confirm your email address to accept bookings.")
    if not page.event_types:
        return _("This page is not taking bookings: it has no event type.")
    if any(page.calendars.are_closed_by(readable.get(each), now) for each in page.calendars.blocking):
        return _("One of your calendars can’t be read, so the page offers no times. See Connected providers.")
    refused: dict[str, str] = {}
    for event_type in page.event_types:
        if not has_room(host, page, event_type, now):
            refused[event_type.title] = _("This page is not taking bookings: no event type fits your available times.")
            continue
        try:
            usable_types(page.meeting_types_of(event_type), providers, confirmed=confirmed)
        except NoMeetingTypeAvailable as refusal:
            refused[event_type.title] = refusal_sentence(refusal)
    if len(refused) == len(page.event_types):
        return next(iter(refused.values()))
    return _("Can’t be booked right now: {titles}.").format(titles=", ".join(refused)) if refused else None
