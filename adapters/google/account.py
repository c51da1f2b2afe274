"""Google accounts: OAuth, and who has connected, for whatever they are connected for.

Source: Google Identity, "Using OAuth 2.0 for Web Server Applications"; OpenID Connect Core, UserInfo.
"""

from datetime import timedelta
from typing import Final

from adapters.google import refusals
from adapters.google.oauth_refusals import REFUSALS
from adapters.google.settings import GoogleSettings
from adapters.google.wire import GoogleUser
from adapters.http_client.oauth import HttpOAuthClient, OAuthProfile
from adapters.http_client.wire import read
from application.ports.clock import Clock
from application.ports.oauth import Grant, GrantCapabilities
from application.ports.provider import TryLater
from domain.connection import ProviderAccount
from domain.provider_problem import UnexpectedResponse
from domain.text import one_line

CAPABILITIES: Final = GrantCapabilities(rotation="none", revocation="project")

_SIGN_IN: Final = ("openid", "email")


def profile(settings: GoogleSettings, needed: frozenset[str], wanted: tuple[str, ...]) -> OAuthProfile:
    """How Google does OAuth. Revoking ends all that the user has allowed to this app's whole project.

    Args:
        needed: the scopes without which a grant is of no use.
        wanted: the scopes to ask for; Google lets the user take some out.
    """
    return OAuthProfile(
        provider="google",
        client_id=settings.client_id,
        client_secret=settings.client_secret,
        redirect_uri=settings.redirect_uri,
        authorize_url=settings.auth_url,
        token_url=settings.token_url,
        revoke_url=settings.revoke_url,
        scopes=frozenset({"openid", *needed}),
        asked_for=" ".join((*_SIGN_IN, *wanted)),
        # Together they bring a refresh token also to a host who has said yes before.
        extra={"access_type": "offline", "prompt": "consent"},
        capabilities=CAPABILITIES,
        refusals=REFUSALS,
    )


class GoogleAccountClient(HttpOAuthClient):
    """Google behind the ports OAuthClient and AccountReader."""

    def __init__(
        self,
        settings: GoogleSettings,
        clock: Clock,
        needed: frozenset[str],
        wanted: tuple[str, ...],
        total: timedelta = timedelta(seconds=10),
    ) -> None:
        super().__init__(profile(settings, needed, wanted), clock, total)
        self._userinfo_url = settings.userinfo_url

    async def account(self, grant: Grant, /) -> ProviderAccount:
        operation = "account"
        sent = self._http.get(self._userinfo_url, grant.access_token)
        answer = await self._calls.answer(operation, sent, refusals.USERINFO, leaves_nothing=True)
        user = read(answer.body, GoogleUser)
        if user is None:
            raise self._calls.noted(operation, TryLater(UnexpectedResponse("google")), answer)
        email = one_line(user.email)
        return ProviderAccount(user.sub, user.sub, email, one_line(user.name or "") or email)
