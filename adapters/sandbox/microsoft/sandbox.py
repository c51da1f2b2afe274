"""The Microsoft sandbox."""

from collections.abc import Callable, Iterable
from datetime import datetime
from http import HTTPStatus
from pathlib import Path
from secrets import token_urlsafe
from typing import Any, ClassVar, Final
from uuid import uuid4

import msgspec

from adapters.sandbox.asgi import Reply, Request
from adapters.sandbox.microsoft.accounts import SAMPLES, MicrosoftAccount
from adapters.sandbox.microsoft.api import GraphApi
from adapters.sandbox.microsoft.canned import canned
from adapters.sandbox.microsoft.errors import bad_request
from adapters.sandbox.microsoft.grants import TERMS, MicrosoftTokens, told
from adapters.sandbox.microsoft.meetings import MicrosoftMeetings, StoredOnlineMeeting
from adapters.sandbox.microsoft.oauth import MicrosoftOAuth
from adapters.sandbox.microsoft.people import MicrosoftPages
from adapters.sandbox.microsoft.scopes import GRAPH, MEETINGS, OFFLINE, USUAL
from adapters.sandbox.microsoft.switches import MicrosoftEndpoint, MicrosoftFailure
from adapters.sandbox.microsoft.tenants import Tenants
from adapters.sandbox.provider import SandboxProvider, changed, not_found, utc_now
from adapters.sandbox.registration import Registration
from adapters.sandbox.switches import Switch

_GATEWAY: Final = b"<html><head><title>504 Gateway Time-out</title></head><body>Sorry</body></html>"


class SandboxMicrosoft(SandboxProvider[MicrosoftAccount, MicrosoftFailure, MicrosoftEndpoint]):
    """A Microsoft of one's own: strict about the wire format, and wrong in every way on request.

    Attributes:
        app: the ASGI application. Both of Microsoft's hosts are at its root: `/organizations` is the authority, and
            `/v1.0` the API's base.
        tenants: the organisations whose administrator has approved the app.
    """

    endpoints: ClassVar = {
        ("GET", "/{authority:str}/oauth2/v2.0/authorize"): MicrosoftEndpoint.AUTHORIZE,
        ("POST", "/{authority:str}/oauth2/v2.0/authorize"): MicrosoftEndpoint.AUTHORIZE,
        ("POST", "/{authority:str}/oauth2/v2.0/token"): MicrosoftEndpoint.CODE,
        ("POST", "/v1.0/me/onlineMeetings/createOrGet"): MicrosoftEndpoint.MEETINGS,
    }
    terms = TERMS
    pages = MicrosoftPages

    def __init__(
        self,
        store: Path | None = None,
        *,
        client_id: str | None = None,
        client_secret: str | None = None,
        redirect_uris: Iterable[str] = (),
        accounts: Iterable[MicrosoftAccount] = SAMPLES,
        app_name: str = "TimeTuna",
        base_url: str | None = None,
        latency: float = 0.0,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        registration = Registration(
            app_name, client_id or str(uuid4()), client_secret or token_urlsafe(30), list(redirect_uris)
        )
        super().__init__(
            store,
            registration,
            accounts,
            (MicrosoftAccount, MicrosoftFailure, MicrosoftEndpoint),
            latency,
            now,
            base_url,
        )
        self.tenants = Tenants(self._store)
        self._meetings = MicrosoftMeetings(self._store, now)
        self._oauth = MicrosoftOAuth(registration, self.grants, self._accounts, self.tenants, now)
        self._api = GraphApi(self.grants, self._meetings, self._accounts)
        self.people = MicrosoftPages(
            registration,
            self._accounts,
            self.grants,
            self._meetings,
            self.tenants,
            self._log,
            self.switches,
        )

    @property
    def meetings(self) -> list[StoredOnlineMeeting]:
        """Every meeting made, oldest first."""
        return self._meetings.all()

    def authorize(self, account: MicrosoftAccount, scopes: tuple[str, ...] = USUAL) -> MicrosoftTokens:
        """Connect an account without a browser; what it was connected with before stays good."""
        with self._store.together():
            issued = self.grants.grant(account.id, scopes, offline=OFFLINE in scopes)
        return told(issued, self._oauth.id_token_of(account))

    def remove(self, account: MicrosoftAccount) -> None:
        """Take the app off an account, as its user would; Microsoft tells nobody."""
        self.grants.remove(account.id)

    def _right(self, request: Request, endpoint: MicrosoftEndpoint) -> Reply:
        match endpoint:
            case MicrosoftEndpoint.AUTHORIZE if request.method == "GET":
                return self._oauth.consent(request)
            case MicrosoftEndpoint.AUTHORIZE:
                return self._oauth.decide(request)
            case MicrosoftEndpoint.CODE | MicrosoftEndpoint.REFRESH:
                return self._oauth.token(request)
            case MicrosoftEndpoint.MEETINGS:
                return self._api.create_or_get(request)

    async def _wrong(self, request: Request, switch: Switch[MicrosoftFailure, MicrosoftEndpoint]) -> Reply:
        match switch.failure:
            case MicrosoftFailure.TOO_FEW_SCOPES:
                self.grants.narrow(request.form().get("code", ""), without=MEETINGS)
                return await self._work(request, switch.on)
            case MicrosoftFailure.SHORT_SCOPES:
                answer = await self._work(request, switch.on)
                return changed(answer, scope=_said(answer, "scope").replace(GRAPH, "").lower())
            case MicrosoftFailure.REFRESH_MISSING:
                return changed(await self._work(request, switch.on), refresh_token=None)
            case MicrosoftFailure.ID_TOKEN_MISSING:
                return changed(await self._work(request, switch.on), id_token=None)
            case MicrosoftFailure.PERSONAL_ACCOUNT:
                someone = next(account for account in self.accounts if account.is_personal)
                return changed(await self._work(request, switch.on), id_token=self._oauth.id_token_of(someone))
            case MicrosoftFailure.APP_UNKNOWN:
                return self._oauth.page_of_error(request, 700016, "The application wasn't found in the directory.")
            case MicrosoftFailure.ADMIN_DECLINES:
                text = "The grant requires admin permission."
                return self._oauth.refused(request, "access_denied", 90094, text)
            case MicrosoftFailure.SIGN_IN_FAILS:
                return self._oauth.refused(request, "server_error", 90033, "A transient error has occurred.")
            case MicrosoftFailure.GATEWAY_TIMEOUT:
                await self._work(request, switch.on)
                return Reply(HTTPStatus.GATEWAY_TIMEOUT, _GATEWAY, (("content-type", "text/html"),))
            case MicrosoftFailure.NO_LINK:
                return changed(await self._work(request, switch.on), joinWebUrl=None)
            case MicrosoftFailure.FOREIGN_LINK:
                link = "https://teams.microsoft.com.evil.example/l/meetup-join/abc"
                return changed(await self._work(request, switch.on), joinWebUrl=link)
            case MicrosoftFailure.NO_ID:
                return changed(await self._work(request, switch.on), id=None)
            case failure:
                return canned(failure, self._now())

    def _unknown(self, request: Request) -> Reply:
        if request.path.startswith("/v1.0/"):
            return bad_request(f"Resource not found for the segment '{request.parts[-1]}'.").answer()
        return not_found()


def _said(answer: Reply, name: str) -> str:
    body: dict[str, Any] = msgspec.json.decode(answer.body) if answer.status == HTTPStatus.OK else {}
    return str(body.get(name, ""))
