"""What use cases rely on when they count uses against budgets."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta

from application.ports.rate_limiter import Spent
from domain.budgets import Bucket, Budget
from tests.support.builders import NOW
from tests.support.store import Store, a_unit_that_fails

A_MINUTE, TEN_MINUTES = timedelta(minutes=1), timedelta(minutes=10)
TWO = Budget("two", 2, TEN_MINUTES)
FIVE = Budget("five", 5, TEN_MINUTES)
ONE_AN_HOUR = Budget("one an hour", 1, timedelta(hours=1))


async def use(store: Store, *buckets: Bucket, at: datetime = NOW) -> Spent | None:
    return await store.rate_limiter.count(buckets, at)


async def use_in_unit(store: Store, buckets: Sequence[Bucket]) -> Spent | None:
    async with store.begin() as uow:
        return await uow.rate_limiter.count(buckets, NOW)


async def test_a_budget_lets_so_many_uses_through_and_says_how_long_to_wait(store: Store) -> None:
    found = [await use(store, FIVE.of("Ä")) for _ in range(7)]

    assert [None] * 5 + [Spent(FIVE, TEN_MINUTES)] * 2 == found


async def test_each_use_counts_until_its_own_window_is_over(store: Store) -> None:
    for minutes in (0, 6):
        await use(store, TWO.of("a"), at=NOW + minutes * A_MINUTE)

    assert Spent(TWO, A_MINUTE) == await use(store, TWO.of("a"), at=NOW + 9 * A_MINUTE)
    assert await use(store, TWO.of("a"), at=NOW + 10 * A_MINUTE) is None
    assert Spent(TWO, 6 * A_MINUTE) == await use(store, TWO.of("a"), at=NOW + 10 * A_MINUTE)


async def test_a_use_that_is_refused_makes_nobody_wait_longer(store: Store) -> None:
    await use(store, ONE_AN_HOUR.of("a"))
    for minutes in range(0, 60, 10):
        assert await use(store, ONE_AN_HOUR.of("a"), at=NOW + minutes * A_MINUTE) is not None

    assert await use(store, ONE_AN_HOUR.of("a"), at=NOW + ONE_AN_HOUR.window) is None


async def test_several_uses_count_together_or_not_at_all(store: Store) -> None:
    bucket = FIVE.of("a")

    async def several(uses: int, minutes: int) -> Spent | None:
        async with store.begin() as uow:
            return await uow.rate_limiter.count_several(bucket, uses, NOW + minutes * A_MINUTE)

    assert [None, None] == [await several(2, 0), await several(1, 4)]
    assert Spent(FIVE, 5 * A_MINUTE) == await several(3, 5)
    assert Spent(FIVE, 9 * A_MINUTE) == await several(5, 5)
    assert await several(2, 5) is None
    assert Spent(FIVE, 5 * A_MINUTE) == await use(store, bucket, at=NOW + 5 * A_MINUTE)


async def test_uses_are_counted_by_budget_and_by_subject(store: Store) -> None:
    assert await use(store, ONE_AN_HOUR.of("a", "b")) is None
    assert await use(store, ONE_AN_HOUR.of("a", "c")) is None
    assert await use(store, TWO.of("a", "b")) is None
    assert await use(store, ONE_AN_HOUR.of("a", "b")) is not None


async def test_where_one_bucket_is_full_none_is_counted(store: Store) -> None:
    await use(store, ONE_AN_HOUR.of("full"))

    for _ in range(3):
        assert await use(store, TWO.of("other"), ONE_AN_HOUR.of("full"), FIVE.of("new")) is not None

    assert [None, None] == [await use(store, TWO.of("other")) for _ in range(2)]
    assert [None] * 5 == [await use(store, FIVE.of("new")) for _ in range(5)]


async def test_of_several_full_buckets_the_longest_wait_is_told(store: Store) -> None:
    await use(store, ONE_AN_HOUR.of("a"), TWO.of("a"))
    await use(store, TWO.of("a"), at=NOW + A_MINUTE)
    buckets = [FIVE.of("a"), TWO.of("a"), ONE_AN_HOUR.of("a")]

    assert Spent(ONE_AN_HOUR, timedelta(minutes=58)) == await use(store, *buckets, at=NOW + 2 * A_MINUTE)


async def test_of_twenty_uses_at_once_only_as_many_as_allowed_get_through(store: Store) -> None:
    found = await asyncio.gather(*(use(store, FIVE.of("a"), Budget("many", 50, A_MINUTE).of("a")) for _ in range(20)))

    assert 5 == found.count(None)


async def test_uses_at_once_of_buckets_in_any_order_wait_for_each_other_and_not_in_a_circle(store: Store) -> None:
    buckets = [Budget("many", 15, A_MINUTE).of(f"{number}") for number in range(4)]
    orders = [buckets[turn % 4 :] + buckets[: turn % 4] for turn in range(20)]

    found = await asyncio.gather(*(use_in_unit(store, order) for order in orders))

    assert 15 == found.count(None)


async def test_asking_whether_a_bucket_is_full_counts_nothing(store: Store) -> None:
    async def spent() -> Spent | None:
        return await store.rate_limiter.spent(TWO.of("a"), NOW + A_MINUTE)

    before = [await spent() for _ in range(3)]
    await use(store, TWO.of("a"))
    after_one = [await spent() for _ in range(3)]
    await use(store, TWO.of("a"))

    assert [None] * 3 == before == after_one
    assert Spent(TWO, 9 * A_MINUTE) == await spent()
    assert await store.rate_limiter.spent(TWO.of("a"), NOW + TEN_MINUTES) is None


async def test_uses_that_are_forgotten_count_no_more(store: Store) -> None:
    for subject in ("a", "b"):
        await use(store, ONE_AN_HOUR.of(subject))

    await store.rate_limiter.forget(ONE_AN_HOUR.of("a"))
    await store.rate_limiter.forget(ONE_AN_HOUR.of("nobody"))

    assert await use(store, ONE_AN_HOUR.of("a")) is None
    assert await use(store, ONE_AN_HOUR.of("b")) is not None


async def test_a_unit_that_fails_has_counted_nothing(store: Store) -> None:
    async with a_unit_that_fails(store) as uow:
        await uow.rate_limiter.count([ONE_AN_HOUR.of("a")], NOW)

    assert await use_in_unit(store, [ONE_AN_HOUR.of("a")]) is None
    assert await use(store, ONE_AN_HOUR.of("a")) is not None


async def test_whoever_counts_in_a_bucket_of_a_unit_waits_for_its_end(store: Store) -> None:
    async with store.begin() as uow:
        await uow.rate_limiter.count([ONE_AN_HOUR.of("a")], NOW)
        other = asyncio.ensure_future(use(store, ONE_AN_HOUR.of("a")))
        with suppress(TimeoutError):
            await asyncio.wait_for(asyncio.shield(other), 0.1)
        assert not other.done()

    assert Spent(ONE_AN_HOUR, ONE_AN_HOUR.window) == await other


async def test_never_more_uses_than_allowed_lie_in_any_window(store: Store) -> None:
    tried = [NOW + number * A_MINUTE for number in range(40)]
    passed = [at for at in tried if await use(store, FIVE.of("a"), at=at) is None]

    assert all(sum(start <= at < start + TEN_MINUTES for at in passed) <= FIVE.most for start in passed)
    assert 20 == len(passed)
