"""The three sandboxes and their apps, as one: what a rule that holds for each of them needs."""

from abc import ABC, abstractmethod
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, ClassVar

import httpx

from adapters.sandbox.google.accounts import GINA, WILL
from adapters.sandbox.google.sandbox import SandboxGoogle
from adapters.sandbox.google.scopes import SPACE_CREATED
from adapters.sandbox.google.switches import GoogleFailure
from adapters.sandbox.microsoft.accounts import MIA, TOM
from adapters.sandbox.microsoft.sandbox import SandboxMicrosoft
from adapters.sandbox.microsoft.scopes import MEETINGS
from adapters.sandbox.microsoft.switches import MicrosoftFailure
from adapters.sandbox.provider import SandboxProvider
from adapters.sandbox.switches import AnyFailure
from adapters.sandbox.zoom.accounts import ANNA, BEN
from adapters.sandbox.zoom.grants import MEETING_WRITE
from adapters.sandbox.zoom.sandbox import SandboxZoom
from adapters.sandbox.zoom.switches import ZoomFailure
from tests.adapters.sandbox import zoom_app as at_zoom
from tests.adapters.sandbox.google import google_app as at_google
from tests.adapters.sandbox.microsoft import microsoft_app as at_microsoft
from tests.adapters.sandbox.zoom_app import ONLY_READING, SetClock


class World(ABC):
    """One sandbox, with a client that does everything right.

    Attributes:
        one, other: accounts that can connect.
        authorize: the path of the consent page.
        creates: the path that makes a meeting.
        scope: the permission to make one.
        connections: the page on which people take the app off their accounts.
        code_life: how long a code can be redeemed.
        limited: a failure that `creates` has without being told where, of status 429.
        expired: what is said of an access token that has run out.
    """

    name: ClassVar[str]
    sandbox_type: ClassVar[Callable[..., SandboxProvider[Any, Any, Any]]]
    app_of: ClassVar[Callable[..., Any]]
    callback: ClassVar[str]
    one: ClassVar[Any]
    other: ClassVar[Any]
    authorize: ClassVar[str]
    creates: ClassVar[str]
    scope: ClassVar[str]
    connections: ClassVar[str] = "/connections"
    connected: ClassVar[str] = "connected"
    made: ClassVar[str] = "meetings"
    code_life: ClassVar[timedelta] = timedelta(minutes=10)
    failures: ClassVar[type[AnyFailure]]
    limited: ClassVar[str]
    expired: ClassVar[tuple[str, ...]]

    def __init__(self, sandbox: Any, app: Any) -> None:
        self.sandbox = sandbox
        self.app = app
        self.http: httpx.AsyncClient = app.http
        self.clock: SetClock = app.clock

    @classmethod
    def sandbox_at(cls, path: Path | None, clock: SetClock, **options: Any) -> SandboxProvider[Any, Any, Any]:
        return cls.sandbox_type(
            path, client_id="id", client_secret="a-secret", redirect_uris=[cls.callback], now=clock, **options
        )

    @classmethod
    @asynccontextmanager
    async def opened(cls, path: Path | None = None, clock: SetClock | None = None) -> AsyncGenerator["World"]:
        clock = clock or SetClock()
        with cls.sandbox_at(path, clock) as sandbox:
            async with cls.app_of(sandbox, clock) as app:
                yield cls(sandbox, app)

    @property
    def pages(self) -> Sequence[str]:
        return ("/", self.connections, "/switches", f"/{self.made}", "/requests")

    @property
    def all_made(self) -> list[Any]:
        return getattr(self.sandbox, self.made)

    async def makes(self, token: str) -> httpx.Response:
        return await self.app.books(token)

    async def calls(self, endpoint: str) -> httpx.Response:
        """Make a call that is right in every way."""
        return await self.app.calls(endpoint)

    @abstractmethod
    async def connects_without_permission(self) -> dict[str, Any]:
        """Connect, and leave the permission to make meetings unticked."""


class ZoomWorld(World):
    name = "zoom"
    sandbox_type = SandboxZoom
    app_of = at_zoom.zoom_app
    callback = at_zoom.CALLBACK
    one, other = ANNA, BEN
    authorize = "/oauth/authorize"
    creates = "/v2/users/me/meetings"
    scope = MEETING_WRITE
    connections = "/installed"
    connected = "installed"
    code_life = timedelta(minutes=5)
    failures = ZoomFailure
    limited = "qps-limit"
    expired = ("124", "Access token is expired.")

    async def connects_without_permission(self) -> dict[str, Any]:
        return await self.app.connects(scopes=ONLY_READING)


class GoogleWorld(World):
    name = "google"
    sandbox_type = SandboxGoogle
    app_of = at_google.google_app
    callback = at_google.CALLBACK
    one, other = GINA, WILL
    authorize = "/o/oauth2/v2/auth"
    creates = "/v2/spaces"
    scope = SPACE_CREATED
    made = "spaces"
    failures = GoogleFailure
    limited = "resource-exhausted"
    expired = ("UNAUTHENTICATED", "ACCESS_TOKEN_EXPIRED")

    async def connects_without_permission(self) -> dict[str, Any]:
        return await self.app.connects(ticked=())


class MicrosoftWorld(World):
    name = "microsoft"
    sandbox_type = SandboxMicrosoft
    app_of = at_microsoft.microsoft_app
    callback = at_microsoft.CALLBACK
    one, other = MIA, TOM
    authorize = at_microsoft.AUTHORIZE
    creates = "/v1.0/me/onlineMeetings/createOrGet"
    scope = MEETINGS
    failures = MicrosoftFailure
    limited = "too-many-requests"
    expired = ("InvalidAuthenticationToken",)

    @property
    def pages(self) -> Sequence[str]:
        return (*super().pages, "/calendars")

    async def connects_without_permission(self) -> dict[str, Any]:
        return await self.app.connects(ticked=())


WORLDS: tuple[type[World], ...] = (ZoomWorld, GoogleWorld, MicrosoftWorld)
