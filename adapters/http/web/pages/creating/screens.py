"""A new page in three short screens: what it is, how to meet, and when."""

import msgspec
from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Template
from litestar.status_codes import HTTP_200_OK, HTTP_303_SEE_OTHER, HTTP_400_BAD_REQUEST

from adapters.http.settings import HttpSettings
from adapters.http.web.calendar_overview import calendar_rows
from adapters.http.web.forms import Errors, Visit, form_of
from adapters.http.web.pages.creating.draft import LENGTHS, Draft, forgotten
from adapters.http.web.pages.editing.view import LIMITS, types_list
from adapters.http.web.pages.editing.words import DAY_NAMES, hours_in_words
from adapters.http.web.pages.missing import Circumstances, missing_on
from adapters.http.web.provider_status import provider_overviews
from adapters.http.web.settings.profile import is_unconfirmed
from adapters.http.web.settings.provider_words import message_for
from adapters.http.web.settings.return_to_editor import NEW_PAGE, remembered
from adapters.http.web.templating import shown
from adapters.presentation.language import gettext as _
from application.accounts.profile import ProfileEdit
from application.actor import HostActor
from application.app import App
from application.connections.authorization import CallbackOutcome
from domain.errors import InvalidInput
from domain.host import Host
from domain.ids import PageId
from domain.provider import provider_named

_TITLE, _MEETING, _HOURS = "/pages/new", "/pages/new/meeting", "/pages/new/hours"


class NewPage(Controller):
    path = "/pages/new"

    @get("/")
    async def title(self, request: Visit, host: NamedDependency[Host], check: FromQuery[str] = "") -> Template:
        """Ask for title and length; with `check`, say what is wrong with those that are kept."""
        draft, errors = Draft.kept(request, host), Errors()
        if check:
            draft.checked_title(errors)
        return _title(host, draft, errors)

    @post("/")
    async def name(
        self, request: Visit, host: NamedDependency[Host], settings: NamedDependency[HttpSettings]
    ) -> Template | Redirect:
        draft, errors = Draft.kept(request, host).with_title(await form_of(request)), Errors()
        draft.checked_title(errors)
        if errors:
            return _again(draft, settings, _TITLE, _title(host, draft, errors, HTTP_400_BAD_REQUEST))
        return _kept(draft, settings, _to(_MEETING))

    @get("/meeting")
    async def meeting(
        self,
        request: Visit,
        app: NamedDependency[App],
        host: NamedDependency[Host],
        check: FromQuery[str] = "",
        connected: FromQuery[str] = "",
    ) -> Template | Redirect:
        """Ask how to meet; `connected` is the provider that the host comes back from."""
        draft, errors = Draft.kept(request, host), Errors()
        if _has_no_title(draft):
            return _to(_TITLE)
        if check:
            draft.checked_types(await app.show_provider_statuses(HostActor(host.id)), errors)
        return await _meeting(app, host, draft, errors, connected=connected)

    @post("/meeting")
    async def meet(
        self,
        request: Visit,
        app: NamedDependency[App],
        host: NamedDependency[Host],
        settings: NamedDependency[HttpSettings],
        session: NamedDependency[str],
    ) -> Template | Redirect:
        """Go on, go back, or leave to connect a provider; what is typed is kept each time."""
        form, errors, actor = await form_of(request), Errors(), HostActor(host.id)
        draft = Draft.kept(request, host).with_types(form)
        if draft.cookie(settings) is None:
            # Before anything is left behind by leaving this screen.
            draft.check_lengths(errors)
            return await _meeting(app, host, draft, errors, HTTP_400_BAD_REQUEST)
        provider = provider_named(form.text("connect"))
        if provider in app.configured:
            leaving = Redirect(await app.start_connecting(actor, session, provider), status_code=HTTP_303_SEE_OTHER)
            leaving.cookies.append(remembered(NEW_PAGE, settings))
            return _kept(draft, settings, leaving)
        if form.text("back"):
            return _kept(draft, settings, _to(_TITLE))
        draft.checked_types(await app.show_provider_statuses(actor), errors)
        if errors:
            page = await _meeting(app, host, draft, errors, HTTP_400_BAD_REQUEST)
            return _again(draft, settings, _MEETING, page)
        return _kept(draft, settings, _to(_HOURS))

    @get("/hours")
    async def hours(
        self, request: Visit, app: NamedDependency[App], host: NamedDependency[Host], check: FromQuery[str] = ""
    ) -> Template | Redirect:
        draft, errors = Draft.kept(request, host), Errors()
        if check:
            draft.checked_hours(errors)
        return _to(_TITLE) if _has_no_title(draft) else await _hours(app, host, draft, errors)

    @post("/hours")
    async def create(
        self,
        request: Visit,
        app: NamedDependency[App],
        host: NamedDependency[Host],
        actor: NamedDependency[HostActor],
        settings: NamedDependency[HttpSettings],
    ) -> Template | Redirect:
        """Create the page, or lead to the screen where something is still wrong."""
        form, errors = await form_of(request), Errors()
        draft = Draft.kept(request, host).with_hours(form)
        if form.text("back"):
            return _kept(draft, settings, _to(_MEETING))
        draft.checked_hours(errors)
        if errors:
            page = await _hours(app, host, draft, errors, HTTP_400_BAD_REQUEST)
            return _again(draft, settings, _HOURS, page)
        pages = await app.list_pages(actor)
        edit = draft.edit(await app.show_provider_statuses(actor), [each.slug for each in pages], errors)
        if errors:
            return _kept(draft, settings, _to(f"{_MEETING if 'title' not in errors else _TITLE}?check=1"))
        if draft.timezone is not None and draft.timezone != host.timezone:
            await app.edit_profile(actor, ProfileEdit(timezone=draft.timezone))
        try:
            page = await app.create_page(actor, edit)
        except InvalidInput as refusal:
            errors = Errors.of(refusal, _field_of)
            if errors["title"]:
                # There are as many pages as there may be.
                return _title(host, draft, errors, HTTP_400_BAD_REQUEST)
            # The schedule was deleted meanwhile.
            draft = msgspec.structs.replace(draft, schedule=None)
            return await _hours(app, host, draft, errors, HTTP_400_BAD_REQUEST)
        done = _to(f"/pages/{page.id}/created")
        done.cookies.append(forgotten(settings))
        return done


@get("/pages/{page_id:str}/created")
async def created(
    app: NamedDependency[App],
    host: NamedDependency[Host],
    actor: NamedDependency[HostActor],
    settings: NamedDependency[HttpSettings],
    page_id: FromPath[str],
) -> Template:
    """The new page's link, or what is missing before anybody can book there."""
    page = await app.show_page(actor, PageId(page_id))
    unconfirmed = await is_unconfirmed(app, actor)
    providers, calendars = await app.show_provider_statuses(actor), await calendar_rows(app, actor)
    found = Circumstances.of(host, providers, calendars, app.now(), confirmed=not unconfirmed)
    address = f"{settings.public_url}/{host.handle}/{page.slug}"
    missing = missing_on(page, found)
    return shown("pages/created.html", me=host, page=page, address=address, missing=missing, unconfirmed=unconfirmed)


def _title(host: Host, draft: Draft, errors: Errors, status_code: int = HTTP_200_OK) -> Template:
    limits = LIMITS["duration_minutes"]
    return shown(
        "pages/new_title.html", status_code, me=host, draft=draft, lengths=LENGTHS, errors=errors, limits=limits
    )


async def _meeting(
    app: App, host: Host, draft: Draft, errors: Errors, status_code: int = HTTP_200_OK, *, connected: str = ""
) -> Template:
    providers = await app.show_provider_statuses(HostActor(host.id))
    just = provider_named(connected)
    message = message_for(CallbackOutcome.CONNECTED, (await provider_overviews(app, host))[just]) if just else None
    types = types_list(draft.types_for(providers), providers, own=False)
    return shown("pages/new_meeting.html", status_code, me=host, types=types, errors=errors, message=message)


async def _hours(app: App, host: Host, draft: Draft, errors: Errors, status_code: int = HTTP_200_OK) -> Template:
    schedules = await app.list_schedules(HostActor(host.id))
    if draft.schedule is None and schedules:
        draft = msgspec.structs.replace(draft, schedule=schedules[0].id)
    return shown(
        "pages/new_hours.html",
        status_code,
        me=host,
        draft=draft,
        schedules=[(each, hours_in_words(each.availability)) for each in schedules],
        errors=errors,
        day_names={weekday: _(name) for weekday, name in DAY_NAMES.items()},
        is_first=not await app.list_pages(HostActor(host.id)),
    )


def _field_of(path: str) -> str:
    return {"schedule_id": "schedule", "title": "title"}.get(path, "hours")


def _has_no_title(draft: Draft) -> bool:
    """Whether the host came by another way than the first screen."""
    errors = Errors()
    draft.checked_title(errors)
    return bool(errors)


def _again(draft: Draft, settings: HttpSettings, path: str, page: Template) -> Template | Redirect:
    """Say what is wrong at an address of its own: browsers ask before they go back to the answer to a form."""
    return page if draft.cookie(settings) is None else _kept(draft, settings, _to(f"{path}?check=1"))


def _kept(draft: Draft, settings: HttpSettings, answer: Redirect) -> Redirect:
    cookie = draft.cookie(settings)
    if cookie is not None:
        answer.cookies.append(cookie)
    return answer


def _to(path: str) -> Redirect:
    return Redirect(path, status_code=HTTP_303_SEE_OTHER)
