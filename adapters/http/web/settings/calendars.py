"""Settings → Connected providers → Calendars: add a feed, look at a calendar, change its rules."""

from typing import get_args

import msgspec
from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Template
from litestar.status_codes import HTTP_200_OK, HTTP_303_SEE_OTHER, HTTP_400_BAD_REQUEST

from adapters.http.settings import HttpSettings
from adapters.http.web.calendar_overview import CalendarRow
from adapters.http.web.forms import Errors, Form, Visit, form_of
from adapters.http.web.settings.after_connecting import after_connecting
from adapters.http.web.settings.calendar_connections import FEW
from adapters.http.web.settings.providers import FeedForm, providers_page
from adapters.http.web.templating import shown
from application.actor import HostActor
from application.app import App
from application.calendars.change_rules import RulesEdit
from domain.booking_page import BookingPage
from domain.busy import AllDay, CalendarRules, Treatment
from domain.errors import InvalidInput, NotFound
from domain.host import Host
from domain.ids import CalendarId

PATH = "/settings/calendars"

_ALL_DAY: dict[str, AllDay] = {each: each for each in get_args(AllDay)}


class CalendarSettings(Controller):
    path = PATH

    @post("/feed", status_code=HTTP_200_OK)
    async def add_feed(
        self,
        request: Visit,
        app: NamedDependency[App],
        host: NamedDependency[Host],
        actor: NamedDependency[HostActor],
        settings: NamedDependency[HttpSettings],
    ) -> Template | Redirect:
        form = await form_of(request)
        feed = FeedForm(form.text("url"), form.text("name"))
        try:
            made = await app.connect_feed(actor, feed.url, feed.name)
        except InvalidInput as refusal:
            page = await providers_page(request, app, host, settings, feed=feed, errors=Errors.of(refusal))
            page.status_code = HTTP_400_BAD_REQUEST
            return page
        return await after_connecting(request, app, host, settings, made, f"{PATH}/{made.calendars[0].id}?added=1")

    @get("/{calendar_id:str}")
    async def calendar(
        self,
        app: NamedDependency[App],
        host: NamedDependency[Host],
        actor: NamedDependency[HostActor],
        calendar_id: FromPath[str],
        added: FromQuery[str] = "",
        saved: FromQuery[str] = "",
    ) -> Template:
        """Show what was read of it, so that a host sees whether it is the right one."""
        return shown(
            "settings/calendar.html",
            me=host,
            row=await _row(app, actor, calendar_id),
            next_times=await app.show_next_times(actor, CalendarId(calendar_id), FEW),
            blocked=await _blocked_pages(app, actor, calendar_id),
            added=bool(added),
            saved=bool(saved),
        )

    @post("/{calendar_id:str}")
    async def change_rules(
        self, request: Visit, app: NamedDependency[App], actor: NamedDependency[HostActor], calendar_id: FromPath[str]
    ) -> Redirect:
        rules = _rules_sent(await form_of(request))
        await app.change_calendar_rules(actor, CalendarId(calendar_id), RulesEdit(**msgspec.structs.asdict(rules)))
        return Redirect(f"{PATH}/{calendar_id}?saved=1", status_code=HTTP_303_SEE_OTHER)


async def _row(app: App, actor: HostActor, calendar_id: str) -> CalendarRow:
    for found in await app.show_calendars(actor):
        for each in found.calendars:
            if each.id == calendar_id:
                return CalendarRow.of(each, found.connection, app.now())
    raise NotFound("calendar")


async def _blocked_pages(app: App, actor: HostActor, calendar_id: str) -> list[BookingPage]:
    return [each for each in await app.list_pages(actor) if calendar_id in each.calendars.blocking]


def _rules_sent(form: Form) -> CalendarRules:
    """A switch that isn't on says free."""

    def treatment(name: str) -> Treatment:
        return "busy" if form.text(name) else "free"

    all_day = _ALL_DAY.get(form.text("all_day"), "as_marked")
    return CalendarRules(
        tentative=treatment("tentative"),
        unanswered=treatment("unanswered"),
        out_of_office=treatment("out_of_office"),
        working_elsewhere=treatment("working_elsewhere"),
        all_day=all_day,
    )
