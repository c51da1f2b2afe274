"""A server whose every answer one function gives, for what no sandbox does."""

from collections.abc import Awaitable, Callable

from adapters.sandbox.asgi import AsgiApp, AsgiReceive, AsgiScope, AsgiSend, Reply, Request, read


def stand_in(handle: Callable[[Request], Awaitable[Reply]]) -> AsgiApp:
    async def app(scope: AsgiScope, receive: AsgiReceive, send: AsgiSend) -> None:
        if scope["type"] != "http":
            return
        request = await read(scope, receive)
        if request is not None:
            answer = await handle(request)
            await answer(scope, receive, send)

    return app
