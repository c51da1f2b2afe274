"""A clock that stands still until it is told to move, and ids that can be predicted."""

from datetime import UTC, datetime, timedelta
from itertools import count

MONDAY_MORNING = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


class MemoryClock:
    """Call it for the present instant.

    clock = MemoryClock()
    clock.advance(timedelta(minutes=5))
    """

    def __init__(self, now: datetime = MONDAY_MORNING) -> None:
        self._now = now

    def __call__(self) -> datetime:
        return self._now

    def advance(self, by: timedelta) -> None:
        self._now += by

    def set(self, now: datetime) -> None:
        self._now = now


class MemoryIds:
    """Counts; so ids made later sort later, and a test can say which is which."""

    def __init__(self) -> None:
        self._count = count(1)

    def new_id(self) -> str:
        return f"id-{next(self._count):08}"

    def new_token(self) -> str:
        return f"token{next(self._count):017}"
