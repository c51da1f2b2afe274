"""An app that talks to the sandbox over real HTTP."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from secrets import token_hex
from typing import Any

import httpx

from adapters.sandbox.google.accounts import GINA, GoogleAccount
from adapters.sandbox.google.sandbox import SandboxGoogle
from adapters.sandbox.google.scopes import CALENDAR_USUAL, SPACE_CREATED
from adapters.sandbox.google.switches import GoogleEndpoint
from adapters.sandbox.serve import serving
from tests.adapters.sandbox.zoom_app import CHALLENGE, VERIFIER, SetClock, bearer, returned

CALLBACK = "https://timetuna.example/integrations/google/callback"
OPEN: dict[str, Any] = {"config": {"accessType": "OPEN", "entryPointAccess": "ALL"}}

HOUR = timedelta(hours=1)


def event_at(at: datetime, **fields: Any) -> dict[str, Any]:
    """An hour of somebody's time, as an app writes it."""
    return {"start": {"dateTime": at.isoformat()}, "end": {"dateTime": (at + HOUR).isoformat()}, **fields}


def free_busy(at: datetime, *ids: str, length: timedelta = timedelta(days=1)) -> dict[str, Any]:
    bounds = {"timeMin": at.isoformat(), "timeMax": (at + length).isoformat()}
    return {**bounds, "items": [{"id": each} for each in ids]}


def watched(address: str = "http://127.0.0.1:9/push", **fields: Any) -> dict[str, Any]:
    """A wish for a channel; by default nobody is at its address."""
    return {"id": token_hex(8), "type": "web_hook", "address": address, "token": "a-secret", **fields}


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

    async def asks_calendar(self, method: str, path: str, token: str, **options: Any) -> httpx.Response:
        return await self.http.request(method, f"/calendar/v3{path}", headers=bearer(token), **options)

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
            case _:
                return await self._calls_calendar(endpoint)

    async def _calls_calendar(self, endpoint: GoogleEndpoint) -> httpx.Response:
        token = self.sandbox.authorize(GINA, CALENDAR_USUAL).access_token
        calendar = self.sandbox.calendars.of(GINA)[0]
        event = self.sandbox.events.add(calendar, self.clock(), self.clock() + HOUR, summary="Dentist")
        events, channel = "/calendars/primary/events", watched()
        method, path, body = {
            GoogleEndpoint.CALENDARS: ("GET", "/users/me/calendarList", None),
            GoogleEndpoint.FREE_BUSY: ("POST", "/freeBusy", free_busy(self.clock(), calendar.id)),
            GoogleEndpoint.EVENTS: ("GET", events, None),
            GoogleEndpoint.EVENT: ("GET", f"{events}/{event.id}", None),
            GoogleEndpoint.INSERT: ("POST", events, event_at(self.clock())),
            GoogleEndpoint.PATCH: ("PATCH", f"{events}/{event.id}", {"summary": "Doctor"}),
            GoogleEndpoint.DELETE: ("DELETE", f"{events}/{event.id}", None),
            GoogleEndpoint.WATCH: ("POST", f"{events}/watch", channel),
            GoogleEndpoint.STOP: ("POST", "/channels/stop", channel),
        }[endpoint]
        if endpoint is GoogleEndpoint.STOP:
            opened = self.sandbox.channels.open(calendar, channel)
            body = {"id": opened.id, "resourceId": opened.resource_id}
        return await self.asks_calendar(method, path, token, json=body)


@asynccontextmanager
async def google_app(sandbox: SandboxGoogle, clock: SetClock) -> AsyncGenerator[GoogleApp]:
    async with (
        serving(sandbox.app) as url,
        httpx.AsyncClient(base_url=url, trust_env=False, verify=False) as http,
    ):
        yield GoogleApp(sandbox, http, clock)
