"""The OAuth server of every stand-in: consent, decision, and tokens for codes and refresh tokens."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from hmac import compare_digest
from http import HTTPStatus
from typing import Any, Final, Generic
from urllib.parse import urlsplit

import msgspec

from adapters.sandbox.asgi import Reply, Request, json, sent_back
from adapters.sandbox.codes import Consent
from adapters.sandbox.grants import Grants, Issued
from adapters.sandbox.opaque import id_token
from adapters.sandbox.pages import render
from adapters.sandbox.refused import Refused
from adapters.sandbox.registration import A, Registration

_ID_TOKEN_LIFE: Final = timedelta(hours=1)

Complaint = tuple[int | str, str]
"""What the provider's own error page says: its code, and its text."""


class ParameterValues(msgspec.Struct, frozen=True):
    """A parameter with few possible values.

    Attributes:
        default: what it is where it is left out.
        beside: it counts only where this parameter is there too.
    """

    allowed: frozenset[str]
    default: str
    complaint: Complaint
    beside: str | None = None


class RequestedScopes(msgspec.Struct, frozen=True):
    """How scopes are named in a request.

    Attributes:
        sign_in: what comes with signing in, and can't be unticked.
        in_full: writes them in one way, each once.
        unknown: complains of those that there aren't.
    """

    sign_in: Mapping[str, str]
    in_full: Callable[[Iterable[str]], list[str]]
    missing: Complaint
    unknown: Callable[[list[str]], Complaint]


class Wire(msgspec.Struct, frozen=True, kw_only=True):
    """How one provider's authorization endpoint differs from the next's.

    Attributes:
        name: the folder of the templates.
        echoed: the parameters that the consent page hands on.
        scopes: what an app can be allowed, and what a person is told of it.
        requested: None where the app's registration decides, not the request.
    """

    name: str
    echoed: tuple[str, ...]
    scopes: Mapping[str, str]
    requested: RequestedScopes | None
    unknown_client: Complaint
    other_redirect_uri: Complaint
    other_response_type: Complaint
    no_account: Complaint
    choices: Mapping[str, ParameterValues]


class AuthorizationServer(ABC, Generic[A]):
    """The OAuth endpoints of one app at one stand-in; revoking is the provider's own."""

    wire: Wire

    def __init__(
        self, registration: Registration, grants: Grants, accounts: Mapping[str, A], now: Callable[[], datetime]
    ) -> None:
        self._registration = registration
        self._accounts = accounts
        self._grants = grants
        self._now = now

    def consent(self, request: Request) -> Reply:
        """Show who asks for what."""
        problem = self._unacceptable(request, request.query)
        if problem is not None:
            return problem
        asked = self._asked(request.query)
        sign_in = self._sign_in
        return render(
            request,
            f"{self.wire.name}/consent.html",
            layout=f"{self.wire.name}/base.html",
            action=request.path,
            app_name=self._registration.app_name,
            site=urlsplit(request.query["redirect_uri"]).netloc,
            accounts=list(self._accounts.values()),
            sign_in=[sign_in[scope] for scope in asked if scope in sign_in],
            scopes={scope: self.wire.scopes[scope] for scope in asked if scope in self.wire.scopes},
            echoed=self._echoed(request.query),
        )

    def decide(self, request: Request) -> Reply:
        """Take the person's answer, and send them back unless the provider keeps them."""
        form = request.form()
        problem = self._unacceptable(request, form)
        if problem is not None:
            return problem
        if form.get("decision") != "allow":
            return self._went_back(form, self._declined(form))
        account = self._accounts.get(form.get("account", ""))
        if account is None:
            return self.page_of_error(request, *self.wire.no_account)
        kept = self._kept_here(request, account, form)
        if kept is not None:
            return kept
        sign_in = self._sign_in
        granted = tuple(scope for scope in self._asked(form) if scope in sign_in or f"scope {scope}" in form)
        consent = Consent(
            account.id,
            granted,
            form["redirect_uri"],
            form.get("code_challenge"),
            form.get("code_challenge_method", "plain"),
            self._wants_a_refresh_token(account, form),
        )
        return self._went_back(form, {"code": self._grants.approve(consent), **self._response_parameters(granted)})

    def token(self, request: Request) -> Reply:
        """Redeem a code, or give new tokens for a refresh token.

        Raises:
            Refused: in the provider's own words.
        """
        form = self._authenticated(request)
        match form.get("grant_type"):
            case "authorization_code":
                code, redirect_uri = self._needed(form, "code"), self._needed(form, "redirect_uri")
                return json(self._token_response(self._grants.redeem(code, redirect_uri, form.get("code_verifier"))))
            case "refresh_token":
                return json(
                    self._token_response(self._grants.refresh(self._needed(form, "refresh_token")), is_refresh=True)
                )
            case _:
                raise self._unsupported(self._needed(form, "grant_type"))

    def page_of_error(self, request: Request, code: int | str, text: str) -> Reply:
        """Show the provider's own page, from which no way leads back."""
        template = f"{self.wire.name}/oauth_error.html"
        return render(request, template, HTTPStatus.BAD_REQUEST, code=code, text=text)

    @abstractmethod
    def _authenticated(self, request: Request) -> dict[str, str]:
        """Read the form of an app that has shown its id and secret.

        Raises:
            Refused: it hasn't, or the form isn't one.
        """

    @abstractmethod
    def _needed(self, form: Mapping[str, str], name: str) -> str:
        """Read a field of a form.

        Raises:
            Refused: it is missing.
        """

    @abstractmethod
    def _unsupported(self, grant_type: str) -> Refused:
        """Refuse a grant type that there isn't."""

    @abstractmethod
    def _token_response(self, issued: Issued, *, is_refresh: bool = False) -> msgspec.Struct:
        """Return the body of the token endpoint's answer."""

    def _id_token(self, account_claims: Mapping[str, Any]) -> str:
        """Say for this app who has signed in, for an hour."""
        issued = int(self._now().timestamp())
        until = issued + int(_ID_TOKEN_LIFE.total_seconds())
        return id_token({"aud": self._registration.client_id, "iat": issued, "exp": until, **account_claims})

    def _declined(self, asked: Mapping[str, str]) -> dict[str, str]:
        """Say what the app is told of a no."""
        del asked
        return {"error": "access_denied"}

    def _kept_here(self, request: Request, account: A, asked: Mapping[str, str]) -> Reply | None:
        """Answer somebody who can't allow this; None for everybody else."""
        del request, account, asked

    def _wants_a_refresh_token(self, account: A, asked: Mapping[str, str]) -> bool:
        del account, asked
        return True

    def _response_parameters(self, granted: tuple[str, ...]) -> dict[str, str]:
        """Return what the authorization response holds beside `code` and `state`."""
        del granted
        return {}

    def _went_back(self, asked: Mapping[str, str], fields: Mapping[str, str]) -> Reply:
        state = {"state": asked["state"]} if "state" in asked else {}
        return sent_back(asked["redirect_uri"], {**fields, **state})

    def _is_client(self, client_id: str, secret: str) -> bool:
        """Whether the app shows its own id and secret; both are compared in full, whichever is wrong."""
        known = compare_digest(client_id.encode(), self._registration.client_id.encode())
        return compare_digest(secret.encode(), self._registration.client_secret.encode()) and known

    @property
    def _sign_in(self) -> Mapping[str, str]:
        return {} if self.wire.requested is None else self.wire.requested.sign_in

    def _asked(self, asked: Mapping[str, str]) -> list[str]:
        if self.wire.requested is None:
            return list(self.wire.scopes)
        return self.wire.requested.in_full(asked.get("scope", "").split())

    def _echoed(self, asked: Mapping[str, str]) -> dict[str, str]:
        return {name: asked[name] for name in self.wire.echoed if name in asked}

    def _unacceptable(self, request: Request, asked: Mapping[str, str]) -> Reply | None:
        complaint = self._complaint(asked)
        return None if complaint is None else self.page_of_error(request, *complaint)

    def _complaint(self, asked: Mapping[str, str]) -> Complaint | None:
        wire = self.wire
        if asked.get("client_id") != self._registration.client_id:
            return wire.unknown_client
        if asked.get("redirect_uri") not in self._registration.redirect_uris:
            return wire.other_redirect_uri
        if asked.get("response_type") != "code":
            return wire.other_response_type
        if wire.requested is not None:
            scopes = self._asked(asked)
            if not scopes:
                return wire.requested.missing
            unknown = [each for each in scopes if each not in wire.requested.sign_in and each not in wire.scopes]
            if unknown:
                return wire.requested.unknown(unknown)
        for name, choice in wire.choices.items():
            counts = choice.beside is None or choice.beside in asked
            if counts and asked.get(name, choice.default) not in choice.allowed:
                return choice.complaint
        return None


def has_form(request: Request) -> bool:
    return request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded")
