"""Booking pages: what every store promises about them."""

import asyncio
from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest

from adapters.memory.clock import MemoryIds
from adapters.public_holidays.calculated import CalculatedHolidays
from application.actor import HostActor
from application.calendars.find_overlaps import FindOverlaps
from application.calendars.follow_page import FollowPage
from application.pages.edit_pages import RewritePage, SavedMeanwhile
from application.pages.page_edits import PageEdit
from application.ports.conflicts import Conflict, Taken
from application.schedules.public_holidays import CheckHolidays
from domain.availability import Availability, BookingRules, Hours, WeeklyHours
from domain.booking_page import SLUG_KEPT_FOR, BookingPage, Question
from domain.host import Host
from domain.ids import PageId
from tests.support.builders import (
    NOW,
    a_booking,
    a_host,
    a_page,
    an_event_type,
    at_the_harbour,
    phone_by_guest,
    phone_by_host,
    zoom,
)
from tests.support.store import APPLY, Store, a_unit_that_fails, keep, once_saved

AN_HOUR = timedelta(hours=1)


async def test_a_hosts_own_pages_are_counted(store: Store, host: Host) -> None:
    somebody_else = a_host()
    await keep(store, somebody_else, a_page(host, slug="one"), a_page(host, slug="two"), a_page(somebody_else))

    async with store.begin() as uow:
        assert 2 == await uow.pages.count(host.id)


async def test_a_page_comes_back_as_it_was_stored(store: Store, host: Host) -> None:
    page = a_page(
        host,
        an_event_type(
            slug="zum-kennenlernen",
            title="Kennenlernen – 見合い 🐟",
            duration=timedelta(minutes=45),
            meeting_types=(at_the_harbour, phone_by_guest),
            questions=(
                Question("q1", "¿Por qué?", "long_text", required=True),
                Question("q2", "Größe", "choice", choices=("S", "M", "“L”")),
            ),
        ),
        an_event_type(slug="all", title="The page’s own types"),
        title="Sprechstunde",
        description="Erste Zeile\n\nzweite: <b>nicht fett</b>",
        meeting_types=(phone_by_host, zoom),
        availability=Availability(
            WeeklyHours(mon=(Hours("09:00", "12:00"), Hours("13:00", "24:00"))),
            {date(2026, 12, 24): (), date(2026, 12, 27): (Hours("00:00", "06:30"),)},
        ),
        rules=BookingRules(
            minimum_notice=timedelta(hours=36),
            not_today=True,
            horizon_days=365,
            buffer_before=timedelta(minutes=5),
            buffer_after=timedelta(minutes=10),
            slot_interval=timedelta(minutes=15),
            daily_cap=3,
            max_per_guest=2,
        ),
        reminders=(timedelta(minutes=90), timedelta(minutes=5)),
        brand_color="#b4236f",
        confirm_guest_email=True,
        additional_guests_allowed=False,
        active=False,
        embedding=("https://example.com:8443", "http://localhost"),
    )

    await keep(store, page)

    assert page == await store.views.page(host.id, page.id)


async def test_a_page_can_do_without_reminders(store: Store, host: Host) -> None:
    page = a_page(host, reminders=())
    await keep(store, page)
    assert page == await store.views.page(host.id, page.id)

    changed = msgspec.structs.replace(page, reminders=(timedelta(days=2),))
    await save(store, changed)
    assert once_saved(changed) == await store.views.page(host.id, page.id)


async def test_a_page_can_go_back_to_the_products_own_colour(store: Store, host: Host) -> None:
    page = a_page(host, brand_color="#b4236f")
    await keep(store, page)

    plain = msgspec.structs.replace(page, brand_color=None)
    await save(store, plain)

    assert once_saved(plain) == await store.views.page(host.id, page.id)


async def test_pages_are_locked_read_and_listed_alike(store: Store, host: Host) -> None:
    one, other = a_page(host), a_page(host)
    somebody_else = a_host()
    await keep(store, one, other, somebody_else, a_page(somebody_else))

    async with store.begin() as uow:
        locked = await uow.pages.lock(host.id, one.id)
        read = await uow.pages.get(one.id)

    assert one == locked == read == await store.views.page(host.id, one.id)
    assert [one, other] == sorted(await store.views.pages(host.id), key=lambda page: page.id)


async def test_another_hosts_page_is_none(store: Store, page: BookingPage) -> None:
    stranger = a_host()
    await keep(store, stranger)

    async with store.begin() as uow:
        assert await uow.pages.lock(stranger.id, page.id) is None
    assert await store.views.page(stranger.id, page.id) is None
    assert [] == await store.views.pages(stranger.id)


async def test_an_unknown_page_is_none(store: Store, host: Host) -> None:
    nobodys = PageId("nobody’s")

    async with store.begin() as uow:
        assert await uow.pages.lock(host.id, nobodys) is None
        assert await uow.pages.get(nobodys) is None
    assert await store.views.page(host.id, nobodys) is None


async def test_a_page_is_saved_with_its_event_types_and_their_order(store: Store, host: Host) -> None:
    first, second, third = (an_event_type(slug=slug) for slug in ("first", "second", "third"))
    page = a_page(host, first, second)
    await keep(store, page)
    changed = msgspec.structs.replace(
        page,
        title="Новое имя",
        meeting_types=(),
        event_types=(third, msgspec.structs.replace(first, title="Longer", duration=AN_HOUR)),
    )

    await save(store, changed)

    assert once_saved(changed) == await store.views.page(host.id, page.id)


async def test_two_event_types_can_swap_their_slugs(store: Store, host: Host) -> None:
    one, other = an_event_type(slug="one"), an_event_type(slug="other")
    page = a_page(host, one, other)
    await keep(store, page)
    swapped = msgspec.structs.replace(
        page,
        event_types=(msgspec.structs.replace(one, slug="other"), msgspec.structs.replace(other, slug="one")),
    )

    await save(store, swapped)

    assert once_saved(swapped) == await store.views.page(host.id, page.id)


async def test_a_page_without_event_types_stays_one(store: Store, page: BookingPage) -> None:
    emptied = msgspec.structs.replace(page, event_types=())

    await save(store, emptied)

    assert once_saved(emptied) == await store.views.page(page.host_id, page.id)
    assert [once_saved(emptied)] == await store.views.pages(page.host_id)


async def test_a_host_has_each_slug_once(store: Store, page: BookingPage, host: Host) -> None:
    with pytest.raises(Taken) as refusal:
        await keep(store, a_page(host, slug=page.slug))

    assert "slug" == refusal.value.field


async def test_a_page_cannot_take_another_pages_slug(store: Store, page: BookingPage, host: Host) -> None:
    other = a_page(host)
    await keep(store, other)

    with pytest.raises(Taken) as refusal:
        await save(store, msgspec.structs.replace(other, slug=page.slug))

    assert "slug" == refusal.value.field
    assert other == await store.views.page(host.id, other.id)


async def test_two_hosts_may_use_the_same_slug(store: Store, page: BookingPage) -> None:
    somebody_else = a_host()
    same = a_page(somebody_else, slug=page.slug)

    await keep(store, somebody_else, same)

    assert same == await store.views.page(somebody_else.id, same.id)


async def test_of_ten_pages_that_take_a_slug_at_once_one_gets_it(store: Store, host: Host) -> None:
    async def add() -> bool:
        try:
            await keep(store, a_page(host, slug="wanted"))
        except Taken:
            return False
        return True

    added = await asyncio.gather(*(add() for _ in range(10)))

    assert 1 == added.count(True)


async def test_a_removed_page_is_gone_and_its_bookings_stay(store: Store, page: BookingPage) -> None:
    booking = a_booking(page)
    await keep(store, booking)

    async with store.begin() as uow:
        uow.pages.remove(page.host_id, page.id)

    assert await store.views.page(page.host_id, page.id) is None
    async with store.begin() as uow:
        assert booking == await uow.bookings.get(booking.id)


async def test_a_removed_pages_slug_is_free_again(store: Store, page: BookingPage, host: Host) -> None:
    another = a_page(host, slug=page.slug)

    async with store.begin() as uow:
        uow.pages.remove(host.id, page.id)
    await keep(store, another)

    assert another == await store.views.page(host.id, another.id)


async def test_another_hosts_page_cannot_be_removed(store: Store, page: BookingPage) -> None:
    stranger = a_host()
    await keep(store, stranger)

    async with store.begin() as uow:
        uow.pages.remove(stranger.id, page.id)

    assert page == await store.views.page(page.host_id, page.id)


async def test_nothing_of_a_page_changes_in_a_unit_that_fails(store: Store, page: BookingPage) -> None:
    async with a_unit_that_fails(store) as uow:
        uow.pages.save(msgspec.structs.replace(page, title="Something else", event_types=()))

    assert page == await store.views.page(page.host_id, page.id)


async def test_all_pages_of_a_host_are_locked_in_the_order_of_their_ids(store: Store, host: Host) -> None:
    stranger = a_host()
    pages = [a_page(host, slug="one"), a_page(host, slug="two")]
    await keep(store, stranger, *pages, a_page(stranger))

    async with store.begin() as uow:
        locked = await uow.pages.lock_all(host.id)
        for each in locked:
            uow.pages.save(msgspec.structs.replace(each, title="changed"))

    assert sorted(pages, key=lambda each: each.id) == locked
    assert ["changed", "changed"] == [each.title for each in await store.views.pages(host.id)]


async def test_no_change_of_a_locked_page_gets_lost(store: Store, page: BookingPage) -> None:
    async def add_an_event_type(number: int) -> None:
        async with store.begin() as uow:
            locked = await uow.pages.lock(page.host_id, page.id)
            assert locked is not None
            await uow.hosts.get(page.host_id)
            added = an_event_type(slug=f"event-{number}")
            uow.pages.save(msgspec.structs.replace(locked, event_types=(*locked.event_types, added)))

    await asyncio.gather(*map(add_an_event_type, range(10)))

    changed = await store.views.page(page.host_id, page.id)
    assert changed is not None
    assert 11 == len(changed.event_types)


async def test_a_host_is_told_of_refusals_once_an_hour(store: Store, page: BookingPage) -> None:
    told = [
        await may_tell_refusal(store, page, after=after)
        for after in (timedelta(0), timedelta(minutes=1), timedelta(minutes=59), AN_HOUR, timedelta(minutes=61))
    ]

    assert [True, False, False, True, False] == told


async def test_a_host_is_told_of_refusals_for_each_page(store: Store, page: BookingPage, host: Host) -> None:
    other = a_page(host)
    await keep(store, other)

    assert await may_tell_refusal(store, page)
    assert await may_tell_refusal(store, other)


async def test_of_ten_refusals_at_once_the_host_is_told_of_one(store: Store, page: BookingPage) -> None:
    told = await asyncio.gather(*(may_tell_refusal(store, page) for _ in range(10)))

    assert 1 == told.count(True)


async def test_a_unit_that_fails_has_told_nobody(store: Store, page: BookingPage) -> None:
    async with a_unit_that_fails(store) as uow:
        assert await uow.pages.may_tell_refusal(page.id, NOW)

    assert await may_tell_refusal(store, page)


async def test_nobody_is_told_of_refusals_on_a_page_that_is_gone(store: Store, page: BookingPage) -> None:
    async with store.begin() as uow:
        uow.pages.remove(page.host_id, page.id)

    assert not await may_tell_refusal(store, page)


async def test_of_ten_editors_who_read_the_same_version_one_saves(store: Store, page: BookingPage) -> None:
    async def retitle(number: int) -> type[Exception] | None:
        try:
            await save(store, msgspec.structs.replace(page, title=f"Title {number}", event_types=()))
        except Conflict:
            return Conflict
        return None

    outcomes = await asyncio.gather(*map(retitle, range(10)))

    winner = outcomes.index(None)
    assert (1, 9) == (outcomes.count(None), outcomes.count(Conflict))
    saved = await store.views.page(page.host_id, page.id)
    assert saved is not None
    assert (f"Title {winner}", page.version + 1) == (saved.title, saved.version)


async def test_of_two_editors_who_save_at_once_one_wins_and_the_other_sees_both(
    store: Store, page: BookingPage
) -> None:
    actor = HostActor(page.host_id)
    follow = FollowPage(FindOverlaps(lambda: NOW, APPLY), lambda: NOW)
    holidays = CheckHolidays(CalculatedHolidays())
    rewrite = RewritePage(store.begin, store.views, store.views, MemoryIds(), frozenset(), holidays, follow)

    async def editor(title: str) -> str | SavedMeanwhile:
        try:
            return (await rewrite(actor, page.id, PageEdit(title=title), (), version=page.version)).title
        except SavedMeanwhile as conflict:
            return conflict

    outcomes = await asyncio.gather(editor("Anna's"), editor("Ben's"))

    [winner] = [each for each in outcomes if isinstance(each, str)]
    [conflict] = [each for each in outcomes if isinstance(each, SavedMeanwhile)]
    stored = await store.views.page(page.host_id, page.id)
    assert stored == conflict.theirs
    assert winner == conflict.theirs.title
    assert {"Anna's", "Ben's"} == {conflict.mine.title, winner}


async def test_a_page_that_was_removed_meanwhile_is_not_saved(store: Store, page: BookingPage) -> None:
    async with store.begin() as uow:
        uow.pages.remove(page.host_id, page.id)

    with pytest.raises(Conflict):
        async with store.begin() as uow:
            uow.pages.save(page)

    assert await store.views.page(page.host_id, page.id) is None


async def save(store: Store, page: BookingPage) -> None:
    async with store.begin() as uow:
        assert await uow.pages.lock(page.host_id, page.id) is not None
        uow.pages.save(page)


async def may_tell_refusal(store: Store, page: BookingPage, *, after: timedelta = timedelta(0)) -> bool:
    async with store.begin() as uow:
        told = await uow.pages.may_tell_refusal(page.id, NOW + after)
        await uow.hosts.get(page.host_id)
        return told


async def test_slugs_that_were_left_lead_to_the_page_and_its_event_type(store: Store, host: Host) -> None:
    page = a_page(host, an_event_type(slug="call"), slug="intro")
    await keep(store, page)
    renamed = msgspec.structs.replace(page.event_types[0], slug="talk")
    async with store.begin() as uow:
        uow.pages.save(msgspec.structs.replace(page, slug="hello", event_types=(renamed,)))
    today = datetime.now(UTC)

    async def present(*path: str | None, at: datetime = today) -> tuple[str, ...] | None:
        page_slug, event_type = path
        return await store.views.present_slugs(host.handle, page_slug or "", event_type, at)

    assert ("hello",) == await present("intro", None)
    assert [("hello", "talk")] * 2 == [await present(each, "call") for each in ("intro", "hello")]
    assert ("hello", "nothing") == await present("intro", "nothing")
    assert await present("nothing", None) is None
    assert await present("intro", None, at=today + 2 * SLUG_KEPT_FOR) is None
    assert ("hello", "call") == await present("hello", "call", at=today + 2 * SLUG_KEPT_FOR)


async def test_another_page_of_the_host_can_take_a_slug_that_was_left(store: Store, host: Host) -> None:
    page = a_page(host, slug="intro")
    await keep(store, page)
    async with store.begin() as uow:
        uow.pages.save(msgspec.structs.replace(page, slug="hello"))

    await keep(store, a_page(host, slug="intro"))

    assert ("intro",) == await store.views.present_slugs(host.handle, "intro", None, datetime.now(UTC))
