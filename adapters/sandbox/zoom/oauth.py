"""Zoom's authorization, token and revocation endpoints."""

from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Mapping
from typing import Final
from urllib.parse import unquote_plus

from adapters.sandbox.asgi import Reply, Request, json
from adapters.sandbox.authorization import AuthorizationServer, ParameterValues, Wire, has_form
from adapters.sandbox.grants import Issued
from adapters.sandbox.zoom.accounts import ZoomAccount
from adapters.sandbox.zoom.errors import ZoomApiError, ZoomOAuthError, invalid_client, token_in_query
from adapters.sandbox.zoom.grants import MEETING_WRITE, USER_READ, TokenPair, token_response

_TOKENS: Final = ("access_token", "refresh_token", "token")
_METHOD: Final = ParameterValues(
    frozenset({"S256", "plain"}), "S256", (4706, "code_challenge_method has to be S256 or plain.")
)


class ZoomOAuth(AuthorizationServer[ZoomAccount]):
    """The OAuth endpoints of one app. A `scope` parameter is ignored: the app's registration decides."""

    wire = Wire(
        name="zoom",
        echoed=("response_type", "client_id", "redirect_uri", "state", "code_challenge", "code_challenge_method"),
        scopes={
            MEETING_WRITE: "Create meetings on your account",
            USER_READ: "See your name and your email address",
        },
        requested=None,
        unknown_client=(4702, "Invalid client_id."),
        other_redirect_uri=(4709, "Redirect URI mismatch."),
        other_response_type=(4706, "response_type has to be code."),
        no_account=(4700, "Choose an account to go on with."),
        # Zoom takes a challenge without a method for the verifier itself.
        choices={"code_challenge_method": _METHOD},
    )

    def revoke(self, request: Request) -> tuple[Reply, ZoomAccount]:
        """End the grant of an access token that is still good; say whose it was.

        Raises:
            OAuthError: with Zoom's `reason` and `error`; an expired access token can't be revoked.
            ApiError: the token came in the query string.
        """
        form = self._authenticated(request)
        try:
            grant = self._grants.of(form.get("token", ""))
        except ZoomApiError as error:
            raise ZoomOAuthError("Invalid Token!", "invalid_request") from error
        self._grants.remove(grant.user_id)
        return json({"status": "success"}), self._accounts[grant.user_id]

    def _needed(self, form: Mapping[str, str], name: str) -> str:
        if name == "grant_type" and name not in form:
            raise ZoomOAuthError("Missing grant type (4706)", "invalid_request")
        # Of all others, Zoom says that an empty one is wrong.
        return form.get(name, "")

    def _unsupported(self, grant_type: str) -> ZoomOAuthError:
        del grant_type
        return ZoomOAuthError("unsupported grant type", "unsupported_grant_type")

    def _token_response(self, issued: Issued, *, is_refresh: bool = False) -> TokenPair:
        del is_refresh
        return token_response(issued)

    def _authenticated(self, request: Request) -> dict[str, str]:
        if any(name in request.query for name in _TOKENS):
            raise token_in_query()
        client_id, secret = _basic(request.headers.get("authorization", ""))
        if not self._is_client(client_id, secret):
            raise invalid_client()
        if not has_form(request):
            raise ZoomOAuthError("The body has to be application/x-www-form-urlencoded.", "invalid_request")
        return request.form()


def _basic(authorization: str) -> tuple[str, str]:
    scheme, _, encoded = authorization.partition(" ")
    if scheme.lower() != "basic":
        return "", ""
    try:
        client_id, _, secret = b64decode(encoded, validate=True).decode().partition(":")
    except (NotBase64, UnicodeDecodeError):
        return "", ""
    return unquote_plus(client_id), unquote_plus(secret)
