"""Serves an ASGI app on a real port inside a running event loop."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from uvicorn import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from adapters.sandbox.asgi import ABORT, AsgiApp


class AbortableProtocol(HttpToolsProtocol):
    """uvicorn's HTTP protocol that lets an app close the line without answering (`Connection.cut`)."""

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope["extensions"] = {ABORT: {"call": self.transport.abort}}


@asynccontextmanager
async def serving(app: AsgiApp, *, port: int = 0, host: str = "127.0.0.1", grace: float = 3.0) -> AsyncGenerator[str]:
    """Serve `app` for as long as the block lasts and yield its base URL, without a slash at the end.

    Leaving the block closes every connection, so that a request that hangs can't hold it up.

    Args:
        app: any ASGI application; its lifespan runs.
        port: 0 takes a free one.
        host: the address to listen on.
        grace: seconds that a handler may go on after its client was cut off; then it is cancelled.

    Raises:
        OSError: the port is taken.
        RuntimeError: the app failed to start; its own error is in the log `uvicorn.error`.
    """
    config = Config(
        app,
        http=AbortableProtocol,
        ws="none",
        log_config=None,
        access_log=False,
        date_header=False,
        proxy_headers=False,
    )
    config.load()
    lifespan = config.lifespan_class(config)
    state = ServerState()

    def connect() -> AbortableProtocol:
        return AbortableProtocol(config=config, server_state=state, app_state=lifespan.state)

    # The loop makes the socket: one of `socket.create_server` has no protocol number, which keeps asyncio from
    # switching Nagle's algorithm off, and every answer would take 40 ms.
    loop = asyncio.get_running_loop()
    server = await loop.create_server(connect, host, port, backlog=512, start_serving=False)
    await lifespan.startup()
    if lifespan.should_exit:
        server.close()
        raise RuntimeError("The app failed to start.")
    await server.start_serving()
    try:
        yield f"http://{host}:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()
        for connection in list(state.connections):
            if isinstance(connection, AbortableProtocol):
                connection.transport.abort()
        if state.tasks:
            _, unfinished = await asyncio.wait(list(state.tasks), timeout=grace)
            for task in unfinished:
                task.cancel()
            await asyncio.gather(*unfinished, return_exceptions=True)
        await server.wait_closed()
        await lifespan.shutdown()
