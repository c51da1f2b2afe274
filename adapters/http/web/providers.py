"""Settings → Connected providers: connect, see, disconnect."""

from typing import Annotated
from urllib.parse import quote

import msgspec
from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, QueryParameter
from litestar.response import Redirect, Template
from litestar.status_codes import HTTP_303_SEE_OTHER

from adapters.http.sessions import session_token
from adapters.http.web.forms import Visit, form_of
from adapters.http.web.provider_words import TITLES, Badge, asking, badge, told
from adapters.http.web.standing import Standing, standings
from adapters.http.web.templating import shown
from adapters.http.web.words import Message
from application.app import App
from application.connect_provider import Callback, Return
from application.edit_pages import PageEdit
from domain.booking_page import BookingPage
from domain.connection import PROVIDER_NAMES, PROVIDERS, Provider
from domain.errors import NotFound
from domain.host import Host
from domain.meeting_type import GoogleMeet, MeetingType, MicrosoftTeams, Zoom, provider_of

PATH = "/settings/providers"


class Row(msgspec.Struct, frozen=True):
    """A provider as the settings show it."""

    standing: Standing
    title: str
    badge: Badge


class Providers(Controller):
    path = PATH

    @get("/")
    async def rows(
        self,
        app: NamedDependency[App],
        host: NamedDependency[Host],
        zoom: FromQuery[str] = "",
        google: FromQuery[str] = "",
        microsoft: FromQuery[str] = "",
    ) -> Template:
        found = await standings(app, host)
        codes: dict[Provider, str] = {"zoom": zoom, "google": google, "microsoft": microsoft}
        messages: dict[Provider, Message] = {}
        for provider, code in codes.items():
            if message := told(code, provider, found[provider].connection):
                messages[provider] = message
        just: Provider | None = next(
            (each for each in PROVIDERS if codes[each] in {"connected", "in-use"} and found[each].connection), None
        )
        return shown(
            "settings/providers.html",
            me=host,
            rows=[Row(each, TITLES[each.provider], badge(each)) for each in found.values()],
            messages=list(messages.values()),
            just=just,
            title_of=TITLES,
            without=await _pages_without(app, host, just) if just else [],
            waiting=await _any_waits(app, host) if just and codes[just] == "connected" else False,
            asking=asking,
        )

    @post("/{provider:str}/connect")
    async def connect(
        self,
        app: NamedDependency[App],
        host: NamedDependency[Host],
        session: NamedDependency[str],
        provider: FromPath[str],
    ) -> Redirect:
        named = _provider(provider)
        if named not in app.configured:
            return _back(named, "not-set-up")
        return Redirect(await app.start_connecting(host.id, session, named), status_code=HTTP_303_SEE_OTHER)

    @get("/{provider:str}/disconnect")
    async def ask_to_disconnect(
        self, app: NamedDependency[App], host: NamedDependency[Host], provider: FromPath[str]
    ) -> Template | Redirect:
        named = _provider(provider)
        if not any(each.provider == named for each in await app.ports.views.connections(host.id)):
            return _back(named)
        after = await app.preview_disconnect(host.id, named)
        return shown(
            "settings/disconnect.html", me=host, provider=named, name=PROVIDER_NAMES[named], title=TITLES[named],
            after=after,
        )  # fmt: skip

    @post("/{provider:str}/disconnect")
    async def disconnect(
        self, app: NamedDependency[App], host: NamedDependency[Host], provider: FromPath[str]
    ) -> Redirect:
        named = _provider(provider)
        await app.disconnect_provider(host.id, named)
        return _back(named, "disconnected")

    @post("/{provider:str}/use")
    async def use(
        self, request: Visit, app: NamedDependency[App], host: NamedDependency[Host], provider: FromPath[str]
    ) -> Redirect:
        """Put the provider's meeting type first on the pages named, where it isn't on yet."""
        named = _provider(provider)
        wanted = set((await form_of(request)).all("page"))
        for page in await _pages_without(app, host, named):
            if page.id in wanted:
                await app.change_page(
                    host.id, page.id, PageEdit(meeting_types=(_MEETING_TYPES[named], *page.meeting_types))
                )
        return _back(named, "in-use")


@get("/integrations/{provider:str}/callback")
async def come_back(
    request: Visit,
    app: NamedDependency[App],
    visitor: NamedDependency[Host | None],
    provider: FromPath[str],
    # Litestar keeps the name `state` for itself.
    trip: Annotated[str | None, QueryParameter(name="state")] = None,
    code: FromQuery[str | None] = None,
    error: FromQuery[str | None] = None,
) -> Redirect:
    """Where a provider sends the browser; ends on the row, so that a reload repeats nothing."""
    named = _provider(provider)
    session = session_token(request)
    if visitor is None or session is None:
        onward = quote(f"{PATH}?{named}=signed-out", safe="")
        return Redirect(f"/signin?next={onward}", status_code=HTTP_303_SEE_OTHER)
    if named not in app.configured:
        return _back(named, "not-set-up")
    ended: Return = await app.finish_connecting(visitor.id, session, named, Callback(trip, code, error))
    return _back(named, ended)


_MEETING_TYPES: dict[Provider, MeetingType] = {
    "zoom": Zoom(),
    "google": GoogleMeet(),
    "microsoft": MicrosoftTeams(),
}


async def _pages_without(app: App, host: Host, provider: Provider) -> list[BookingPage]:
    pages = await app.ports.views.pages(host.id)
    return [page for page in pages if not any(provider_of(each) == provider for each in page.meeting_types)]


async def _any_waits(app: App, host: Host) -> bool:
    """Whether bookings are tried again now that an account is connected, or need something else."""
    waiting = await app.ports.views.bookings(host.id, "needs_attention", now=app.ports.clock(), cursor=None, limit=1)
    return bool(waiting.items)


def _provider(text: str) -> Provider:
    for each in PROVIDERS:
        if each == text:
            return each
    raise NotFound("There is no such provider.")


def _back(provider: Provider, code: str = "") -> Redirect:
    return Redirect(f"{PATH}?{provider}={code}" if code else PATH, status_code=HTTP_303_SEE_OTHER)
