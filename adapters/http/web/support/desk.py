"""The pages on which the operator answers messages to support, behind the link in each mail about one.

Looking changes nothing: mail scanners follow links.
"""

from datetime import timedelta

import msgspec
from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Template
from litestar.status_codes import HTTP_200_OK, HTTP_303_SEE_OTHER, HTTP_400_BAD_REQUEST

from adapters.http.clients import limit_public_writes
from adapters.http.web.forms import Errors, Visit, form_of
from adapters.http.web.support.reader_zone import reader_zone
from adapters.http.web.templating import shown
from application.actor import OperatorActor
from application.app import App
from domain.errors import InvalidInput
from domain.ids import SupportThreadId
from domain.support_thread import SupportThread, answer_due_at


class Waiting(msgspec.Struct, frozen=True):
    """A conversation that waits for an answer; `left` is negative once one business day is over."""

    thread: SupportThread
    left: timedelta


class Desk(Controller):
    path = "/support/desk/{link:str}"

    @get("/")
    async def waiting(self, app: NamedDependency[App], link: FromPath[str], done: FromQuery[str] = "") -> Template:
        threads = await app.show_support_desk(OperatorActor(link))
        return shown(
            "support/desk.html", desk=_path(link), done=done, waiting=[_waiting(app, each) for each in threads]
        )

    @get("/{thread_id:str}")
    async def show(
        self, request: Visit, app: NamedDependency[App], link: FromPath[str], thread_id: FromPath[str]
    ) -> Template:
        return await _page(request, app, link, thread_id)

    @post("/{thread_id:str}", guards=[limit_public_writes])
    async def answer(
        self, request: Visit, app: NamedDependency[App], link: FromPath[str], thread_id: FromPath[str]
    ) -> Template | Redirect:
        message = (await form_of(request)).text("message")
        try:
            await app.answer_support(OperatorActor(link), SupportThreadId(thread_id), message)
        except InvalidInput as refusal:
            return await _page(request, app, link, thread_id, typed=message, errors=Errors.of(refusal))
        return _back(link, "answered")

    @post("/{thread_id:str}/close", guards=[limit_public_writes])
    async def close(self, app: NamedDependency[App], link: FromPath[str], thread_id: FromPath[str]) -> Redirect:
        await app.close_support_thread(OperatorActor(link), SupportThreadId(thread_id))
        return _back(link, "closed")


def _waiting(app: App, thread: SupportThread) -> Waiting | None:
    since = thread.waiting_since
    return Waiting(thread, answer_due_at(since) - app.now()) if since else None


async def _page(
    request: Visit, app: App, link: str, thread_id: str, *, typed: str = "", errors: Errors | None = None
) -> Template:
    thread = await app.show_support_desk.one(OperatorActor(link), SupportThreadId(thread_id))
    return shown(
        "support/desk_thread.html",
        HTTP_400_BAD_REQUEST if errors else HTTP_200_OK,
        desk=_path(link),
        thread=thread,
        waiting=_waiting(app, thread),
        closed=thread.is_closed(app.now()),
        zone=reader_zone(request),
        typed=typed,
        errors=errors or Errors(),
    )


def _back(link: str, done: str) -> Redirect:
    return Redirect(f"{_path(link)}?done={done}", status_code=HTTP_303_SEE_OTHER)


def _path(link: str) -> str:
    return f"/support/desk/{link}"
