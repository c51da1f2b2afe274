"""A host's bookings: the lists, and one booking with all that happened to it."""

from functools import partial
from urllib.parse import urlencode

import msgspec
from litestar import Controller, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Stream, Template
from litestar.status_codes import HTTP_204_NO_CONTENT

from adapters.http.web.booking_words import entry_link
from adapters.http.web.bookings.action_messages import action_message
from adapters.http.web.bookings.csv_file import csv_file
from adapters.http.web.bookings.days import days_of
from adapters.http.web.bookings.diagnosis import Diagnosis, missing, of_booking
from adapters.http.web.live import host_fragment, next_fragment
from adapters.http.web.provider_status import provider_overviews, troubles
from adapters.http.web.templating import rendered, shown
from adapters.presentation.language import marked, spoken
from application.actor import HostActor
from application.app import App
from application.booking.access import BookingById
from application.ports.booking_views import LONGEST_SEARCH, BookingFilter, BookingView
from domain.booking import Booking
from domain.calendar import Calendar
from domain.events import MailRefused, Recipient
from domain.host import Host
from domain.ids import BookingId, CalendarId
from domain.mail_problem import MailProblem, MailsStopped

AT_ONCE = 25
MANY = 9
TABS: dict[BookingFilter, str] = {
    "upcoming": marked("Upcoming"),
    "past": marked("Past"),
    "cancelled": marked("Cancelled"),
    "needs_attention": marked("Needs attention"),
}


class Wanted(msgspec.Struct, frozen=True):
    """Which list is looked at, and for whom."""

    show: BookingFilter
    search: str

    def address(
        self, show: BookingFilter | None = None, *, cursor: str | None = None, search: str | None = None
    ) -> str:
        """Of the same list, changed in one respect."""
        search = self.search if search is None else search
        query = {"show": show or self.show, "cursor": cursor, "search": search}
        return f"/bookings?{urlencode({name: value for name, value in query.items() if value})}"

    def export_address(self) -> str:
        """Of the same list as a file."""
        query = {"show": self.show, "search": self.search}
        return f"/bookings/export.csv?{urlencode({name: value for name, value in query.items() if value})}"

    def found_in(self, booking: Booking) -> list[str]:
        """The addresses of additional guests that are looked for; the list shows no others."""
        wanted = self.search.lower()
        return [each.email for each in booking.additional_guests if wanted and wanted in each.email.lower()]

    @classmethod
    def of(cls, show: str, search: str) -> "Wanted":
        """What an address asks for; a list that there isn't is Upcoming."""
        known: dict[str, BookingFilter] = {each: each for each in TABS}
        return cls(known.get(show, "upcoming"), search.strip()[:LONGEST_SEARCH])


class BookingLists(Controller):
    path = "/bookings"

    @get("/")
    async def listed(
        self,
        app: NamedDependency[App],
        host: NamedDependency[Host],
        actor: NamedDependency[HostActor],
        show: FromQuery[str] = "upcoming",
        cursor: FromQuery[str | None] = None,
        search: FromQuery[str] = "",
    ) -> Template:
        wanted = Wanted.of(show, search)
        page = await app.list_bookings(actor, wanted.show, cursor=cursor or None, limit=AT_ONCE, search=wanted.search)
        attention = await app.list_bookings(actor, "needs_attention", limit=MANY)
        return shown(
            "bookings/list.html",
            me=host,
            tabs=TABS,
            wanted=wanted,
            page=page,
            days=days_of(page.items, host.timezone),
            attention=f"{MANY}+" if attention.next else len(attention.items),
            first=not cursor,
            has_pages=bool(page.items) or bool(await app.list_pages(actor)),
            troubles=await troubles(app, host),
        )

    @get("/export.csv")
    async def export(
        self,
        app: NamedDependency[App],
        host: NamedDependency[Host],
        actor: NamedDependency[HostActor],
        show: FromQuery[str] = "upcoming",
        search: FromQuery[str] = "",
    ) -> Stream:
        """A whole list as a file, written while it is read."""
        wanted = Wanted.of(show, search)
        pages = await app.export_bookings(actor, wanted.show, search=wanted.search)
        return Stream(
            csv_file(pages, host.timezone, spoken()),
            media_type="text/csv",
            headers={"Content-Disposition": f'attachment; filename="timetuna-bookings-{wanted.show}.csv"'},
        )

    @get("/{booking_id:str}")
    async def one(
        self,
        app: NamedDependency[App],
        host: NamedDependency[Host],
        booking_id: FromPath[str],
        done: FromQuery[str] = "",
    ) -> Template:
        return await booking_page(app, host, await booking_of(app, host, booking_id), done=done)

    @get("/{booking_id:str}/live")
    async def live(
        self,
        app: NamedDependency[App],
        host: NamedDependency[Host],
        booking_id: FromPath[str],
        seen: FromQuery[str] = "",
    ) -> Response[str]:
        """Answer as soon as the page is no longer right, or with 204 after a while."""

        async def present() -> BookingView:
            return await booking_of(app, host, booking_id)

        access = BookingById(HostActor(host.id), BookingId(booking_id))
        found = await next_fragment(present, partial(app.watch_booking, access), seen, host_fragment)
        if found is None:
            return Response("", status_code=HTTP_204_NO_CONTENT)
        return Response(rendered("bookings/_live.html", booking=found.view.booking, live=found), media_type="text/html")


async def booking_page(
    app: App,
    host: Host,
    view: BookingView,
    *,
    done: str = "",
    typed: str | None = None,
    error: str = "",
    refusal: str = "",
    status_code: int = 200,
) -> Template:
    """One booking; `typed` is a join link that was refused, and `error` why."""
    booking = view.booking
    is_open = booking.is_open(app.now())
    calendars = await _calendars(app, host) if booking.overlapped or booking.entry else {}
    return shown(
        "bookings/one.html",
        status_code,
        me=host,
        view=view,
        booking=booking,
        open=is_open,
        message=action_message(done, booking, is_open=is_open),
        diagnosis=await _diagnosis(app, host, view) if is_open else None,
        choices=await app.switch_meeting_type.choices(HostActor(host.id), booking.id) if is_open else (),
        live=host_fragment(view),
        calendars={each.id: each.name for each in calendars.values()},
        entry_link=entry_link(booking, calendars),
        stopped_mails=_stopped_mails(view),
        typed=typed,
        error=error,
        refusal=refusal,
    )


async def booking_of(app: App, host: Host, booking_id: str) -> BookingView:
    return await app.show_booking(HostActor(host.id), BookingId(booking_id))


async def _calendars(app: App, host: Host) -> dict[CalendarId, Calendar]:
    shown = await app.show_calendars(HostActor(host.id))
    return {calendar.id: calendar for each in shown for calendar in each.calendars}


def _stopped_mails(view: BookingView) -> set[Recipient]:
    """Who wants no mails from this server, as far as the last refusal says."""
    events = (each.event for each in view.timeline)
    latest: dict[Recipient, MailProblem] = {
        each.party: each.problem for each in events if isinstance(each, MailRefused)
    }
    return {party for party, problem in latest.items() if isinstance(problem, MailsStopped)}


async def _diagnosis(app: App, host: Host, view: BookingView) -> Diagnosis | None:
    provider = missing(view.booking)
    if provider is None:
        return None
    pages = await app.list_pages(HostActor(host.id))
    page = next((each for each in pages if each.id == view.booking.page_id), None)
    return of_booking(view.booking, page, (await provider_overviews(app, host))[provider], host)
