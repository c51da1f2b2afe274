"""A stored booking that means nothing to this release hides no other one of its host."""

from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from domain.events import Booked
from domain.slot import Slot
from tests.support.builders import NOW, TOMORROW_AT_TEN, a_booking, a_host, a_page
from tests.support.postgres import StoreInPostgres
from tests.support.store import keep

CONTRADICTS_ITSELF = "update bookings set changed_at = changed_at + interval '1 millisecond' where id = $1"
OF_A_LATER_RELEASE = """update bookings set conference = '{"status": "dreamt"}' where id = $1"""


@pytest.mark.parametrize("made_unreadable", [CONTRADICTS_ITSELF, OF_A_LATER_RELEASE])
async def test_lists_leave_out_a_booking_that_cant_be_read_and_say_so_in_the_log(
    postgres_store: StoreInPostgres, made_unreadable: str
) -> None:
    store, host = postgres_store, a_host()
    page = a_page(host)
    starts = [TOMORROW_AT_TEN + timedelta(hours=n) for n in range(3)]
    first, unreadable, last = bookings = [a_booking(page, start) for start in starts]
    await keep(store, host, page)
    async with store.begin() as uow:
        for each in bookings:
            uow.bookings.add(each, Booked(booking_id=each.id, at=NOW, conference=each.conference))
    await store.pool.execute(made_unreadable, unreadable.id)
    tomorrow = Slot(TOMORROW_AT_TEN, TOMORROW_AT_TEN + timedelta(days=1))

    with capture_logs() as logs:
        listed = await store.views.bookings(host.id, "upcoming", now=NOW, cursor=None, limit=2)
        after = await store.views.bookings(host.id, "upcoming", now=NOW, cursor=listed.next, limit=2)
        changed = await store.views.changed_since(host.id, NOW - timedelta(days=1), 10)
        occupying = await store.views.occupying(host.id, tomorrow, NOW)

    assert [first.id] == [each.booking.id for each in listed.items]
    assert [last.id] == [each.booking.id for each in after.items]
    assert {first.id, last.id} == {each.booking.id for each in changed}
    assert {first.id, last.id} == {each.id for each in occupying}
    assert [("booking_unreadable", unreadable.id)] * 3 == [(each["event"], each["booking_id"]) for each in logs]


async def test_the_time_of_a_booking_that_cant_be_read_isnt_offered(postgres_store: StoreInPostgres) -> None:
    store, host = postgres_store, a_host()
    page = a_page(host)
    unreadable = a_booking(page)
    await keep(store, host, page, unreadable)
    await store.pool.execute(OF_A_LATER_RELEASE, unreadable.id)

    offer = await store.views.offer(host.handle, page.slug, None, unreadable.slot, NOW)

    assert offer is not None
    assert [unreadable.occupied] == offer.busy
