"""Microsoft accounts: OAuth, for whatever they are connected for.

Source: Microsoft identity platform, "OAuth 2.0 authorization code flow" and "Refresh tokens".
"""

from adapters.http_client.oauth import OAuthProfile
from adapters.microsoft.oauth_refusals import REFUSALS
from adapters.microsoft.settings import MicrosoftSettings
from adapters.microsoft.signed_in import signed_in
from application.ports.oauth import GrantCapabilities

GRAPH = "https://graph.microsoft.com/"


def profile(settings: MicrosoftSettings, scope: str, asked_for: str, capabilities: GrantCapabilities) -> OAuthProfile:
    """How Microsoft does OAuth. It can't be told of an end: its users take the app off their account themselves.

    Args:
        scope: of Graph, in its short form; without it a grant is of no use.
        asked_for: all scopes to ask for.
    """
    oauth = f"{settings.auth_url.rstrip('/')}/oauth2/v2.0"
    return OAuthProfile(
        provider="microsoft",
        client_id=settings.client_id,
        client_secret=settings.client_secret,
        redirect_uri=settings.redirect_uri,
        authorize_url=f"{oauth}/authorize",
        token_url=f"{oauth}/token",
        scopes=frozenset({scope}),
        asked_for=asked_for,
        asked_for_at_token=True,
        # Without the prompt, whoever is signed in already can't choose the account to connect.
        extra={"response_mode": "query", "prompt": "select_account"},
        capabilities=capabilities,
        refusals=REFUSALS,
        named=lambda scopes: frozenset(_named_shortly(each, scope) for each in scopes),
        who=lambda tokens: signed_in(tokens.id_token, settings.client_id),
        tracking_header="request-id",
    )


def _named_shortly(granted: str, scope: str) -> str:
    """Write a scope as it is written here: Microsoft names those of Graph with or without its address, in any case."""
    short = granted.removeprefix(GRAPH)
    return scope if short.lower() == scope.lower() else short
