"""Leads a host back to the editor from the connected providers.

The way leads through a provider's own pages, so a cookie remembers the booking page, and the tab that was open.
"""

import re

import msgspec
from litestar.datastructures import Cookie

from adapters.http.settings import HttpSettings
from adapters.http.web.forms import Visit
from application.actor import HostActor
from application.app import App
from domain.errors import NotFound
from domain.host import Host
from domain.ids import PageId

_COOKIE = "timetuna_editing"
_LASTS = 30 * 60
_EDITOR = re.compile(r"/pages/([A-Za-z0-9-]{1,64})/edit(?:#(calendars))?")
_KEPT = re.compile(r"([A-Za-z0-9-]{1,64})(?:\.(calendars))?")


class WayBack(msgspec.Struct, frozen=True):
    """An editor; `tab` is empty for the first one."""

    page_id: PageId
    title: str
    tab: str = ""

    @property
    def path(self) -> str:
        return f"/pages/{self.page_id}/edit" + (f"#{self.tab}" if self.tab else "")


async def way_back(request: Visit, app: App, host: Host, asked: str = "") -> WayBack | None:
    """Where `asked` leads, or else where the cookie does: only ever to the editor of a page of the host's own."""
    found = _EDITOR.fullmatch(asked) or _KEPT.fullmatch(request.cookies.get(_COOKIE, ""))
    if not found:
        return None
    try:
        page = await app.show_page(HostActor(host.id), PageId(found[1]))
    except NotFound:
        return None
    return WayBack(page.id, page.title, found[2] or "")


def remembered(way: WayBack, settings: HttpSettings) -> Cookie:
    return _cookie(f"{way.page_id}.{way.tab}" if way.tab else way.page_id, _LASTS, settings)


def forgotten(settings: HttpSettings) -> Cookie:
    """To be sent along when the host is led back."""
    return _cookie("", 0, settings)


def _cookie(value: str, max_age: int, settings: HttpSettings) -> Cookie:
    return Cookie(
        key=_COOKIE, value=value, max_age=max_age, path="/", secure=settings.https, httponly=True, samesite="lax"
    )
