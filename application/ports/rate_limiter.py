"""Counting of recent uses."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol

import msgspec

from domain.budgets import Bucket, Budget
from domain.errors import TooManyRequests


class Spent(msgspec.Struct, frozen=True):
    """A budget that leaves no use, and how long it takes until it does."""

    budget: Budget
    wait: timedelta

    @property
    def refusal(self) -> TooManyRequests:
        return TooManyRequests(self.wait, self.budget.counted)


class RateLimiter(Protocol):
    """Counts uses in buckets: a use counts until the window of its budget is over.

    In a unit of work a use counts once the unit commits, and whoever counts in the same bucket waits for its end.
    """

    async def count(self, buckets: Sequence[Bucket], now: datetime, /) -> Spent | None:
        """Count one use in each of these buckets, none of them twice; where any of them is full, in none.

        MUST be atomic, so that uses at the same time never get more through than allowed, and one round trip. A use
        that is refused MUST NOT make anybody wait longer.

        Returns:
            Of the budgets that are spent the one with the longest wait.
        """
        ...

    async def count_several(self, bucket: Bucket, uses: int, now: datetime, /) -> Spent | None:
        """Count so many uses in one bucket, at most as many as its budget has; where not all have room, none.

        MUST be atomic, and a refused one MUST NOT make anybody wait longer, as with `count`.
        """
        ...

    async def spent(self, bucket: Bucket, now: datetime, /) -> Spent | None:
        """Whether the bucket is full; counts nothing."""
        ...

    async def forget(self, bucket: Bucket, /) -> None:
        """Start anew: what was counted in the bucket counts no more."""
        ...
