"""The providers that the contracts are held against: the fake, and each client with its sandbox over real HTTP."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Final, Literal, Protocol

from adapters.google.client import GoogleMeetClient
from adapters.memory.provider import STRICT, MemoryProvider
from adapters.microsoft.client import MicrosoftTeamsClient
from adapters.sandbox.google import switches as google_switches
from adapters.sandbox.google.accounts import GINA
from adapters.sandbox.google.sandbox import SandboxGoogle
from adapters.sandbox.microsoft import switches as microsoft_switches
from adapters.sandbox.microsoft.accounts import MIA
from adapters.sandbox.microsoft.sandbox import SandboxMicrosoft
from adapters.sandbox.microsoft.scopes import GRAPH
from adapters.sandbox.zoom import switches as zoom_switches
from adapters.sandbox.zoom.accounts import ANNA
from adapters.sandbox.zoom.sandbox import SandboxZoom
from adapters.zoom.client import ZoomClient
from application.ports.meetings import ConferenceProvider
from application.ports.oauth import Grant, GrantCapabilities
from application.ports.provider import TryLater
from domain.connection import ProviderAccount
from domain.provider_problem import RateLimited, TimedOut
from tests.support import google_connected as google
from tests.support import microsoft_connected as microsoft
from tests.support import zoom_connected as zoom
from tests.support.consent import consent
from tests.support.zoom_connected import CHALLENGE, NOW, VERIFIER

Operation = Literal["exchange", "account", "refresh", "create"]

WORLDS: Final = ("memory, strict", "memory, soft", "memory, none", "zoom", "google", "microsoft")


class World(Protocol):
    """A provider, and what happens on its side.

    Attributes:
        tells_who_with_the_tokens: `account` asks the provider nothing.
    """

    account: ProviderAccount
    tells_who_with_the_tokens: bool

    @property
    def provider(self) -> ConferenceProvider: ...

    async def consent(self, authorize_url: str, scopes: frozenset[str]) -> str:
        """Let the account's owner say yes in a browser; returns the code that comes back."""
        ...

    def expire_access_tokens(self) -> None: ...

    def end_grants(self) -> None:
        """Let the account's owner remove the app."""
        ...

    def be_busy_once(self, operation: Operation) -> None: ...

    def lose_the_next_answer(self, operation: Operation) -> None:
        """Do the work, and let the answer get lost."""
        ...

    def meetings_made(self) -> int: ...


@asynccontextmanager
async def world_named(name: str) -> AsyncGenerator[World]:
    match name:
        case "zoom":
            async with zoom.connected() as app:
                yield ZoomWorld(app.client, app.sandbox)
        case "google":
            async with google.connected() as app:
                yield GoogleWorld(app.client, app.sandbox)
        case "microsoft":
            async with microsoft.connected() as app:
                yield MicrosoftWorld(app.client, app.sandbox)
        case "memory, soft":
            yield MemoryWorld(GrantCapabilities(rotation="soft", revocation=None), idempotent_creation=True)
        case "memory, none":
            yield MemoryWorld(GrantCapabilities(rotation="none", revocation="project"))
        case _:
            yield MemoryWorld(STRICT)


async def connects(world: World, scopes: frozenset[str] | None = None) -> Grant:
    url = world.provider.authorize_url("state-1", CHALLENGE)
    code = await world.consent(url, world.provider.scopes if scopes is None else scopes)
    return await world.provider.exchange(code, VERIFIER)


class MemoryWorld:
    tells_who_with_the_tokens = False

    def __init__(self, capabilities: GrantCapabilities, *, idempotent_creation: bool = False) -> None:
        self.provider = MemoryProvider(
            "zoom", lambda: NOW, capabilities=capabilities, idempotent_creation=idempotent_creation
        )
        self.account = ProviderAccount("user-1", "account-1", "anna@zoom.example", "Anna Höst")

    async def consent(self, authorize_url: str, scopes: frozenset[str]) -> str:
        return self.provider.consent(authorize_url, self.account, scopes)

    def expire_access_tokens(self) -> None:
        self.provider.expire_access_tokens()

    def end_grants(self) -> None:
        self.provider.kill_grants(self.account)

    def be_busy_once(self, operation: Operation) -> None:
        self.provider.fail(operation, TryLater(RateLimited("zoom")))

    def lose_the_next_answer(self, operation: Operation) -> None:
        self.provider.fail(operation, TryLater(TimedOut("zoom"), left_behind=True))

    def meetings_made(self) -> int:
        return len(self.provider.meetings)


class ZoomWorld:
    tells_who_with_the_tokens = False

    def __init__(self, client: ZoomClient, sandbox: SandboxZoom) -> None:
        self.provider = client
        self.account = ProviderAccount(ANNA.id, ANNA.account_id, ANNA.email, ANNA.name)
        self._sandbox = sandbox

    async def consent(self, authorize_url: str, scopes: frozenset[str]) -> str:
        return await consent(authorize_url, ANNA, scopes)

    def expire_access_tokens(self) -> None:
        self._sandbox.grants.expire_access_tokens()

    def end_grants(self) -> None:
        self._sandbox.grants.remove(ANNA.id)

    def be_busy_once(self, operation: Operation) -> None:
        self._sandbox.fail(zoom_switches.ZoomFailure.UNAVAILABLE_HTML, on=_ZOOM[operation])

    def lose_the_next_answer(self, operation: Operation) -> None:
        self._sandbox.fail(zoom_switches.ZoomFailure.DROP_AFTER, on=_ZOOM[operation])

    def meetings_made(self) -> int:
        return len(self._sandbox.meetings)


_ZOOM: dict[Operation, zoom_switches.ZoomEndpoint] = {
    "exchange": zoom_switches.ZoomEndpoint.CODE,
    "account": zoom_switches.ZoomEndpoint.ME,
    "refresh": zoom_switches.ZoomEndpoint.REFRESH,
    "create": zoom_switches.ZoomEndpoint.MEETINGS,
}


class GoogleWorld:
    tells_who_with_the_tokens = False

    def __init__(self, client: GoogleMeetClient, sandbox: SandboxGoogle) -> None:
        self.provider = client
        self.account = ProviderAccount(GINA.id, GINA.id, GINA.email, GINA.email)
        self._sandbox = sandbox

    async def consent(self, authorize_url: str, scopes: frozenset[str]) -> str:
        return await consent(authorize_url, GINA, scopes)

    def expire_access_tokens(self) -> None:
        self._sandbox.grants.expire_access_tokens()

    def end_grants(self) -> None:
        self._sandbox.remove(GINA)

    def be_busy_once(self, operation: Operation) -> None:
        self._sandbox.fail(google_switches.GoogleFailure.UNAVAILABLE_HTML, on=_GOOGLE[operation])

    def lose_the_next_answer(self, operation: Operation) -> None:
        self._sandbox.fail(google_switches.GoogleFailure.DROP_AFTER, on=_GOOGLE[operation])

    def meetings_made(self) -> int:
        return len(self._sandbox.spaces)


_GOOGLE: dict[Operation, google_switches.GoogleEndpoint] = {
    "exchange": google_switches.GoogleEndpoint.CODE,
    "account": google_switches.GoogleEndpoint.USERINFO,
    "refresh": google_switches.GoogleEndpoint.REFRESH,
    "create": google_switches.GoogleEndpoint.SPACES,
}


class MicrosoftWorld:
    tells_who_with_the_tokens = True

    def __init__(self, client: MicrosoftTeamsClient, sandbox: SandboxMicrosoft) -> None:
        self.provider = client
        self.account = ProviderAccount(MIA.id, MIA.tenant_id, MIA.email, MIA.name)
        self._sandbox = sandbox

    async def consent(self, authorize_url: str, scopes: frozenset[str]) -> str:
        return await consent(authorize_url, MIA, frozenset(f"{GRAPH}{scope}" for scope in scopes))

    def expire_access_tokens(self) -> None:
        self._sandbox.grants.expire_access_tokens()

    def end_grants(self) -> None:
        self._sandbox.remove(MIA)

    def be_busy_once(self, operation: Operation) -> None:
        self._sandbox.fail(microsoft_switches.MicrosoftFailure.UNAVAILABLE_HTML, on=_MICROSOFT[operation])

    def lose_the_next_answer(self, operation: Operation) -> None:
        self._sandbox.fail(microsoft_switches.MicrosoftFailure.DROP_AFTER, on=_MICROSOFT[operation])

    def meetings_made(self) -> int:
        return len(self._sandbox.meetings)


_MICROSOFT: dict[Operation, microsoft_switches.MicrosoftEndpoint] = {
    "exchange": microsoft_switches.MicrosoftEndpoint.CODE,
    "refresh": microsoft_switches.MicrosoftEndpoint.REFRESH,
    "create": microsoft_switches.MicrosoftEndpoint.MEETINGS,
}
