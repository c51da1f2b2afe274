"""The editor of a booking page."""

import re

import msgspec
from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Template
from litestar.status_codes import HTTP_303_SEE_OTHER, HTTP_400_BAD_REQUEST

from adapters.http.settings import HttpSettings
from adapters.http.web.editor_form import EditorForm
from adapters.http.web.forms import Errors, Visit, form_of
from adapters.http.web.templating import shown
from adapters.http.web.words import in_a_sentence
from application.app import App
from application.offering import statuses_of
from domain.availability import WEEKDAYS
from domain.booking_page import BookingPage
from domain.connection import Provider, ProviderStatus
from domain.errors import InvalidInput, NotFound
from domain.host import Host
from domain.ids import PageId
from domain.meeting_type import (
    GoogleMeet,
    MeetingTypeName,
    MicrosoftTeams,
    Obstacle,
    Zoom,
    provider_obstacle,
    provider_of,
)

TABS = ("booking", "availability", "notifications")

NOTHING_ON = "No meeting type is on, so this page takes no bookings."
ONE_ON = "Every booking is {first}. If that can’t be used, nothing can be booked: there is nothing to fall back to."
SEVERAL_ON = "The page is set to {first}. If that can’t be used, a booking falls back to {rest}."
BETWEEN = ", then to "

DAY_NAMES = dict(
    zip(WEEKDAYS, ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"), strict=True)
)


class Switch(msgspec.Struct, frozen=True):
    """A meeting type in the list; `obstacle` is why it can't be used right now."""

    name: MeetingTypeName
    on: bool
    sentence: str
    obstacle: Obstacle | None


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
    ) -> Template:
        page = await _page(app, host, page_id)
        return await _editor(app, host, settings, page, EditorForm.of(page), Errors(), saved=bool(saved))

    @post("/edit")
    async def save(
        self,
        request: Visit,
        app: NamedDependency[App],
        host: NamedDependency[Host],
        settings: NamedDependency[HttpSettings],
        page_id: FromPath[str],
    ) -> Template | Redirect:
        """Save everything at once; the other buttons only change the form."""
        page = await _page(app, host, page_id)
        sent = await form_of(request)
        form, tab = EditorForm.sent(sent), _tab(sent.text("tab"))
        if move := sent.text("move"):
            name, _, where = move.partition(":")
            moved = form.with_moved(name, -1 if where == "up" else 1)
            return await _editor(app, host, settings, page, moved, Errors(), tab=tab)
        if more := sent.text("add"):
            return await _editor(app, host, settings, page, form.with_added(more), Errors(), tab=tab)
        edit, rows, errors = form.checked()
        if not errors:
            try:
                await app.rewrite_page(host.id, page.id, edit, rows)
            except InvalidInput as refusal:
                errors[_field_of(refusal.field, form)] = refusal.message
        if errors:
            return await _editor(app, host, settings, page, form, errors, tab=tab, status_code=HTTP_400_BAD_REQUEST)
        return Redirect(f"/pages/{page_id}/edit?saved=1#{tab}", status_code=HTTP_303_SEE_OTHER)

    @get("/remove")
    async def ask_to_remove(
        self, app: NamedDependency[App], host: NamedDependency[Host], page_id: FromPath[str]
    ) -> Template:
        return shown("pages/remove.html", me=host, page=await _page(app, host, page_id))

    @post("/remove")
    async def remove(self, app: NamedDependency[App], host: NamedDependency[Host], page_id: FromPath[str]) -> Redirect:
        await app.remove_page(host.id, PageId(page_id))
        return Redirect("/dashboard", status_code=HTTP_303_SEE_OTHER)


async def _editor(
    app: App,
    host: Host,
    settings: HttpSettings,
    page: BookingPage,
    form: EditorForm,
    errors: Errors,
    *,
    saved: bool = False,
    tab: str = TABS[0],
    status_code: int = 200,
) -> Template:
    providers = statuses_of(app.configured, await app.ports.views.connections(host.id))
    switches = [Switch(name, name in form.on, in_a_sentence(name), _obstacle(name, providers)) for name in form.order]
    own_types = {each.id: each.meeting_types for each in page.event_types if each.meeting_types is not None}
    return shown(
        "pages/edit.html",
        status_code,
        me=host,
        page=page,
        form=form,
        errors=errors,
        saved=saved,
        tab=tab,
        switches=switches,
        order_words=_order_words([each.sentence for each in switches if each.on]),
        order_patterns={"none": NOTHING_ON, "one": ONE_ON, "several": SEVERAL_ON, "between": BETWEEN},
        own_types=own_types,
        day_names=DAY_NAMES,
        prefix=f"{settings.public_url}/{host.handle}/",
    )


def _tab(wished: str) -> str:
    return wished if wished in TABS else TABS[0]


def _order_words(sentences: list[str]) -> str:
    if not sentences:
        return NOTHING_ON
    first, *rest = sentences
    return SEVERAL_ON.format(first=first, rest=BETWEEN.join(rest)) if rest else ONE_ON.format(first=first)


def _obstacle(name: MeetingTypeName, providers: dict[Provider, ProviderStatus]) -> Obstacle | None:
    online = {"zoom": Zoom(), "google_meet": GoogleMeet(), "microsoft_teams": MicrosoftTeams()}
    provider = provider_of(online[name]) if name in online else None
    return provider_obstacle(provider, providers[provider]) if provider else None


def _field_of(field: str, form: EditorForm) -> str:
    """The form's name for what the use-case refused: rows that are left out shift the places."""
    found = re.fullmatch(r"event_types\.(\d+)\.(title|slug|duration)\w*", field)
    if found is None:
        return "number" if field.endswith(".number") else "address" if field.endswith(".address") else field
    place, _ = form.kept_events[int(found[1])]
    return f"event.{place}.{found[2]}"


async def _page(app: App, host: Host, page_id: str) -> BookingPage:
    page = await app.ports.views.page(host.id, PageId(page_id))
    if page is None:
        raise NotFound("There is no such booking page.")
    return page
