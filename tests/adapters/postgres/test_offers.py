"""An offer costs one round trip, whatever blocks its page."""

from typing import cast

import msgspec

from adapters.postgres.pool import Pool
from adapters.postgres.views import PostgresViews
from adapters.vault.tokens import TokenVault
from domain.busy import CalendarRules
from tests.adapters.postgres.spy import SpyPool
from tests.contract.store import keep
from tests.contract.test_calendars_contract import (
    MAYBE,
    NOON,
    SPAN,
    a_blocked_page,
    a_calendar_of,
    a_connection_of,
    put,
)
from tests.support.builders import NOW, a_host, a_page, a_schedule
from tests.support.postgres import KEY, StoreInPostgres


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
