"""Routes of the sandboxes, on Litestar.

A Litestar application costs milliseconds to build and a sandbox none, so the routes of a kind of sandbox are built
once, and a request carries whose it is. It is read before it is routed: one that no route takes is noted too.
"""

from collections.abc import Awaitable, Callable, Iterable
from http import HTTPStatus
from typing import Any, Final, Generic, Literal, TypeVar

import structlog
from litestar import Litestar, Response, route
from litestar import Request as Connected
from litestar.exceptions import HTTPException, MethodNotAllowedException, NotFoundException
from litestar.handlers import HTTPRouteHandler
from litestar.types import ASGIApp as Answering

from adapters.sandbox.asgi import AsgiReceive, AsgiScope, AsgiSend, Connection, Reply, Request, read

_log = structlog.get_logger(__name__)

_OWNER: Final = "timetuna.sandbox"
_ARRIVED: Final = "timetuna.request"

Owner = TypeVar("Owner")
HttpMethod = Literal["GET", "POST", "PATCH", "DELETE"]
Handle = Callable[[Owner, Request, Connection], Awaitable[Reply | None]]


def on(method: HttpMethod, path: str, handle: Handle[Any]) -> HTTPRouteHandler:
    """Route requests to `handle`; where it returns None, it has dealt with the connection itself."""

    @route(path, http_method=method, status_code=HTTPStatus.OK)
    async def handler(request: Connected[Any, Any, Any]) -> Answering:
        async def answering(scope: Any, receive: Any, send: Any) -> None:
            owner, arrived = scope["state"][_OWNER], scope["state"][_ARRIVED]
            answer = await handle(owner, arrived, Connection(scope, receive, send))
            if answer is not None:
                await answer(scope, receive, send)

        del request
        return answering

    return handler


def routes(handlers: Iterable[HTTPRouteHandler], unknown: Callable[[Any, Request], Reply]) -> Litestar:
    """Build the routes of every app of one kind; `unknown` answers for an owner what none of them takes."""

    def not_routed(request: Connected[Any, Any, Any], _: Exception) -> Response[bytes]:
        answer = unknown(request.state[_OWNER], request.state[_ARRIVED])
        headers = dict(answer.headers)
        type_ = headers.pop("content-type")
        return Response(answer.body, status_code=answer.status, headers=headers, media_type=type_)

    return Litestar(
        list(handlers),
        exception_handlers={NotFoundException: not_routed, MethodNotAllowedException: not_routed},
        after_exception=[_say_faults],
        openapi_config=None,
        logging_config=None,
    )


async def _say_faults(error: Exception, scope: Any) -> None:
    """Log a fault of the sandbox itself; Litestar answers 500 to it, and says no more."""
    if not isinstance(error, HTTPException):
        _log.error("sandbox_failed", path=scope["path"], exc_info=error)


class Routed(Generic[Owner]):
    """An ASGI app that shares its routes with all others of its kind.

    Args:
        owner: whose requests these are; the handlers are given it.
        base_url: where people see the app; without it the prefix is read from the request.
    """

    def __init__(self, shared: Callable[[], Litestar], owner: Owner, base_url: str | None) -> None:
        self._shared = shared
        self._owner = owner
        self._base_url = base_url

    async def __call__(self, scope: AsgiScope, receive: AsgiReceive, send: AsgiSend) -> None:
        if scope["type"] != "http":
            # What many share begins and ends with none of them.
            return
        arrived = await read(scope, receive, self._base_url)
        if arrived is None:
            return
        state = {_OWNER: self._owner, _ARRIVED: arrived}
        inside = {**scope, "path": arrived.path, "root_path": "", "method": arrived.method, "state": state}
        await self._shared()(inside, receive, send)  # pyright: ignore[reportArgumentType] - one type per framework
