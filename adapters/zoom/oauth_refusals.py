"""Refusals of Zoom's OAuth endpoints, read into failures.

Source: Zoom, "OAuth error messages"; the bodies as they were seen in practice.
"""

import re
from typing import Final

from adapters.http_client.answer import ProviderAnswer
from adapters.http_client.calls import Code
from adapters.http_client.oauth_refusals import OURS, TokenRefusals, oauth_code
from adapters.http_client.wire import read
from adapters.zoom.codes import problem_of
from adapters.zoom.wire import ZoomTokenRefusal
from application.ports.provider import NotConnected
from domain.provider_problem import Misconfigured, ProviderProblem

_SWITCHED_OFF: Final = 4717
_OUR_CODES: Final = frozenset({4700, 4702, 4704, 4705, 4706, 4709, _SWITCHED_OFF, 4724})
_DEAD_CODES: Final = frozenset({4711, *range(4735, 4742)})

# Zoom puts its number into the text, as "(4709)" or "(4,709)".
_NUMBER: Final = re.compile(r"\((4),?(7\d\d)\)", re.ASCII)


def logged_code(answer: ProviderAnswer) -> Code:
    """The number or the name of an error, for the log."""
    refusal = read(answer.body, ZoomTokenRefusal)
    return (None if refusal is None else _number(refusal)) or oauth_code(answer)


def _ours(refusal: ZoomTokenRefusal) -> ProviderProblem | None:
    number = _number(refusal)
    if number == _SWITCHED_OFF:
        return problem_of(number)
    return Misconfigured("zoom") if refusal.error in OURS or number in _OUR_CODES else None


def _about_grant(refusal: ZoomTokenRefusal) -> NotConnected | None:
    number = _number(refusal)
    is_dead = refusal.error == "invalid_grant" or refusal.reason == "Invalid Token!" or number in _DEAD_CODES
    return NotConnected(problem_of(number)) if is_dead else None


def _number(refusal: ZoomTokenRefusal) -> int | None:
    found = _NUMBER.search(refusal.reason)
    return refusal.code if found is None else int(found[1] + found[2])


REFUSALS: Final = TokenRefusals("zoom", ZoomTokenRefusal, ours=_ours, about_grant=_about_grant, code=logged_code)
