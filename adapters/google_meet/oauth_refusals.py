"""What does a no from Google's OAuth endpoints mean: is the grant dead, are our settings wrong, or is it only for now?

Source: Google Identity, "Using OAuth 2.0 for Web Server Applications" and "Refresh token expiration"; RFC 6749, 5.2.
"""

import re
from datetime import datetime
from http import HTTPStatus
from typing import Final

from adapters.google_meet import words
from adapters.google_meet.wire import OAuthRefusal
from adapters.provider_http.answer import Answer
from adapters.provider_http.calls import Meaning
from adapters.provider_http.passing import clear_no, passing
from adapters.provider_http.wire import read
from application.ports.provider import AuthorizationRefused, NotConnected, OurFault, ProviderError

_OURS: Final = frozenset(
    {"invalid_client", "unauthorized_client", "unsupported_grant_type", "redirect_uri_mismatch", "deleted_client"}
)
_NOT_ALLOWED: Final = "admin_policy_enforced"
_SAY_NO: Final = frozenset({HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED})
_NAME: Final = re.compile(r"[a-z_]{1,40}", re.ASCII)


def exchange_refusal(answer: Answer, now: datetime) -> ProviderError:
    """Say what it means that a code wasn't taken; a clear no is never the grant's fault, for there is none yet."""
    refusal = clear_no(answer, OAuthRefusal)
    if refusal is None:
        return passing(answer, now, words.GOOGLE)
    if refusal.error in _OURS:
        return OurFault(words.GOOGLE.misconfigured)
    if refusal.error == _NOT_ALLOWED:
        return AuthorizationRefused(words.NOT_ALLOWED_BY_ADMIN)
    return AuthorizationRefused(words.GOOGLE.code_refused)


def refresh_refusal(answer: Answer, now: datetime) -> ProviderError:
    """Say what it means that a token wasn't taken. Only a grant that is surely dead costs a host the connection."""
    refusal = clear_no(answer, OAuthRefusal)
    if refusal is None:
        return passing(answer, now, words.GOOGLE)
    if refusal.error in _OURS:
        return OurFault(words.GOOGLE.misconfigured)
    if answer.status not in _SAY_NO:
        return passing(answer, now, words.GOOGLE)
    match refusal.error, refusal.error_subtype:
        case "invalid_grant", "invalid_rapt":
            return NotConnected(words.SIGN_IN_AGAIN)
        case (("invalid_grant" | "invalid_token"), _):
            return NotConnected(words.GOOGLE.dead)
        case "admin_policy_enforced", _:
            return NotConnected(words.NOT_ALLOWED_BY_ADMIN)
        case _:
            return passing(answer, now, words.GOOGLE)


def oauth_code(answer: Answer) -> str | None:
    """The name of an error, for the log; nothing else of the answer is safe to show."""
    refusal = read(answer.body, OAuthRefusal)
    return None if refusal is None or not _NAME.fullmatch(refusal.error) else refusal.error


EXCHANGE: Final = Meaning(exchange_refusal, oauth_code)
REFRESH: Final = Meaning(refresh_refusal, oauth_code)
