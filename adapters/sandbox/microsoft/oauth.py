"""Microsoft's authorization and token endpoints."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from hmac import compare_digest
from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit

import msgspec

from adapters.sandbox.asgi import Answer, Request, json, sent_back
from adapters.sandbox.codes import Consent
from adapters.sandbox.microsoft.accounts import Account
from adapters.sandbox.microsoft.errors import OAuthError, described, invalid_client, invalid_request
from adapters.sandbox.microsoft.grants import Grant, Grants, Tokens
from adapters.sandbox.microsoft.scopes import API, MEETINGS, OPENID, SIGN_IN, named_in_full
from adapters.sandbox.microsoft.tenants import Tenants
from adapters.sandbox.opaque import id_token
from adapters.sandbox.pages import render
from adapters.sandbox.registration import Registration

_ID_TOKEN_LIFE: Final = timedelta(hours=1)
_ECHOED: Final = (
    "client_id",
    "code_challenge",
    "code_challenge_method",
    "prompt",
    "redirect_uri",
    "response_mode",
    "response_type",
    "scope",
    "state",
)
_PROMPTS: Final = frozenset({"login", "none", "consent", "select_account"})
_TOKEN_FIELDS: Final = frozenset({"client_id", "client_secret", "grant_type", "scope"})
_FIELDS: Final = {
    "authorization_code": _TOKEN_FIELDS | {"code", "redirect_uri", "code_verifier"},
    "refresh_token": _TOKEN_FIELDS | {"refresh_token"},
}


class OAuth:
    """The OAuth endpoints, as one app sees them. The authority is in the path: `organizations`, `common`, or an id."""

    def __init__(
        self,
        registration: Registration,
        grants: Grants,
        accounts: Mapping[str, Account],
        tenants: Tenants,
        now: Callable[[], datetime],
    ) -> None:
        self._registration = registration
        self._grants = grants
        self._accounts = accounts
        self._tenants = tenants
        self._now = now

    def consent(self, request: Request) -> Answer:
        """Show who asks for what."""
        problem = self._unacceptable(request, request.query)
        if problem is not None:
            return problem
        asked = named_in_full(request.query["scope"].split())
        return render(
            request,
            "microsoft/consent.html",
            layout="microsoft/base.html",
            action=request.path,
            app_name=self._registration.app_name,
            site=urlsplit(request.query["redirect_uri"]).netloc,
            accounts=list(self._accounts.values()),
            sign_in=[SIGN_IN[scope] for scope in asked if scope in SIGN_IN],
            scopes={scope: API[scope] for scope in asked if scope in API},
            echoed=_echoed(request.query),
        )

    def decide(self, request: Request) -> Answer:
        """Take the person's answer, and send them back unless Microsoft keeps them."""
        form = request.form()
        problem = self._unacceptable(request, form)
        if problem is not None:
            return problem
        match form.get("decision"):
            case "allow":
                return self._sign_in(request, form)
            case "return":
                return self._went_back(form, "consent_required", 90094, "The grant requires admin permission.")
            case _:
                return self._went_back(form, "access_denied", 65004, "User declined to consent to access the app.")

    def refused(self, request: Request, error: str, number: int, text: str) -> Answer:
        """Send whoever has come here back with a refusal, before anything is asked of them."""
        asked = request.query if request.method == "GET" else request.form()
        return self._unacceptable(request, asked) or self._went_back(asked, error, number, text)

    def page_of_error(self, request: Request, number: int, text: str) -> Answer:
        """Show Microsoft's own page, from which no way leads back."""
        return render(request, "microsoft/oauth_error.html", HTTPStatus.BAD_REQUEST, number=number, text=text)

    def token(self, request: Request) -> Answer:
        """Redeem a code, or give a new pair for a refresh token.

        Raises:
            OAuthError: with Microsoft's `error`, `error_description` and `error_codes`.
        """
        form = self._authenticated(request)
        match form["grant_type"]:
            case "authorization_code":
                code, redirect_uri = _needed(form, "code"), _needed(form, "redirect_uri")
                tokens, grant = self._grants.redeem(code, redirect_uri, form.get("code_verifier"))
            case _:
                tokens, grant = self._grants.refresh(_needed(form, "refresh_token"))
        return json(self._with_id_token(tokens, grant))

    def id_token_of(self, account: Account, **changes: str) -> str:
        issued = int(self._now().timestamp())
        return id_token(
            {
                "aud": self._registration.client_id,
                "iat": issued,
                "nbf": issued,
                "exp": issued + int(_ID_TOKEN_LIFE.total_seconds()),
                **account.claims(self._registration.client_id),
                **changes,
            }
        )

    def _with_id_token(self, tokens: Tokens, grant: Grant) -> Tokens:
        if OPENID not in grant.scopes:
            return tokens
        return msgspec.structs.replace(tokens, id_token=self.id_token_of(self._accounts[grant.user_id]))

    def _went_back(self, asked: Mapping[str, str], error: str, number: int, text: str) -> Answer:
        """Send the person back with a refusal."""
        at = f"{self._now():%Y-%m-%d %H:%M:%SZ}"
        fields = {"error": error, "error_description": described(number, text, "trace", "correlation", at)}
        state = {"state": asked["state"]} if "state" in asked else {}
        return sent_back(asked["redirect_uri"], {**fields, **state})

    def _sign_in(self, request: Request, form: Mapping[str, str]) -> Answer:
        account = self._accounts.get(form.get("account", ""))
        if account is None:
            return self.page_of_error(request, 16000, "Choose an account to go on with.")
        refused = self._not_from_here(account, request.parts[0])
        if refused is not None:
            return self.page_of_error(request, *refused)
        asked = named_in_full(form["scope"].split())
        # Most permissions are for everybody to give; this one Microsoft's own policy leaves to administrators.
        if MEETINGS in asked and not self._tenants.may_consent(account):
            return render(
                request,
                "microsoft/needs_admin.html",
                action=request.path,
                app_name=self._registration.app_name,
                account=account,
                echoed=_echoed(form),
            )
        consent = Consent(
            account.id,
            tuple(scope for scope in asked if scope in SIGN_IN or f"scope {scope}" in form),
            form["redirect_uri"],
            form.get("code_challenge"),
            form.get("code_challenge_method", "plain"),
        )
        state = {"state": form["state"]} if "state" in form else {}
        return sent_back(form["redirect_uri"], {"code": self._grants.approve(consent), **state})

    def _not_from_here(self, account: Account, authority: str) -> tuple[int, str] | None:
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
        if not request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
            raise invalid_request("The request body must be application/x-www-form-urlencoded.")
        form = request.form()
        grant_type = _needed(form, "grant_type")
        if grant_type not in _FIELDS:
            text = f"The app requested an unsupported grant type '{grant_type}'."
            raise OAuthError("unsupported_grant_type", 70003, text)
        unknown = form.keys() - _FIELDS[grant_type]
        if unknown:
            raise invalid_request(f"The request body has parameters of no use here: {sorted(unknown)}.")
        # Both are compared in full, whichever is wrong.
        known = compare_digest(_needed(form, "client_id").encode(), self._registration.client_id.encode())
        secret = form.get("client_secret", "").encode()
        if not compare_digest(secret, self._registration.client_secret.encode()) or not known:
            raise invalid_client()
        unasked = [name for name in named_in_full(form.get("scope", "").split()) if name not in {*SIGN_IN, *API}]
        if unasked:
            raise OAuthError("invalid_scope", 70011, f"The scope {' '.join(unasked)} isn't valid.")
        return form

    def _unacceptable(self, request: Request, asked: Mapping[str, str]) -> Answer | None:
        if asked.get("client_id") != self._registration.client_id:
            return self.page_of_error(request, 700016, "The application wasn't found in the directory.")
        if asked.get("redirect_uri") not in self._registration.redirect_uris:
            return self.page_of_error(request, 50011, "The redirect URI doesn't match those of the application.")
        if asked.get("response_type") != "code":
            return self.page_of_error(request, 700054, "response_type has to be code.")
        if asked.get("response_mode", "query") != "query":
            return self.page_of_error(request, 70007, "response_mode has to be query.")
        scopes = named_in_full(asked.get("scope", "").split())
        if not scopes:
            return self.page_of_error(request, 900144, "The request must contain the parameter 'scope'.")
        unknown = [scope for scope in scopes if scope not in SIGN_IN and scope not in API]
        if unknown:
            return self.page_of_error(request, 70011, f"The scope {' '.join(unknown)} isn't valid.")
        if asked.get("prompt", "login") not in _PROMPTS:
            return self.page_of_error(request, 90023, "The prompt isn't valid.")
        if "code_challenge" in asked and asked.get("code_challenge_method", "plain") not in ("S256", "plain"):
            return self.page_of_error(request, 501491, "code_challenge_method has to be S256 or plain.")
        return None


def _echoed(asked: Mapping[str, str]) -> dict[str, str]:
    return {name: asked[name] for name in _ECHOED if name in asked}


def _needed(form: Mapping[str, str], name: str) -> str:
    if not form.get(name):
        raise invalid_request(f"The request body must contain the following parameter: '{name}'.")
    return form[name]
