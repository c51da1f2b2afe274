"""What PostgreSQL's unit of work promises beyond the contract: few round trips, and that the relay hears of work."""

import asyncio
import gc
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from typing import cast

import pytest
from msgspec.structs import replace

from adapters.http.api.webhook_bodies import JsonWebhookBodies
from adapters.postgres.pool import AWAY, Pool, is_lost, open_pool
from adapters.postgres.transaction import Transaction
from adapters.postgres.unit_of_work import PostgresStore
from adapters.presentation.language import ENGLISH_ALONE
from adapters.vault.tokens import TokenVault
from application.decisions import ApplyDecision
from application.jobs import CreateMeetingJob, Due, Job, MailBookingJob, StopWaitingJob
from application.ports.conflicts import Busy
from application.ports.idempotency_keys import IdempotencyKey
from application.ports.outbox import Lease
from application.ports.unit_of_work import Begin
from application.webhooks.record_events import RecordBookingEvents
from domain.awaited_meeting import meeting_created
from domain.booking import Booking, Decision
from domain.booking_page import BookingPage
from domain.conference import Ready
from domain.errors import SlotTaken
from domain.events import Booked
from domain.ids import BookingId
from tests.adapters.postgres.spy import SpyPool
from tests.support.builders import NOW, a_booking, a_host, a_page, an_event_type
from tests.support.postgres import KEY, StoreInPostgres
from tests.support.store import keep, once_saved

A_MINUTE = timedelta(minutes=1)
A_LEASE = timedelta(seconds=45)
A_KEY = IdempotencyKey("scope", "key", "fingerprint")

APPLY = ApplyDecision(A_MINUTE, RecordBookingEvents(JsonWebhookBodies(ENGLISH_ALONE)))


class Dispatched:
    """Writes down what it is told."""

    lasts = A_LEASE

    def __init__(self) -> None:
        self.looks = 0
        self.leases: list[Lease] = []

    def look(self) -> None:
        self.looks += 1

    def send(self, leases: Sequence[Lease], /) -> None:
        self.leases += leases


@pytest.fixture
def dispatched() -> Dispatched:
    return Dispatched()


@pytest.fixture
def spy(postgres_store: StoreInPostgres) -> SpyPool:
    return SpyPool(postgres_store.pool)


@pytest.fixture
def begin(spy: SpyPool, dispatched: Dispatched) -> Begin:
    return PostgresStore(cast("Pool", spy), TokenVault([KEY]), dispatched).begin


@pytest.fixture
async def page(postgres_store: StoreInPostgres) -> BookingPage:
    host = a_host()
    page = a_page(host)
    await keep(postgres_store, host, page)
    return page


async def test_a_booking_its_key_timeline_and_work_take_one_round_trip(
    begin: Begin, spy: SpyPool, page: BookingPage
) -> None:
    await book(begin, a_booking(page), A_KEY)

    assert ["with"] == spy.round_trips


async def test_a_refused_booking_leaves_nothing_of_its_one_statement(
    begin: Begin, postgres_store: StoreInPostgres, page: BookingPage
) -> None:
    await keep(postgres_store, a_booking(page))

    with pytest.raises(SlotTaken):
        await book(begin, a_booking(page), A_KEY)

    counts = "select (select count(*) from idempotency_keys), (select count(*) from outbox)"
    [row] = await postgres_store.pool.fetch(f"{counts}, (select count(*) from booking_events)")
    assert [0, 0, 0] == list(row)


async def test_a_unit_that_locks_is_one_transaction_of_plain_statements(
    begin: Begin, spy: SpyPool, postgres_store: StoreInPostgres, page: BookingPage
) -> None:
    booking = a_booking(page)
    await keep(postgres_store, booking, Due(CreateMeetingJob(booking.id), NOW), Due(StopWaitingJob(booking.id), NOW))
    lease = await the_lease(postgres_store, CreateMeetingJob(booking.id))

    async with begin() as uow:
        assert await uow.outbox.start(lease)
        locked = await uow.bookings.lock(booking.id)
        assert locked is not None
        await APPLY(uow, meeting_created(locked, Ready("https://zoom.example/j/1"), NOW))
        uow.outbox.complete(lease)

    assert ["begin", "update", "select", "with", "with", "insert", "with", "commit"] == spy.round_trips
    rows = await postgres_store.pool.fetch("select job, key from outbox order by key")
    mails = [("mail_booking", f"{booking.id}/guest"), ("mail_booking", f"{booking.id}/host")]
    assert mails == [(row["job"], row["key"]) for row in rows]


async def test_reading_begins_no_transaction(begin: Begin, spy: SpyPool, page: BookingPage) -> None:
    async with begin() as uow:
        await uow.hosts.get(page.host_id)
        await uow.pages.get(page.id)

    assert ["select", "select"] == spy.round_trips


async def test_a_unit_without_anything_to_do_asks_for_no_connection(begin: Begin, spy: SpyPool) -> None:
    async with begin():
        pass

    assert [] == spy.round_trips


async def test_event_types_can_swap_their_slugs(begin: Begin, postgres_store: StoreInPostgres) -> None:
    host = a_host()
    one, other = an_event_type(slug="one"), an_event_type(slug="other")
    page = a_page(host, one, other)
    await keep(postgres_store, host, page)
    swapped = a_swap(page)

    async with begin() as uow:
        uow.pages.save(swapped)

    assert once_saved(swapped) == await postgres_store.views.page(host.id, page.id)


async def test_the_relay_looks_once_work_is_stored(begin: Begin, dispatched: Dispatched) -> None:
    async with begin() as uow:
        uow.outbox.enqueue(Due(MailBookingJob(BookingId("booking-1"), "guest"), NOW))
        assert 0 == dispatched.looks

    assert 1 == dispatched.looks


async def test_the_relay_is_not_told_of_what_is_not_stored(
    begin: Begin, dispatched: Dispatched, postgres_store: StoreInPostgres, page: BookingPage
) -> None:
    await keep(postgres_store, a_booking(page))

    with pytest.raises(SlotTaken):
        await book(begin, a_booking(page))

    assert 0 == dispatched.looks
    assert [] == dispatched.leases


async def test_what_a_new_booking_makes_due_is_sent_without_being_looked_for(
    begin: Begin, dispatched: Dispatched, postgres_store: StoreInPostgres, page: BookingPage
) -> None:
    booking = a_booking(page)

    await book(begin, booking)

    [lease] = dispatched.leases
    assert (CreateMeetingJob(booking.id), 0) == (lease.job, lease.attempts)
    assert 0 == dispatched.looks
    assert lease.job not in [other.job for other in await postgres_store.backlog.lease(10, A_MINUTE)]
    async with begin() as uow:
        assert await uow.outbox.start(lease)


async def test_what_was_sent_and_got_lost_comes_back_when_its_lease_ends(
    begin: Begin, dispatched: Dispatched, postgres_store: StoreInPostgres, page: BookingPage
) -> None:
    await book(begin, a_booking(page))
    [lost] = dispatched.leases

    await postgres_store.pool.execute("update outbox set due_at = now() - interval '1 second' where lease is not null")

    again = await the_lease(postgres_store, lost.job)
    assert (1, True) == (again.attempts, again.id != lost.id)
    assert NOW == await postgres_store.pool.fetchval("select first_due_at from outbox where lease_id = $1", again.id)
    async with begin() as uow:
        assert not await uow.outbox.start(lost)


@pytest.mark.parametrize(("owed_again", "expected"), [(False, 0), (True, 1)], ids=["done", "owed again"])
async def test_the_relay_looks_after_a_settled_job_only_if_it_is_owed_again(
    begin: Begin, dispatched: Dispatched, postgres_store: StoreInPostgres, owed_again: bool, expected: int
) -> None:
    work = Due(MailBookingJob(BookingId("booking-1"), "guest"), NOW)
    await keep(postgres_store, work)
    lease = await the_lease(postgres_store, MailBookingJob(BookingId("booking-1"), "guest"))
    if owed_again:
        await keep(postgres_store, work)

    async with begin() as uow:
        uow.outbox.complete(lease)

    assert expected == dispatched.looks


async def test_a_job_whose_worker_died_is_leased_anew_whatever_waits(
    begin: Begin, postgres_store: StoreInPostgres
) -> None:
    await keep(postgres_store, Due(MailBookingJob(BookingId("booking-1"), "guest"), NOW))
    [lease] = await postgres_store.backlog.lease(1, A_MINUTE)
    async with begin() as uow:
        await uow.outbox.start(lease)
    await postgres_store.pool.execute("update outbox set due_at = now() - interval '1 second'")

    assert 1 == len(await postgres_store.backlog.lease(1, A_MINUTE, waiting=5))


async def test_the_relay_looks_after_a_postponed_job(
    begin: Begin, dispatched: Dispatched, postgres_store: StoreInPostgres
) -> None:
    await keep(postgres_store, Due(MailBookingJob(BookingId("booking-1"), "guest"), NOW))
    lease = await the_lease(postgres_store, MailBookingJob(BookingId("booking-1"), "guest"))

    async with begin() as uow:
        uow.outbox.reschedule(lease, NOW, failed=False)

    assert 1 == dispatched.looks


async def test_work_owed_in_the_moment_in_which_it_is_settled_is_never_lost(postgres_store: StoreInPostgres) -> None:
    works = [Due(MailBookingJob(BookingId(f"booking-{number}"), "guest"), NOW) for number in range(30)]
    await keep(postgres_store, *works)
    leases = await postgres_store.backlog.lease(30, A_MINUTE)

    await asyncio.gather(
        *(settle(postgres_store, lease) for lease in leases), *(keep(postgres_store, work) for work in works)
    )

    rows = await postgres_store.pool.fetch("select 1 from outbox where lease_id is null")
    assert 30 == len(rows)


@pytest.mark.parametrize("how", ["lock", "lock all", "write"])
async def test_a_unit_waits_for_a_row_no_longer_than_it_can(
    postgres_store: StoreInPostgres, page: BookingPage, how: str
) -> None:
    impatient = Transaction(postgres_store.pool)
    await impatient.lock("select set_config('lock_timeout', '20ms', true)")
    sql = "update hosts set name = 'Hanne' where id = $1 returning id"

    async with postgres_store.begin() as uow:
        await uow.hosts.lock(page.host_id)
        with pytest.raises(Busy):
            match how:
                case "lock":
                    await impatient.lock(sql, page.host_id)
                case "lock all":
                    await impatient.lock_all(sql, page.host_id)
                case _:
                    impatient.write(sql, page.host_id)
                    await impatient.finish()
        await impatient.close()


async def test_a_connection_that_the_server_has_ended_is_known_as_lost_and_given_back(
    postgres_store: StoreInPostgres, database_url: str
) -> None:
    async with await open_pool(database_url, min_size=1, max_size=1) as pool:
        transaction = Transaction(pool)
        row = await transaction.lock("select pg_backend_pid()")
        assert row is not None
        await postgres_store.pool.execute("select pg_terminate_backend($1, 10000)", row[0])

        with pytest.raises(AWAY) as failed:
            await transaction.lock("select 1")
        await transaction.close()

        assert is_lost(failed.value)
        assert 1 == await pool.fetchval("select 1")


async def test_a_cancelled_unit_gives_its_connection_back_without_a_transaction(
    begin: Begin, postgres_store: StoreInPostgres, page: BookingPage
) -> None:
    booking = a_booking(page)
    await keep(postgres_store, booking)
    locked = asyncio.Event()

    async def hang_with_a_lock() -> None:
        async with begin() as uow:
            await uow.bookings.lock(booking.id)
            locked.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(hang_with_a_lock())
    await locked.wait()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)

    async with postgres_store.begin() as uow:
        assert booking == await uow.bookings.lock(booking.id)


@pytest.mark.parametrize("text", ["nul\0", "half of a pair \ud83d"], ids=["NUL", "surrogate"])
async def test_text_that_postgresql_cannot_hold_names_nothing(
    begin: Begin, page: BookingPage, postgres_store: StoreInPostgres, text: str
) -> None:
    views = postgres_store.views
    assert await views.public_page(text, page.slug) is None
    assert await views.booking_by_key("scope", text) is None
    async with begin() as uow:
        assert await uow.accounts.find(text) is None


async def book(begin: Begin, booking: Booking, key: IdempotencyKey | None = None) -> None:
    booked = Booked(booking_id=booking.id, at=NOW, conference=booking.conference)
    async with begin() as uow:
        await APPLY.to_new(uow, Decision(booking, (booked,)), key, is_watched=False)


def a_swap(page: BookingPage) -> BookingPage:
    one, other = page.event_types
    swapped = (replace(one, slug=other.slug), replace(other, slug=one.slug))
    return replace(page, event_types=swapped)


async def the_lease(store: StoreInPostgres, job: Job) -> Lease:
    [lease] = [lease for lease in await store.backlog.lease(10, A_MINUTE) if lease.job == job]
    return lease


async def settle(store: StoreInPostgres, lease: Lease) -> None:
    async with store.begin() as uow:
        uow.outbox.complete(lease)


async def test_neither_a_commit_nor_a_rollback_leaves_what_only_a_collection_of_garbage_would_free(
    postgres_store: StoreInPostgres,
) -> None:
    async def completing(lease: Lease, *, fails: bool = False) -> None:
        async with postgres_store.begin() as uow:
            uow.outbox.complete(lease)
            if fails:
                raise ZeroDivisionError

    lease = Lease(MailBookingJob(BookingId("booking-1"), "guest"), 1, 0)
    gc.collect()
    gc.disable()
    try:
        await completing(lease)
        with suppress(ZeroDivisionError):
            await completing(lease, fails=True)
        assert [] == [each for each in gc.get_objects() if isinstance(each, Transaction)]
    finally:
        gc.enable()
