"""The public booking page: choose a time, then say who you are."""

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Template

from adapters.http.cross_site import ANSWERS_OTHER_SITES
from adapters.http.indexing import INDEXED
from adapters.http.web.forms import Visit
from adapters.http.web.public.places import is_open
from adapters.http.web.public.steps import StepQuery, Steps, kept
from adapters.http.web.public.way import Way
from adapters.http.web.query import pairs_of
from adapters.http.web.templating import shown
from application.app import App

LARGEST_ANSWERS = 500_000
"""Twenty long answers in Chinese, percent-encoded as forms are, have 360 kB."""


class PublicBookingPages(Controller):
    path = "/{handle:str}"
    opt = INDEXED

    @get("/")
    async def pages(self, request: Visit, app: NamedDependency[App], handle: FromPath[str]) -> Template | Redirect:
        """List the pages of a host that take bookings."""
        open_now = [public for public in await app.list_public_pages(handle) if is_open(app, public)]
        if not open_now:
            return await _steps(request, app).elsewhere(handle)
        listed = sorted((public.page for public in open_now), key=lambda page: (page.title.casefold(), page.slug))
        return kept(shown("public/pages.html", owner=open_now[0].host, pages=listed))

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
        return await _steps(request, app).choices(handle, page, StepQuery(timezone, month, date, slot))

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
        asked = StepQuery(timezone, month, date, start or slot)
        return await _steps(request, app).times(handle, page, event_type, asked)

    @post("/{page:str}/{event_type:str}", opt={ANSWERS_OTHER_SITES: True}, request_max_body_size=LARGEST_ANSWERS)
    async def submit(
        self,
        request: Visit,
        app: NamedDependency[App],
        handle: FromPath[str],
        page: FromPath[str],
        event_type: FromPath[str],
    ) -> Template | Redirect:
        return await _steps(request, app).submit(handle, page, event_type)


def _steps(request: Visit, app: App) -> Steps:
    return Steps(request, app, Way.alone(pairs_of(request)))
