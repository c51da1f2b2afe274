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
from adapters.http.settings import HttpSettings
from adapters.http.web.calendar_overview import calendar_connection_rows
from adapters.http.web.forms import Errors, Visit, form_of
from adapters.http.web.provider_status import ProviderOverview, provider_overviews
from adapters.http.web.settings import calendar_message, provider_message
from adapters.http.web.settings.provider_words import Badge, asking, badge, before_connecting, revoking_words
from adapters.http.web.settings.return_to_editor import editor_link, forgotten, remembered
from adapters.http.web.templating import shown
from adapters.presentation.calendars import ACCOUNTS, calendar_product
from adapters.presentation.providers import ProviderWords, words_of
from application.actor import HostActor
from application.app import App
from application.connections.authorization import Callback, CallbackOutcome
from domain.booking_page import BookingPage
from domain.errors import NotFound
from domain.host import Host
from domain.ids import PageId
from domain.provider import PROVIDERS, Provider, provider_named

PATH = "/settings/providers"

_CAN_BE_TURNED_ON = frozenset({CallbackOutcome.CONNECTED, "in-use"})


class ProviderRow(msgspec.Struct, frozen=True):
    """A provider as the settings show it; `before` is what to know before connecting."""

    overview: ProviderOverview
    about: ProviderWords
    badge: Badge
    before: list[str]


class FeedForm(msgspec.Struct, frozen=True):
    """The fields for a calendar feed, as typed."""

    url: str = ""
    name: str = ""


NO_FEED = FeedForm()


class Providers(Controller):
    path = PATH

    @get("/")
    async def rows(
        self,
        request: Visit,
        app: NamedDependency[App],
        host: NamedDependency[Host],
        settings: NamedDependency[HttpSettings],
        back: FromQuery[str] = "",
    ) -> Template:
        """Show all rows; `back` names the editor that was left for this."""
        return await providers_page(request, app, host, settings, back)

    @post("/{provider:str}/connect")
    async def connect(
        self,
        app: NamedDependency[App],
        host: NamedDependency[Host],
        settings: NamedDependency[HttpSettings],
        session: NamedDependency[str],
        provider: FromPath[str],
    ) -> Redirect:
        named = _provider(provider)
        if named not in app.configured:
            return _back(settings, named, "not-set-up")
        return Redirect(await app.start_connecting(HostActor(host.id), session, named), status_code=HTTP_303_SEE_OTHER)

    @get("/{provider:str}/disconnect")
    async def ask_to_disconnect(
        self,
        app: NamedDependency[App],
        host: NamedDependency[Host],
        provider: FromPath[str],
    ) -> Template | Redirect:
        named = _provider(provider)
        try:
            after = await app.preview_disconnect(HostActor(host.id), named)
        except NotFound:
            return Redirect(PATH, status_code=HTTP_303_SEE_OTHER)
        return shown(
            "settings/disconnect.html",
            me=host,
            provider=named,
            about=words_of(named),
            after=after,
            revoking=revoking_words(named, after.revoked),
        )

    @post("/{provider:str}/disconnect")
    async def disconnect(
        self,
        app: NamedDependency[App],
        actor: NamedDependency[HostActor],
        settings: NamedDependency[HttpSettings],
        provider: FromPath[str],
    ) -> Redirect:
        named = _provider(provider)
        revoked = await app.disconnect_provider(actor, named)
        is_kept = revoked == "kept-for-calendars"
        return _back(settings, named, "disconnected-kept-for-calendars" if is_kept else "disconnected")

    @post("/{provider:str}/use")
    async def use(
        self,
        request: Visit,
        app: NamedDependency[App],
        host: NamedDependency[Host],
        settings: NamedDependency[HttpSettings],
        provider: FromPath[str],
    ) -> Redirect:
        """Put the provider's meeting type first on the pages named, where it isn't on yet."""
        named = _provider(provider)
        chosen = [PageId(each) for each in (await form_of(request)).all("page")]
        await app.use_provider_on_pages(HostActor(host.id), named, chosen)
        return _back(settings, named, "in-use")


@get("/integrations/{provider:str}/callback")
async def callback(
    request: Visit,
    app: NamedDependency[App],
    settings: NamedDependency[HttpSettings],
    visiting_actor: NamedDependency[HostActor | None],
    provider: FromPath[str],
    # Litestar keeps the name `state` for itself.
    oauth_state: Annotated[str | None, QueryParameter(name="state")] = None,
    code: FromQuery[str | None] = None,
    error: FromQuery[str | None] = None,
) -> Redirect:
    """Where a provider sends the browser; ends on the row, so that a reload repeats nothing."""
    named = _provider(provider)
    session = session_token(request)
    if visiting_actor is None or session is None:
        onward = quote(f"{PATH}?{named}=signed-out", safe="")
        signing_in = Redirect(f"/signin?next={onward}", status_code=HTTP_303_SEE_OTHER)
        signing_in.cookies.append(provider_message.kept(settings, named, "signed-out"))
        return signing_in
    if named not in app.configured:
        return _back(settings, named, "not-set-up")
    ended = await app.finish_connecting(visiting_actor, session, named, Callback(oauth_state, code, error))
    way = await editor_link(request, app, visiting_actor) if ended == CallbackOutcome.CONNECTED else None
    if way and (onward := way.after_connecting(named)):
        to_origin = Redirect(onward, status_code=HTTP_303_SEE_OTHER)
        to_origin.cookies.append(forgotten(settings))
        return to_origin
    return _back(settings, named, ended)


async def providers_page(
    request: Visit,
    app: App,
    host: Host,
    settings: HttpSettings,
    back: str = "",
    *,
    feed: FeedForm = NO_FEED,
    errors: Errors | None = None,
) -> Template:
    """All rows; what was typed and is wrong with it beside them, where a feed was refused."""
    found = await provider_overviews(app, host)
    just: Provider | None = next(
        (each for each in PROVIDERS if request.query_params.get(each) in _CAN_BE_TURNED_ON), None
    )
    connected = just is not None and found[just].status == "connected"
    unread = provider_message.unread(request, found)
    way = await editor_link(request, app, HostActor(host.id), back)
    about_calendars = calendar_message.unread(request)
    page = shown(
        "settings/providers.html",
        me=host,
        rows=[_row(each) for each in found.values()],
        calendar_connections=await calendar_connection_rows(app, HostActor(host.id)),
        calendar_accounts=[(kind, calendar_product(kind), kind in app.calendar_accounts) for kind in ACCOUNTS],
        about_calendars=about_calendars,
        feed=feed,
        errors=errors or Errors(),
        message=unread.message if unread else None,
        just=just,
        about=words_of,
        without=await _pages_without(app, host, just) if just and connected else [],
        first_page=connected and not await app.list_pages(HostActor(host.id)),
        waiting=await _any_waits(app, host) if unread and unread.tried_again else False,
        asking=asking,
        editor_link=way,
    )
    if way:
        page.cookies.append(remembered(way, settings))
    if about_calendars:
        page.cookies.append(calendar_message.forgotten(settings))
    if unread:
        page.cookies.append(provider_message.forgotten(settings))
    return page


def _row(overview: ProviderOverview) -> ProviderRow:
    return ProviderRow(overview, words_of(overview.provider), badge(overview), before_connecting(overview))


async def _pages_without(app: App, host: Host, provider: Provider) -> list[BookingPage]:
    pages = await app.list_pages(HostActor(host.id))
    return [page for page in pages if not page.uses(provider)]


async def _any_waits(app: App, host: Host) -> bool:
    """Whether bookings are tried again now that an account is connected, or need something else."""
    waiting = await app.list_bookings(HostActor(host.id), "needs_attention", limit=1)
    return bool(waiting.items)


def _provider(text: str) -> Provider:
    named = provider_named(text)
    if named is None:
        raise NotFound("provider")
    return named


def _back(settings: HttpSettings, provider: Provider, code: str) -> Redirect:
    to_rows = Redirect(f"{PATH}?{provider}={code}", status_code=HTTP_303_SEE_OTHER)
    to_rows.cookies.append(provider_message.kept(settings, provider, code))
    return to_rows
