"""The editor of a booking page."""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Template
from litestar.status_codes import HTTP_200_OK, HTTP_303_SEE_OTHER, HTTP_400_BAD_REQUEST, HTTP_409_CONFLICT

from adapters.http.headers import POLICY, content_policy
from adapters.http.settings import HttpSettings
from adapters.http.web.booking_words import Message
from adapters.http.web.calendar_overview import calendar_rows
from adapters.http.web.forms import Errors, Visit, form_of
from adapters.http.web.pages.editing.buttons import pressed
from adapters.http.web.pages.editing.differences import differences
from adapters.http.web.pages.editing.form import EditorForm, version_sent
from adapters.http.web.pages.editing.holidays import coming_holidays
from adapters.http.web.pages.editing.preview import Preview
from adapters.http.web.pages.editing.share import Share
from adapters.http.web.pages.editing.share_form import LinkForm, link_sent
from adapters.http.web.pages.editing.tabs import opened
from adapters.http.web.pages.editing.view import editor_context
from adapters.http.web.pages.editing.why import explained
from adapters.http.web.provider_status import provider_overviews
from adapters.http.web.settings.profile import is_unconfirmed
from adapters.http.web.settings.provider_words import message_for
from adapters.http.web.settings.return_to_editor import EditorLink, remembered
from adapters.http.web.templating import shown
from adapters.presentation.language import gettext as _
from application.actor import HostActor
from application.app import App
from application.connections.authorization import CallbackOutcome
from application.pages.edit_pages import SavedMeanwhile
from application.pages.page_edits import PageEdit
from domain.booking_page import LONGEST_TITLE, BookingPage
from domain.errors import InvalidInput
from domain.host import Host
from domain.ids import PageId
from domain.provider import Provider, provider_named

LARGEST_EDITOR = 2_000_000
"""A page may have event types with long descriptions and many questions, and hours for many days."""


class Editor(Controller):
    path = "/pages/{page_id:str}"

    @get("/edit")
    async def edit(
        self,
        app: NamedDependency[App],
        host: NamedDependency[Host],
        actor: NamedDependency[HostActor],
        settings: NamedDependency[HttpSettings],
        page_id: FromPath[str],
        saved: FromQuery[str] = "",
        why_event: FromQuery[str] = "",
        why_at: FromQuery[str] = "",
        connected: FromQuery[str] = "",
        duplicated: FromQuery[str] = "",
    ) -> Template:
        """Show the editor; `connected` names the provider or the calendars that were connected for it."""
        page = await app.show_page(actor, PageId(page_id))
        form, schedules = EditorForm.of(page), await app.list_schedules(actor)
        context = editor_context(
            host,
            settings,
            page,
            form,
            await app.show_provider_statuses(actor),
            schedules,
            Errors(),
            "",
            _today(app, host),
        )
        return _framing(
            settings,
            "pages/edit.html",
            **context,
            holidays=await coming_holidays(app, actor, form.hours),
            why=await explained(app, actor, host, page, form, schedules, why_event, why_at),
            conflict=None,
            unconfirmed=await is_unconfirmed(app, actor),
            calendars=(calendars := await calendar_rows(app, actor)),
            just_connected=next((each.connection for each in calendars if each.connection.id == connected), None),
            writable=app.writable_calendars,
            just_back=await _connected(app, host, connected),
            saved=bool(saved),
            share=Share.of(host, page, LinkForm(), settings, app.now().timestamp()),
            duplicated=bool(duplicated) and not page.active,
            focus="",
            announcement="",
        )

    @post("/edit", status_code=HTTP_200_OK, request_max_body_size=LARGEST_EDITOR)
    async def save(
        self,
        request: Visit,
        app: NamedDependency[App],
        host: NamedDependency[Host],
        actor: NamedDependency[HostActor],
        settings: NamedDependency[HttpSettings],
        session: NamedDependency[str],
        page_id: FromPath[str],
    ) -> Template | Redirect:
        """Save everything at once; the buttons named `do` only change the form, "Connect" saves it before leaving."""
        page = await app.show_page(actor, PageId(page_id))
        sent = await form_of(request)
        form, tab, focus, announcement = EditorForm.sent(sent), sent.text("tab"), "", ""
        status, version, conflict = HTTP_200_OK, version_sent(sent) or page.version, None
        if sent.text("do"):
            outcome = pressed(form, sent)
            form, focus, announcement = outcome.form, outcome.focus, outcome.announcement
            # What was told to be wrong goes on being told until it is right.
            errors = form.checked()[2] if sent.text("checked") else Errors()
        else:
            errors, conflict = await _save(app, actor, page, form, version)
            if conflict:
                # What is stored now counts as seen: saving again replaces it.
                page, version, status = conflict.theirs, conflict.theirs.version, HTTP_409_CONFLICT
                form = form.adapted_to(page)
            elif errors:
                status = HTTP_400_BAD_REQUEST
            elif provider := provider_named(sent.text("save").removeprefix("connect:")):
                return await _leave(app, actor, settings, session, page, provider)
            else:
                return Redirect(f"/pages/{page_id}/edit?saved=1#{opened(tab, errors)}", status_code=HTTP_303_SEE_OTHER)
        schedules, providers = await app.list_schedules(actor), await app.show_provider_statuses(actor)
        context = editor_context(
            host, settings, page, form, providers, schedules, errors, tab, _today(app, host), version
        )
        if focus:
            context["tab"] = opened(tab, Errors())
        why = await explained(app, actor, host, page, form, schedules, sent.text("why_event"), sent.text("why_at"))
        return _framing(
            settings,
            "pages/edit.html",
            status,
            **context,
            holidays=await coming_holidays(app, actor, form.hours),
            why=why,
            conflict=differences(conflict.mine, conflict.theirs) if conflict else None,
            unconfirmed=await is_unconfirmed(app, actor),
            calendars=await calendar_rows(app, actor),
            just_connected=None,
            writable=app.writable_calendars,
            just_back=None,
            saved=False,
            share=Share.of(host, page, link_sent(sent, page), settings, app.now().timestamp()),
            duplicated=False,
            focus=focus,
            announcement=announcement,
        )

    @post("/preview", status_code=HTTP_200_OK, request_max_body_size=LARGEST_EDITOR)
    async def preview(
        self,
        request: Visit,
        app: NamedDependency[App],
        host: NamedDependency[Host],
        actor: NamedDependency[HostActor],
        page_id: FromPath[str],
    ) -> Template:
        """The first view of the page as it would be; nothing is stored."""
        await app.show_page(actor, PageId(page_id))
        form = EditorForm.sent(await form_of(request))
        preview = Preview.of(
            form, await app.show_provider_statuses(actor), await app.list_schedules(actor), _today(app, host)
        )
        return shown("pages/_preview.html", me=host, preview=preview)

    @post("/active")
    async def turn(
        self, request: Visit, app: NamedDependency[App], actor: NamedDependency[HostActor], page_id: FromPath[str]
    ) -> Redirect:
        """Turn the page on or off from the dashboard."""
        sent = await form_of(request)
        await app.change_page(actor, PageId(page_id), PageEdit(active=bool(sent.text("active"))))
        return Redirect("/dashboard", status_code=HTTP_303_SEE_OTHER)

    @post("/duplicate")
    async def duplicate(
        self, app: NamedDependency[App], actor: NamedDependency[HostActor], page_id: FromPath[str]
    ) -> Redirect:
        copy = await app.duplicate_page(actor, PageId(page_id), _title_of_copy)
        return Redirect(f"/pages/{copy.id}/edit?duplicated=1", status_code=HTTP_303_SEE_OTHER)

    @get("/remove")
    async def ask_to_remove(
        self,
        app: NamedDependency[App],
        host: NamedDependency[Host],
        actor: NamedDependency[HostActor],
        page_id: FromPath[str],
    ) -> Template:
        return shown("pages/remove.html", me=host, page=await app.show_page(actor, PageId(page_id)))

    @post("/remove")
    async def remove(
        self, app: NamedDependency[App], actor: NamedDependency[HostActor], page_id: FromPath[str]
    ) -> Redirect:
        await app.remove_page(actor, PageId(page_id))
        return Redirect("/dashboard", status_code=HTTP_303_SEE_OTHER)


def _framing(settings: HttpSettings, template: str, status_code: int = HTTP_200_OK, /, **context: Any) -> Template:
    """The editor, which shows the embedded page in a frame."""
    page = shown(template, status_code, **context)
    page.headers[POLICY] = content_policy(settings, frames="'self'")
    return page


async def _save(
    app: App, actor: HostActor, page: BookingPage, form: EditorForm, version: int
) -> tuple[Errors, SavedMeanwhile | None]:
    """Save all or nothing; what is wrong comes back, or what somebody else has saved."""
    edit, rows, errors = form.checked()
    if errors:
        return errors, None
    try:
        await app.rewrite_page(actor, page.id, edit, rows, version=version)
    except InvalidInput as refusal:
        return Errors.of(refusal, form.field_of), None
    except SavedMeanwhile as conflict:
        return Errors(), conflict
    return errors, None


async def _leave(
    app: App, actor: HostActor, settings: HttpSettings, session: str, page: BookingPage, provider: Provider
) -> Redirect:
    """Leave to connect a provider, to come back here."""
    if provider not in app.configured:
        return Redirect(f"/pages/{page.id}/edit?saved=1#meeting_types", status_code=HTTP_303_SEE_OTHER)
    away = Redirect(await app.start_connecting(actor, session, provider), status_code=HTTP_303_SEE_OTHER)
    away.cookies.append(remembered(EditorLink(page.id, page.title, "meeting_types"), settings))
    return away


async def _connected(app: App, host: Host, name: str) -> Message | None:
    """What to say to somebody who comes back from connecting a provider."""
    provider = provider_named(name)
    return message_for(CallbackOutcome.CONNECTED, (await provider_overviews(app, host))[provider]) if provider else None


def _today(app: App, host: Host) -> date:
    return app.now().astimezone(ZoneInfo(host.timezone)).date()


def _title_of_copy(title: str) -> str:
    words = _("{title} (copy)")
    return words.format(title=title[: LONGEST_TITLE - len(words.format(title=""))].rstrip())
