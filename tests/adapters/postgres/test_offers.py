"""An offer costs one round trip, whatever blocks its page."""

from typing import cast

import msgspec

from adapters.postgres.offers import PostgresOffers
from adapters.postgres.pool import Pool
from adapters.postgres.views import PostgresViews
from adapters.vault.tokens import TokenVault
from domain.booking_page import BookingPage
from domain.busy import CalendarRules
from tests.adapters.postgres.spy import SpyPool
from tests.support.builders import NOW, a_host, a_page, a_schedule, an_event_type
from tests.support.postgres import KEY, StoreInPostgres
from tests.support.store import keep
from tests.support.stored_calendars import MAYBE, NOON, SPAN, a_blocked_page, a_calendar_of, a_connection_of, put


async def test_an_offer_takes_one_round_trip_and_another_where_a_calendar_has_changed(
    postgres_store: StoreInPostgres,
) -> None:
    store, host = postgres_store, a_host()
    await keep(store, host)
    connection = a_connection_of(host)
    first, second = a_calendar_of(connection, NOON, MAYBE), a_calendar_of(connection, NOON, name="c2")
    await put(store, connection, first, second)
    page = await a_blocked_page(store, host, "c1", "c2")
    spy = SpyPool(store.pool)
    views = PostgresViews(cast("Pool", spy), TokenVault([KEY]))

    async def round_trips() -> int:
        spy.round_trips.clear()
        assert await views.offer(host.handle, page.slug, None, SPAN, NOW)
        return len(spy.round_trips)

    unknown, known = await round_trips(), await round_trips()
    ruled = msgspec.structs.replace(first, calendar=first.calendar.follows(CalendarRules(all_day="free")))
    async with store.begin() as uow:
        uow.calendars.save(ruled)
    changed, known_again = await round_trips(), await round_trips()

    assert (2, 1, 2, 1) == (unknown, known, changed, known_again)


async def test_a_page_and_its_schedule_are_offered_as_they_were_last_saved(postgres_store: StoreInPostgres) -> None:
    store, host = postgres_store, a_host()
    schedule = a_schedule(host, name="Mornings")
    page = msgspec.structs.replace(a_page(host, title="Talk"), schedule=schedule)
    await keep(store, host, schedule, page)

    async def offered() -> tuple[str, str | None]:
        offer = await store.views.offer(host.handle, page.slug, None, SPAN, NOW)
        assert offer is not None
        return offer.page.title, offer.page.schedule and offer.page.schedule.name

    before = await offered()
    async with store.begin() as uow:
        uow.pages.save(msgspec.structs.replace(page, title="Anew"))
    titled = await offered()
    async with store.begin() as uow:
        uow.schedules.save(msgspec.structs.replace(schedule, name="Evenings"))
    named = await offered()

    assert [("Talk", "Mornings"), ("Anew", "Mornings"), ("Anew", "Evenings")] == [before, titled, named]


async def test_pages_are_kept_by_their_size_so_that_large_ones_make_no_process_grow(
    postgres_store: StoreInPostgres,
) -> None:
    store, host = postgres_store, a_host()
    small, other = a_page(host, slug="small"), a_page(host, slug="other")
    large = a_page(host, *(an_event_type(slug=f"e{n}", description="x" * 1000) for n in range(20)), slug="large")
    await keep(store, host, small, other, large)
    offers = PostgresOffers(store.pool, TokenVault([KEY]), most_in_pages=10_000)

    async def read(page: BookingPage) -> BookingPage:
        found = await offers.public_page(host.handle, page.slug)
        assert found is not None
        return found.page

    first = await read(small)
    await read(other)
    assert await read(small) is first

    await read(large)
    assert await read(small) is not first
