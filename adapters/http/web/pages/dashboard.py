"""The dashboard of a host: what needs attention, and the booking pages."""

import msgspec
from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromQuery
from litestar.response import Template

from adapters.http.settings import HttpSettings
from adapters.http.web.bookings.days import days_of
from adapters.http.web.calendar_overview import calendar_rows
from adapters.http.web.pages.missing import Circumstances, Missing, missing_on
from adapters.http.web.provider_status import troubles
from adapters.http.web.settings.profile import is_unconfirmed
from adapters.http.web.templating import shown
from adapters.presentation.language import gettext as _
from application.actor import HostActor
from application.app import App
from domain.booking_page import BookingPage
from domain.connection import ProviderStatus
from domain.host import Host
from domain.meeting_type import Hindrance, MeetingTypeName, name_of, obstacle, offered
from domain.provider import Provider

FEW = 5


class PageCard(msgspec.Struct, frozen=True):
    """A page in the list; `unusable` says what hinders which meeting type."""

    page: BookingPage
    address: str
    missing: Missing | None
    unusable: dict[MeetingTypeName, str]


@get("/dashboard")
async def dashboard(
    app: NamedDependency[App],
    settings: NamedDependency[HttpSettings],
    host: NamedDependency[Host],
    actor: NamedDependency[HostActor],
    done: FromQuery[str] = "",
) -> Template:
    """`done` is what the host comes from."""
    providers = await app.show_provider_statuses(actor)
    unconfirmed = await is_unconfirmed(app, actor)
    attention = await app.list_bookings(actor, "needs_attention", limit=FEW)
    upcoming = await app.list_bookings(actor, "upcoming", limit=FEW)
    calendars = await calendar_rows(app, actor)
    await app.freshen_calendars(actor, [each.calendar for each in calendars])
    found = Circumstances.of(host, providers, calendars, app.now(), confirmed=not unconfirmed)
    return shown(
        "pages/dashboard.html",
        me=host,
        just_confirmed=done == "confirmed" and not unconfirmed,
        unconfirmed=unconfirmed,
        cards=[
            PageCard(
                page,
                f"{settings.public_url}/{host.handle}/{page.slug}",
                missing_on(page, found),
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
