"""The web process: serves pages and the API, relays due jobs, and runs them itself where there is no broker."""

import asyncio
import signal
import socket
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator, MutableMapping
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from functools import partial
from typing import Any

import structlog
import uvicorn
import uvloop

from adapters.http.head import answers_head
from adapters.http.traced import traced
from adapters.jobs.relay import Relay
from entrypoints.bootstrap import open_app
from entrypoints.broker import broker_at
from entrypoints.collector import settle
from entrypoints.errors import reason_of
from entrypoints.health import readiness
from entrypoints.http_protocol import GuardedHttp
from entrypoints.logs import set_up_logs
from entrypoints.security_watch import SecurityWatch
from entrypoints.service_manager import READY, STOPPING, Tell, said_to_be_alive, speaking_for, tell
from entrypoints.settings import Settings
from entrypoints.stopping import Leaving
from entrypoints.supervise import kept_running
from entrypoints.surroundings import Watched
from entrypoints.traces import traces_sent
from entrypoints.upkeep import kept_up
from entrypoints.web_app import make_http
from entrypoints.web_processes import LOOKS_EVERY, ServerStartFailedError, SpawnedProcess, WebProcesses
from entrypoints.work_watch import WorkWatch
from entrypoints.worker import worker_inside

log: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(__name__)

AsgiScope = MutableMapping[str, Any]
AsgiReceive = Callable[[], Awaitable[MutableMapping[str, Any]]]
AsgiSend = Callable[[MutableMapping[str, Any]], Awaitable[None]]
AsgiApp = Callable[[Any, Any, Any], Awaitable[None]]

SERVER: dict[str, Any] = {
    "http": GuardedHttp,
    "ws": "none",
    "lifespan": "on",
    "log_config": None,
    "access_log": False,
    "server_header": False,
    "proxy_headers": False,
    # A guest's page may hold a request open while it waits for a link; everything else answers in milliseconds.
    "timeout_graceful_shutdown": 8,
}


LAST_REQUESTS_WITHIN = 0.2
"""Seconds from the last connection that is accepted to its request, for a process that stops."""


def listen(host: str, port: int) -> socket.socket:
    """Take the address, or raise OSError.

    The protocol is named on purpose: without its number asyncio leaves Nagle's algorithm on, which delays answers.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError:
        listener.close()
        raise
    return listener


def accepted(listener: socket.socket) -> list[socket.socket]:
    """Accept those who wait at a listener that doesn't block, without waiting for more."""
    connections: list[socket.socket] = []
    while True:
        try:
            connections.append(listener.accept()[0])
        except OSError:
            return connections


def run_web(settings: Settings, listener: socket.socket, workers: int) -> None:
    """Serve until SIGTERM or Ctrl-C, in this process or in several that share the address.

    Raises ServerStartFailedError: it never got so far.
    """
    address = _address(listener)
    serving = partial(log.info, "serving", address=address, public_url=settings.public_url)
    if workers == 1:
        _serve_alone(settings, listener, partial(_ready, serving, tell))
    else:
        _serve_together(settings, listener, workers, partial(serving, processes=workers))


def _serve_alone(settings: Settings, listener: socket.socket, ready: Callable[[], object]) -> None:
    leaving = Leaving()
    uvloop.run(serve(lifespan_app(settings, leaving), listener, leaving, ready=ready))


def _serve_together(settings: Settings, listener: socket.socket, workers: int, serving: Callable[[], object]) -> None:
    signals: list[int] = []
    for each in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM):
        signal.signal(each, lambda number, _: signals.append(number))
    settle()
    with speaking_for(workers) as tell_manager:
        start = partial(SpawnedProcess, partial(_serve_spawned, settings, listener))
        processes = WebProcesses(start, workers, partial(_ready, serving, tell_manager))
        try:
            while not signals:
                time.sleep(LOOKS_EVERY)
                processes.look_after()
        finally:
            tell_manager(STOPPING)
            processes.stop()
            # As long as any process holds it, the kernel accepts in its name: from here on they alone do, until each
            # has answered whoever is connected.
            listener.close()
            processes.join()


def _serve_spawned(settings: Settings, listener: socket.socket, ready: Callable[[], object]) -> None:
    set_up_logs(settings)
    _serve_alone(settings, listener, ready)


def _ready(serving: Callable[[], object], tell: Tell) -> None:
    serving()
    tell(READY)


def _address(listener: socket.socket) -> str:
    host, port, *_ = listener.getsockname()
    return f"http://[{host}]:{port}" if listener.family is socket.AF_INET6 else f"http://{host}:{port}"


async def serve(
    app: AsgiApp,
    listener: socket.socket,
    leaving: Leaving | None = None,
    *,
    ready: Callable[[], object] = lambda: None,
) -> None:
    """Serve in this process until a signal says to stop; what was begun is finished.

    Args:
        app: with its lifespan.
        listener: bound, not yet listening.
        leaving: begun by SIGTERM; without it, and by Ctrl-C, nothing is accepted any more at once.
        ready: called once requests are answered.

    Raises:
        ServerStartFailedError: it never got so far.
    """
    server = _Server(uvicorn.Config(app, loop="none", **SERVER), ready)
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGINT, server.interrupt)
    if leaving is None:
        loop.add_signal_handler(signal.SIGTERM, server.interrupt)
    else:
        loop.add_signal_handler(signal.SIGTERM, leaving.begin, server.stop)
    try:
        await server.serve(sockets=[listener])
    except SystemExit:
        # By which uvicorn tells that the lifespan has failed.
        raise ServerStartFailedError from None


def lifespan_app(settings: Settings, leaving: Leaving | None = None) -> AsgiApp:
    """An ASGI app that opens everything at its start and closes it at its end.

    Args:
        settings: checked ones.
        leaving: once it has begun, `/readyz` says so, and no connection is kept for another request.
    """
    leaving = leaving or Leaving()
    opened: AsgiApp | None = None

    async def app(scope: AsgiScope, receive: AsgiReceive, send: AsgiSend) -> None:
        nonlocal opened
        if scope["type"] != "lifespan":
            assert opened is not None
            await opened(scope, receive, _closing(send) if leaving.has_begun else send)
            return
        await receive()
        async with AsyncExitStack() as stack:
            try:
                opened = await stack.enter_async_context(web_app(settings, leaving))
            except Exception as error:
                log.critical("start_failed", reason=reason_of(error), kind=type(error).__name__)
                await send({"type": "lifespan.startup.failed", "message": reason_of(error)})
                return
            await send({"type": "lifespan.startup.complete"})
            await receive()
        await send({"type": "lifespan.shutdown.complete"})

    return app


def _closing(send: AsgiSend) -> AsgiSend:
    async def send_and_close(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message.get("headers", ()), (b"connection", b"close")]
        await send(message)

    return send_and_close


@asynccontextmanager
async def web_app(settings: Settings, leaving: Leaving) -> AsyncGenerator[AsgiApp]:
    """The web app with its relay, and with a worker beside it where no broker leads to one elsewhere."""
    broker = broker_at(settings.broker_url)
    relay = Relay(broker)
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(traces_sent(settings.otlp_url))
        watch = SecurityWatch()
        opened = await stack.enter_async_context(open_app(settings, relay, watch=watch))
        if settings.broker_url is None:
            await stack.enter_async_context(worker_inside(settings, broker, relay, watch))
        else:
            stack.callback(broker.close)
        await stack.enter_async_context(kept_running("relay", lambda: relay.run(opened.backlog)))
        await stack.enter_async_context(kept_running("work_watch", WorkWatch(opened.backlog).run))
        await stack.enter_async_context(kept_up(opened))
        await stack.enter_async_context(said_to_be_alive())
        surroundings = Watched(settings)
        await stack.enter_async_context(kept_running("surroundings", surroundings.run))
        is_ready = readiness(opened.pool, broker, leaving)
        app = make_http(opened, settings, is_ready, lambda: leaving.has_begun, surroundings)
        await stack.enter_async_context(app.lifespan())
        settle()
        yield answers_head(traced(app))


class _Server(uvicorn.Server):
    """uvicorn's server, stopped by us: its own way raises the signal again, and our cleaning up would be cut short."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], object]) -> None:
        super().__init__(config)
        self._ready = ready
        self._stopped_at = 0.0

    def stop(self) -> None:
        if not self.should_exit:
            self._stopped_at = time.monotonic()
        self.should_exit = True

    def interrupt(self) -> None:
        # A terminal and what runs us may both pass one Ctrl-C on; only a later one means "now".
        if self.should_exit and time.monotonic() - self._stopped_at > 1:
            self.force_exit = True
        self.stop()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Answer whoever is connected by now, before connections without a request are closed."""
        # What a listener hasn't accepted is reset when it is closed, and a proxy passes no booking on that it has sent.
        late = [connection for listener in sockets or () for connection in accepted(listener)]
        for server in self.servers:
            server.close()
        loop = asyncio.get_running_loop()
        for connection in late:
            await loop.connect_accepted_socket(self._protocol, connection)
        await asyncio.sleep(LAST_REQUESTS_WITHIN)
        await super().shutdown(sockets)

    def _protocol(self) -> asyncio.Protocol:
        return GuardedHttp(config=self.config, server_state=self.server_state, app_state=self.lifespan.state)

    @contextmanager
    def capture_signals(self) -> Generator[None]:
        yield
