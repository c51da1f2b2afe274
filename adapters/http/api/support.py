"""The calls with which anybody writes to whoever runs the server."""

from datetime import datetime
from typing import Annotated

import msgspec
from litestar import get, post
from litestar.params import FromPath
from litestar.response.base import ASGIResponse

from adapters.http.api.answering import answer
from adapters.http.api.described import call
from adapters.http.api.reading import ApiRequest, known, read_body
from adapters.http.api.uploads import uploaded
from adapters.http.capabilities import masked
from adapters.http.clients import client_network
from adapters.http.request_context import app_of
from application.actor import VisitorActor
from application.app import App
from application.support.ask_support import LARGEST_SCREENSHOT, SupportMessage, SupportNotSetUp
from domain.errors import NotFound
from domain.ids import SupportToken
from domain.support_thread import Side, SupportThread

# Base64 takes four bytes for three.
LARGEST_WITH_SCREENSHOT = 2 * LARGEST_SCREENSHOT

_SCREENSHOT = Annotated[str, msgspec.Meta(description="a PNG, JPEG or WebP file in Base64.")]


class SupportRequestIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What you want to know; `page_url` is the address of the page that it is about."""

    email: str
    message: str
    page_url: str = ""
    screenshot: _SCREENSHOT | None = None


class SupportReplyIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What you want to add."""

    message: str
    screenshot: _SCREENSHOT | None = None


class SupportMessageOut(msgspec.Struct, frozen=True):
    """What one side wrote."""

    side: Side
    sent_at: datetime
    text: str
    has_screenshot: bool


class SupportThreadOut(msgspec.Struct, frozen=True):
    """A conversation with whoever runs the server; with its `token` anybody reads it and goes on with it."""

    token: SupportToken
    email: str
    page_url: str
    closed: bool
    messages: tuple[SupportMessageOut, ...]


@post(
    "/public/support",
    request_max_body_size=LARGEST_WITH_SCREENSHOT,
    opt=call(
        id="askSupport",
        summary="Write to support",
        description="You get replies by email and in the conversation. 10 messages an hour per network.",
        body=SupportRequestIn,
        status=201,
        result=SupportThreadOut,
        problems=("not-found", "too-many-requests"),
    ),
)
async def ask_support(request: ApiRequest) -> ASGIResponse:
    asked, app = await read_body(request, SupportRequestIn), app_of(request)
    typed = SupportMessage(asked.email, masked(asked.page_url), masked(asked.message), _file(asked.screenshot))
    try:
        token = (await app.ask_support(typed, client_network(request))).token
    except SupportNotSetUp as error:
        raise NotFound("support") from error
    return await _shown(app, token, 201)


@get(
    "/public/support/{token:str}",
    opt=call(
        id="getSupportThread",
        summary="Read a conversation with support",
        result=SupportThreadOut,
        problems=("not-found",),
    ),
)
async def get_support_thread(request: ApiRequest, token: FromPath[str]) -> ASGIResponse:
    known(token)
    return await _shown(app_of(request), SupportToken(token))


@post(
    "/public/support/{token:str}/messages",
    request_max_body_size=LARGEST_WITH_SCREENSHOT,
    opt=call(
        id="writeToSupport",
        summary="Reply in a conversation with support",
        description="Reopens a closed conversation.",
        body=SupportReplyIn,
        status=201,
        result=SupportThreadOut,
        problems=("not-found", "too-many-requests"),
    ),
)
async def write_to_support(request: ApiRequest, token: FromPath[str]) -> ASGIResponse:
    known(token)
    asked, app = await read_body(request, SupportReplyIn), app_of(request)
    visitor, message = VisitorActor(SupportToken(token)), masked(asked.message)
    try:
        await app.write_to_support(visitor, message, _file(asked.screenshot), client_network(request))
    except SupportNotSetUp as error:
        raise NotFound("support") from error
    return await _shown(app, SupportToken(token), 201)


def _file(screenshot: str | None) -> bytes | None:
    return None if screenshot is None else uploaded(screenshot, "screenshot")


async def _shown(app: App, token: SupportToken, status: int = 200) -> ASGIResponse:
    thread = await app.show_support_thread(VisitorActor(token))
    return answer(_thread(thread, token, closed=thread.is_closed(app.now())), status)


def _thread(thread: SupportThread, token: SupportToken, *, closed: bool) -> SupportThreadOut:
    messages = tuple(
        SupportMessageOut(each.side, each.sent_at, each.text, each.has_screenshot) for each in thread.messages
    )
    return SupportThreadOut(token, thread.email, thread.page_url, closed, messages)
