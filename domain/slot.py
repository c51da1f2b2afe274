"""A stretch of time: aware, in UTC, half-open."""

from datetime import UTC, datetime, timedelta
from typing import Self

import msgspec


class Slot(msgspec.Struct, frozen=True, order=True):
    """The time `[start, end)`; both are UTC.

    Raises:
        ValueError: an end that isn't after the start, or an instant that isn't UTC.
    """

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        # Slots are made by the hundred, and this is what making one costs.
        if not (self.start.tzinfo is UTC is self.end.tzinfo or (_is_utc(self.start) and _is_utc(self.end))):
            raise ValueError("a slot is written in UTC")
        if self.end <= self.start:
            raise ValueError(f"a slot has to end after it starts, not at {self.end.isoformat()}")

    @classmethod
    def lasting(cls, duration: timedelta, start: datetime) -> Self:
        start = start.astimezone(UTC)
        return cls(start, start + duration)

    @property
    def duration(self) -> timedelta:
        return self.end - self.start

    def overlaps(self, other: "Slot") -> bool:
        return self.start < other.end and other.start < self.end

    def without(self, other: "Slot") -> tuple["Slot", ...]:
        """What is left of it."""
        if not self.overlaps(other):
            return (self,)
        before = (Slot(self.start, other.start),) if self.start < other.start else ()
        after = (Slot(other.end, self.end),) if other.end < self.end else ()
        return before + after

    def padded(self, before: timedelta, after: timedelta) -> "Slot":
        return Slot(self.start - before, self.end + after)


def _is_utc(instant: datetime) -> bool:
    return instant.utcoffset() == timedelta(0)
