"""Calls to a provider's calendars that end in an answer, or in a logged reason why there is none."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Final

import msgspec
import structlog

from adapters.http_client.answer import ProviderAnswer
from adapters.http_client.calls import Code
from adapters.http_client.wire import T, read
from application.ports.calendar_reader import CalendarUnreadable
from application.ports.clock import Clock
from application.ports.provider import AccessTokenExpired, TryLater
from domain.calendar_problem import CalendarProblem, NotACalendar, ServerTooSlow, ServerUnreachable
from domain.provider import Provider
from domain.provider_problem import TimedOut

_LONGEST_TRACKING_ID: Final = 100

_log: structlog.typing.FilteringBoundLogger = structlog.get_logger()

CalendarRefusal = CalendarUnreadable | AccessTokenExpired


class CalendarMeaning(msgspec.Struct, frozen=True):
    """What one provider means by a no.

    Attributes:
        refusal: makes the error out of an answer other than 2xx.
        code: finds what of it may stand in the log.
    """

    refusal: Callable[[ProviderAnswer, datetime], CalendarRefusal]
    code: Callable[[ProviderAnswer], Code]


class CalendarCalls:
    """The calls to one provider's calendars."""

    def __init__(self, provider: Provider, meaning: CalendarMeaning, clock: Clock) -> None:
        self._provider: Provider = provider
        self._meaning = meaning
        self._clock = clock

    async def answer(self, operation: str, sent: Awaitable[ProviderAnswer]) -> ProviderAnswer:
        """Wait for the answer to what was `sent`, and return it if it is a success.

        Raises:
            CalendarUnreadable, AccessTokenExpired: no answer, or a no; it is in the log already.
        """
        answer = await self.any_answer(operation, sent)
        if not answer.is_success:
            raise self.refused(operation, answer)
        return answer

    async def any_answer(self, operation: str, sent: Awaitable[ProviderAnswer]) -> ProviderAnswer:
        """Wait for the answer, whatever it says.

        Raises:
            CalendarUnreadable: there is none.
        """
        problem: CalendarProblem
        try:
            return await sent
        except TryLater as error:
            problem = ServerTooSlow() if isinstance(error.problem, TimedOut) else ServerUnreachable()
        raise self.noted(operation, CalendarUnreadable(problem))

    async def decoded_answer(self, operation: str, sent: Awaitable[ProviderAnswer], type_: type[T]) -> T:
        """Wait for the answer and read it.

        Raises:
            CalendarUnreadable, AccessTokenExpired: as `answer`, or what came isn't such an answer, or half of one.
        """
        return self.understood(operation, await self.any_answer(operation, sent), type_)

    def understood(self, operation: str, answer: ProviderAnswer, type_: type[T]) -> T:
        """Read an answer that is there already; raises the same."""
        if not answer.is_success:
            raise self.refused(operation, answer)
        found = read(answer.body, type_)
        if found is None:
            raise self.noted(operation, CalendarUnreadable(NotACalendar()), answer)
        return found

    def refused(self, operation: str, answer: ProviderAnswer) -> CalendarRefusal:
        """Log a no, and return the error to be raised."""
        return self.noted(operation, self._meaning.refusal(answer, self._clock()), answer)

    def noted(self, operation: str, error: CalendarRefusal, answer: ProviderAnswer | None = None) -> CalendarRefusal:
        """Log a failure without a word of what was sent or answered, and return the error to be raised."""
        _log.warning(
            f"{self._provider}_calendar_call_failed",
            operation=operation,
            problem=type(error.problem).__name__,
            status=None if answer is None else answer.status,
            code=None if answer is None or answer.is_success else self._meaning.code(answer),
            tracking_id=None if answer is None else (answer.tracking_id or "")[:_LONGEST_TRACKING_ID] or None,
        )
        return error
