"""Google's authorization, token and revocation endpoints."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Final

import msgspec

from adapters.sandbox.asgi import Answer, Request, json
from adapters.sandbox.authorization import AuthorizationServer, Choice, RequestedScopes, Wire, has_form
from adapters.sandbox.google.accounts import Account
from adapters.sandbox.google.errors import OAuthError, invalid_client
from adapters.sandbox.google.grants import Grant, Grants
from adapters.sandbox.google.scopes import API, OPENID, SIGN_IN, named_in_full
from adapters.sandbox.opaque import id_token
from adapters.sandbox.registration import Registration

_ID_TOKEN_LIFE: Final = timedelta(hours=1)
_METHOD: Final = Choice(
    frozenset({"S256", "plain"}), "plain", ("invalid_request", "code_challenge_method has to be S256 or plain.")
)
_ACCESS_TYPE: Final = Choice(
    frozenset({"online", "offline"}), "online", ("invalid_request", "access_type has to be online or offline.")
)


class OAuth(AuthorizationServer[Account, Grant]):
    """The OAuth endpoints of one client of one project."""

    wire = Wire(
        name="google",
        echoed=(
            "access_type",
            "client_id",
            "code_challenge",
            "code_challenge_method",
            "prompt",
            "redirect_uri",
            "response_type",
            "scope",
            "state",
        ),
        scopes=API,
        requested=RequestedScopes(
            SIGN_IN,
            named_in_full,
            missing=("invalid_request", "Missing required parameter: scope"),
            unknown=lambda scopes: ("invalid_scope", f"Some requested scopes were invalid: {scopes}"),
        ),
        unknown_client=("invalid_client", "The OAuth client was not found."),
        other_redirect_uri=("redirect_uri_mismatch", "The redirect URI isn't registered."),
        other_response_type=("unsupported_response_type", "response_type has to be code."),
        no_account=("invalid_request", "Choose an account to go on with."),
        choices={"access_type": _ACCESS_TYPE, "code_challenge_method": _METHOD},
    )

    def __init__(
        self, registration: Registration, grants: Grants, accounts: Mapping[str, Account], now: Callable[[], datetime]
    ) -> None:
        super().__init__(registration, grants, accounts)
        self._grants = grants
        self._now = now

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
        if not self._is_client(form.get("client_id", ""), form.get("client_secret", "")):
            raise invalid_client()
        return form

    def _told_with_the_code(self, granted: tuple[str, ...]) -> dict[str, str]:
        return {"scope": " ".join(granted)}


def _form(request: Request) -> dict[str, str]:
    if not has_form(request):
        raise OAuthError("invalid_request", "The body has to be application/x-www-form-urlencoded.")
    return request.form()


def _needed(form: Mapping[str, str], name: str) -> str:
    if not form.get(name):
        raise OAuthError("invalid_request", f"Missing required parameter: {name}")
    return form[name]
