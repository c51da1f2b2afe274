"""Tells refusals of a provider from temporary failures."""

from datetime import datetime
from http import HTTPStatus
from typing import Final

from adapters.http_client.answer import ProviderAnswer
from adapters.http_client.waiting import wished_at
from adapters.http_client.wire import T, read
from application.ports.provider import TryLater
from domain.provider import Provider
from domain.provider_problem import OutOfOrder, RateLimited, UnexpectedResponse

# A 500 or 503 is the provider's own word that it failed. These come from a gateway (520 and 524: Cloudflare's) that
# passed the request on and lost the answer, so that what was asked for may have happened.
_LOST_BEHIND_A_GATEWAY: Final = frozenset({502, 504, 520, 524})


def refusal_in(answer: ProviderAnswer, type_: type[T]) -> T | None:
    """Read a refusal that was meant; None where an answer is about this moment only, or isn't to be understood."""
    if not answer.is_client_error or answer.status == HTTPStatus.TOO_MANY_REQUESTS:
        return None
    return read(answer.body, type_)


def temporary_failure(answer: ProviderAnswer, now: datetime, provider: Provider) -> TryLater:
    """Say what an answer means that isn't a clear no: busy, broken, or not to be understood."""
    wish = wished_at(answer.retry_after, now)
    if answer.status == HTTPStatus.TOO_MANY_REQUESTS:
        return TryLater(RateLimited(provider), at=wish)
    if answer.is_server_error:
        return TryLater(OutOfOrder(provider), at=wish, left_behind=answer.status in _LOST_BEHIND_A_GATEWAY)
    return TryLater(UnexpectedResponse(provider), at=wish)
