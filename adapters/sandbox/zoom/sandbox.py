"""The Zoom sandbox."""

import asyncio
from collections.abc import Callable, Iterable
from datetime import datetime
from http import HTTPStatus
from pathlib import Path
from secrets import token_hex, token_urlsafe
from typing import Any, ClassVar

import msgspec

from adapters.sandbox.asgi import Reply, Request, json
from adapters.sandbox.provider import SandboxProvider, not_found, utc_now
from adapters.sandbox.registration import Registration
from adapters.sandbox.switches import Switch
from adapters.sandbox.zoom.accounts import SAMPLES, ZoomAccount
from adapters.sandbox.zoom.api import ZoomApi
from adapters.sandbox.zoom.canned import canned
from adapters.sandbox.zoom.deauthorization import Deauthorizations, SentNotification
from adapters.sandbox.zoom.grants import MEETING_WRITE, SCOPES, TERMS, TokenPair, token_response
from adapters.sandbox.zoom.meetings import StoredMeeting, ZoomMeetings
from adapters.sandbox.zoom.oauth import ZoomOAuth
from adapters.sandbox.zoom.people import ZoomPages
from adapters.sandbox.zoom.switches import API, ZoomEndpoint, ZoomFailure


class SandboxZoom(SandboxProvider[ZoomAccount, ZoomFailure, ZoomEndpoint]):
    """A Zoom of one's own: strict about the wire format, and wrong in every way on request.

    Attributes:
        app: the ASGI application. Base for authorizing is its root, for the API its `/v2`.
        deauthorizations: its `url` is where removals are announced; without one they aren't.
    """

    endpoints: ClassVar = {
        ("GET", "/oauth/authorize"): ZoomEndpoint.AUTHORIZE,
        ("POST", "/oauth/authorize"): ZoomEndpoint.AUTHORIZE,
        ("POST", "/oauth/token"): ZoomEndpoint.CODE,
        ("POST", "/oauth/revoke"): ZoomEndpoint.REVOKE,
        ("GET", "/v2/users/me"): ZoomEndpoint.ME,
        ("POST", "/v2/users/me/meetings"): ZoomEndpoint.MEETINGS,
    }
    terms = TERMS
    pages = ZoomPages

    def __init__(
        self,
        store: Path | None = None,
        *,
        client_id: str | None = None,
        client_secret: str | None = None,
        secret_token: str | None = None,
        redirect_uris: Iterable[str] = (),
        deauthorization_url: str | None = None,
        accounts: Iterable[ZoomAccount] = SAMPLES,
        app_name: str = "TimeTuna",
        base_url: str | None = None,
        latency: float = 0.0,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        registration = Registration(
            app_name,
            client_id or token_urlsafe(16),
            client_secret or token_urlsafe(24),
            list(redirect_uris),
        )
        super().__init__(
            store, registration, accounts, (ZoomAccount, ZoomFailure, ZoomEndpoint), latency, now, base_url
        )
        self.secret_token = secret_token or token_urlsafe(16)
        self._meetings = ZoomMeetings(self._store, now)
        self.deauthorizations = Deauthorizations(
            self.grants, self.client_id, self.secret_token, now, deauthorization_url
        )
        self._announcements: set[asyncio.Task[SentNotification | None]] = set()
        self._oauth = ZoomOAuth(registration, self.grants, self._accounts, now)
        self._api = ZoomApi(self.grants, self._meetings, self._accounts)
        self.people = ZoomPages(
            registration,
            self._accounts,
            self.grants,
            self._meetings,
            self._log,
            self.switches,
            self.deauthorizations,
        )

    @property
    def meetings(self) -> list[StoredMeeting]:
        """Every meeting made, oldest first."""
        return self._meetings.all()

    @property
    def secrets(self) -> list[str]:
        """Everything handed out by this process that must turn up in no log, mail or table."""
        return [*self.grants.handed_out, *(str(meeting.body["start_url"]) for meeting in self.meetings)]

    def authorize(self, account: ZoomAccount, scopes: tuple[str, ...] = SCOPES) -> TokenPair:
        """Connect an account without a browser; like any new authorization, it ends the earlier ones."""
        with self._store.together():
            return token_response(self.grants.grant(account.id, scopes))

    async def remove(self, account: ZoomAccount) -> SentNotification | None:
        """Take the app off an account, as its user would, and announce it."""
        return await self.deauthorizations.remove(account)

    async def announced(self) -> None:
        """Wait for the notifications that a revoke has set going."""
        await asyncio.gather(*self._announcements)

    async def _wrong(self, request: Request, switch: Switch[ZoomFailure, ZoomEndpoint]) -> Reply:
        match switch.failure:
            case ZoomFailure.TOO_FEW_SCOPES:
                self.grants.narrow(request.form().get("code", ""), without=MEETING_WRITE)
                return await self._work(request, switch.on)
            case ZoomFailure.NO_CODE:
                return self._oauth.page_of_error(request, 4732, "Creating the authorization code failed.")
            case ZoomFailure.NO_JOIN_URL | ZoomFailure.PMI_USED:
                return _spoiled(await self._work(request, switch.on), switch.failure)
            case failure:
                return canned(failure, switch.on, self._now())

    def _right(self, request: Request, endpoint: ZoomEndpoint) -> Reply:
        match endpoint:
            case ZoomEndpoint.AUTHORIZE if request.method == "GET":
                return self._oauth.consent(request)
            case ZoomEndpoint.AUTHORIZE:
                return self._oauth.decide(request)
            case ZoomEndpoint.CODE | ZoomEndpoint.REFRESH:
                return self._oauth.token(request)
            case ZoomEndpoint.REVOKE:
                answer, account = self._oauth.revoke(request)
                # Revoking uninstalls the app, and Zoom announces that like any other removal.
                announcement = asyncio.create_task(self.deauthorizations.removed(account))
                self._announcements.add(announcement)
                announcement.add_done_callback(self._announcements.discard)
                return answer
            case ZoomEndpoint.ME:
                return self._api.me(request)
            case ZoomEndpoint.MEETINGS:
                return self._api.create(request)

    def _unknown(self, request: Request) -> Reply:
        if request.path.startswith("/v2/"):
            return json({"code": 2300, "message": "This API endpoint is not recognized."}, HTTPStatus.NOT_FOUND)
        return not_found()

    def _dressed(self, answer: Reply, endpoint: ZoomEndpoint) -> Reply:
        if endpoint is ZoomEndpoint.AUTHORIZE:
            return answer
        tracking = ("x-zm-trackingid", f"v=2.0;clid=us05;rid=WEB_{token_hex(16)}")
        if endpoint not in API:
            return answer.with_headers(tracking)
        return answer.with_headers(tracking, ("x-ratelimit-category", "Light"), ("x-ratelimit-limit", "6000"))


def _spoiled(answer: Reply, failure: ZoomFailure) -> Reply:
    if answer.status != HTTPStatus.CREATED:
        return answer
    body: dict[str, Any] = msgspec.json.decode(answer.body)
    if failure is ZoomFailure.NO_JOIN_URL:
        del body["join_url"]
    else:
        body["settings"]["use_pmi"] = True
        body["pmi"] = "7764777964"
    return msgspec.structs.replace(answer, body=msgspec.json.encode(body))
