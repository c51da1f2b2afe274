"""Single-use links to a booking page."""

from datetime import timedelta

import msgspec
from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Template
from litestar.status_codes import HTTP_200_OK, HTTP_303_SEE_OTHER, HTTP_400_BAD_REQUEST

from adapters.http.settings import HttpSettings
from adapters.http.web.forms import Errors, Form, Visit, form_of
from adapters.http.web.pages.editing.numbers import whole_number
from adapters.http.web.templating import shown
from application.actor import HostActor
from application.app import App
from domain.booking_link import LINK_USES
from domain.errors import InvalidInput
from domain.host import Host
from domain.ids import BookingLinkId, PageId
from domain.limits import Limits

DAYS = Limits(1, 730)


class NewLinkForm(msgspec.Struct, frozen=True):
    """A new link as typed; without days it doesn't expire."""

    uses: str = "1"
    days: str = ""

    @classmethod
    def sent(cls, form: Form) -> "NewLinkForm":
        return cls(form.text("uses"), form.text("days"))


NOTHING_TYPED = NewLinkForm()


class LinkPages(Controller):
    path = "/pages/{page_id:str}/links"

    @get("/")
    async def links(
        self,
        app: NamedDependency[App],
        host: NamedDependency[Host],
        actor: NamedDependency[HostActor],
        page_id: FromPath[str],
        removed: FromQuery[str] = "",
    ) -> Template:
        return await _links(app, host, actor, PageId(page_id), removed=bool(removed))

    @post("/", status_code=HTTP_200_OK)
    async def make(
        self,
        request: Visit,
        app: NamedDependency[App],
        host: NamedDependency[Host],
        actor: NamedDependency[HostActor],
        settings: NamedDependency[HttpSettings],
        page_id: FromPath[str],
    ) -> Template:
        """Answer with the new link itself: nothing that is stored could show it again."""
        typed, errors = NewLinkForm.sent(await form_of(request)), Errors()
        uses = whole_number(typed.uses, "uses", LINK_USES, errors)
        days = whole_number(typed.days, "days", DAYS, errors) if typed.days.strip() else None
        page = PageId(page_id)
        if errors:
            return await _links(app, host, actor, page, HTTP_400_BAD_REQUEST, typed=typed, errors=errors)
        ends = None if days is None else app.now() + timedelta(days=days)
        try:
            made = await app.make_booking_link(actor, page, uses, ends)
        except InvalidInput as refusal:
            errors = Errors.of(refusal)
            return await _links(app, host, actor, page, HTTP_400_BAD_REQUEST, typed=typed, errors=errors)
        return await _links(app, host, actor, page, url=f"{settings.public_url}{made.path}")

    @post("/{link_id:str}/remove")
    async def remove(
        self,
        app: NamedDependency[App],
        actor: NamedDependency[HostActor],
        page_id: FromPath[str],
        link_id: FromPath[str],
    ) -> Redirect:
        await app.remove_booking_link(actor, PageId(page_id), BookingLinkId(link_id))
        return Redirect(f"/pages/{page_id}/links?removed=1", status_code=HTTP_303_SEE_OTHER)


async def _links(
    app: App,
    host: Host,
    actor: HostActor,
    page_id: PageId,
    status_code: int = HTTP_200_OK,
    *,
    typed: NewLinkForm = NOTHING_TYPED,
    errors: Errors | None = None,
    url: str | None = None,
    removed: bool = False,
) -> Template:
    return shown(
        "pages/links.html",
        status_code,
        me=host,
        page=await app.show_page(actor, page_id),
        links=await app.list_booking_links(actor, page_id),
        now=app.now(),
        typed=typed,
        errors=errors or Errors(),
        url=url,
        removed=removed,
    )
