"""Uses counted in PostgreSQL."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from functools import lru_cache

from adapters.postgres.digests import digest_of
from adapters.postgres.pool import Row
from application.ports.rate_limiter import Spent
from domain.budgets import Bucket, Budget

_COUNT = "select place, free_at from count_uses($1::text::bytea[], $2::text::integer[], $3::text::interval[], $4)"

_COUNT_SEVERAL = """
    insert into rate_limits as r (key_digest, used_at, ends_at)
    values ($1, array_fill($4::timestamptz, array[$5::integer]), $4 + $3::interval)
    on conflict (key_digest) do update set
        used_at = array(select used from unnest(r.used_at) as used where used > $4 - $3) || excluded.used_at,
        ends_at = excluded.ends_at
    where $2::integer >= $5 + (select count(*) from unnest(r.used_at) as used where used > $4 - $3)
    returning true
"""

# Of the uses beside which so many more have no room, the last that has to end first.
_SPENT = """
    select used_at[cardinality(used_at) - $2 + $4]
    from (
        select array(select used from unnest(used_at) as used where used > $3) as used_at from rate_limits
        where key_digest = $1
    ) as r
    where cardinality(used_at) + $4 > $2
"""

_FORGET = "delete from rate_limits where key_digest = $1"


class PostgresRateLimiter:
    """Keys hold addresses of people, so only digests of them are stored.

    `fetch` runs one statement and returns its first row: on its own, or in a transaction, to whose end it holds the
    rows.
    """

    def __init__(self, fetch: Callable[..., Awaitable[Row | None]]) -> None:
        self._fetch = fetch

    async def count(self, buckets: Sequence[Bucket], now: datetime, /) -> Spent | None:
        row = await self._fetch(_COUNT, *count_parameters(buckets, now))
        return None if row is None else spent_in(buckets, row, now)

    async def count_several(self, bucket: Bucket, uses: int, now: datetime, /) -> Spent | None:
        budget = bucket.budget
        args = digest_of(bucket.key), budget.most, budget.window, now, uses
        return None if await self._fetch(_COUNT_SEVERAL, *args) else await self._spent(bucket, now, uses)

    async def spent(self, bucket: Bucket, now: datetime, /) -> Spent | None:
        return await self._spent(bucket, now, 1)

    async def _spent(self, bucket: Bucket, now: datetime, uses: int) -> Spent | None:
        """Whether so many uses have no room."""
        budget = bucket.budget
        row = await self._fetch(_SPENT, digest_of(bucket.key), budget.most, now - budget.window, uses)
        return None if row is None else Spent(budget, row[0] + budget.window - now)

    async def forget(self, bucket: Bucket, /) -> None:
        await self._fetch(_FORGET, digest_of(bucket.key))


def count_parameters(buckets: Sequence[Bucket], now: datetime) -> tuple[object, ...]:
    """The parameters of `count_uses`, its arrays as PostgreSQL writes them.

    As lists, whose elements asyncpg looks at one by one, each of a booking's took 6 µs.
    """
    keys = ",".join([rf'"\\x{digest_of(each.key).hex()}"' for each in buckets])
    return f"{{{keys}}}", *_limits_of(tuple([each.budget for each in buckets])), now


@lru_cache(256)
def _limits_of(budgets: tuple[Budget, ...]) -> tuple[str, str]:
    limits = ",".join(str(each.most) for each in budgets)
    windows = ",".join(f"PT{each.window.total_seconds()}S" for each in budgets)
    return f"{{{limits}}}", f"{{{windows}}}"


def spent_in(buckets: Sequence[Bucket], row: Row, now: datetime) -> Spent | None:
    """What `count_uses` has found, from its columns `place` and `free_at`."""
    place: int | None = row["place"]
    return None if place is None else Spent(buckets[place - 1].budget, row["free_at"] - now)
