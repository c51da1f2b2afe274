"""Owed work: what every store promises about doing each thing once, and never losing one.

The store's own clock decides what is due, so the instants here are far in the past or in the future, and a lease that
has ended is one of no length.
"""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from application.ports.owed import Claim, JobName, Work
from domain.ids import BookingId
from tests.contract.store import Store, a_unit_that_fails, keep

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
FAR_AHEAD = datetime(2999, 1, 1, tzinfo=UTC)
A_DAY = timedelta(days=1)
A_LONG_LEASE = timedelta(hours=1)
NO_LEASE = timedelta(0)


async def test_what_is_owed_can_be_claimed(store: Store) -> None:
    await keep(store, Work("create_meeting", "booking-1", LONG_AGO))

    claim = await the_claim(store)

    assert ("create_meeting", "booking-1", 0) == (claim.job, claim.subject, claim.attempts)


async def test_nothing_can_be_claimed_where_nothing_is_owed(store: Store) -> None:
    assert [] == await store.backlog.claim(10, A_LONG_LEASE)
    assert await store.backlog.next_due_at() is None


async def test_nothing_is_owed_by_a_unit_that_fails(store: Store) -> None:
    async with a_unit_that_fails(store) as uow:
        uow.owed.owe(Work("create_meeting", "booking-1", LONG_AGO))

    assert await store.backlog.next_due_at() is None


async def test_what_is_not_due_yet_cannot_be_claimed(store: Store) -> None:
    await keep(store, Work("stop_waiting", "booking-1", FAR_AHEAD))

    assert [] == await store.backlog.claim(10, A_LONG_LEASE)


async def test_the_relay_learns_when_the_earliest_work_falls_due(store: Store) -> None:
    await keep(
        store,
        Work("stop_waiting", "booking-1", FAR_AHEAD + A_DAY),
        Work("stop_waiting", "booking-2", FAR_AHEAD),
        Work("stop_waiting", "booking-3", FAR_AHEAD + 2 * A_DAY),
    )

    assert FAR_AHEAD == await store.backlog.next_due_at()


async def test_the_oldest_work_is_claimed_first(store: Store) -> None:
    await keep(
        store,
        Work("mail_guest", "second", LONG_AGO + A_DAY),
        Work("mail_guest", "third", LONG_AGO + 2 * A_DAY),
        Work("mail_guest", "first", LONG_AGO),
    )

    first_two = await store.backlog.claim(2, A_LONG_LEASE)
    the_rest = await store.backlog.claim(2, A_LONG_LEASE)

    assert ["first", "second"] == [claim.subject for claim in first_two]
    assert ["third"] == [claim.subject for claim in the_rest]


async def test_owing_it_twice_is_owing_it_once(store: Store) -> None:
    work = Work("create_meeting", "booking-1", LONG_AGO)
    await keep(store, work, work)
    await keep(store, work)

    assert 1 == len(await store.backlog.claim(10, A_LONG_LEASE))


@pytest.mark.parametrize("order", [(0, 1), (1, 0)], ids=["the earlier first", "the later first"])
async def test_of_two_due_instants_the_earlier_counts(store: Store, order: tuple[int, int]) -> None:
    for days in order:
        await keep(store, Work("create_meeting", "booking-1", FAR_AHEAD + days * A_DAY))

    assert FAR_AHEAD == await store.backlog.next_due_at()


async def test_one_job_about_two_subjects_and_two_jobs_about_one_are_work_of_their_own(store: Store) -> None:
    owed: list[tuple[JobName, str]] = [
        ("mail_guest", "booking-1"),
        ("mail_guest", "büchung-2 🐟"),
        ("mail_host", "booking-1"),
    ]
    await keep(store, *(Work(job, subject, LONG_AGO) for job, subject in owed))

    claims = await store.backlog.claim(10, A_LONG_LEASE)

    assert owed == sorted((claim.job, claim.subject) for claim in claims)


async def test_claimed_work_is_nobody_elses_until_the_lease_ends(store: Store) -> None:
    await keep(store, Work("create_meeting", "booking-1", LONG_AGO))
    await the_claim(store)

    assert [] == await store.backlog.claim(10, A_LONG_LEASE)


async def test_work_whose_lease_has_ended_is_claimed_again(store: Store) -> None:
    await keep(store, Work("create_meeting", "booking-1", LONG_AGO))
    first = await the_claim(store, NO_LEASE)

    second = await the_claim(store)

    assert first.id != second.id
    assert (0, 1) == (first.attempts, second.attempts)


async def test_claimed_work_still_falls_due_when_its_lease_ends(store: Store) -> None:
    await keep(store, Work("create_meeting", "booking-1", LONG_AGO))
    await the_claim(store)

    due_at = await store.backlog.next_due_at()

    assert due_at is not None
    assert LONG_AGO < due_at < FAR_AHEAD


async def test_relays_that_claim_at_once_never_get_the_same_work(store: Store) -> None:
    await keep(store, *(Work("mail_guest", f"booking-{number}", LONG_AGO) for number in range(20)))

    claimed = await asyncio.gather(*(store.backlog.claim(3, A_LONG_LEASE) for _ in range(10)))
    rest = await store.backlog.claim(20, A_LONG_LEASE)

    subjects = [claim.subject for claims in (*claimed, rest) for claim in claims]
    assert sorted(f"booking-{number}" for number in range(20)) == sorted(subjects)


async def test_a_claim_is_taken_once_however_often_its_message_comes(store: Store) -> None:
    await keep(store, Work("create_meeting", "booking-1", LONG_AGO))
    claim = await the_claim(store)

    assert [True, False, False] == [await take(store, claim) for _ in range(3)]


async def test_of_ten_workers_that_get_the_same_message_at_once_one_starts(store: Store) -> None:
    await keep(store, Work("create_meeting", "booking-1", LONG_AGO))
    claim = await the_claim(store)

    async def take_and_look_around() -> bool:
        async with store.begin() as uow:
            taken = await uow.owed.take(claim)
            await uow.bookings.get(BookingId(claim.subject))
            return taken

    taken = await asyncio.gather(*(take_and_look_around() for _ in range(10)))

    assert 1 == taken.count(True)


async def test_a_claim_can_be_taken_again_after_a_unit_that_failed(store: Store) -> None:
    await keep(store, Work("create_meeting", "booking-1", LONG_AGO))
    claim = await the_claim(store)
    async with a_unit_that_fails(store) as uow:
        assert await uow.owed.take(claim)

    assert await take(store, claim)


async def test_a_claim_that_somebody_else_has_got_since_cannot_be_taken(store: Store) -> None:
    await keep(store, Work("create_meeting", "booking-1", LONG_AGO))
    stale = await the_claim(store, NO_LEASE)
    current = await the_claim(store)

    assert (False, True) == (await take(store, stale), await take(store, current))


async def test_a_claim_whose_lease_has_ended_cannot_be_taken(store: Store) -> None:
    await keep(store, Work("create_meeting", "booking-1", LONG_AGO))
    late = await the_claim(store, NO_LEASE)

    assert not await take(store, late)


async def test_a_claim_on_what_is_no_longer_owed_cannot_be_taken(store: Store) -> None:
    assert not await take(store, Claim("create_meeting", "nobody’s", 1, 0))


async def test_settled_work_is_gone(store: Store) -> None:
    await keep(store, Work("create_meeting", "booking-1", LONG_AGO))
    claim = await the_claim(store)
    await take(store, claim)

    await settle(store, claim)

    assert await store.backlog.next_due_at() is None
    assert not await take(store, claim)


async def test_work_taken_and_settled_in_one_unit_is_gone(store: Store) -> None:
    await keep(store, Work("mail_guest", "booking-1", LONG_AGO))
    claim = await the_claim(store)

    async with store.begin() as uow:
        assert await uow.owed.take(claim)
        uow.owed.settle(claim)

    assert await store.backlog.next_due_at() is None


async def test_work_is_still_owed_after_a_unit_that_settled_it_and_failed(store: Store) -> None:
    await keep(store, Work("create_meeting", "booking-1", LONG_AGO))
    claim = await the_claim(store, NO_LEASE)

    async with a_unit_that_fails(store) as uow:
        uow.owed.settle(claim)

    assert "booking-1" == (await the_claim(store)).subject


async def test_settling_a_claim_that_somebody_else_has_got_since_changes_nothing(store: Store) -> None:
    await keep(store, Work("create_meeting", "booking-1", LONG_AGO))
    stale = await the_claim(store, NO_LEASE)
    current = await the_claim(store)

    await settle(store, stale)

    assert await take(store, current)


async def test_postponing_a_claim_that_somebody_else_has_got_since_changes_nothing(store: Store) -> None:
    await keep(store, Work("create_meeting", "booking-1", LONG_AGO))
    stale = await the_claim(store, NO_LEASE)
    current = await the_claim(store)

    await postpone(store, stale, LONG_AGO)

    assert [] == await store.backlog.claim(10, A_LONG_LEASE)
    assert await take(store, current)


async def test_postponed_work_waits_until_it_is_due_again(store: Store) -> None:
    await keep(store, Work("create_meeting", "booking-1", LONG_AGO))
    claim = await the_claim(store)
    await take(store, claim)

    await postpone(store, claim, FAR_AHEAD)

    assert FAR_AHEAD == await store.backlog.next_due_at()
    assert [] == await store.backlog.claim(10, A_LONG_LEASE)


async def test_postponed_work_remembers_how_often_it_was_claimed(store: Store) -> None:
    await keep(store, Work("create_meeting", "booking-1", LONG_AGO))
    for _ in range(2):
        claim = await the_claim(store)
        await take(store, claim)
        await postpone(store, claim, LONG_AGO)

    assert 2 == (await the_claim(store)).attempts


async def test_postponed_work_that_is_owed_sooner_is_done_sooner(store: Store) -> None:
    await keep(store, Work("create_meeting", "booking-1", LONG_AGO))
    claim = await the_claim(store)
    await take(store, claim)
    await postpone(store, claim, FAR_AHEAD)

    await keep(store, Work("create_meeting", "booking-1", LONG_AGO))

    assert await take(store, await the_claim(store))


async def test_what_is_owed_again_while_it_is_done_is_done_once_more_afterwards(store: Store) -> None:
    work = Work("mail_guest", "booking-1", LONG_AGO)
    await keep(store, work)
    first = await the_claim(store)
    await take(store, first)

    await keep(store, work)
    await keep(store, work)
    beside = await store.backlog.claim(10, A_LONG_LEASE)
    await settle(store, first)
    second = await the_claim(store)
    taken = await take(store, second)
    await settle(store, second)

    assert [] == beside
    assert taken
    assert await store.backlog.next_due_at() is None


async def test_what_is_owed_again_for_later_while_it_is_done_is_done_later(store: Store) -> None:
    await keep(store, Work("mail_guest", "booking-1", LONG_AGO))
    claim = await the_claim(store)
    await take(store, claim)

    await keep(store, Work("mail_guest", "booking-1", FAR_AHEAD))
    await settle(store, claim)

    assert FAR_AHEAD == await store.backlog.next_due_at()


async def test_what_a_job_owes_to_itself_is_done_once_more(store: Store) -> None:
    await keep(store, Work("mail_guest", "booking-1", LONG_AGO))
    claim = await the_claim(store)
    await take(store, claim)

    async with store.begin() as uow:
        uow.owed.owe(Work("mail_guest", "booking-1", FAR_AHEAD))
        uow.owed.settle(claim)

    assert FAR_AHEAD == await store.backlog.next_due_at()


async def test_work_that_is_owed_again_while_it_is_postponed_is_due_at_the_earlier_instant(store: Store) -> None:
    await keep(store, Work("mail_guest", "booking-1", LONG_AGO))
    claim = await the_claim(store)
    await take(store, claim)

    await keep(store, Work("mail_guest", "booking-1", FAR_AHEAD))
    await postpone(store, claim, FAR_AHEAD + A_DAY)

    assert FAR_AHEAD == await store.backlog.next_due_at()


@pytest.mark.parametrize("claimed", [False, True], ids=["waiting", "claimed"])
async def test_forgone_work_is_gone(store: Store, claimed: bool) -> None:
    await keep(store, Work("stop_waiting", "booking-1", LONG_AGO), Work("stop_waiting", "booking-2", FAR_AHEAD))
    claims = await store.backlog.claim(10, NO_LEASE) if claimed else []

    await forgo(store, "stop_waiting", "booking-1")

    assert [False] * len(claims) == [await take(store, claim) for claim in claims]
    assert FAR_AHEAD == await store.backlog.next_due_at()


async def test_forgoing_what_is_not_owed_changes_nothing(store: Store) -> None:
    await keep(store, Work("stop_waiting", "booking-1", FAR_AHEAD))

    await forgo(store, "create_meeting", "booking-1")

    assert FAR_AHEAD == await store.backlog.next_due_at()


async def test_forgone_work_can_be_owed_anew(store: Store) -> None:
    await keep(store, Work("stop_waiting", "booking-1", LONG_AGO))
    old = await the_claim(store)

    async with store.begin() as uow:
        uow.owed.forgo("stop_waiting", "booking-1")
        uow.owed.owe(Work("stop_waiting", "booking-1", LONG_AGO))
    new = await the_claim(store)
    await settle(store, old)

    assert await take(store, new)


async def the_claim(store: Store, lease: timedelta = A_LONG_LEASE) -> Claim:
    """Claim the one piece of work that is due."""
    [claim] = await store.backlog.claim(10, lease)
    return claim


async def take(store: Store, claim: Claim) -> bool:
    async with store.begin() as uow:
        return await uow.owed.take(claim)


async def settle(store: Store, claim: Claim) -> None:
    async with store.begin() as uow:
        uow.owed.settle(claim)


async def postpone(store: Store, claim: Claim, due_at: datetime) -> None:
    async with store.begin() as uow:
        uow.owed.postpone(claim, due_at)


async def forgo(store: Store, job: JobName, subject: str) -> None:
    async with store.begin() as uow:
        uow.owed.forgo(job, subject)
