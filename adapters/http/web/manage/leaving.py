"""The page on which an additional guest leaves a meeting."""

from contextlib import suppress

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template
from litestar.status_codes import HTTP_303_SEE_OTHER

from adapters.http.clients import limit_public_writes
from adapters.http.web.templating import shown
from application.app import App
from domain.errors import BookingClosed
from domain.ids import LeaveToken


class LeavePages(Controller):
    """Asks once more: programs that look for bad links in mails follow them, and press no buttons."""

    path = "/leave/{token:str}"

    @get("/")
    async def ask(self, app: NamedDependency[App], token: FromPath[str]) -> Template:
        invitation = await app.leave_booking.look(LeaveToken(token))
        view = invitation.view
        public = await app.show_public_page(view.host.handle, view.page_slug) if view.page_slug else None
        return shown(
            "manage/leave.html",
            brand_color=public.page.brand_color if public else None,
            booking=view.booking,
            owner=view.host,
            token=token,
            left=invitation.guest.left_at is not None,
            past=view.booking.slot.end <= app.now(),
        )

    @post("/", guards=[limit_public_writes])
    async def leave(self, app: NamedDependency[App], token: FromPath[str]) -> Redirect:
        # Cancelled or over meanwhile: the page says so.
        with suppress(BookingClosed):
            await app.leave_booking.leave(LeaveToken(token))
        return Redirect(f"/leave/{token}", status_code=HTTP_303_SEE_OTHER)
