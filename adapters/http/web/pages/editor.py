"""The editor of a booking page."""

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Template
from litestar.status_codes import HTTP_200_OK, HTTP_303_SEE_OTHER, HTTP_400_BAD_REQUEST, HTTP_409_CONFLICT

from adapters.http.settings import HttpSettings
from adapters.http.web.forms import Errors, Visit, form_of
from adapters.http.web.pages.editing.buttons import pressed
from adapters.http.web.pages.editing.form import EditorForm
from adapters.http.web.pages.editing.preview import Preview
from adapters.http.web.pages.editing.tabs import opened
from adapters.http.web.pages.editing.view import editor_context, fingerprint
from adapters.http.web.templating import shown
from adapters.presentation.language import said
from application.app import App
from application.booking.offering import statuses_of
from domain.booking_page import BookingPage
from domain.connection import ProviderStatus
from domain.errors import InvalidInput, NotFound
from domain.host import Host
from domain.ids import PageId
from domain.provider import Provider


class Editor(Controller):
    path = "/pages/{page_id:str}"

    @get("/edit")
    async def edit(
        self,
        app: NamedDependency[App],
        host: NamedDependency[Host],
        settings: NamedDependency[HttpSettings],
        page_id: FromPath[str],
        saved: FromQuery[str] = "",
        made: FromQuery[str] = "",
    ) -> Template:
        page = await _page(app, host, page_id)
        context = editor_context(host, settings, page, EditorForm.of(page), await _providers(app, host), Errors(), "")
        return shown(
            "pages/edit.html", **context, overtaken=False, saved=bool(saved), made=bool(made), focus="", news=""
        )

    @post("/edit", status_code=HTTP_200_OK)
    async def save(
        self,
        request: Visit,
        app: NamedDependency[App],
        host: NamedDependency[Host],
        settings: NamedDependency[HttpSettings],
        page_id: FromPath[str],
    ) -> Template | Redirect:
        """Save everything at once; the buttons named `do` only change the form."""
        page = await _page(app, host, page_id)
        sent = await form_of(request)
        form, tab, focus, news = EditorForm.sent(sent), sent.text("tab"), "", ""
        status, loaded, overtaken = HTTP_200_OK, sent.text("loaded"), False
        if sent.text("do"):
            outcome = pressed(form, sent)
            form, focus, news = outcome.form, outcome.focus, outcome.news
            # What was told to be wrong goes on being told until it is right.
            errors = form.checked()[2] if sent.text("checked") else Errors()
        elif loaded and loaded != fingerprint(page):
            # What is stored now counts as seen: saving again replaces it.
            errors, loaded, overtaken, status = Errors(), "", True, HTTP_409_CONFLICT
        else:
            errors = await _save(app, page, form)
            if not errors:
                return Redirect(f"/pages/{page_id}/edit?saved=1#{opened(tab, errors)}", status_code=HTTP_303_SEE_OTHER)
            status = HTTP_400_BAD_REQUEST
        context = editor_context(host, settings, page, form, await _providers(app, host), errors, tab, loaded)
        if focus:
            context["tab"] = opened(tab, Errors())
        return shown(
            "pages/edit.html", status, **context, overtaken=overtaken, saved=False, made=False, focus=focus, news=news
        )

    @post("/preview", status_code=HTTP_200_OK)
    async def preview(
        self, request: Visit, app: NamedDependency[App], host: NamedDependency[Host], page_id: FromPath[str]
    ) -> Template:
        """The first view of the page as it would be; nothing is stored."""
        await _page(app, host, page_id)
        form = EditorForm.sent(await form_of(request))
        return shown("pages/_preview.html", me=host, preview=Preview.of(form, await _providers(app, host)))

    @get("/remove")
    async def ask_to_remove(
        self, app: NamedDependency[App], host: NamedDependency[Host], page_id: FromPath[str]
    ) -> Template:
        return shown("pages/remove.html", me=host, page=await _page(app, host, page_id))

    @post("/remove")
    async def remove(self, app: NamedDependency[App], host: NamedDependency[Host], page_id: FromPath[str]) -> Redirect:
        await app.remove_page(host.id, PageId(page_id))
        return Redirect("/dashboard", status_code=HTTP_303_SEE_OTHER)


async def _save(app: App, page: BookingPage, form: EditorForm) -> Errors:
    """Save all or nothing; what is wrong comes back."""
    edit, rows, errors = form.checked()
    if errors:
        return errors
    try:
        await app.rewrite_page(page.host_id, page.id, edit, rows)
    except InvalidInput as refusal:
        return Errors({refusal.field: said(refusal.message)})
    return errors


async def _providers(app: App, host: Host) -> dict[Provider, ProviderStatus]:
    return statuses_of(app.configured, await app.ports.views.connections(host.id))


async def _page(app: App, host: Host, page_id: str) -> BookingPage:
    page = await app.ports.views.page(host.id, PageId(page_id))
    if page is None:
        raise NotFound("There is no such booking page.")
    return page
