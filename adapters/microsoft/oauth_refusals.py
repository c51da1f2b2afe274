"""Maps refusals of Microsoft's token endpoint to a dead grant, wrong settings or a temporary failure.

`error` decides: Microsoft warns that its numbers and texts change.

Source: Microsoft identity platform, "OAuth 2.0 authorization code flow", token endpoint errors; RFC 6749, 5.2.
"""

from datetime import datetime
from typing import Final

from adapters.http_client.answer import Answer
from adapters.http_client.calls import Meaning
from adapters.http_client.oauth import OURS, TokenEndpoint, oauth_code
from adapters.http_client.wire import read
from adapters.microsoft.wire import TokenRefusal
from application.ports.provider import AuthorizationRefused, NeedsAdmin, NotConnected, ProviderError, TryLater
from domain.provider_problem import ApprovalRequired, GrantEnded, RateLimited, SignInRequired

_ENDPOINT: Final = TokenEndpoint("microsoft", OURS | {"invalid_scope", "invalid_resource"})


def exchange_refusal(answer: Answer, now: datetime) -> ProviderError:
    return _ENDPOINT.exchange(answer, now, TokenRefusal, _about_a_code)


def refresh_refusal(answer: Answer, now: datetime) -> ProviderError:
    return _ENDPOINT.refresh(answer, now, TokenRefusal, _about_a_grant)


def logged_code(answer: Answer) -> str | None:
    """The name of an error, and the first of the numbers by which Microsoft's documentation explains it."""
    name, refusal = oauth_code(answer), read(answer.body, TokenRefusal)
    if name is None or refusal is None or not refusal.error_codes:
        return name
    return f"{name} AADSTS{refusal.error_codes[0]}"


EXCHANGE: Final = Meaning(exchange_refusal, logged_code)
REFRESH: Final = Meaning(refresh_refusal, logged_code)


def _about_a_code(refusal: TokenRefusal) -> ProviderError | None:
    match refusal.error:
        case "consent_required":
            return NeedsAdmin(ApprovalRequired("microsoft"))
        case "interaction_required":
            return AuthorizationRefused(SignInRequired("microsoft"))
        case "temporarily_unavailable" | "server_error":
            return TryLater(RateLimited("microsoft"))
        case _:
            return None


def _about_a_grant(refusal: TokenRefusal) -> ProviderError | None:
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
