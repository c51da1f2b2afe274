"""What PostgreSQL's unit of work promises beyond the contract: few round trips, and that the relay hears of work."""

import asyncio
from datetime import timedelta
from typing import cast

import pytest
from msgspec.structs import replace

from adapters.postgres.pool import Pool
from adapters.postgres.unit_of_work import PostgresStore
from adapters.vault.tokens import TokenVault
from application.booking.owing import work_for
from application.ports.owed import Claim, Work
from application.ports.storage import Begin, IdempotencyKey
from domain.awaited_meeting import meeting_created
from domain.booking import Booking
from domain.booking_page import BookingPage
from domain.conference import Ready
from domain.errors import SlotTaken
from domain.events import Booked
from tests.adapters.postgres.spy import SpyPool
from tests.contract.store import keep, once_saved
from tests.support.builders import NOW, a_booking, a_host, a_page, an_event_type
from tests.support.postgres import KEY, StoreInPostgres

A_MINUTE = timedelta(minutes=1)
A_KEY = IdempotencyKey("scope", "key", "fingerprint")


class Nudges:
    def __init__(self) -> None:
        self.count = 0

    def __call__(self) -> None:
        self.count += 1


@pytest.fixture
def nudges() -> Nudges:
    return Nudges()


@pytest.fixture
def spy(postgres_store: StoreInPostgres) -> SpyPool:
    return SpyPool(postgres_store.pool)


@pytest.fixture
def begin(spy: SpyPool, nudges: Nudges) -> Begin:
    return PostgresStore(cast("Pool", spy), TokenVault([KEY]), nudges).begin


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
    await keep(postgres_store, booking, Work("create_meeting", booking.id, NOW), Work("stop_waiting", booking.id, NOW))
    claim = await the_claim(postgres_store, "create_meeting")

    async with begin() as uow:
        assert await uow.owed.take(claim)
        locked = await uow.bookings.lock(booking.id)
        assert locked is not None
        made, (created,) = meeting_created(locked, Ready("https://zoom.example/j/1"), NOW)
        uow.bookings.save(made, created)
        uow.owed.owe(*work_for(created, A_MINUTE))
        uow.owed.forgo("stop_waiting", booking.id)
        uow.owed.settle(claim)

    assert ["begin", "update", "select", "update", "insert", "insert", "delete", "with", "commit"] == spy.round_trips
    rows = await postgres_store.pool.fetch("select job from outbox order by job")
    assert ["mail_guest", "mail_host"] == [row["job"] for row in rows]


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


async def test_the_relay_is_nudged_once_work_is_stored(begin: Begin, nudges: Nudges) -> None:
    async with begin() as uow:
        uow.owed.owe(Work("mail_guest", "booking-1", NOW))
        assert 0 == nudges.count

    assert 1 == nudges.count


async def test_the_relay_is_not_nudged_by_what_is_not_stored(
    begin: Begin, nudges: Nudges, postgres_store: StoreInPostgres, page: BookingPage
) -> None:
    await keep(postgres_store, a_booking(page))

    with pytest.raises(SlotTaken):
        await book(begin, a_booking(page))

    assert 0 == nudges.count


@pytest.mark.parametrize(("owed_again", "expected"), [(False, 0), (True, 1)], ids=["done", "owed again"])
async def test_the_relay_is_nudged_by_a_settled_job_only_if_it_is_owed_again(
    begin: Begin, nudges: Nudges, postgres_store: StoreInPostgres, owed_again: bool, expected: int
) -> None:
    work = Work("mail_guest", "booking-1", NOW)
    await keep(postgres_store, work)
    claim = await the_claim(postgres_store, "mail_guest")
    if owed_again:
        await keep(postgres_store, work)

    async with begin() as uow:
        uow.owed.settle(claim)

    assert expected == nudges.count


async def test_the_relay_is_nudged_by_a_postponed_job(
    begin: Begin, nudges: Nudges, postgres_store: StoreInPostgres
) -> None:
    await keep(postgres_store, Work("mail_guest", "booking-1", NOW))
    claim = await the_claim(postgres_store, "mail_guest")

    async with begin() as uow:
        uow.owed.postpone(claim, NOW)

    assert 1 == nudges.count


async def test_work_owed_in_the_moment_in_which_it_is_settled_is_never_lost(postgres_store: StoreInPostgres) -> None:
    works = [Work("mail_guest", f"booking-{number}", NOW) for number in range(30)]
    await keep(postgres_store, *works)
    claims = await postgres_store.backlog.claim(30, A_MINUTE)

    await asyncio.gather(
        *(settle(postgres_store, claim) for claim in claims), *(keep(postgres_store, work) for work in works)
    )

    rows = await postgres_store.pool.fetch("select 1 from outbox where claim_id is null")
    assert 30 == len(rows)


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
        uow.bookings.add(booking, booked, work=work_for(booked, A_MINUTE), key=key)


def a_swap(page: BookingPage) -> BookingPage:
    one, other = page.event_types
    swapped = (replace(one, slug=other.slug), replace(other, slug=one.slug))
    return replace(page, event_types=swapped)


async def the_claim(store: StoreInPostgres, job: str) -> Claim:
    [claim] = [claim for claim in await store.backlog.claim(10, A_MINUTE) if claim.job == job]
    return claim


async def settle(store: StoreInPostgres, claim: Claim) -> None:
    async with store.begin() as uow:
        uow.owed.settle(claim)
