"""An app that talks to the sandbox over real HTTP."""

from base64 import urlsafe_b64decode
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import httpx
import msgspec

from adapters.sandbox.microsoft.accounts import MIA, MicrosoftAccount
from adapters.sandbox.microsoft.mailboxes import GraphCalendar
from adapters.sandbox.microsoft.sandbox import SandboxMicrosoft
from adapters.sandbox.microsoft.scopes import CALENDARS, MEETINGS, OPENID
from adapters.sandbox.microsoft.switches import MicrosoftEndpoint
from adapters.sandbox.serve import serving
from tests.adapters.sandbox.zoom_app import CHALLENGE, VERIFIER, SetClock, bearer, returned
from tests.support.graph_listener import listening

CALLBACK = "https://timetuna.example/integrations/microsoft/callback"
AUTHORIZE = "/organizations/oauth2/v2.0/authorize"
TOKEN = "/organizations/oauth2/v2.0/token"
MEETING: dict[str, Any] = {
    "externalId": "booking-000001",
    "startDateTime": "2026-12-01T14:00:00Z",
    "endDateTime": "2026-12-01T14:30:00Z",
    "subject": "Intro call",
}
WINDOW = {"startDateTime": "2026-12-01T00:00:00Z", "endDateTime": "2026-12-31T00:00:00Z"}
EVENT: dict[str, Any] = {
    "subject": "Dentist",
    "start": {"dateTime": "2026-12-01T14:00:00", "timeZone": "UTC"},
    "end": {"dateTime": "2026-12-01T15:00:00", "timeZone": "UTC"},
}


class MicrosoftApp:
    """A client that does everything right; each test gets one thing wrong."""

    def __init__(self, sandbox: SandboxMicrosoft, http: httpx.AsyncClient, clock: SetClock) -> None:
        self.sandbox = sandbox
        self.http = http
        self.clock = clock

    def asks(self, **changes: str) -> dict[str, str]:
        asked = {
            "response_type": "code",
            "response_mode": "query",
            "client_id": self.sandbox.client_id,
            "redirect_uri": CALLBACK,
            "scope": f"openid profile email offline_access {MEETINGS}",
            "state": "opaque state/1",
            "code_challenge": CHALLENGE,
            "code_challenge_method": "S256",
            "prompt": "select_account",
            **changes,
        }
        return {name: value for name, value in asked.items() if value}

    async def decides(
        self,
        decision: str = "allow",
        account: MicrosoftAccount = MIA,
        ticked: tuple[str, ...] = (MEETINGS,),
        authority: str = "organizations",
        **changes: str,
    ) -> httpx.Response:
        form = {**self.asks(**changes), "account": account.id, "decision": decision}
        path = f"/{authority}/oauth2/v2.0/authorize"
        return await self.http.post(path, data=form | {f"scope {scope}": "on" for scope in ticked})

    async def code(self, **changes: Any) -> str:
        return returned(await self.decides(**changes))["code"]

    async def redeems(self, code: str, /, **changes: str) -> httpx.Response:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": CALLBACK,
            "code_verifier": VERIFIER,
        }
        return await self.posts(form, **changes)

    async def connects(self, **changes: Any) -> dict[str, Any]:
        return (await self.redeems(await self.code(**changes))).json()

    async def refreshes(self, refresh_token: str | None) -> httpx.Response:
        return await self.posts({"grant_type": "refresh_token", "refresh_token": refresh_token or ""})

    async def books(self, access_token: str, body: object = MEETING) -> httpx.Response:
        return await self.http.post("/v1.0/me/onlineMeetings/createOrGet", json=body, headers=bearer(access_token))

    async def lists(self, token: str, **query: Any) -> httpx.Response:
        return await self.http.get("/v1.0/me/calendars", params=query, headers=bearer(token))

    async def views(self, token: str, calendar: str, prefer: str = "", **query: Any) -> httpx.Response:
        asked = {**WINDOW, **{f"${name}": value for name, value in query.items()}}
        headers = {**bearer(token), "prefer": prefer}
        return await self.http.get(f"/v1.0/me/calendars/{calendar}/calendarView", params=asked, headers=headers)

    async def enters(self, token: str, calendar: str, **changes: Any) -> httpx.Response:
        body = {**EVENT, **changes}
        return await self.http.post(f"/v1.0/me/calendars/{calendar}/events", json=body, headers=bearer(token))

    async def subscribes(self, token: str, url: str, **changes: Any) -> httpx.Response:
        body = {
            "changeType": "created,updated,deleted",
            "resource": f"me/calendars/{self.main().id}/events",
            "notificationUrl": f"{url}/notifications",
            "lifecycleNotificationUrl": f"{url}/lifecycle",
            "clientState": "a-secret-of-the-app",
            "expirationDateTime": (self.clock() + timedelta(days=6)).isoformat(),
            **changes,
        }
        headers = {**bearer(token), "prefer": 'IdType="ImmutableId"'}
        sent = {name: value for name, value in body.items() if value is not None}
        return await self.http.post("/v1.0/subscriptions", json=sent, headers=headers)

    def calendar_token(self, account: MicrosoftAccount = MIA) -> str:
        return self.sandbox.authorize(account, (OPENID, CALENDARS)).access_token

    def main(self, account: MicrosoftAccount = MIA) -> GraphCalendar:
        return self.sandbox.mailboxes.main(account)

    async def posts(self, form: dict[str, str], **changes: str) -> httpx.Response:
        client = {"client_id": self.sandbox.client_id, "client_secret": self.sandbox.client_secret}
        filled = {name: value for name, value in {**form, **client, **changes}.items() if value}
        return await self.http.post(TOKEN, data=filled)

    async def calls(self, endpoint: MicrosoftEndpoint) -> httpx.Response:
        """Make a call that is right in every way."""
        match endpoint:
            case MicrosoftEndpoint.AUTHORIZE:
                return await self.decides()
            case MicrosoftEndpoint.CODE:
                return await self.redeems(await self.code())
            case MicrosoftEndpoint.REFRESH:
                return await self.refreshes(self.sandbox.authorize(MIA).refresh_token)
            case MicrosoftEndpoint.MEETINGS:
                return await self.books(self.sandbox.authorize(MIA).access_token)
            case MicrosoftEndpoint.CALENDARS:
                return await self.lists(self.calendar_token())
            case MicrosoftEndpoint.VIEW:
                return await self.views(self.calendar_token(), self.main().id)
            case MicrosoftEndpoint.EVENTS:
                return await self.enters(self.calendar_token(), self.main().id)
            case MicrosoftEndpoint.SUBSCRIPTIONS:
                async with listening() as listener:
                    return await self.subscribes(self.calendar_token(), listener.url)


@asynccontextmanager
async def microsoft_app(sandbox: SandboxMicrosoft, clock: SetClock) -> AsyncGenerator[MicrosoftApp]:
    async with (
        serving(sandbox.app) as url,
        httpx.AsyncClient(base_url=url, trust_env=False, verify=False) as http,
    ):
        yield MicrosoftApp(sandbox, http, clock)


def claims_of(id_token: str) -> dict[str, Any]:
    claims = id_token.split(".")[1]
    return msgspec.json.decode(urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))
