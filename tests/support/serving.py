"""A server over the memory adapters, and a client that talks to it without a network."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from copy import copy
from functools import cache
from typing import Any, cast

import httpx
import msgspec
import uvicorn
from litestar import Litestar
from litestar.types import ControllerRouterHandler

from adapters.http.app import create_app
from adapters.http.metrics import Surroundings
from adapters.http.request_context import app_state
from adapters.http.settings import HttpSettings
from adapters.locales.catalogues import languages
from adapters.presentation.language import Languages
from domain.booking_page import BookingPage
from domain.host import Host
from entrypoints.http import SERVER, listen
from tests.support.builders import a_host, a_page
from tests.support.keeping import keeping_to_its_description
from tests.support.memory_app import MemoryApp
from tests.support.processes import PATIENCE

PUBLIC_URL = "http://timetuna.example"
API = "/api/v1"

THIS_MACHINE = "127.0.0.1"

LANGUAGES = languages()

TUESDAY_AT_TEN = "2026-03-03T10:00:00Z"
"""Free on every page of the builders."""

Json = Any

NOTHING_MORE: Mapping[str, str] = {}


class Server:
    """The app under test; `clock`, `store` and so on are those of `memory`.

    Attributes:
        parts: what `/readyz` says of each; given, the server has routes of its own.
        stopping: what `/readyz/process` says, beside parts.
        site: further settings, by their names.
        more: further handlers; given, the server has routes of its own.
        own_routes: needed where requests are counted.
        surroundings: what is known of servers beside the process; given, the server has routes of its own.
    """

    def __init__(
        self,
        memory: MemoryApp | None = None,
        *,
        public_url: str = PUBLIC_URL,
        rate_limit: bool = True,
        trusted_proxies: tuple[str, ...] = (),
        metrics_token: str | None = None,
        site: Mapping[str, str] = NOTHING_MORE,
        provider_origins: tuple[str, ...] = (),
        parts: dict[str, str] | None = None,
        stopping: bool = False,
        more: tuple[ControllerRouterHandler, ...] = (),
        spoken: Languages = LANGUAGES,
        own_routes: bool = False,
        surroundings: Surroundings | None = None,
    ) -> None:
        self.memory = memory or MemoryApp()
        if not rate_limit:
            self.memory.limit_nothing()
        self.public_url = public_url
        settings = HttpSettings(
            public_url=public_url,
            signing_secret=b"only for tests, thirty-two bytes",
            trusted_proxies=trusted_proxies,
            metrics_token=metrics_token,
            version="1.2.3",
            provider_origins=provider_origins,
            languages=spoken,
        )
        settings = msgspec.structs.replace(settings, **site)

        async def is_ready() -> dict[str, str]:
            return parts or {}

        if own_routes or parts is not None or more or surroundings is not None:
            self.litestar = create_app(
                self.memory.app,
                settings,
                is_ready=is_ready,
                is_stopping=lambda: stopping,
                security_events=self.memory.watch.counts,
                surroundings=lambda: surroundings or Surroundings(),
                away=lambda error: isinstance(error, ConnectionError),
            )
        else:
            self.litestar = copy(_with_routes(settings))
            self.litestar.state = app_state(self.memory.app, settings)
        for handler in more:
            self.litestar.register(handler)

    def client(self, token: str | None = None, address: str = "203.0.113.7") -> httpx.AsyncClient:
        """A caller with its own cookies; redirects are shown, not followed, and each problem has to be described."""
        return httpx.AsyncClient(
            transport=httpx.ASGITransport(
                keeping_to_its_description(cast("Any", self.litestar)), client=(address, 4242)
            ),
            base_url=self.public_url,
            headers={"Authorization": f"Bearer {token}"} if token else {},
        )

    async def host_client(self, host: Host) -> httpx.AsyncClient:
        return self.client(await self.memory.token_of(host))


@cache
def _with_routes(settings: HttpSettings) -> Litestar:
    """Routes for servers to share, for building them takes a tenth of a second; what differs is in their state."""

    async def is_ready() -> dict[str, str]:
        return {}

    return create_app(MemoryApp().app, settings, is_ready=is_ready, security_events={})


@asynccontextmanager
async def over_http(server: Server) -> AsyncGenerator[str]:
    """Serve it on a port of this machine; returns its address."""
    settings: dict[str, Any] = {**SERVER, "loop": "none"}
    web = uvicorn.Server(uvicorn.Config(cast("Any", server.litestar), **settings))
    with listen(THIS_MACHINE, 0) as listener:
        serving = asyncio.create_task(web.serve(sockets=[listener]))
        async with asyncio.timeout(PATIENCE):
            while not web.started:
                await asyncio.sleep(0.01)
        try:
            yield f"http://{THIS_MACHINE}:{listener.getsockname()[1]}"
        finally:
            web.should_exit = True
            await serving


async def an_open_page(server: Server, page: BookingPage | None = None, host: Host | None = None) -> tuple[Host, str]:
    """A host with Zoom connected and one page; returns the host and the address of the page's event type."""
    host = await server.memory.host(host or a_host())
    await server.memory.connect(host)
    page = await server.memory.page(page or a_page(host))
    return host, f"{API}/public/{host.handle}/{page.slug}/{page.event_types[0].slug}"


def a_request(**changes: Json) -> Json:
    """The body of a booking; a change to None leaves a member out."""
    body: Json = {
        "start": TUESDAY_AT_TEN,
        "meeting_type": "zoom",
        "guest": {"name": "Ana Brito", "email": "ana@guests.example", "timezone": "America/Sao_Paulo"},
        **changes,
    }
    return {name: value for name, value in body.items() if value is not None}


def a_guest(**changes: Json) -> Json:
    guest: Json = {"name": "Ana Brito", "email": "ana@guests.example", "timezone": "America/Sao_Paulo", **changes}
    return {name: value for name, value in guest.items() if value is not None}


def problem(answer: httpx.Response) -> str:
    """The name of the problem that an answer tells, checked for its form."""
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    body = answer.json()
    assert answer.status_code == body["status"]
    assert {"type", "title", "status", "detail"} <= body.keys()
    assert body["title"]
    assert body["detail"]
    prefix = f"{PUBLIC_URL}/problems/"
    assert body["type"].startswith(prefix)
    return body["type"].removeprefix(prefix)


def fields(answer: httpx.Response) -> list[str]:
    """The fields that an answer says are wrong."""
    assert problem(answer) == "invalid-input"
    errors = answer.json()["errors"]
    assert all(set(each) == {"field", "message"} and each["message"] for each in errors)
    return [each["field"] for each in errors]
