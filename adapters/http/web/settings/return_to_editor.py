"""Leads a host back from the connected providers to what they were about to set up: a page's editor, or a new page.

The way leads through a provider's own pages, so a cookie remembers it.
"""

import re
from typing import Literal, cast

import msgspec
from litestar.datastructures import Cookie

from adapters.http.settings import HttpSettings
from adapters.http.web.forms import Visit
from application.actor import HostActor
from application.app import App
from domain.errors import NotFound
from domain.ids import PageId
from domain.provider import Provider

Part = Literal["", "calendars", "meeting_types"]

_COOKIE = "timetuna_editing"
_LASTS = 30 * 60
_EDITOR = re.compile(r"/pages/([A-Za-z0-9-]{1,64})/edit(?:#(calendars))?")
_KEPT = re.compile(r"([A-Za-z0-9-]{1,64})(?:\.(calendars|meeting_types))?")
_NEW = PageId("new")


class EditorLink(msgspec.Struct, frozen=True):
    """Where the host came from.

    Attributes:
        title: of the page; empty for a new one.
        part: of the editor; empty for the first tab.
    """

    page_id: PageId
    title: str = ""
    part: Part = ""

    @property
    def path(self) -> str:
        if self.page_id == _NEW:
            return "/pages/new/meeting"
        return f"/pages/{self.page_id}/edit" + (f"#{self.part}" if self.part else "")

    def after_connecting(self, provider: Provider) -> str | None:
        """Where somebody goes on who only left to connect the provider; None for one who wanted to see them all."""
        if self.page_id == _NEW:
            return f"/pages/new/meeting?connected={provider}"
        if self.part == "meeting_types":
            return f"/pages/{self.page_id}/edit?connected={provider}#{self.part}"
        return None


NEW_PAGE = EditorLink(_NEW)


async def editor_link(request: Visit, app: App, actor: HostActor, asked: str = "") -> EditorLink | None:
    """Where `asked` leads, or else where the cookie does: only ever to a new page, or to one of the host's own."""
    found = _EDITOR.fullmatch(asked) or _KEPT.fullmatch(request.cookies.get(_COOKIE, ""))
    if not found:
        return None
    if found[1] == _NEW:
        return NEW_PAGE
    try:
        page = await app.show_page(actor, PageId(found[1]))
    except NotFound:
        return None
    return EditorLink(page.id, page.title, cast("Part", found[2] or ""))


def remembered(way: EditorLink, settings: HttpSettings) -> Cookie:
    return _cookie(f"{way.page_id}.{way.part}" if way.part else way.page_id, _LASTS, settings)


def forgotten(settings: HttpSettings) -> Cookie:
    """To be sent along when the host is led back."""
    return _cookie("", 0, settings)


def _cookie(value: str, max_age: int, settings: HttpSettings) -> Cookie:
    return Cookie(
        key=_COOKIE, value=value, max_age=max_age, path="/", secure=settings.https, httponly=True, samesite="lax"
    )
