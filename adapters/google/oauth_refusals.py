"""Refusals of Google's OAuth endpoints, read into failures.

Source: Google Identity, "Using OAuth 2.0 for Web Server Applications" and "Refresh token expiration"; RFC 6749, 5.2.
"""

from typing import Final

from adapters.google.wire import GoogleTokenRefusal
from adapters.http_client.oauth_refusals import OURS, TokenRefusals, about_ours
from application.ports.provider import NeedsAdmin, NotConnected, ProviderError
from domain.provider_problem import AppNotAllowed, GrantEnded, SignInRequired


def _about_code(refusal: GoogleTokenRefusal) -> ProviderError | None:
    return NeedsAdmin(AppNotAllowed("google")) if refusal.error == "admin_policy_enforced" else None


def _about_grant(refusal: GoogleTokenRefusal) -> ProviderError | None:
    match refusal.error, refusal.error_subtype:
        case "invalid_grant", "invalid_rapt":
            return NotConnected(SignInRequired("google"))
        case (("invalid_grant" | "invalid_token"), _):
            return NotConnected(GrantEnded("google"))
        case "admin_policy_enforced", _:
            return NotConnected(AppNotAllowed("google"))
        case _:
            return None


REFUSALS: Final = TokenRefusals(
    "google",
    GoogleTokenRefusal,
    ours=about_ours("google", OURS | {"redirect_uri_mismatch", "deleted_client"}),
    about_code=_about_code,
    about_grant=_about_grant,
)
