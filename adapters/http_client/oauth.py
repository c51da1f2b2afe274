"""OAuth 2.0 with PKCE, once for all providers; what differs between them is data."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import quote_plus, urlencode

import msgspec

from adapters.http_client.answer import ProviderAnswer
from adapters.http_client.calls import Calls
from adapters.http_client.http import ProviderHttp
from adapters.http_client.oauth_refusals import TokenRefusals
from adapters.http_client.wire import Tokens
from application.ports.clock import Clock
from application.ports.oauth import Grant, GrantCapabilities
from domain.connection import ProviderAccount
from domain.provider import Provider


@dataclass(frozen=True, kw_only=True)
class OAuthProfile:
    """One app's registration at one provider, and how that provider does OAuth.

    Attributes:
        redirect_uri: byte for byte what the registration holds.
        revoke_url: None where the provider can't be told.
        scopes: what a grant has to hold to be of use.
        asked_for: the scopes to ask for, separated by spaces; empty where the registration decides.
        asked_for_at_token: the token endpoint wants them too.
        basic: the client shows itself in a Basic header; else in the form.
        extra: more parameters of the authorization request.
        refusals: what the token endpoint's noes mean.
        named: writes granted scopes as they are written here.
        who: reads whose tokens they are, where they say so.
        tracking_header: the header of an answer that the provider's support asks for, where there is one.
    """

    provider: Provider
    client_id: str
    client_secret: str = field(repr=False)
    redirect_uri: str
    authorize_url: str
    token_url: str
    revoke_url: str | None = None
    scopes: frozenset[str]
    asked_for: str = ""
    asked_for_at_token: bool = False
    basic: bool = False
    extra: Mapping[str, str] = field(default_factory=dict[str, str])
    capabilities: GrantCapabilities
    refusals: TokenRefusals[Any]
    named: Callable[[frozenset[str]], frozenset[str]] = lambda scopes: scopes
    who: Callable[[Tokens], ProviderAccount | None] = lambda _: None
    tracking_header: str | None = None


class HttpOAuthClient:
    """A provider behind the port OAuthClient; one for the whole process, closed by `aclose`."""

    def __init__(self, profile: OAuthProfile, clock: Clock, total: timedelta) -> None:
        self.provider: Provider = profile.provider
        self.scopes = profile.scopes
        self.capabilities = profile.capabilities
        self._profile = profile
        self._http = ProviderHttp(profile.provider, total, tracking_header=profile.tracking_header)
        self._calls = Calls(profile.provider, clock)

    def authorize_url(self, state: str, code_challenge: str, login_hint: str | None = None, /) -> str:
        """Return where to send the host's browser."""
        extra = dict(self._profile.extra)
        if login_hint is not None:
            extra["login_hint"] = login_hint
            if extra.get("prompt") == "select_account":
                # The account is chosen already.
                del extra["prompt"]
        query = {
            "response_type": "code",
            "client_id": self._profile.client_id,
            "redirect_uri": self._profile.redirect_uri,
            **self._scope(wanted=True),
            "state": state,
            "code_challenge": code_challenge,
            # Providers take "plain" where this is missing.
            "code_challenge_method": "S256",
            **extra,
        }
        return f"{self._profile.authorize_url}?{urlencode(query)}"

    async def exchange(self, code: str, code_verifier: str, /) -> Grant:
        fields = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._profile.redirect_uri,
            "code_verifier": code_verifier,
            **self._scope(wanted=self._profile.asked_for_at_token),
        }
        sent = self._post(self._profile.token_url, fields)
        grant = await self._calls.grant("exchange", sent, self._profile.refusals.of_exchange, who=self._profile.who)
        return self._named(grant)

    async def refresh(self, grant: Grant, /) -> Grant:
        fields = {
            "grant_type": "refresh_token",
            "refresh_token": grant.refresh_token,
            **self._scope(wanted=self._profile.asked_for_at_token),
        }
        fresh = await self._calls.grant(
            "refresh",
            self._post(self._profile.token_url, fields),
            self._profile.refusals.of_refresh,
            scopes=grant.scopes,
            # Where the old one is dead, an answer without a new one is worthless.
            refresh_token=None if self.capabilities.rotation == "strict" else grant.refresh_token,
        )
        # A refresh is nobody's sign-in: who has connected is who it was.
        return msgspec.structs.replace(self._named(fresh), account=grant.account)

    async def revoke(self, grant: Grant, /) -> None:
        if self._profile.revoke_url is None:
            return
        token = grant.access_token if self.capabilities.revokes_access_tokens else grant.refresh_token
        sent = self._post(self._profile.revoke_url, {"token": token})
        await self._calls.answer("revoke", sent, self._profile.refusals.of_refresh, leaves_nothing=True)

    async def aclose(self) -> None:
        await self._http.aclose()

    async def _post(self, url: str, fields: dict[str, str]) -> ProviderAnswer:
        profile = self._profile
        if profile.basic:
            # RFC 6749, 2.3.1: both are form-encoded before they go into the Basic header.
            client = (quote_plus(profile.client_id), quote_plus(profile.client_secret))
            return await self._http.post_form(url, fields, basic=client)
        if url == profile.revoke_url:
            # Google asks for no secret here, and no other provider that takes it in the form can be told.
            return await self._http.post_form(url, fields)
        client_fields = {"client_id": profile.client_id, "client_secret": profile.client_secret}
        return await self._http.post_form(url, {**fields, **client_fields})

    def _scope(self, *, wanted: bool) -> dict[str, str]:
        return {"scope": self._profile.asked_for} if wanted and self._profile.asked_for else {}

    def _named(self, grant: Grant) -> Grant:
        return msgspec.structs.replace(grant, scopes=self._profile.named(grant.scopes))
