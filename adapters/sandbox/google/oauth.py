"""Google's authorization, token and revocation endpoints."""

from collections.abc import Mapping
from typing import Final

from adapters.sandbox.asgi import Reply, Request, json
from adapters.sandbox.authorization import AuthorizationServer, ParameterValues, RequestedScopes, Wire, has_form
from adapters.sandbox.google.accounts import GoogleAccount
from adapters.sandbox.google.errors import GoogleOAuthError, invalid_client
from adapters.sandbox.google.grants import GoogleTokens, token_response
from adapters.sandbox.google.scopes import API, OPENID, SIGN_IN, named_in_full
from adapters.sandbox.grants import Issued

_METHOD: Final = ParameterValues(
    frozenset({"S256", "plain"}), "plain", ("invalid_request", "code_challenge_method has to be S256 or plain.")
)
_ACCESS_TYPE: Final = ParameterValues(
    frozenset({"online", "offline"}), "online", ("invalid_request", "access_type has to be online or offline.")
)


class GoogleOAuth(AuthorizationServer[GoogleAccount]):
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

    def revoke(self, request: Request) -> Reply:
        """End everything that the account behind a token has allowed to the project; no secret is asked for.

        Raises:
            OAuthError: the token is unknown or dead already.
        """
        grant = self._grants.behind(self._needed(_form(request), "token"))
        if grant is None:
            raise GoogleOAuthError("invalid_token", "Token expired or revoked")
        self._grants.remove(grant.user_id)
        return json({})

    def _wants_a_refresh_token(self, account: GoogleAccount, asked: Mapping[str, str]) -> bool:
        if asked.get("access_type") != "offline":
            return False
        is_new = all(grant.user_id != account.id for grant in self._grants.live())
        # Whoever has said yes before isn't asked again, and only being asked brings a refresh token.
        return is_new or "consent" in asked.get("prompt", "").split()

    def _needed(self, form: Mapping[str, str], name: str) -> str:
        if not form.get(name):
            raise GoogleOAuthError("invalid_request", f"Missing required parameter: {name}")
        return form[name]

    def _unsupported(self, grant_type: str) -> GoogleOAuthError:
        return GoogleOAuthError("unsupported_grant_type", f"Invalid grant_type: {grant_type}")

    def _token_response(self, issued: Issued, *, is_refresh: bool = False) -> GoogleTokens:
        if is_refresh or OPENID not in issued.grant.scopes:
            return token_response(issued)
        claims = self._accounts[issued.grant.user_id].claims()
        claims |= {"iss": "https://accounts.google.com", "azp": self._registration.client_id}
        return token_response(issued, self._id_token(claims))

    def _authenticated(self, request: Request) -> dict[str, str]:
        form = _form(request)
        if not self._is_client(form.get("client_id", ""), form.get("client_secret", "")):
            raise invalid_client()
        return form

    def _response_parameters(self, granted: tuple[str, ...]) -> dict[str, str]:
        return {"scope": " ".join(granted)}


def _form(request: Request) -> dict[str, str]:
    if not has_form(request):
        raise GoogleOAuthError("invalid_request", "The body has to be application/x-www-form-urlencoded.")
    return request.form()
