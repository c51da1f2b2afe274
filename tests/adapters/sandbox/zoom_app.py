"""An app that talks to the sandbox over real HTTP."""

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx

from adapters.sandbox.serve import serving
from adapters.sandbox.zoom.accounts import ANNA, ZoomAccount
from adapters.sandbox.zoom.grants import MEETING_WRITE, SCOPES
from adapters.sandbox.zoom.sandbox import SandboxZoom
from adapters.sandbox.zoom.switches import ZoomEndpoint

CALLBACK = "https://timetuna.example/integrations/zoom/callback"
VERIFIER = "a-verifier-of-more-than-forty-three-characters-0123456789"
CHALLENGE = urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
BOOKING: dict[str, Any] = {
    "topic": "Intro call",
    "type": 2,
    "start_time": "2026-12-01T14:00:00Z",
    "timezone": "Europe/Berlin",
    "duration": 30,
    "agenda": "Ana Guest",
    "settings": {"use_pmi": False},
}


class SetClock:
    """A clock that moves when it is told to."""

    def __init__(self) -> None:
        self.time = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time

    def pass_by(self, **lengths: float) -> None:
        self.time += timedelta(**lengths)


class ZoomApp:
    """A client that does everything right; each test gets one thing wrong."""

    def __init__(self, sandbox: SandboxZoom, http: httpx.AsyncClient, clock: SetClock) -> None:
        self.sandbox = sandbox
        self.http = http
        self.clock = clock

    @property
    def basic(self) -> tuple[str, str]:
        return (self.sandbox.client_id, self.sandbox.client_secret)

    def asks(self, **changes: str) -> dict[str, str]:
        return {
            "response_type": "code",
            "client_id": self.sandbox.client_id,
            "redirect_uri": CALLBACK,
            "state": "opaque state/1",
            "code_challenge": CHALLENGE,
            "code_challenge_method": "S256",
            **changes,
        }

    async def decides(
        self,
        decision: str = "allow",
        account: ZoomAccount = ANNA,
        scopes: tuple[str, ...] = SCOPES,
        **changes: str,
    ) -> httpx.Response:
        ticked = {f"scope {scope}": "on" for scope in scopes}
        form = {**self.asks(**changes), "account": account.id, "decision": decision, **ticked}
        return await self.http.post("/oauth/authorize", data=form)

    async def code(self, account: ZoomAccount = ANNA, scopes: tuple[str, ...] = SCOPES) -> str:
        return returned(await self.decides(account=account, scopes=scopes))["code"]

    async def redeems(self, code: str, **changes: str) -> httpx.Response:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": CALLBACK,
            "code_verifier": VERIFIER,
            **changes,
        }
        return await self.http.post("/oauth/token", data=form, auth=self.basic)

    async def connects(self, account: ZoomAccount = ANNA, scopes: tuple[str, ...] = SCOPES) -> dict[str, Any]:
        return (await self.redeems(await self.code(account, scopes))).json()

    async def refreshes(self, refresh_token: str) -> httpx.Response:
        form = {"grant_type": "refresh_token", "refresh_token": refresh_token}
        return await self.http.post("/oauth/token", data=form, auth=self.basic)

    async def revokes(self, access_token: str) -> httpx.Response:
        return await self.http.post("/oauth/revoke", data={"token": access_token}, auth=self.basic)

    async def reads_me(self, access_token: str) -> httpx.Response:
        return await self.http.get("/v2/users/me", headers=bearer(access_token))

    async def books(self, access_token: str, **changes: Any) -> httpx.Response:
        body = {**BOOKING, **changes}
        body = {name: value for name, value in body.items() if value is not None}
        return await self.http.post("/v2/users/me/meetings", json=body, headers=bearer(access_token))

    async def is_known(self, access_token: str) -> bool:
        return (await self.reads_me(access_token)).is_success

    async def calls(self, endpoint: ZoomEndpoint) -> httpx.Response:
        """Make a call that is right in every way."""
        match endpoint:
            case ZoomEndpoint.AUTHORIZE:
                return await self.decides()
            case ZoomEndpoint.CODE:
                return await self.redeems(await self.code())
            case ZoomEndpoint.REFRESH:
                return await self.refreshes(self.sandbox.authorize(ANNA).refresh_token)
            case ZoomEndpoint.REVOKE:
                return await self.revokes(self.sandbox.authorize(ANNA).access_token)
            case ZoomEndpoint.ME:
                return await self.reads_me(self.sandbox.authorize(ANNA).access_token)
            case ZoomEndpoint.MEETINGS:
                return await self.books(self.sandbox.authorize(ANNA).access_token)


@asynccontextmanager
async def zoom_app(sandbox: SandboxZoom, clock: SetClock) -> AsyncGenerator[ZoomApp]:
    async with (
        serving(sandbox.app) as url,
        httpx.AsyncClient(base_url=url, trust_env=False, verify=False) as http,
    ):
        yield ZoomApp(sandbox, http, clock)


def bearer(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


def returned(response: httpx.Response) -> dict[str, str]:
    """Read what the redirect URI got."""
    assert response.status_code == httpx.codes.SEE_OTHER, response.text
    return {name: values[0] for name, values in parse_qs(urlsplit(response.headers["location"]).query).items()}


ONLY_READING = tuple(scope for scope in SCOPES if scope != MEETING_WRITE)
