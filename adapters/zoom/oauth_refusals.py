"""Maps refusals of Zoom's OAuth endpoints to a dead grant, wrong settings or a temporary failure.

Source: Zoom, "OAuth error messages"; the bodies as they were seen in practice.
"""

import re
from datetime import datetime
from http import HTTPStatus
from typing import Final

from adapters.http_client.answer import Answer
from adapters.http_client.calls import Meaning
from adapters.http_client.failures import refusal_in, temporary_failure
from adapters.http_client.wire import read
from adapters.zoom.codes import problem_of
from adapters.zoom.wire import OAuthRefusal
from application.ports.provider import AuthorizationRefused, NotConnected, OurFault, ProviderError
from domain.provider_problem import CodeRefused, Misconfigured

_OUR_ERRORS: Final = frozenset({"invalid_client", "unauthorized_client", "unsupported_grant_type"})
_SAY_NO: Final = frozenset({HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED})
_SWITCHED_OFF: Final = 4717
_OUR_CODES: Final = frozenset({4700, 4702, 4704, 4705, 4706, 4709, _SWITCHED_OFF, 4724})
_DEAD_CODES: Final = frozenset({4711, *range(4735, 4742)})

# Zoom puts its number into the text, as "(4709)" or "(4,709)".
_NUMBER: Final = re.compile(r"\((4),?(7\d\d)\)", re.ASCII)
_NAME: Final = re.compile(r"[a-z_]{1,40}", re.ASCII)


def exchange_refusal(answer: Answer, now: datetime) -> ProviderError:
    """Say what it means that a code wasn't taken; a clear no is never the grant's fault, for there is none yet."""
    refusal = refusal_in(answer, OAuthRefusal)
    if refusal is None:
        return temporary_failure(answer, now, "zoom")
    if _is_ours(refusal):
        return _our_fault(refusal)
    return AuthorizationRefused(CodeRefused("zoom"))


def refresh_refusal(answer: Answer, now: datetime) -> ProviderError:
    """Say what it means that a token wasn't taken. Only a grant that is surely dead costs a host the connection."""
    refusal = refusal_in(answer, OAuthRefusal)
    if refusal is None:
        return temporary_failure(answer, now, "zoom")
    if _is_ours(refusal):
        return _our_fault(refusal)
    if answer.status in _SAY_NO and _is_dead(refusal):
        return NotConnected(problem_of(_number(refusal)))
    return temporary_failure(answer, now, "zoom")


def oauth_code(answer: Answer) -> int | str | None:
    """The number or the name of an error, for the log; nothing else of the answer is safe to show."""
    refusal = read(answer.body, OAuthRefusal)
    if refusal is None:
        return None
    return _number(refusal) or (refusal.error if _NAME.fullmatch(refusal.error) else None)


EXCHANGE: Final = Meaning(exchange_refusal, oauth_code)
REFRESH: Final = Meaning(refresh_refusal, oauth_code)


def _is_ours(refusal: OAuthRefusal) -> bool:
    return refusal.error in _OUR_ERRORS or _number(refusal) in _OUR_CODES


def _our_fault(refusal: OAuthRefusal) -> OurFault:
    number = _number(refusal)
    return OurFault(problem_of(number) if number == _SWITCHED_OFF else Misconfigured("zoom"))


def _is_dead(refusal: OAuthRefusal) -> bool:
    return refusal.error == "invalid_grant" or refusal.reason == "Invalid Token!" or _number(refusal) in _DEAD_CODES


def _number(refusal: OAuthRefusal) -> int | None:
    found = _NUMBER.search(refusal.reason)
    return refusal.code if found is None else int(found[1] + found[2])
