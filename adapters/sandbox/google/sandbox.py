"""The Google sandbox."""

from collections.abc import Callable, Iterable
from datetime import datetime
from http import HTTPStatus
from pathlib import Path
from secrets import token_hex, token_urlsafe
from typing import ClassVar, Final

from adapters.sandbox.asgi import Reply, Request
from adapters.sandbox.google.accounts import SAMPLES, SandboxAccount
from adapters.sandbox.google.api import Api
from adapters.sandbox.google.canned import canned
from adapters.sandbox.google.errors import ApiError
from adapters.sandbox.google.grants import TERMS, Tokens, told
from adapters.sandbox.google.oauth import OAuth
from adapters.sandbox.google.people import People
from adapters.sandbox.google.scopes import SPACE_CREATED, USUAL
from adapters.sandbox.google.spaces import MOST_A_MINUTE_PER_USER, Space, Spaces
from adapters.sandbox.google.switches import Endpoint, Failure
from adapters.sandbox.provider import SandboxProvider, changed, not_found, utc_now
from adapters.sandbox.registration import Registration
from adapters.sandbox.switches import Switch

_GATEWAY: Final = b"<html><head><title>Error 502 (Server Error)!!1</title></head><body>Sorry</body></html>"


class SandboxGoogle(SandboxProvider[SandboxAccount, Failure, Endpoint]):
    """A Google of one's own: strict about the wire format, and wrong in every way on request.

    Attributes:
        app: the ASGI application. Everything of Google's several hosts is at its root: authorizing at
            `/o/oauth2/v2/auth`, tokens at `/token`, and the root is the API's base.
    """

    endpoints: ClassVar = {
        ("GET", "/o/oauth2/v2/auth"): Endpoint.AUTHORIZE,
        ("POST", "/o/oauth2/v2/auth"): Endpoint.AUTHORIZE,
        ("POST", "/token"): Endpoint.CODE,
        ("POST", "/revoke"): Endpoint.REVOKE,
        ("GET", "/userinfo"): Endpoint.USERINFO,
        ("POST", "/v2/spaces"): Endpoint.SPACES,
    }
    terms = TERMS
    pages = People

    def __init__(
        self,
        store: Path | None = None,
        *,
        client_id: str | None = None,
        client_secret: str | None = None,
        redirect_uris: Iterable[str] = (),
        accounts: Iterable[SandboxAccount] = SAMPLES,
        app_name: str = "TimeTuna",
        base_url: str | None = None,
        latency: float = 0.0,
        spaces_a_minute: int = MOST_A_MINUTE_PER_USER,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        registration = Registration(
            app_name,
            client_id or f"{token_hex(6)}.apps.googleusercontent.com",
            client_secret or f"GOCSPX-{token_urlsafe(21)}",
            list(redirect_uris),
        )
        super().__init__(store, registration, accounts, (SandboxAccount, Failure, Endpoint), latency, now, base_url)
        self._spaces = Spaces(self._store, now, spaces_a_minute)
        self._oauth = OAuth(registration, self.grants, self._accounts, now)
        self._api = Api(self.grants, self._spaces, self._accounts)
        self.people = People(
            registration,
            self._accounts,
            self.grants,
            self._spaces,
            self._log,
            self.switches,
        )

    @property
    def spaces(self) -> list[Space]:
        """Every space made, oldest first."""
        return self._spaces.all()

    def authorize(self, account: SandboxAccount, scopes: tuple[str, ...] = USUAL) -> Tokens:
        """Connect an account without a browser; what it was connected with before stays good."""
        with self._store.together():
            return told(self.grants.grant(account.id, scopes))

    def remove(self, account: SandboxAccount) -> None:
        """Take the app off an account, as its user would; Google tells nobody."""
        self.grants.remove(account.id)

    def _right(self, request: Request, endpoint: Endpoint) -> Reply:
        match endpoint:
            case Endpoint.AUTHORIZE if request.method == "GET":
                return self._oauth.consent(request)
            case Endpoint.AUTHORIZE:
                return self._oauth.decide(request)
            case Endpoint.CODE | Endpoint.REFRESH:
                return self._oauth.token(request)
            case Endpoint.REVOKE:
                return self._oauth.revoke(request)
            case Endpoint.USERINFO:
                return self._api.userinfo(request)
            case Endpoint.SPACES:
                return self._api.create(request)

    def _wrong(self, request: Request, switch: Switch[Failure, Endpoint]) -> Reply:
        match switch.failure:
            case Failure.TOO_FEW_SCOPES:
                self.grants.narrow(request.form().get("code", ""), without=SPACE_CREATED)
                return self._work(request, switch.on)
            case Failure.APP_BLOCKED:
                return self._oauth.page_of_error(request, "admin_policy_enforced", "Access blocked.")
            case Failure.BAD_GATEWAY:
                self._work(request, switch.on)
                return Reply(HTTPStatus.BAD_GATEWAY, _GATEWAY, (("content-type", "text/html"),))
            case Failure.NO_LINK:
                return changed(self._work(request, switch.on), meetingUri=None)
            case Failure.FOREIGN_LINK:
                return changed(self._work(request, switch.on), meetingUri="https://meet.google.com.evil.example/abc")
            case Failure.NO_NAME:
                return changed(self._work(request, switch.on), name=None)
            case Failure.REFRESH_MISSING:
                return changed(self._work(request, switch.on), refresh_token=None)
            case Failure.REFRESH_REPLACED:
                answer = self._work(request, switch.on)
                if answer.status != HTTPStatus.OK:
                    return answer
                return changed(answer, refresh_token=self.grants.again(request.form().get("refresh_token", "")))
            case failure:
                return canned(failure, switch.on, self._now())

    def _unknown(self, request: Request) -> Reply:
        if request.path.startswith("/v2/"):
            return ApiError(HTTPStatus.NOT_FOUND, "NOT_FOUND", "Method not found.").answer()
        return not_found()
