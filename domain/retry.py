"""The instant at which a temporary failure is tried again."""

from datetime import datetime, timedelta

SHORTEST = timedelta(seconds=2)
SPREAD = timedelta(seconds=8)
SLOWEST = timedelta(hours=1)
GROWTH = 3
LONGEST_WISH = timedelta(days=1)
"""How far ahead a server may wish to be left alone; a later wish counts as this one."""

FIRST_REPEAT_OF_MAIL = timedelta(seconds=10)
"""A mail server that greylists or is busy wants to be left alone for at least this long."""


def next_try_at(attempts: int, now: datetime, *, wish: datetime | None = None, jitter: float) -> datetime:
    """Wait 2 to 10 seconds after the first attempt, then ever longer up to about an hour.

    Args:
        attempts: how many have failed, at least 1.
        wish: the earliest instant that the other side named; believed up to a day ahead.
        jitter: in [0, 1), spreads those who failed together.
    """
    growth = float(GROWTH ** min(attempts - 1, 10))
    own = min((SHORTEST + SPREAD * jitter) * growth, SLOWEST * (1 + jitter / 2))
    if wish is None or wish <= now:
        return now + own
    return max(now + own, min(wish, now + LONGEST_WISH) + SPREAD * jitter)
