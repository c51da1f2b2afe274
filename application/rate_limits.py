"""Limits on how often something may be tried."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from application.ports.accounts import RateLimiter
from application.ports.clock import Clock
from domain.errors import TooManyRequests


@dataclass(frozen=True)
class LimitRate:
    limiter: RateLimiter
    clock: Clock

    async def __call__(self, key: str, most: int, window: timedelta) -> None:
        """Count one more try. Raises TooManyRequests beyond `most` in the window."""
        if wait := await self.limiter.hit(key, most, window, self.clock()):
            raise TooManyRequests(wait)

    async def check(self, key: str, most: int, window: timedelta) -> None:
        """Count nothing. Raises TooManyRequests where `most` tries were counted in the window already."""
        if wait := await self.limiter.wait(key, most, window, self.clock()):
            raise TooManyRequests(wait)


class NoRateLimits:
    """A limiter that lets everything pass and remembers nothing, for benchmarks."""

    async def hit(self, _key: str, _limit: int, _window: timedelta, _now: datetime, /) -> timedelta | None:
        return None

    async def wait(self, _key: str, _limit: int, _window: timedelta, _now: datetime, /) -> timedelta | None:
        return None

    async def forget(self, _key: str, /) -> None:
        pass
