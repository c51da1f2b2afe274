"""Zoom's authorization, token and revocation endpoints."""

from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Mapping
from hmac import compare_digest
from http import HTTPStatus
from typing import Final
from urllib.parse import unquote_plus, urlsplit

from adapters.sandbox.asgi import Answer, Request, json, sent_back
from adapters.sandbox.pages import render
from adapters.sandbox.registration import Registration
from adapters.sandbox.zoom.accounts import Account
from adapters.sandbox.zoom.errors import ApiError, OAuthError, invalid_client, token_in_query
from adapters.sandbox.zoom.grants import MEETING_WRITE, SCOPES, USER_READ, Grants

_TOKENS: Final = ("access_token", "refresh_token", "token")
_ECHOED: Final = (
    "response_type",
    "client_id",
    "redirect_uri",
    "state",
    "code_challenge",
    "code_challenge_method",
)
PURPOSES: Final = {
    USER_READ: "See your name and your email address",
    MEETING_WRITE: "Create meetings on your account",
}


class OAuth:
    """The OAuth endpoints of one app."""

    def __init__(self, registration: Registration, grants: Grants, accounts: Mapping[str, Account]) -> None:
        self._registration = registration
        self._grants = grants
        self._accounts = accounts

    def consent(self, request: Request) -> Answer:
        """Show who asks for what. A `scope` parameter is ignored: the app's registration decides."""
        problem = self._unacceptable(request, request.query)
        if problem is not None:
            return problem
        return render(
            request,
            "zoom/consent.html",
            layout="zoom/base.html",
            action="/oauth/authorize",
            app_name=self._registration.app_name,
            site=urlsplit(request.query["redirect_uri"]).netloc,
            accounts=list(self._accounts.values()),
            scopes=PURPOSES,
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
            return self.page_of_error(request, 4700, "Choose an account to go on with.")
        code = self._grants.approve(
            account.id,
            tuple(scope for scope in SCOPES if f"scope {scope}" in form),
            form["redirect_uri"],
            challenge=form.get("code_challenge"),
            # Zoom takes a challenge without a method for the verifier itself.
            challenge_method=form.get("code_challenge_method", "plain"),
        )
        return sent_back(form["redirect_uri"], {"code": code, **state})

    def page_of_error(self, request: Request, code: int, text: str) -> Answer:
        return render(request, "zoom/oauth_error.html", HTTPStatus.BAD_REQUEST, code=code, text=text)

    def token(self, request: Request) -> Answer:
        """Redeem a code or rotate a refresh token.

        Raises:
            OAuthError: with Zoom's `reason` and `error`.
            ApiError: a token came in the query string.
        """
        form = self._authenticated(request)
        match form.get("grant_type"):
            case None:
                raise OAuthError("Missing grant type (4706)", "invalid_request")
            case "authorization_code":
                return json(
                    self._grants.redeem(form.get("code", ""), form.get("redirect_uri", ""), form.get("code_verifier"))
                )
            case "refresh_token":
                return json(self._grants.refresh(form.get("refresh_token", "")))
            case _:
                raise OAuthError("unsupported grant type", "unsupported_grant_type")

    def revoke(self, request: Request) -> tuple[Answer, Account]:
        """End the grant of an access token that is still good; say whose it was.

        Raises:
            OAuthError: with Zoom's `reason` and `error`; an expired access token can't be revoked.
            ApiError: the token came in the query string.
        """
        form = self._authenticated(request)
        try:
            grant = self._grants.of(form.get("token", ""))
        except ApiError as error:
            raise OAuthError("Invalid Token!", "invalid_request") from error
        self._grants.remove(grant.user_id)
        return json({"status": "success"}), self._accounts[grant.user_id]

    def _authenticated(self, request: Request) -> dict[str, str]:
        if any(name in request.query for name in _TOKENS):
            raise token_in_query()
        client_id, secret = _basic(request.headers.get("authorization", ""))
        # Both are compared in full, whichever is wrong.
        known = compare_digest(client_id.encode(), self._registration.client_id.encode())
        if not compare_digest(secret.encode(), self._registration.client_secret.encode()) or not known:
            raise invalid_client()
        if not request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
            raise OAuthError("The body has to be application/x-www-form-urlencoded.", "invalid_request")
        return request.form()

    def _unacceptable(self, request: Request, asked: Mapping[str, str]) -> Answer | None:
        if asked.get("client_id") != self._registration.client_id:
            return self.page_of_error(request, 4702, "Invalid client_id.")
        if asked.get("redirect_uri") not in self._registration.redirect_uris:
            return self.page_of_error(request, 4709, "Redirect URI mismatch.")
        if asked.get("response_type") != "code":
            return self.page_of_error(request, 4706, "response_type has to be code.")
        if asked.get("code_challenge_method", "S256") not in ("S256", "plain"):
            return self.page_of_error(request, 4706, "code_challenge_method has to be S256 or plain.")
        return None


def _basic(authorization: str) -> tuple[str, str]:
    scheme, _, encoded = authorization.partition(" ")
    if scheme.lower() != "basic":
        return "", ""
    try:
        client_id, _, secret = b64decode(encoded, validate=True).decode().partition(":")
    except (NotBase64, UnicodeDecodeError):
        return "", ""
    return unquote_plus(client_id), unquote_plus(secret)
