"""Refusals of a token endpoint: the code's end, the grant's, or our own mistake."""

import re
from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus
from typing import Final, Generic, TypeVar

import msgspec

from adapters.http_client.answer import ProviderAnswer
from adapters.http_client.calls import Code, Meaning
from adapters.http_client.failures import refusal_in, temporary_failure
from adapters.http_client.wire import read
from application.ports.provider import AuthorizationRefused, OurFault, ProviderError
from domain.provider import Provider
from domain.provider_problem import CodeRefused, Misconfigured, ProviderProblem

OURS: Final = frozenset({"invalid_client", "unauthorized_client", "unsupported_grant_type"})
"""The errors of RFC 6749, 5.2, that are about our own registration, whoever has connected."""

_SAY_NO: Final = frozenset({HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED})
_NAME: Final = re.compile(r"[a-z_]{1,40}", re.ASCII)


class OAuthRefusal(msgspec.Struct, frozen=True):
    error: str


R = TypeVar("R", bound=OAuthRefusal)


def oauth_code(answer: ProviderAnswer) -> Code:
    """The name of an error, for the log; nothing else of the answer is safe to show."""
    refusal = read(answer.body, OAuthRefusal)
    return None if refusal is None or not _NAME.fullmatch(refusal.error) else refusal.error


def about_ours(provider: Provider, errors: frozenset[str] = OURS) -> Callable[[OAuthRefusal], ProviderProblem | None]:
    """The errors that only the operator of this server can mend."""
    return lambda refusal: Misconfigured(provider) if refusal.error in errors else None


class TokenRefusals(Generic[R]):
    """How one provider's token endpoint says no.

    Args:
        type_: what is read of a refusal.
        ours: the problem where only the operator of this server can mend it.
        about_code: what a refusal of a code means; None where the code is simply not good any more.
        about_grant: what a refusal of a refresh token means; None where it is about this moment only.
        code: finds what of a refusal may stand in the log.
    """

    def __init__(
        self,
        provider: Provider,
        type_: type[R],
        *,
        ours: Callable[[R], ProviderProblem | None],
        about_code: Callable[[R], ProviderError | None] = lambda _: None,
        about_grant: Callable[[R], ProviderError | None],
        code: Callable[[ProviderAnswer], Code] = oauth_code,
    ) -> None:
        self._provider: Provider = provider
        self._type = type_
        self._ours = ours
        self._about_code = about_code
        self._about_grant = about_grant
        self.code = code
        self.of_exchange = Meaning(self.exchange, code)
        self.of_refresh = Meaning(self.refresh, code)

    def exchange(self, answer: ProviderAnswer, now: datetime) -> ProviderError:
        """Say what it means that a code wasn't taken; a clear no is never the grant's fault, for there is none yet."""
        refusal = refusal_in(answer, self._type)
        if refusal is None:
            return temporary_failure(answer, now, self._provider)
        ours = self._ours(refusal)
        if ours is not None:
            return OurFault(ours)
        return self._about_code(refusal) or AuthorizationRefused(CodeRefused(self._provider))

    def refresh(self, answer: ProviderAnswer, now: datetime) -> ProviderError:
        """Say what it means that a token wasn't taken. Only a grant that is surely dead costs a host the connection."""
        refusal = refusal_in(answer, self._type)
        if refusal is None:
            return temporary_failure(answer, now, self._provider)
        ours = self._ours(refusal)
        if ours is not None:
            return OurFault(ours)
        dead = self._about_grant(refusal) if answer.status in _SAY_NO else None
        return dead or temporary_failure(answer, now, self._provider)
