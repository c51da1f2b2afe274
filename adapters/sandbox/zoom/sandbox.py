"""Where does everything of the stand-in for Zoom come together?"""

import asyncio
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from secrets import token_hex, token_urlsafe
from types import TracebackType
from typing import Any

import msgspec

from adapters.sandbox.asgi import Answer, ASGIApp, Connection, Request, asgi_app, json, page
from adapters.sandbox.changes import Changes
from adapters.sandbox.store import Store
from adapters.sandbox.zoom.accounts import SAMPLES, Account
from adapters.sandbox.zoom.api import Api
from adapters.sandbox.zoom.canned import canned
from adapters.sandbox.zoom.deauthorization import Deauthorizations, Notification
from adapters.sandbox.zoom.errors import ApiError, OAuthError
from adapters.sandbox.zoom.grants import MEETING_WRITE, SCOPES, Grants, TokenPair
from adapters.sandbox.zoom.meetings import Meeting, Meetings
from adapters.sandbox.zoom.oauth import OAuth
from adapters.sandbox.zoom.people import People
from adapters.sandbox.zoom.seen import Log, Seen
from adapters.sandbox.zoom.switches import API, Endpoint, Failure, Switch, Switches


def utc_now() -> datetime:
    return datetime.now(UTC)


class SandboxZoom(AbstractContextManager["SandboxZoom"]):
    """A Zoom of one's own: strict about the wire format, and wrong in every way on request.

    Attributes:
        app: the ASGI application. Base for authorizing is its root, for the API its `/v2`.
        redirect_uris: the OAuth allow list; a redirect URI has to be in it to the byte.
        deauthorizations: its `url` is where removals are announced; without one they aren't.
        grants: the tokens; `grants.grace` lets a used refresh token work again.
        switches: the failures that are on, and the latency.
    """

    def __init__(
        self,
        store: Path | None = None,
        *,
        client_id: str | None = None,
        client_secret: str | None = None,
        secret_token: str | None = None,
        redirect_uris: Iterable[str] = (),
        deauthorization_url: str | None = None,
        accounts: Iterable[Account] = SAMPLES,
        app_name: str = "TimeTuna",
        base_url: str | None = None,
        latency: float = 0.0,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self.client_id = client_id or token_urlsafe(16)
        self.client_secret = client_secret or token_urlsafe(24)
        self.secret_token = secret_token or token_urlsafe(16)
        self.redirect_uris = list(redirect_uris)
        self._now = now
        self._changes = Changes()
        self._store = Store(store)
        self._accounts = self._store.table("account", Account)
        for account in accounts:
            self.add(account)
        self.grants = Grants(self._store, now)
        self._meetings = Meetings(self._store, now)
        self._log = Log()
        self.switches = Switches(latency, self._changes.happened)
        self.deauthorizations = Deauthorizations(
            self.grants, self.client_id, self.secret_token, now, deauthorization_url
        )
        self._announcements: set[asyncio.Task[Notification | None]] = set()
        self._oauth = OAuth(
            self.grants,
            self._accounts,
            app_name=app_name,
            client_id=self.client_id,
            client_secret=self.client_secret,
            redirect_uris=self.redirect_uris,
        )
        self._api = Api(self.grants, self._meetings, self._accounts)
        self._people = People(
            self._accounts,
            self.grants,
            self._meetings,
            self._log,
            self.switches,
            self.deauthorizations,
            app_name=app_name,
            client_id=self.client_id,
        )
        self.app: ASGIApp = asgi_app(self._handle, base_url=base_url)

    @property
    def accounts(self) -> list[Account]:
        return list(self._accounts.values())

    @property
    def meetings(self) -> list[Meeting]:
        """Every meeting made, oldest first."""
        return self._meetings.all()

    @property
    def requests(self) -> list[Seen]:
        """Every request of an app or of the consent page, oldest first; a person's other clicks aren't in it."""
        return self._log.requests

    @property
    def secrets(self) -> list[str]:
        """Everything handed out by this process that must turn up in no log, mail or table."""
        return [*self.grants.handed_out, *(str(meeting.body["start_url"]) for meeting in self.meetings)]

    def add(self, account: Account) -> None:
        """Add an account, or replace the one with this id."""
        self._accounts.put(account.id, account)

    def fail(
        self,
        failure: Failure | str,
        *,
        on: Endpoint | str | None = None,
        times: int | None = 1,
        seconds: float | None = None,
    ) -> None:
        """Let the next calls fail, as `Switches.fail` says."""
        self.switches.fail(failure, on=on, times=times, seconds=seconds)

    def works(self, on: Endpoint | str | None = None) -> None:
        """Put everything right, or one endpoint."""
        self.switches.works(on)

    def authorize(self, account: Account, scopes: tuple[str, ...] = SCOPES) -> TokenPair:
        """Connect an account without a browser; like any new authorization, it ends the earlier ones."""
        with self._store.together():
            return self.grants.grant(account.id, scopes)

    async def remove(self, account: Account) -> Notification | None:
        """Take the app off an account, as its user would, and announce it."""
        return await self.deauthorizations.remove(account)

    async def until(self, is_so: Callable[[], bool], *, within: float = 5.0) -> None:
        """Wait until something is so here, such as a number of requests or meetings.

        Raises:
            TimeoutError: it wasn't, within so many seconds.
        """
        await self._changes.until(is_so, within=within)

    def arrived(self, endpoint: Endpoint | str) -> list[Seen]:
        """List the requests at one endpoint."""
        return [seen for seen in self.requests if _endpoint(seen) == endpoint]

    async def announced(self) -> None:
        """Wait for the notifications that a revoke has set going."""
        await asyncio.gather(*self._announcements)

    def close(self) -> None:
        self._store.close()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    async def _handle(self, request: Request, connection: Connection) -> Answer | None:
        people = await self._people.answer(request)
        if people is not None:
            return people
        seen = self._log.note(request, self._now())
        answer = await self._answered(request, connection, seen)
        seen.status = None if answer is None else answer.status
        self._changes.happened()
        return answer

    async def _answered(self, request: Request, connection: Connection, seen: Seen) -> Answer | None:
        endpoint = _endpoint(seen)
        if endpoint is None:
            self._changes.happened()
            return _unknown(request)
        if self.switches.latency and endpoint is not Endpoint.AUTHORIZE:
            await asyncio.sleep(self.switches.latency)
        switch = self.switches.take(endpoint)
        # Whoever waits for this request sees the failure with it.
        seen.failure = None if switch is None else switch.failure
        self._changes.happened()
        if switch is None:
            return self._work(request, endpoint)
        return await self._failed(request, connection, switch)

    async def _failed(self, request: Request, connection: Connection, switch: Switch) -> Answer | None:
        match switch.failure:
            case Failure.SLOW:
                await connection.lost(within=switch.seconds)
                return self._work(request, switch.on)
            case Failure.HANG_BEFORE:
                await connection.lost(within=switch.seconds)
            case Failure.HANG_AFTER:
                self._work(request, switch.on)
                await connection.lost(within=switch.seconds)
            case Failure.DROP_BEFORE:
                pass
            case Failure.DROP_AFTER:
                self._work(request, switch.on)
            case Failure.TOO_FEW_SCOPES:
                self.grants.narrow(request.form().get("code", ""), without=MEETING_WRITE)
                return self._work(request, switch.on)
            case Failure.NO_CODE:
                return self._oauth.page_of_error(request, 4732, "Creating the authorization code failed.")
            case Failure.NO_JOIN_URL | Failure.PMI_USED:
                return _spoiled(self._work(request, switch.on), switch.failure)
            case _:
                answer = canned(switch.failure, switch.on, self._now())
                return answer and _with_zoom_headers(answer, switch.on)
        await connection.cut()
        return None

    def _work(self, request: Request, endpoint: Endpoint) -> Answer:
        with self._store.together():
            try:
                answer = self._right(request, endpoint)
            except (ApiError, OAuthError) as refusal:
                answer = refusal.answer()
        self._changes.happened()
        return _with_zoom_headers(answer, endpoint)

    def _right(self, request: Request, endpoint: Endpoint) -> Answer:
        match endpoint:
            case Endpoint.AUTHORIZE if request.method == "GET":
                return self._oauth.consent(request)
            case Endpoint.AUTHORIZE:
                return self._oauth.decide(request)
            case Endpoint.CODE | Endpoint.REFRESH:
                return self._oauth.token(request)
            case Endpoint.REVOKE:
                answer, account = self._oauth.revoke(request)
                # Revoking uninstalls the app, and Zoom announces that like any other removal.
                announcement = asyncio.create_task(self.deauthorizations.removed(account))
                self._announcements.add(announcement)
                announcement.add_done_callback(self._announcements.discard)
                return answer
            case Endpoint.ME:
                return self._api.me(request)
            case Endpoint.MEETINGS:
                return self._api.create(request)


def _endpoint(seen: Seen) -> Endpoint | None:
    match seen.method, seen.path:
        case "GET" | "POST", "/oauth/authorize":
            return Endpoint.AUTHORIZE
        case "POST", "/oauth/token":
            is_refresh = b"grant_type=refresh_token" in seen.body
            return Endpoint.REFRESH if is_refresh else Endpoint.CODE
        case "POST", "/oauth/revoke":
            return Endpoint.REVOKE
        case "GET", "/v2/users/me":
            return Endpoint.ME
        case "POST", "/v2/users/me/meetings":
            return Endpoint.MEETINGS
        case _:
            return None


def _unknown(request: Request) -> Answer:
    if request.path.startswith("/v2/"):
        return json({"code": 2300, "message": "This API endpoint is not recognized."}, HTTPStatus.NOT_FOUND)
    return page("<!doctype html><title>404</title><h1>404</h1><p>Not found.</p>", HTTPStatus.NOT_FOUND)


def _with_zoom_headers(answer: Answer, endpoint: Endpoint) -> Answer:
    if endpoint is Endpoint.AUTHORIZE:
        return answer
    tracking = ("x-zm-trackingid", f"v=2.0;clid=us05;rid=WEB_{token_hex(16)}")
    if endpoint not in API:
        return answer.with_headers(tracking)
    return answer.with_headers(tracking, ("x-ratelimit-category", "Light"), ("x-ratelimit-limit", "6000"))


def _spoiled(answer: Answer, failure: Failure) -> Answer:
    if answer.status != HTTPStatus.CREATED:
        return answer
    body: dict[str, Any] = msgspec.json.decode(answer.body)
    if failure is Failure.NO_JOIN_URL:
        del body["join_url"]
    else:
        body["settings"]["use_pmi"] = True
        body["pmi"] = "7764777964"
    return msgspec.structs.replace(answer, body=msgspec.json.encode(body))
