"""Hours that pages share: what every store promises about them."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import msgspec
import pytest

from application.ports.conflicts import Conflict, Taken
from application.ports.schedules import ScheduleGone, ScheduleUsed
from domain.availability import NINE_TO_FIVE, Availability, WeeklyHours
from domain.booking_page import BookingPage
from domain.host import Host
from domain.schedule import Schedule
from domain.slot import Slot
from tests.support.builders import NOW, a_host, a_page, a_schedule
from tests.support.store import Store, keep, once_saved

WINTER = Availability(WeeklyHours(tue=NINE_TO_FIVE), {date(2026, 12, 24): ()})


def using(schedule: Schedule, host: Host) -> BookingPage:
    return msgspec.structs.replace(a_page(host), schedule=schedule)


async def test_a_schedule_comes_back_as_it_was_stored(store: Store, host: Host) -> None:
    schedule = a_schedule(host, name="Winter ❄", availability=WINTER, timezone="Asia/Kathmandu")

    await keep(store, schedule)

    assert [schedule] == await store.views.schedules(host.id)


async def test_schedules_are_listed_by_their_names(store: Store, host: Host) -> None:
    second, first = a_schedule(host, name="Winter"), a_schedule(host, name="Summer")
    other = a_host()

    await keep(store, other, second, first, a_schedule(other))

    assert [first, second] == await store.views.schedules(host.id)
    async with store.begin() as uow:
        assert 2 == await uow.schedules.count(host.id)


async def test_a_saved_schedule_counts_on_every_page_that_uses_it(store: Store, host: Host) -> None:
    schedule = a_schedule(host)
    pages = [using(schedule, host), using(schedule, host)]
    await keep(store, schedule, *pages)
    changed = msgspec.structs.replace(schedule, name="Winter", availability=WINTER, timezone="Asia/Kathmandu")

    async with store.begin() as uow:
        uow.schedules.save(changed)

    expected = [msgspec.structs.replace(each, schedule=once_saved(changed)) for each in pages]
    assert expected == await store.views.pages(host.id)
    within = Slot.lasting(timedelta(days=1), NOW)
    offer = await store.views.offer(host.handle, pages[0].slug, None, within, NOW)
    public = await store.views.public_page(host.handle, pages[0].slug)
    assert offer
    assert public
    assert expected[0] == offer.page == public.page
    assert ZoneInfo("Asia/Kathmandu") == offer.page.working_hours(host).zone


async def test_a_page_keeps_its_own_hours_beside_those_of_a_schedule(store: Store, host: Host) -> None:
    schedule = a_schedule(host)
    page = msgspec.structs.replace(a_page(host), availability=WINTER, schedule=schedule)
    await keep(store, schedule, page)

    async with store.begin() as uow:
        locked = await uow.pages.lock(host.id, page.id)
        assert locked == page
        uow.pages.save(msgspec.structs.replace(page, schedule=None))

    assert (await store.views.pages(host.id))[0].hours == WINTER


async def test_a_schedule_in_use_stays(store: Store, host: Host) -> None:
    schedule = a_schedule(host)
    await keep(store, schedule, using(schedule, host))

    with pytest.raises(ScheduleUsed):
        async with store.begin() as uow:
            uow.schedules.remove(host.id, schedule.id)

    assert [schedule] == await store.views.schedules(host.id)


async def test_only_its_host_locks_and_removes_a_schedule(store: Store, host: Host) -> None:
    other = a_host()
    schedule = a_schedule(other)
    await keep(store, other, schedule)

    async with store.begin() as uow:
        assert await uow.schedules.lock(host.id, schedule.id) is None
        uow.schedules.remove(host.id, schedule.id)
    assert [schedule] == await store.views.schedules(other.id)

    async with store.begin() as uow:
        assert schedule == await uow.schedules.lock(other.id, schedule.id)
        uow.schedules.remove(other.id, schedule.id)
    assert [] == await store.views.schedules(other.id)


async def test_no_page_uses_a_schedule_that_is_gone_or_another_hosts(store: Store, host: Host) -> None:
    other = a_host()
    gone, theirs = a_schedule(host), a_schedule(other)
    await keep(store, other, theirs)

    for each in (gone, theirs):
        with pytest.raises(ScheduleGone):
            await keep(store, using(each, host))


async def test_the_second_of_two_saves_is_refused(store: Store, host: Host) -> None:
    schedule = a_schedule(host)
    await keep(store, schedule)
    async with store.begin() as uow:
        uow.schedules.save(schedule)

    with pytest.raises(Conflict):
        async with store.begin() as uow:
            uow.schedules.save(schedule)


async def test_a_host_has_a_name_once(store: Store, host: Host) -> None:
    other = a_host()
    schedule = a_schedule(host, name="Winter")
    await keep(store, other, schedule, a_schedule(other, name="Winter"))

    with pytest.raises(Taken, match="name"):
        await keep(store, a_schedule(host, name="Winter"))


async def test_an_erased_account_takes_its_schedules_along(store: Store, host: Host) -> None:
    schedule = a_schedule(host)
    await keep(store, schedule, using(schedule, host))

    async with store.begin() as uow:
        uow.accounts.erase(host.id, NOW)

    assert [] == await store.views.schedules(host.id)
