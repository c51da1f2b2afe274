"""Maps refusals of a token endpoint (RFC 6749) to an expired code, a dead grant or wrong settings."""

import re
from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus
from typing import Final, TypeVar

import msgspec

from adapters.http_client.answer import Answer
from adapters.http_client.failures import refusal_in, temporary_failure
from adapters.http_client.wire import read
from application.ports.provider import AuthorizationRefused, OurFault, ProviderError
from domain.provider import Provider
from domain.provider_problem import CodeRefused, Misconfigured

OURS: Final = frozenset({"invalid_client", "unauthorized_client", "unsupported_grant_type"})
"""The errors that are about our own registration, whoever has connected."""

_SAY_NO: Final = frozenset({HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED})
_NAME: Final = re.compile(r"[a-z_]{1,40}", re.ASCII)


class OAuthRefusal(msgspec.Struct, frozen=True):
    error: str


R = TypeVar("R", bound=OAuthRefusal)


class TokenEndpoint:
    """How one provider's token endpoint says no.

    Args:
        ours: the errors that only the operator of this server can mend.
    """

    def __init__(self, provider: Provider, ours: frozenset[str]) -> None:
        self._provider: Provider = provider
        self._ours = ours

    def exchange(
        self, answer: Answer, now: datetime, type_: type[R], meaning: Callable[[R], ProviderError | None]
    ) -> ProviderError:
        """Say what it means that a code wasn't taken; a clear no is never the grant's fault, for there is none yet.

        Args:
            meaning: what a refusal means at this provider; None where it is about the code.
        """
        refusal = refusal_in(answer, type_)
        if refusal is None:
            return temporary_failure(answer, now, self._provider)
        if refusal.error in self._ours:
            return OurFault(Misconfigured(self._provider))
        return meaning(refusal) or AuthorizationRefused(CodeRefused(self._provider))

    def refresh(
        self, answer: Answer, now: datetime, type_: type[R], meaning: Callable[[R], ProviderError | None]
    ) -> ProviderError:
        """Say what it means that a token wasn't taken. Only a grant that is surely dead costs a host the connection.

        Args:
            meaning: what a refusal means at this provider; None where it is about this moment only.
        """
        refusal = refusal_in(answer, type_)
        if refusal is None:
            return temporary_failure(answer, now, self._provider)
        if refusal.error in self._ours:
            return OurFault(Misconfigured(self._provider))
        if answer.status not in _SAY_NO:
            return temporary_failure(answer, now, self._provider)
        return meaning(refusal) or temporary_failure(answer, now, self._provider)


def oauth_code(answer: Answer) -> str | None:
    """The name of an error, for the log; nothing else of the answer is safe to show."""
    refusal = read(answer.body, OAuthRefusal)
    return None if refusal is None or not _NAME.fullmatch(refusal.error) else refusal.error
