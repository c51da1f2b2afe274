"""Maps refusals of Microsoft Graph to errors by HTTP status and `code`, never by the message.

Source: Microsoft Graph, "Error responses" and "Throttling guidance"; the bodies as they were seen in practice.
"""

import re
from datetime import datetime
from http import HTTPStatus
from typing import Final

from adapters.http_client.answer import ProviderAnswer
from adapters.http_client.calls import Meaning
from adapters.http_client.failures import refusal_in, temporary_failure
from adapters.http_client.wire import read
from adapters.microsoft.wire import GraphRefusal
from application.ports.provider import AccessTokenExpired, NotConnected, NotPermitted, OurFault, ProviderError
from domain.provider_problem import AccessTokenRefused, MeetingsNotAllowed, RequestRejected, SignInRequired

_NAME: Final = re.compile(r"[A-Za-z_]{1,60}", re.ASCII)

# Conditional access: only the person, at a sign-in, can meet what is asked for.
SIGN_IN: Final = "insufficient_claims"


def api_refusal(answer: ProviderAnswer, now: datetime) -> ProviderError:
    """Say what an answer other than 2xx means; anything that isn't a clear no is worth another try."""
    refusal = refusal_in(answer, GraphRefusal)
    if refusal is None:
        return temporary_failure(answer, now, "microsoft")
    match answer.status:
        case HTTPStatus.UNAUTHORIZED:
            return AccessTokenExpired(AccessTokenRefused("microsoft"))
        case HTTPStatus.FORBIDDEN if SIGN_IN in refusal.error.codes:
            return NotConnected(SignInRequired("microsoft"))
        case HTTPStatus.FORBIDDEN:
            # No licence, a policy, or an account of a kind that can't: Microsoft doesn't say which.
            return NotPermitted(MeetingsNotAllowed("microsoft"))
        case _:
            return OurFault(RequestRejected("microsoft"))


def api_code(answer: ProviderAnswer) -> str | None:
    """The code in an error answer, for the log; nothing else of it is safe to show."""
    refusal = read(answer.body, GraphRefusal)
    codes = () if refusal is None else refusal.error.codes
    return next((code for code in codes if _NAME.fullmatch(code)), None)


API: Final = Meaning(api_refusal, api_code)
