"""A server whose every answer one function gives, for what no sandbox does."""

from collections.abc import Awaitable, Callable

from adapters.sandbox.asgi import ASGIApp, Receive, Reply, Request, Scope, Send, read


def stand_in(handle: Callable[[Request], Awaitable[Reply]]) -> ASGIApp:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        request = await read(scope, receive)
        if request is not None:
            answer = await handle(request)
            await answer(scope, receive, send)

    return app
