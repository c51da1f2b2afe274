"""Refusals of Microsoft's token endpoint, read into failures.

`error` decides: Microsoft warns that its numbers and texts change.

Source: Microsoft identity platform, "OAuth 2.0 authorization code flow", token endpoint errors; RFC 6749, 5.2.
"""

from typing import Final

from adapters.http_client.answer import ProviderAnswer
from adapters.http_client.calls import Code
from adapters.http_client.oauth_refusals import OURS, TokenRefusals, about_ours, oauth_code
from adapters.http_client.wire import read
from adapters.microsoft.wire import MicrosoftTokenRefusal
from application.ports.provider import AuthorizationRefused, NeedsAdmin, NotConnected, ProviderError, TryLater
from domain.provider_problem import ApprovalRequired, GrantEnded, RateLimited, SignInRequired


def logged_code(answer: ProviderAnswer) -> Code:
    """The name of an error, and the first of the numbers by which Microsoft's documentation explains it."""
    name, refusal = oauth_code(answer), read(answer.body, MicrosoftTokenRefusal)
    if name is None or refusal is None or not refusal.error_codes:
        return name
    return f"{name} AADSTS{refusal.error_codes[0]}"


def _about_code(refusal: MicrosoftTokenRefusal) -> ProviderError | None:
    match refusal.error:
        case "consent_required":
            return NeedsAdmin(ApprovalRequired("microsoft"))
        case "interaction_required":
            return AuthorizationRefused(SignInRequired("microsoft"))
        case "temporarily_unavailable" | "server_error":
            return TryLater(RateLimited("microsoft"))
        case _:
            return None


def _about_grant(refusal: MicrosoftTokenRefusal) -> ProviderError | None:
    match refusal.error:
        case "invalid_grant":
            return NotConnected(GrantEnded("microsoft"))
        case "interaction_required":
            return NotConnected(SignInRequired("microsoft"))
        case "consent_required":
            return NotConnected(ApprovalRequired("microsoft"))
        case "temporarily_unavailable" | "server_error":
            return TryLater(RateLimited("microsoft"))
        case _:
            return None


REFUSALS: Final = TokenRefusals(
    "microsoft",
    MicrosoftTokenRefusal,
    ours=about_ours("microsoft", OURS | {"invalid_scope", "invalid_resource"}),
    about_code=_about_code,
    about_grant=_about_grant,
    code=logged_code,
)
