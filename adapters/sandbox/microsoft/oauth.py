"""Microsoft's authorization and token endpoints."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from adapters.sandbox.asgi import Reply, Request
from adapters.sandbox.authorization import AuthorizationServer, ParameterValues, RequestedScopes, Wire, has_form
from adapters.sandbox.grants import Grants, Issued
from adapters.sandbox.microsoft.accounts import MicrosoftAccount
from adapters.sandbox.microsoft.errors import MicrosoftOAuthError, described, invalid_client, invalid_request
from adapters.sandbox.microsoft.grants import MicrosoftTokens, token_response
from adapters.sandbox.microsoft.scopes import API, GUARDED, OFFLINE, OPENID, SIGN_IN, named_in_full
from adapters.sandbox.microsoft.tenants import Tenants
from adapters.sandbox.pages import render
from adapters.sandbox.registration import Registration

_TOKEN_FIELDS: Final = frozenset({"client_id", "client_secret", "grant_type", "scope"})
_FIELDS: Final = {
    "authorization_code": _TOKEN_FIELDS | {"code", "redirect_uri", "code_verifier"},
    "refresh_token": _TOKEN_FIELDS | {"refresh_token"},
}


_METHOD: Final = ParameterValues(
    frozenset({"S256", "plain"}),
    "plain",
    (501491, "code_challenge_method has to be S256 or plain."),
    beside="code_challenge",
)
_PROMPT: Final = ParameterValues(
    frozenset({"login", "none", "consent", "select_account"}), "login", (90023, "The prompt isn't valid.")
)
_RESPONSE_MODE: Final = ParameterValues(frozenset({"query"}), "query", (70007, "response_mode has to be query."))


class MicrosoftOAuth(AuthorizationServer[MicrosoftAccount]):
    """The OAuth endpoints, as one app sees them. The authority is in the path: `organizations`, `common`, or an id."""

    wire = Wire(
        name="microsoft",
        echoed=(
            "client_id",
            "code_challenge",
            "code_challenge_method",
            "prompt",
            "redirect_uri",
            "response_mode",
            "response_type",
            "scope",
            "state",
        ),
        scopes=API,
        requested=RequestedScopes(
            SIGN_IN,
            named_in_full,
            missing=(900144, "The request must contain the parameter 'scope'."),
            unknown=lambda scopes: (70011, f"The scope {' '.join(scopes)} isn't valid."),
        ),
        unknown_client=(700016, "The application wasn't found in the directory."),
        other_redirect_uri=(50011, "The redirect URI doesn't match those of the application."),
        other_response_type=(700054, "response_type has to be code."),
        no_account=(16000, "Choose an account to go on with."),
        choices={"response_mode": _RESPONSE_MODE, "prompt": _PROMPT, "code_challenge_method": _METHOD},
    )

    def __init__(
        self,
        registration: Registration,
        grants: Grants,
        accounts: Mapping[str, MicrosoftAccount],
        tenants: Tenants,
        now: Callable[[], datetime],
    ) -> None:
        super().__init__(registration, grants, accounts, now)
        self._tenants = tenants

    def refused(self, request: Request, error: str, number: int, text: str) -> Reply:
        """Send whoever has come here back with a refusal, before anything is asked of them."""
        asked = request.query if request.method == "GET" else request.form()
        return self._unacceptable(request, asked) or self._went_back(asked, self._refusal(error, number, text))

    def id_token_of(self, account: MicrosoftAccount) -> str:
        claims = account.claims(self._registration.client_id)
        return self._id_token({"nbf": int(self._now().timestamp()), **claims})

    def _needed(self, form: Mapping[str, str], name: str) -> str:
        if not form.get(name):
            raise invalid_request(f"The request body must contain the following parameter: '{name}'.")
        return form[name]

    def _unsupported(self, grant_type: str) -> MicrosoftOAuthError:
        text = f"The app requested an unsupported grant type '{grant_type}'."
        return MicrosoftOAuthError("unsupported_grant_type", 70003, text)

    def _token_response(self, issued: Issued, *, is_refresh: bool = False) -> MicrosoftTokens:
        del is_refresh
        if OPENID not in issued.grant.scopes:
            return token_response(issued)
        return token_response(issued, self.id_token_of(self._accounts[issued.grant.user_id]))

    def _wants_a_refresh_token(self, account: MicrosoftAccount, asked: Mapping[str, str]) -> bool:
        del account
        return OFFLINE in self._asked(asked)

    def _declined(self, asked: Mapping[str, str]) -> dict[str, str]:
        if asked.get("decision") == "return":
            return self._refusal("consent_required", 90094, "The grant requires admin permission.")
        return self._refusal("access_denied", 65004, "User declined to consent to access the app.")

    def _refusal(self, error: str, number: int, text: str) -> dict[str, str]:
        at = f"{self._now():%Y-%m-%d %H:%M:%SZ}"
        return {"error": error, "error_description": described(number, text, "trace", "correlation", at)}

    def _kept_here(self, request: Request, account: MicrosoftAccount, asked: Mapping[str, str]) -> Reply | None:
        refused = self._not_from_here(account, request.parts[0])
        if refused is not None:
            return self.page_of_error(request, *refused)
        if GUARDED.isdisjoint(self._asked(asked)) or self._tenants.may_consent(account):
            return None
        return render(
            request,
            "microsoft/needs_admin.html",
            action=request.path,
            app_name=self._registration.app_name,
            account=account,
            echoed=self._echoed(asked),
        )

    def _not_from_here(self, account: MicrosoftAccount, authority: str) -> tuple[int, str] | None:
        """Say why an account can't sign in at an authority."""
        match authority.lower():
            case "common":
                return None
            case "organizations" if account.is_personal:
                text = "You can't sign in here with a personal account. Use your work or school account instead."
                return 50020, text
            case "organizations":
                return None
            case "consumers" if account.is_personal:
                return None
            case tenant if tenant in {account.tenant_id, account.tenant}:
                return None
            case _:
                text = f"{account.email} doesn't exist in this organisation and can't use the app there."
                return 50020, text

    def _authenticated(self, request: Request) -> dict[str, str]:
        if not has_form(request):
            raise invalid_request("The request body must be application/x-www-form-urlencoded.")
        form = request.form()
        grant_type = self._needed(form, "grant_type")
        if grant_type not in _FIELDS:
            raise self._unsupported(grant_type)
        unknown = form.keys() - _FIELDS[grant_type]
        if unknown:
            raise invalid_request(f"The request body has parameters of no use here: {sorted(unknown)}.")
        if not self._is_client(self._needed(form, "client_id"), form.get("client_secret", "")):
            raise invalid_client()
        unasked = [name for name in named_in_full(form.get("scope", "").split()) if name not in {*SIGN_IN, *API}]
        if unasked:
            raise MicrosoftOAuthError("invalid_scope", 70011, f"The scope {' '.join(unasked)} isn't valid.")
        return form
