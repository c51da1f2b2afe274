"""Calls to a provider that end in an answer or in a logged error."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Final

import msgspec
import structlog

from adapters.http_client.answer import ProviderAnswer
from adapters.http_client.wire import Tokens, read
from application.ports.clock import Clock
from application.ports.oauth import Grant
from application.ports.provider import OurFault, ProviderError, TryLater
from domain.connection import ProviderAccount
from domain.provider import Provider
from domain.provider_problem import UnexpectedResponse

_LONGEST_TRACKING_ID: Final = 100

_log: structlog.typing.FilteringBoundLogger = structlog.get_logger()

Code = int | str | None
"""A number or a name out of an error answer that is safe to log."""


class Meaning(msgspec.Struct, frozen=True):
    """What one kind of endpoint means by a no.

    Attributes:
        refusal: makes the error out of an answer other than 2xx.
        code: finds what of it may stand in the log.
    """

    refusal: Callable[[ProviderAnswer, datetime], ProviderError]
    code: Callable[[ProviderAnswer], Code]


class Calls:
    """The calls to one provider."""

    def __init__(self, provider: Provider, clock: Clock) -> None:
        self._provider: Provider = provider
        self._clock = clock

    async def answer(
        self, operation: str, sent: Awaitable[ProviderAnswer], meaning: Meaning, *, leaves_nothing: bool = False
    ) -> ProviderAnswer:
        """Wait for the answer to what was `sent`, and return it if it is a success.

        Args:
            leaves_nothing: the operation changes nothing at the provider that anybody could miss.

        Raises:
            ProviderError: no answer, or a no; it is in the log already.
        """
        try:
            answer = await sent
        except TryLater as error:
            raise self.noted(operation, TryLater(error.problem) if leaves_nothing else error) from None
        if not answer.is_success:
            raise self.noted(operation, meaning.refusal(answer, self._clock()), answer, meaning.code(answer))
        return answer

    async def grant(
        self,
        operation: str,
        sent: Awaitable[ProviderAnswer],
        meaning: Meaning,
        *,
        scopes: frozenset[str] = frozenset(),
        refresh_token: str | None = None,
        who: Callable[[Tokens], ProviderAccount | None] = lambda _: None,
    ) -> Grant:
        """Wait for the tokens that were asked for.

        Args:
            scopes: those of the grant before; RFC 6749, 5.1: left out of the answer means unchanged.
            refresh_token: the one before, where the provider lets it live on and needs to send no other.
            who: reads whose tokens they are, where they say so.

        Raises:
            ProviderError: as `answer`; or no usable tokens came, and those before may be dead.
        """
        # Counted from before the call, so that a slow answer never makes a token look younger than it is.
        asked_at = self._clock()
        answer = await self.answer(operation, sent, meaning)
        tokens = read(answer.body, Tokens)
        kept = refresh_token if tokens is None else tokens.refresh_token or refresh_token
        if tokens is None or kept is None:
            raise self.noted(operation, TryLater(UnexpectedResponse(self._provider), left_behind=True), answer)
        return Grant(
            access_token=tokens.access_token,
            refresh_token=kept,
            expires_at=asked_at + timedelta(seconds=tokens.expires_in),
            scopes=scopes if tokens.scope is None else frozenset(tokens.scope.split()),
            account=who(tokens),
        )

    def noted(
        self, operation: str, error: ProviderError, answer: ProviderAnswer | None = None, code: Code = None
    ) -> ProviderError:
        """Log a failure without a word of what was sent or answered, and hand it back to be raised."""
        log = _log.error if isinstance(error, OurFault) else _log.warning
        log(
            f"{self._provider}_call_failed",
            operation=operation,
            outcome=type(error).__name__,
            left_behind=error.left_behind,
            status=None if answer is None else answer.status,
            code=code,
            tracking_id=None if answer is None else (answer.tracking_id or "")[:_LONGEST_TRACKING_ID] or None,
        )
        return error
