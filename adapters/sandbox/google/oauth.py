"""Google's authorization, token and revocation endpoints."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from hmac import compare_digest
from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit

import msgspec

from adapters.sandbox.asgi import Answer, Request, json, sent_back
from adapters.sandbox.codes import Consent
from adapters.sandbox.google.accounts import Account
from adapters.sandbox.google.errors import OAuthError, invalid_client
from adapters.sandbox.google.grants import Grants
from adapters.sandbox.google.scopes import API, OPENID, SIGN_IN, named_in_full
from adapters.sandbox.opaque import id_token
from adapters.sandbox.pages import render
from adapters.sandbox.registration import Registration

_ID_TOKEN_LIFE: Final = timedelta(hours=1)
_ECHOED: Final = (
    "access_type",
    "client_id",
    "code_challenge",
    "code_challenge_method",
    "prompt",
    "redirect_uri",
    "response_type",
    "scope",
    "state",
)


class OAuth:
    """The OAuth endpoints of one client of one project."""

    def __init__(
        self, registration: Registration, grants: Grants, accounts: Mapping[str, Account], now: Callable[[], datetime]
    ) -> None:
        self._registration = registration
        self._grants = grants
        self._accounts = accounts
        self._now = now

    def consent(self, request: Request) -> Answer:
        """Show who asks for what; what belongs to signing in can't be unticked."""
        problem = self._unacceptable(request, request.query)
        if problem is not None:
            return problem
        asked = named_in_full(request.query["scope"].split())
        return render(
            request,
            "google/consent.html",
            layout="google/base.html",
            action="/o/oauth2/v2/auth",
            app_name=self._registration.app_name,
            site=urlsplit(request.query["redirect_uri"]).netloc,
            accounts=list(self._accounts.values()),
            sign_in=[SIGN_IN[scope] for scope in asked if scope in SIGN_IN],
            scopes={scope: API[scope] for scope in asked if scope in API},
            echoed={name: request.query[name] for name in _ECHOED if name in request.query},
        )

    def decide(self, request: Request) -> Answer:
        """Take the person's answer and send them back."""
        form = request.form()
        problem = self._unacceptable(request, form)
        if problem is not None:
            return problem
        state = {"state": form["state"]} if "state" in form else {}
        if form.get("decision") != "allow":
            return sent_back(form["redirect_uri"], {"error": "access_denied", **state})
        account = self._accounts.get(form.get("account", ""))
        if account is None:
            return self.page_of_error(request, "invalid_request", "Choose an account to go on with.")
        asked = named_in_full(form["scope"].split())
        granted = tuple(scope for scope in asked if scope in SIGN_IN or f"scope {scope}" in form)
        consent = Consent(
            account.id,
            granted,
            form["redirect_uri"],
            form.get("code_challenge"),
            form.get("code_challenge_method", "plain"),
            self._wants_a_refresh_token(account, form),
        )
        return sent_back(
            form["redirect_uri"], {**state, "code": self._grants.approve(consent), "scope": " ".join(granted)}
        )

    def page_of_error(self, request: Request, error: str, text: str) -> Answer:
        return render(request, "google/oauth_error.html", HTTPStatus.BAD_REQUEST, error=error, text=text)

    def token(self, request: Request) -> Answer:
        """Redeem a code, or give a new access token for a refresh token.

        Raises:
            OAuthError: with Google's `error` and `error_description`.
        """
        form = self._authenticated(request)
        match form.get("grant_type"):
            case None:
                raise OAuthError("invalid_request", "Missing required parameter: grant_type")
            case "authorization_code":
                code = _needed(form, "code")
                tokens, user_id = self._grants.redeem(code, _needed(form, "redirect_uri"), form.get("code_verifier"))
                if OPENID in tokens.scope.split():
                    tokens = msgspec.structs.replace(tokens, id_token=self._id_token(self._accounts[user_id]))
                return json(tokens)
            case "refresh_token":
                return json(self._grants.refresh(_needed(form, "refresh_token")))
            case other:
                raise OAuthError("unsupported_grant_type", f"Invalid grant_type: {other}")

    def revoke(self, request: Request) -> Answer:
        """End everything that the account behind a token has allowed to the project; no secret is asked for.

        Raises:
            OAuthError: the token is unknown or dead already.
        """
        self._grants.revoke(_needed(_form(request), "token"))
        return json({})

    def _wants_a_refresh_token(self, account: Account, asked: Mapping[str, str]) -> bool:
        if asked.get("access_type") != "offline":
            return False
        is_new = all(grant.user_id != account.id for grant in self._grants.live())
        # Whoever has said yes before isn't asked again, and only being asked brings a refresh token.
        return is_new or "consent" in asked.get("prompt", "").split()

    def _id_token(self, account: Account) -> str:
        issued = int(self._now().timestamp())
        return id_token(
            {
                "iss": "https://accounts.google.com",
                "azp": self._registration.client_id,
                "aud": self._registration.client_id,
                **account.claims(),
                "iat": issued,
                "exp": issued + int(_ID_TOKEN_LIFE.total_seconds()),
            }
        )

    def _authenticated(self, request: Request) -> dict[str, str]:
        form = _form(request)
        # Both are compared in full, whichever is wrong.
        known = compare_digest(form.get("client_id", "").encode(), self._registration.client_id.encode())
        if (
            not compare_digest(form.get("client_secret", "").encode(), self._registration.client_secret.encode())
            or not known
        ):
            raise invalid_client()
        return form

    def _unacceptable(self, request: Request, asked: Mapping[str, str]) -> Answer | None:
        if asked.get("client_id") != self._registration.client_id:
            return self.page_of_error(request, "invalid_client", "The OAuth client was not found.")
        if asked.get("redirect_uri") not in self._registration.redirect_uris:
            return self.page_of_error(request, "redirect_uri_mismatch", "The redirect URI isn't registered.")
        if asked.get("response_type") != "code":
            return self.page_of_error(request, "unsupported_response_type", "response_type has to be code.")
        scopes = named_in_full(asked.get("scope", "").split())
        if not scopes:
            return self.page_of_error(request, "invalid_request", "Missing required parameter: scope")
        unknown = [scope for scope in scopes if scope not in SIGN_IN and scope not in API]
        if unknown:
            return self.page_of_error(request, "invalid_scope", f"Some requested scopes were invalid: {unknown}")
        if asked.get("access_type", "online") not in ("online", "offline"):
            return self.page_of_error(request, "invalid_request", "access_type has to be online or offline.")
        if asked.get("code_challenge_method", "plain") not in ("S256", "plain"):
            return self.page_of_error(request, "invalid_request", "code_challenge_method has to be S256 or plain.")
        return None


def _form(request: Request) -> dict[str, str]:
    if not request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        raise OAuthError("invalid_request", "The body has to be application/x-www-form-urlencoded.")
    return request.form()


def _needed(form: Mapping[str, str], name: str) -> str:
    if not form.get(name):
        raise OAuthError("invalid_request", f"Missing required parameter: {name}")
    return form[name]
