"""Count what somebody does against the budgets for it."""

from dataclasses import dataclass
from datetime import timedelta

from application.ports.clock import Clock
from application.ports.rate_limiter import RateLimiter, Spent
from application.ports.unit_of_work import UnitOfWork
from domain.budgets import Bucket


@dataclass(frozen=True)
class SpendBudget:
    """Without a limiter everything passes."""

    limiter: RateLimiter | None
    clock: Clock

    async def __call__(self, *buckets: Bucket) -> None:
        """Count one use in each, if any. Raises TooManyRequests, and counts none, where one of them is full."""
        if self.limiter is not None and buckets:
            _refuse(await self.limiter.count(buckets, self.clock()))

    async def within(self, uow: UnitOfWork, *buckets: Bucket) -> None:
        """Do the same together with what the unit changes: one that fails has counted nothing."""
        if self.limiter is not None and buckets:
            _refuse(await uow.rate_limiter.count(buckets, self.clock()))

    async def several_within(self, uow: UnitOfWork, uses: int, *buckets: Bucket) -> None:
        """Count so many uses in each, together with what the unit changes. Raises TooManyRequests."""
        if self.limiter is not None and uses:
            for each in buckets:
                _refuse(await uow.rate_limiter.count_several(each, uses, self.clock()))

    def with_booking(self, *buckets: Bucket) -> tuple[Bucket, ...]:
        """What is to be counted by whoever stores a new booking."""
        return () if self.limiter is None else buckets

    async def fits(self, *buckets: Bucket) -> bool:
        """Count one use in each, and tell whether there was room for it."""
        return self.limiter is None or await self.limiter.count(buckets, self.clock()) is None

    async def fits_within(self, uow: UnitOfWork, *buckets: Bucket) -> bool:
        """Do the same together with what the unit changes."""
        return self.limiter is None or await uow.rate_limiter.count(buckets, self.clock()) is None

    async def once(self, mark: Bucket, *buckets: Bucket) -> timedelta | None:
        """Count one use in each for what `mark` names, once; how long to wait where one of them is full."""
        return None if self.limiter is None else await self._once(self.limiter, mark, buckets)

    async def once_within(self, uow: UnitOfWork, mark: Bucket, *buckets: Bucket) -> timedelta | None:
        """Do the same together with what the unit changes."""
        return None if self.limiter is None else await self._once(uow.rate_limiter, mark, buckets)

    async def check_within(self, uow: UnitOfWork, bucket: Bucket) -> None:
        """Raises TooManyRequests where the bucket is full; counts nothing.

        Only for what the unit has locked otherwise: units at the same time find the same room.
        """
        if self.limiter is not None:
            _refuse(await uow.rate_limiter.spent(bucket, self.clock()))

    async def wait(self, bucket: Bucket) -> timedelta | None:
        """How long the bucket stays full, if it is; counts nothing."""
        spent = None if self.limiter is None else await self.limiter.spent(bucket, self.clock())
        return spent and spent.wait

    async def _once(self, limiter: RateLimiter, mark: Bucket, buckets: tuple[Bucket, ...]) -> timedelta | None:
        now = self.clock()
        if await limiter.spent(mark, now) is not None:
            return None
        spent = await limiter.count((mark, *buckets), now)
        return spent and spent.wait

    async def forget(self, bucket: Bucket) -> None:
        """Let what was counted count no more."""
        if self.limiter is not None:
            await self.limiter.forget(bucket)


def _refuse(spent: Spent | None) -> None:
    if spent is not None:
        raise spent.refusal
