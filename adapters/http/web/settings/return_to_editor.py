"""Leads a host back to the editor from the connected providers.

The way leads through a provider's own pages, so a cookie remembers the booking page.
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
_EDITOR = re.compile(r"/pages/([A-Za-z0-9-]{1,64})/edit")
_PAGE = re.compile(r"[A-Za-z0-9-]{1,64}")


class WayBack(msgspec.Struct, frozen=True):
    page_id: PageId
    title: str

    @property
    def path(self) -> str:
        return f"/pages/{self.page_id}/edit"


async def way_back(request: Visit, app: App, host: Host, asked: str) -> WayBack | None:
    """Where `asked` leads, or else where the cookie does: only ever to the editor of a page of the host's own."""
    found = _EDITOR.fullmatch(asked)
    page_id = found[1] if found else request.cookies.get(_COOKIE, "")
    if not _PAGE.fullmatch(page_id):
        return None
    try:
        page = await app.show_page(HostActor(host.id), PageId(page_id))
    except NotFound:
        return None
    return WayBack(page.id, page.title)


def remembered(way: WayBack, settings: HttpSettings) -> Cookie:
    return Cookie(
        key=_COOKIE,
        value=way.page_id,
        max_age=_LASTS,
        path="/settings/providers",
        secure=settings.https,
        httponly=True,
        samesite="lax",
    )
