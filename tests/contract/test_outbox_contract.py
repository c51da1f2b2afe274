"""The outbox: what every store promises about running each job once, and never losing one.

The store's own clock decides what is due, so the instants here are far in the past or in the future, and a lease that
has ended is one of no length.
"""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from application.jobs import (
    AcknowledgeSupportJob,
    CreateMeetingJob,
    DeauthorizeJob,
    DeleteAccountJob,
    Due,
    Job,
    KeepConnectionJob,
    MailAccountJob,
    MailAnswerJob,
    MailBookingJob,
    MailSupportJob,
    RemindGuestJob,
    RetryWaitingBookingsJob,
    StopWaitingJob,
    TellConnectionJob,
    TellRefusalJob,
    TellTokenExpiryJob,
    tag_of,
)
from application.ports.outbox import Lease
from domain.ids import ApiTokenId, BookingId, HostId, PageId, SupportThreadId
from tests.support.store import Store, a_unit_that_fails, keep

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
FAR_AHEAD = datetime(2999, 1, 1, tzinfo=UTC)
A_DAY = timedelta(days=1)
A_LONG_LEASE = timedelta(hours=1)
NO_LEASE = timedelta(0)
CREATE, MAIL = CreateMeetingJob(BookingId("booking-1")), MailBookingJob(BookingId("booking-1"), "guest")
STOP_1, STOP_2 = StopWaitingJob(BookingId("booking-1")), StopWaitingJob(BookingId("booking-2"))
JOBS: list[Job] = [
    CREATE,
    STOP_1,
    MAIL,
    RemindGuestJob(BookingId("booking-1"), LONG_AGO),
    RetryWaitingBookingsJob(HostId("hanne"), "zoom", connected=True),
    KeepConnectionJob(HostId("hanne"), "google"),
    TellConnectionJob(HostId("hanne"), "microsoft", "removed", LONG_AGO),
    DeauthorizeJob("zoom", "user/1", "account ü", LONG_AGO),
    TellRefusalJob(PageId("intro"), LONG_AGO),
    MailAccountJob("mail-1"),
    TellTokenExpiryJob(HostId("hanne"), ApiTokenId("token-1")),
    DeleteAccountJob(HostId("hanne")),
    MailSupportJob(SupportThreadId("thread-1"), 0),
    AcknowledgeSupportJob(SupportThreadId("thread-1"), 0),
    MailAnswerJob(SupportThreadId("thread-1"), 1),
]


async def test_an_enqueued_job_can_be_leased(store: Store) -> None:
    await keep(store, Due(CREATE, LONG_AGO))

    lease = await the_lease(store)

    assert (CREATE, 0) == (lease.job, lease.attempts)


async def test_nothing_can_be_leased_where_nothing_is_enqueued(store: Store) -> None:
    assert [] == await store.backlog.lease(10, A_LONG_LEASE)
    assert await store.backlog.next_due_at() is None


async def test_nothing_is_enqueued_by_a_unit_that_fails(store: Store) -> None:
    async with a_unit_that_fails(store) as uow:
        uow.outbox.enqueue(Due(CREATE, LONG_AGO))

    assert await store.backlog.next_due_at() is None


async def test_a_job_that_is_not_due_yet_cannot_be_leased(store: Store) -> None:
    await keep(store, Due(STOP_1, FAR_AHEAD))

    assert [] == await store.backlog.lease(10, A_LONG_LEASE)


async def test_the_relay_learns_when_the_earliest_job_falls_due(store: Store) -> None:
    await keep(
        store,
        Due(STOP_1, FAR_AHEAD + A_DAY),
        Due(STOP_2, FAR_AHEAD),
        Due(StopWaitingJob(BookingId("booking-3")), FAR_AHEAD + 2 * A_DAY),
    )

    assert FAR_AHEAD == await store.backlog.next_due_at()


async def test_what_nobody_takes_grows_old_however_often_it_is_leased(store: Store) -> None:
    await keep(store, Due(CREATE, LONG_AGO), Due(STOP_1, LONG_AGO + A_DAY), Due(STOP_2, FAR_AHEAD))
    for lease in (NO_LEASE, NO_LEASE, A_LONG_LEASE):
        assert LONG_AGO == await store.backlog.not_taken_since()
        await store.backlog.lease(1, lease)

    assert LONG_AGO == await store.backlog.not_taken_since()


async def test_what_somebody_runs_or_is_for_later_waits_for_nobody(store: Store) -> None:
    await keep(store, Due(CREATE, LONG_AGO), Due(STOP_2, FAR_AHEAD))
    lease = await the_lease(store)
    assert LONG_AGO == await store.backlog.not_taken_since()

    await start(store, lease)
    assert await store.backlog.not_taken_since() is None

    async with store.begin() as uow:
        uow.outbox.reschedule(lease, LONG_AGO + A_DAY, failed=False)
    assert LONG_AGO + A_DAY == await store.backlog.not_taken_since()


async def test_the_metrics_know_since_when_a_leased_job_has_been_due(store: Store) -> None:
    await keep(store, Due(CREATE, LONG_AGO))
    await store.backlog.lease(1, A_LONG_LEASE)

    [jobs] = (await store.views.metrics_snapshot(LONG_AGO + A_DAY)).jobs

    assert (1, LONG_AGO) == (jobs.due, jobs.owed_since)


async def test_what_has_failed_is_owed_since_it_first_fell_due_between_two_tries_as_well(store: Store) -> None:
    await keep(store, Due(CREATE, LONG_AGO))

    for due in (LONG_AGO + A_DAY, LONG_AGO + 2 * A_DAY, FAR_AHEAD):
        await reschedule(store, await the_lease(store), due, failed=True)
        assert LONG_AGO == await owed_since(store)


async def test_what_has_failed_is_owed_as_long_when_it_is_wanted_sooner(store: Store) -> None:
    await keep(store, Due(CREATE, LONG_AGO))
    await reschedule(store, await the_lease(store), FAR_AHEAD, failed=True)

    await keep(store, Due(CREATE, LONG_AGO + A_DAY))

    assert LONG_AGO == await owed_since(store)
    assert 0 == (await the_lease(store)).attempts


async def test_what_runs_again_by_plan_is_owed_from_then_on(store: Store) -> None:
    await keep(store, Due(CREATE, LONG_AGO))
    await reschedule(store, await the_lease(store), LONG_AGO, failed=True)

    await reschedule(store, await the_lease(store), LONG_AGO + A_DAY)

    assert LONG_AGO + A_DAY == await owed_since(store)


async def test_what_got_done_and_is_wanted_once_more_is_owed_from_then_on(store: Store) -> None:
    await keep(store, Due(CREATE, LONG_AGO))
    await reschedule(store, await the_lease(store), LONG_AGO, failed=True)
    lease = await the_lease(store)
    await keep(store, Due(CREATE, LONG_AGO + A_DAY))

    await complete(store, lease)

    assert LONG_AGO + A_DAY == await owed_since(store)


async def test_what_has_failed_and_is_tried_later_waits_for_no_worker(store: Store) -> None:
    await keep(store, Due(CREATE, LONG_AGO))

    await reschedule(store, await the_lease(store), LONG_AGO + A_DAY, failed=True)

    assert LONG_AGO + A_DAY == await store.backlog.not_taken_since()


async def test_the_oldest_job_is_leased_first(store: Store) -> None:
    await keep(
        store,
        Due(MailBookingJob(BookingId("second"), "guest"), LONG_AGO + A_DAY),
        Due(MailBookingJob(BookingId("third"), "guest"), LONG_AGO + 2 * A_DAY),
        Due(MailBookingJob(BookingId("first"), "guest"), LONG_AGO),
    )

    first_two = await store.backlog.lease(2, A_LONG_LEASE)
    the_rest = await store.backlog.lease(2, A_LONG_LEASE)

    assert ["first", "second"] == [lease.job.key.split("/")[0] for lease in first_two]
    assert ["third"] == [lease.job.key.split("/")[0] for lease in the_rest]


async def test_enqueueing_a_job_twice_is_enqueueing_it_once(store: Store) -> None:
    due = Due(CREATE, LONG_AGO)
    await keep(store, due, due)
    await keep(store, due)

    assert 1 == len(await store.backlog.lease(10, A_LONG_LEASE))


@pytest.mark.parametrize("order", [(0, 1), (1, 0)], ids=["the earlier first", "the later first"])
async def test_of_two_due_instants_the_earlier_counts(store: Store, order: tuple[int, int]) -> None:
    for days in order:
        await keep(store, Due(CREATE, FAR_AHEAD + days * A_DAY))

    assert FAR_AHEAD == await store.backlog.next_due_at()


async def test_jobs_of_different_keys_are_different_jobs(store: Store) -> None:
    jobs: list[Job] = [
        MailBookingJob(BookingId("booking-1"), "guest"),
        MailBookingJob(BookingId("booking-1"), "host"),
        MailBookingJob(BookingId("büchung-2 🐟"), "guest"),
    ]
    await keep(store, *(Due(job, LONG_AGO) for job in jobs))

    leases = await store.backlog.lease(10, A_LONG_LEASE)

    assert jobs == sorted((lease.job for lease in leases), key=lambda job: job.key)


@pytest.mark.parametrize("job", JOBS, ids=tag_of)
async def test_a_job_comes_back_as_it_was_enqueued(store: Store, job: Job) -> None:
    await keep(store, Due(job, LONG_AGO))

    assert job == (await the_lease(store)).job


async def test_of_two_jobs_of_one_name_the_latest_counts(store: Store) -> None:
    latest = RetryWaitingBookingsJob(HostId("hanne"), "zoom", connected=True)
    await keep(store, Due(RetryWaitingBookingsJob(HostId("hanne"), "zoom", connected=False), LONG_AGO))
    await keep(store, Due(latest, FAR_AHEAD))

    assert latest == (await the_lease(store)).job


async def test_a_lease_goes_on_while_its_message_waits_for_a_worker(store: Store) -> None:
    await keep(store, Due(CREATE, LONG_AGO), Due(STOP_1, LONG_AGO))
    leases = await store.backlog.lease(10, NO_LEASE)

    assert [] == await store.backlog.lease(10, A_LONG_LEASE, waiting=2)

    assert [True, True] == [await start(store, lease) for lease in leases]


async def test_as_many_jobs_are_leased_anew_as_messages_are_missing(store: Store) -> None:
    await keep(store, Due(CREATE, LONG_AGO), Due(STOP_1, LONG_AGO), Due(STOP_2, LONG_AGO))
    await store.backlog.lease(10, NO_LEASE)

    assert 2 == len(await store.backlog.lease(10, A_LONG_LEASE, waiting=1))


async def test_messages_of_leases_that_last_say_nothing_of_others(store: Store) -> None:
    await keep(store, Due(CREATE, LONG_AGO))
    await the_lease(store, A_LONG_LEASE)
    await keep(store, Due(STOP_1, LONG_AGO))
    await the_lease(store, NO_LEASE)

    [again] = await store.backlog.lease(10, A_LONG_LEASE, waiting=1)

    assert STOP_1 == again.job


async def test_a_job_that_runs_has_no_message_waiting(store: Store) -> None:
    await keep(store, Due(CREATE, LONG_AGO))
    await start(store, await the_lease(store, A_LONG_LEASE))
    await keep(store, Due(STOP_1, LONG_AGO))
    waits = await the_lease(store, NO_LEASE)

    assert [] == await store.backlog.lease(10, A_LONG_LEASE, waiting=1)

    assert await start(store, waits)


async def test_what_was_never_leased_is_leased_whatever_waits(store: Store) -> None:
    await keep(store, Due(CREATE, LONG_AGO))

    assert 1 == len(await store.backlog.lease(10, A_LONG_LEASE, waiting=5))


async def test_a_leased_job_is_nobody_elses_until_the_lease_ends(store: Store) -> None:
    await keep(store, Due(CREATE, LONG_AGO))
    await the_lease(store)

    assert [] == await store.backlog.lease(10, A_LONG_LEASE)


async def test_a_job_whose_lease_has_ended_is_leased_again(store: Store) -> None:
    await keep(store, Due(CREATE, LONG_AGO))
    first = await the_lease(store, NO_LEASE)

    second = await the_lease(store)

    assert first.id != second.id
    assert (0, 1) == (first.attempts, second.attempts)


async def test_a_leased_job_still_falls_due_when_its_lease_ends(store: Store) -> None:
    await keep(store, Due(CREATE, LONG_AGO))
    await the_lease(store)

    due_at = await store.backlog.next_due_at()

    assert due_at is not None
    assert LONG_AGO < due_at < FAR_AHEAD


async def test_relays_that_lease_at_once_never_get_the_same_job(store: Store) -> None:
    await keep(store, *(Due(MailBookingJob(BookingId(f"booking-{number}"), "guest"), LONG_AGO) for number in range(20)))

    leased = await asyncio.gather(*(store.backlog.lease(3, A_LONG_LEASE) for _ in range(10)))
    rest = await store.backlog.lease(20, A_LONG_LEASE)

    subjects = [lease.job.key.removesuffix("/guest") for leases in (*leased, rest) for lease in leases]
    assert sorted(f"booking-{number}" for number in range(20)) == sorted(subjects)


async def test_a_lease_is_started_once_however_often_its_message_comes(store: Store) -> None:
    await keep(store, Due(CREATE, LONG_AGO))
    lease = await the_lease(store)

    assert [True, False, False] == [await start(store, lease) for _ in range(3)]


async def test_of_ten_workers_that_get_the_same_message_at_once_one_starts(store: Store) -> None:
    await keep(store, Due(CREATE, LONG_AGO))
    lease = await the_lease(store)

    async def start_and_look_around() -> bool:
        async with store.begin() as uow:
            started = await uow.outbox.start(lease)
            await uow.bookings.get(BookingId("booking-1"))
            return started

    started = await asyncio.gather(*(start_and_look_around() for _ in range(10)))

    assert 1 == started.count(True)


async def test_a_lease_can_be_started_again_after_a_unit_that_failed(store: Store) -> None:
    await keep(store, Due(CREATE, LONG_AGO))
    lease = await the_lease(store)
    async with a_unit_that_fails(store) as uow:
        assert await uow.outbox.start(lease)

    assert await start(store, lease)


async def test_a_job_that_was_leased_to_somebody_else_since_cannot_be_started(store: Store) -> None:
    await keep(store, Due(CREATE, LONG_AGO))
    stale = await the_lease(store, NO_LEASE)
    current = await the_lease(store)

    assert (False, True) == (await start(store, stale), await start(store, current))


async def test_a_lease_that_has_ended_cannot_be_started(store: Store) -> None:
    await keep(store, Due(CREATE, LONG_AGO))
    late = await the_lease(store, NO_LEASE)

    assert not await start(store, late)


async def test_a_lease_of_a_job_that_is_gone_cannot_be_started(store: Store) -> None:
    assert not await start(store, Lease(CREATE, 1, 0))


async def test_a_complete_job_is_gone(store: Store) -> None:
    await keep(store, Due(CREATE, LONG_AGO))
    lease = await the_lease(store)
    await start(store, lease)

    await complete(store, lease)

    assert await store.backlog.next_due_at() is None
    assert not await start(store, lease)


async def test_a_job_started_and_completed_in_one_unit_is_gone(store: Store) -> None:
    await keep(store, Due(MAIL, LONG_AGO))
    lease = await the_lease(store)

    async with store.begin() as uow:
        assert await uow.outbox.start(lease)
        uow.outbox.complete(lease)

    assert await store.backlog.next_due_at() is None


async def test_a_job_is_still_enqueued_after_a_unit_that_completed_it_and_failed(store: Store) -> None:
    await keep(store, Due(CREATE, LONG_AGO))
    lease = await the_lease(store, NO_LEASE)

    async with a_unit_that_fails(store) as uow:
        uow.outbox.complete(lease)

    assert CREATE == (await the_lease(store)).job


async def test_completing_what_was_leased_to_somebody_else_since_changes_nothing(store: Store) -> None:
    await keep(store, Due(CREATE, LONG_AGO))
    stale = await the_lease(store, NO_LEASE)
    current = await the_lease(store)

    await complete(store, stale)

    assert await start(store, current)


async def test_rescheduling_what_was_leased_to_somebody_else_since_changes_nothing(store: Store) -> None:
    await keep(store, Due(CREATE, LONG_AGO))
    stale = await the_lease(store, NO_LEASE)
    current = await the_lease(store)

    await reschedule(store, stale, LONG_AGO)

    assert [] == await store.backlog.lease(10, A_LONG_LEASE)
    assert await start(store, current)


async def test_a_rescheduled_job_waits_until_it_is_due_again(store: Store) -> None:
    await keep(store, Due(CREATE, LONG_AGO))
    lease = await the_lease(store)
    await start(store, lease)

    await reschedule(store, lease, FAR_AHEAD)

    assert FAR_AHEAD == await store.backlog.next_due_at()
    assert [] == await store.backlog.lease(10, A_LONG_LEASE)


async def test_a_rescheduled_job_remembers_how_often_it_was_leased(store: Store) -> None:
    await keep(store, Due(CREATE, LONG_AGO))
    for _ in range(2):
        lease = await the_lease(store)
        await start(store, lease)
        await reschedule(store, lease, LONG_AGO)

    assert 2 == (await the_lease(store)).attempts


async def test_a_rescheduled_job_that_is_enqueued_for_sooner_runs_sooner(store: Store) -> None:
    await keep(store, Due(CREATE, LONG_AGO))
    lease = await the_lease(store)
    await start(store, lease)
    await reschedule(store, lease, FAR_AHEAD)

    await keep(store, Due(CREATE, LONG_AGO))

    assert await start(store, await the_lease(store))


async def test_a_job_enqueued_again_while_it_runs_runs_once_more_afterwards(store: Store) -> None:
    due = Due(MAIL, LONG_AGO)
    await keep(store, due)
    first = await the_lease(store)
    await start(store, first)

    await keep(store, due)
    await keep(store, due)
    beside = await store.backlog.lease(10, A_LONG_LEASE)
    await complete(store, first)
    second = await the_lease(store)
    started = await start(store, second)
    await complete(store, second)

    assert [] == beside
    assert started
    assert await store.backlog.next_due_at() is None


async def test_a_job_enqueued_again_for_later_while_it_runs_runs_later(store: Store) -> None:
    await keep(store, Due(MAIL, LONG_AGO))
    lease = await the_lease(store)
    await start(store, lease)

    await keep(store, Due(MAIL, FAR_AHEAD))
    await complete(store, lease)

    assert FAR_AHEAD == await store.backlog.next_due_at()


async def test_a_job_that_enqueues_itself_runs_once_more(store: Store) -> None:
    await keep(store, Due(MAIL, LONG_AGO))
    lease = await the_lease(store)
    await start(store, lease)

    async with store.begin() as uow:
        uow.outbox.enqueue(Due(MAIL, FAR_AHEAD))
        uow.outbox.complete(lease)

    assert FAR_AHEAD == await store.backlog.next_due_at()


async def test_a_job_enqueued_again_while_it_is_rescheduled_is_due_at_the_earlier_instant(store: Store) -> None:
    await keep(store, Due(MAIL, LONG_AGO))
    lease = await the_lease(store)
    await start(store, lease)

    await keep(store, Due(MAIL, FAR_AHEAD))
    await reschedule(store, lease, FAR_AHEAD + A_DAY)

    assert FAR_AHEAD == await store.backlog.next_due_at()


@pytest.mark.parametrize("leased", [False, True], ids=["waiting", "leased"])
async def test_a_cancelled_job_is_gone(store: Store, leased: bool) -> None:
    await keep(store, Due(STOP_1, LONG_AGO), Due(STOP_2, FAR_AHEAD))
    leases = await store.backlog.lease(10, NO_LEASE) if leased else []

    await cancel(store, STOP_1)

    assert [False] * len(leases) == [await start(store, lease) for lease in leases]
    assert FAR_AHEAD == await store.backlog.next_due_at()


async def test_a_job_cancelled_while_it_runs_ends_and_is_gone(store: Store) -> None:
    await keep(store, Due(MAIL, LONG_AGO))
    lease = await the_lease(store)
    await start(store, lease)
    await keep(store, Due(MAIL, LONG_AGO))

    await cancel(store, MAIL)
    await complete(store, lease)

    assert await store.backlog.next_due_at() is None


async def test_a_job_cancelled_and_enqueued_anew_while_it_runs_runs_afterwards_and_not_beside_itself(
    store: Store,
) -> None:
    await keep(store, Due(MAIL, LONG_AGO))
    lease = await the_lease(store)
    await start(store, lease)

    await cancel(store, MAIL)
    await keep(store, Due(MAIL, LONG_AGO))
    beside = await store.backlog.lease(10, A_LONG_LEASE)
    await complete(store, lease)

    assert [] == beside
    assert await start(store, await the_lease(store))


async def test_a_job_that_cancels_itself_is_gone(store: Store) -> None:
    await keep(store, Due(MAIL, LONG_AGO))
    lease = await the_lease(store)
    await start(store, lease)

    async with store.begin() as uow:
        uow.outbox.cancel(MAIL)
        uow.outbox.complete(lease)

    assert await store.backlog.next_due_at() is None


async def test_cancelling_what_is_not_enqueued_changes_nothing(store: Store) -> None:
    await keep(store, Due(STOP_1, FAR_AHEAD))

    await cancel(store, CREATE)

    assert FAR_AHEAD == await store.backlog.next_due_at()


async def test_a_cancelled_job_can_be_enqueued_anew(store: Store) -> None:
    await keep(store, Due(STOP_1, LONG_AGO))
    old = await the_lease(store)

    async with store.begin() as uow:
        uow.outbox.cancel(STOP_1)
        uow.outbox.enqueue(Due(STOP_1, LONG_AGO))
    new = await the_lease(store)
    await complete(store, old)

    assert await start(store, new)


async def the_lease(store: Store, lease: timedelta = A_LONG_LEASE) -> Lease:
    """Lease the one piece of work that is due."""
    [leased] = await store.backlog.lease(10, lease)
    return leased


async def start(store: Store, lease: Lease) -> bool:
    async with store.begin() as uow:
        return await uow.outbox.start(lease)


async def complete(store: Store, lease: Lease) -> None:
    async with store.begin() as uow:
        uow.outbox.complete(lease)


async def reschedule(store: Store, lease: Lease, due_at: datetime, *, failed: bool = False) -> None:
    async with store.begin() as uow:
        uow.outbox.reschedule(lease, due_at, failed=failed)


async def owed_since(store: Store) -> datetime | None:
    """Since when the one job is owed, as the metrics have it."""
    [jobs] = (await store.views.metrics_snapshot(LONG_AGO + 3 * A_DAY)).jobs
    return jobs.owed_since


async def cancel(store: Store, job: Job) -> None:
    async with store.begin() as uow:
        uow.outbox.cancel(job)
