"""A visitor's page of a conversation with support: read it, and write on."""

from functools import partial

import msgspec
from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Template
from litestar.status_codes import (
    HTTP_200_OK,
    HTTP_204_NO_CONTENT,
    HTTP_303_SEE_OTHER,
    HTTP_400_BAD_REQUEST,
    HTTP_429_TOO_MANY_REQUESTS,
    HTTP_503_SERVICE_UNAVAILABLE,
)

from adapters.http.capabilities import masked
from adapters.http.clients import client_network
from adapters.http.retry_after import retry_after
from adapters.http.web.forms import Errors, Visit, form_with_files
from adapters.http.web.live import next_fragment, stamp
from adapters.http.web.support.form import LARGEST_WITH_PICTURE, SCREENSHOT_AGAIN, many_messages
from adapters.http.web.support.reader_zone import reader_zone
from adapters.http.web.templating import shown
from adapters.presentation.language import gettext as _
from application.actor import VisitorActor
from application.app import App
from application.support.ask_support import LARGEST_SCREENSHOT, SupportNotSetUp
from domain.errors import InvalidInput, TooManyRequests
from domain.host import Host
from domain.ids import SupportToken
from domain.support_thread import SupportThread


class ThreadFragment(msgspec.Struct, frozen=True):
    """The messages as they are at one moment."""

    thread: SupportThread
    seen: str
    soon: bool = False


class SupportThreadPage(Controller):
    path = "/support/{token:str}"

    @get("/")
    async def show(
        self,
        request: Visit,
        app: NamedDependency[App],
        visitor: NamedDependency[Host | None],
        token: FromPath[str],
        sent: FromQuery[str] = "",
    ) -> Template:
        return await _page(request, app, visitor, token, sent=sent)

    @get("/live")
    async def live(
        self,
        request: Visit,
        app: NamedDependency[App],
        visitor: NamedDependency[Host | None],
        token: FromPath[str],
        seen: FromQuery[str] = "",
    ) -> Template | Response[str]:
        """Answer with the messages as soon as there is a new one, or with 204 after a while."""
        actor = _visitor(token)
        look, watch = partial(app.show_support_thread, actor), partial(app.watch_support_thread, actor)
        found = await next_fragment(look, watch, seen, _fragment)
        if found is None:
            return Response("", status_code=HTTP_204_NO_CONTENT)
        return shown("support/_messages.html", **_messages(request, app, visitor, token, found))

    @post("/", request_max_body_size=LARGEST_WITH_PICTURE)
    async def write(
        self, request: Visit, app: NamedDependency[App], visitor: NamedDependency[Host | None], token: FromPath[str]
    ) -> Template | Redirect:
        async with form_with_files(request) as form:
            screenshot = await form.file("screenshot")
            message = masked(form.text("message"))
        answer = partial(_page, request, app, visitor, token, typed=message)
        try:
            await app.write_to_support(_visitor(token), message, screenshot or None, client_network(request))
        except InvalidInput as refusal:
            errors = Errors.of(refusal)
            if screenshot:
                errors.setdefault("screenshot", _(SCREENSHOT_AGAIN))
            return await answer(errors=errors, status_code=HTTP_400_BAD_REQUEST)
        except TooManyRequests as refusal:
            page = await answer(refused=many_messages(refusal), status_code=HTTP_429_TOO_MANY_REQUESTS)
            page.headers.update(retry_after(refusal))
            return page
        except SupportNotSetUp:
            refused = _("Messages can’t be sent from here any more. Yours is still below.")
            return await answer(refused=refused, status_code=HTTP_503_SERVICE_UNAVAILABLE)
        return Redirect(f"/support/{token}#last", status_code=HTTP_303_SEE_OTHER)


def _visitor(token: str) -> VisitorActor:
    return VisitorActor(SupportToken(token))


def _fragment(thread: SupportThread) -> ThreadFragment:
    return ThreadFragment(thread, stamp(f"{len(thread.messages)} {thread.closed_at}"))


async def _page(
    request: Visit,
    app: App,
    visitor: Host | None,
    token: str,
    *,
    sent: str = "",
    typed: str = "",
    errors: Errors | None = None,
    refused: str = "",
    status_code: int = HTTP_200_OK,
) -> Template:
    found = _fragment(await app.show_support_thread(_visitor(token)))
    return shown(
        "support/thread.html",
        status_code,
        me=visitor,
        sent=sent,
        typed=typed,
        errors=errors or Errors(),
        refused=refused,
        largest=LARGEST_SCREENSHOT,
        **_messages(request, app, visitor, token, found),
    )


def _messages(request: Visit, app: App, visitor: Host | None, token: str, found: ThreadFragment) -> dict[str, object]:
    return {
        "thread": found.thread,
        "live": found,
        "token": token,
        "closed": found.thread.is_closed(app.now()),
        "zone": reader_zone(request, visitor),
    }
