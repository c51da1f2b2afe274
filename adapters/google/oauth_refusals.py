"""Maps refusals of Google's OAuth endpoints to a dead grant, wrong settings or a temporary failure.

Source: Google Identity, "Using OAuth 2.0 for Web Server Applications" and "Refresh token expiration"; RFC 6749, 5.2.
"""

from datetime import datetime
from typing import Final

from adapters.google.wire import TokenRefusal
from adapters.http_client.answer import Answer
from adapters.http_client.calls import Meaning
from adapters.http_client.oauth import OURS, TokenEndpoint, oauth_code
from application.ports.provider import NeedsAdmin, NotConnected, ProviderError
from domain.provider_problem import AppNotAllowed, GrantEnded, SignInRequired

_ENDPOINT: Final = TokenEndpoint("google", OURS | {"redirect_uri_mismatch", "deleted_client"})


def exchange_refusal(answer: Answer, now: datetime) -> ProviderError:
    return _ENDPOINT.exchange(answer, now, TokenRefusal, _about_a_code)


def refresh_refusal(answer: Answer, now: datetime) -> ProviderError:
    return _ENDPOINT.refresh(answer, now, TokenRefusal, _about_a_grant)


EXCHANGE: Final = Meaning(exchange_refusal, oauth_code)
REFRESH: Final = Meaning(refresh_refusal, oauth_code)


def _about_a_code(refusal: TokenRefusal) -> ProviderError | None:
    return NeedsAdmin(AppNotAllowed("google")) if refusal.error == "admin_policy_enforced" else None


def _about_a_grant(refusal: TokenRefusal) -> ProviderError | None:
    match refusal.error, refusal.error_subtype:
        case "invalid_grant", "invalid_rapt":
            return NotConnected(SignInRequired("google"))
        case (("invalid_grant" | "invalid_token"), _):
            return NotConnected(GrantEnded("google"))
        case "admin_policy_enforced", _:
            return NotConnected(AppNotAllowed("google"))
        case _:
            return None
