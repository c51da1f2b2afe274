"""An app that talks to the sandbox over real HTTP."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import httpx

from adapters.sandbox.google.accounts import GINA, GoogleAccount
from adapters.sandbox.google.sandbox import SandboxGoogle
from adapters.sandbox.google.scopes import SPACE_CREATED
from adapters.sandbox.google.switches import GoogleEndpoint
from adapters.sandbox.serve import serving
from tests.adapters.sandbox.zoom_app import CHALLENGE, VERIFIER, SetClock, bearer, returned

CALLBACK = "https://timetuna.example/integrations/google/callback"
OPEN: dict[str, Any] = {"config": {"accessType": "OPEN", "entryPointAccess": "ALL"}}


class GoogleApp:
    """A client that does everything right; each test gets one thing wrong."""

    def __init__(self, sandbox: SandboxGoogle, http: httpx.AsyncClient, clock: SetClock) -> None:
        self.sandbox = sandbox
        self.http = http
        self.clock = clock

    def asks(self, **changes: str) -> dict[str, str]:
        asked = {
            "response_type": "code",
            "client_id": self.sandbox.client_id,
            "redirect_uri": CALLBACK,
            "scope": f"openid email {SPACE_CREATED}",
            "state": "opaque state/1",
            "code_challenge": CHALLENGE,
            "code_challenge_method": "S256",
            "access_type": "offline",
            "prompt": "consent",
            **changes,
        }
        return {name: value for name, value in asked.items() if value}

    async def decides(
        self,
        decision: str = "allow",
        account: GoogleAccount = GINA,
        ticked: tuple[str, ...] = (SPACE_CREATED,),
        **changes: str,
    ) -> httpx.Response:
        form = {**self.asks(**changes), "account": account.id, "decision": decision}
        return await self.http.post("/o/oauth2/v2/auth", data=form | {f"scope {scope}": "on" for scope in ticked})

    async def code(self, **changes: Any) -> str:
        return returned(await self.decides(**changes))["code"]

    async def redeems(self, code: str, /, **changes: str) -> httpx.Response:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": CALLBACK,
            "code_verifier": VERIFIER,
        }
        return await self.posts("/token", form, **changes)

    async def connects(self, **changes: Any) -> dict[str, Any]:
        return (await self.redeems(await self.code(**changes))).json()

    async def refreshes(self, refresh_token: str) -> httpx.Response:
        return await self.posts("/token", {"grant_type": "refresh_token", "refresh_token": refresh_token})

    async def revokes(self, token: str) -> httpx.Response:
        return await self.http.post("/revoke", data={"token": token})

    async def reads(self, access_token: str) -> httpx.Response:
        return await self.http.get("/userinfo", headers=bearer(access_token))

    async def books(self, access_token: str, body: object = OPEN) -> httpx.Response:
        return await self.http.post("/v2/spaces", json=body, headers=bearer(access_token))

    async def posts(self, path: str, form: dict[str, str], **changes: str) -> httpx.Response:
        client = {"client_id": self.sandbox.client_id, "client_secret": self.sandbox.client_secret}
        filled = {name: value for name, value in {**form, **client, **changes}.items() if value}
        return await self.http.post(path, data=filled)

    async def calls(self, endpoint: GoogleEndpoint) -> httpx.Response:
        """Make a call that is right in every way."""
        match endpoint:
            case GoogleEndpoint.AUTHORIZE:
                return await self.decides()
            case GoogleEndpoint.CODE:
                return await self.redeems(await self.code())
            case GoogleEndpoint.REFRESH:
                return await self.refreshes(self.sandbox.authorize(GINA).refresh_token or "")
            case GoogleEndpoint.REVOKE:
                return await self.revokes(self.sandbox.authorize(GINA).access_token)
            case GoogleEndpoint.USERINFO:
                return await self.reads(self.sandbox.authorize(GINA).access_token)
            case GoogleEndpoint.SPACES:
                return await self.books(self.sandbox.authorize(GINA).access_token)


@asynccontextmanager
async def google_app(sandbox: SandboxGoogle, clock: SetClock) -> AsyncGenerator[GoogleApp]:
    async with (
        serving(sandbox.app) as url,
        httpx.AsyncClient(base_url=url, trust_env=False, verify=False) as http,
    ):
        yield GoogleApp(sandbox, http, clock)
