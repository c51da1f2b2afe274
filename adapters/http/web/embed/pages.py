"""A booking page in the frame of another site: the same steps, and the booking at their end."""

from functools import partial
from typing import cast

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Template
from litestar.status_codes import HTTP_204_NO_CONTENT

from adapters.http.cross_site import ANSWERS_OTHER_SITES
from adapters.http.request_context import framed_pages_of, settings_of
from adapters.http.web.embed.framing import framed
from adapters.http.web.forms import Visit
from adapters.http.web.live import Fragment, next_fragment
from adapters.http.web.manage.booking import card_of, fragment_of
from adapters.http.web.public.booking_page import LARGEST_ANSWERS
from adapters.http.web.public.steps import StepQuery, Steps, kept
from adapters.http.web.public.way import Frame, Way
from adapters.http.web.query import pairs_of
from adapters.http.web.templating import shown
from application.actor import GuestActor
from application.app import App
from application.ports.booking_views import BookingView
from domain.booking_page import BookingPage
from domain.errors import NotFound
from domain.ids import GuestToken

_BOOKED = "/{page:str}/{event_type:str}/b/{token:str}"


class EmbeddedPages(Controller):
    path = "/embed/{handle:str}"

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
        steps = _steps(request, app)
        return _shown(steps, await steps.choices(handle, page, StepQuery(timezone, month, date, slot)))

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
        steps = _steps(request, app)
        return _shown(
            steps, await steps.times(handle, page, event_type, StepQuery(timezone, month, date, start or slot))
        )

    @post("/{page:str}/{event_type:str}", opt={ANSWERS_OTHER_SITES: True}, request_max_body_size=LARGEST_ANSWERS)
    async def submit(
        self,
        request: Visit,
        app: NamedDependency[App],
        handle: FromPath[str],
        page: FromPath[str],
        event_type: FromPath[str],
    ) -> Template | Redirect:
        steps = _steps(request, app)
        return _shown(steps, await steps.submit(handle, page, event_type))

    @get(_BOOKED)
    async def booked(
        self,
        request: Visit,
        app: NamedDependency[App],
        handle: FromPath[str],
        page: FromPath[str],
        event_type: FromPath[str],
        token: FromPath[str],
    ) -> Template | Redirect:
        """Show the booking, without anything that could be done to it by one click."""
        steps = _steps(request, app)
        view, booked_page = await _booked(app, handle, page, event_type, token)
        framed_pages_of(request).note(request, booked_page)
        answer = shown(
            "embed/booked.html", **steps.way.context, **card_of(app, view, token), page=booked_page, path=_path(request)
        )
        return _shown(steps, kept(answer))

    @get(f"{_BOOKED}/live")
    async def live(
        self,
        request: Visit,
        app: NamedDependency[App],
        handle: FromPath[str],
        page: FromPath[str],
        event_type: FromPath[str],
        token: FromPath[str],
        seen: FromQuery[str] = "",
    ) -> Template | Response[str]:
        """Answer with the booking as soon as it has changed, or with 204 after a while."""

        async def present() -> BookingView:
            return (await _booked(app, handle, page, event_type, token))[0]

        def stands(view: BookingView) -> Fragment:
            return fragment_of(app, view)

        found = await next_fragment(present, partial(app.watch_booking, _guest(token)), seen, stands)
        if found is None:
            return Response("", status_code=HTTP_204_NO_CONTENT)
        way, card = _steps(request, app).way, card_of(app, found.view, token)
        return shown("embed/_booked.html", **way.context, **card, path=_path(request).removesuffix("/live"))


def _steps(request: Visit, app: App) -> Steps:
    return Steps(request, app, Way.framed(pairs_of(request)))


def _shown(steps: Steps, answer: Template | Redirect) -> Template | Redirect:
    if isinstance(answer, Redirect):
        return answer
    page = cast("BookingPage", answer.context["page"])
    return framed(answer, page, steps.way.frame or Frame(), settings_of(steps.request), steps.app.now().timestamp())


async def _booked(app: App, handle: str, page: str, event_type: str, token: str) -> tuple[BookingView, BookingPage]:
    """The booking and its page. Raises NotFound where it was booked elsewhere, or its page is gone."""
    view = await app.show_guest_booking(_guest(token))
    public = await app.show_public_page(handle, page)
    if public is None or (view.host.handle, view.page_slug, view.event_type_slug) != (handle, page, event_type):
        raise NotFound("booking")
    return view, public.page


def _guest(token: str) -> GuestActor:
    return GuestActor(GuestToken(token))


def _path(request: Visit) -> str:
    return request.url.path
