"""Bookings: what every store promises about keeping them apart, whole and in order."""

import asyncio
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import msgspec
import pytest

from application.ports.booking_search import BookedEntry
from application.ports.conflicts import Conflict
from application.ports.idempotency_keys import IdempotencyKey, KeyTaken
from domain.booking import Booking, Cancellation, ErasedGuest, Move, Overlap, cancel, reschedule
from domain.booking_page import Answer, BookingPage
from domain.calendar_entry import CalendarEntry, EntryContent, RemoteEntry, written
from domain.calendar_problem import ServerRefused
from domain.conference import Conference, Failed, Failure, NoConference, Pending, Ready
from domain.errors import SlotTaken
from domain.events import Cancelled
from domain.fallback import MeetingTypeUnusable
from domain.ids import BookingId, CalendarId, GuestToken, HostId
from domain.meeting_type import GoogleMeet, MeetingType, MicrosoftTeams, Obstacle
from domain.provider_problem import DailyLimitReached, GrantEnded, NothingConnected
from domain.slot import Slot
from tests.support.builders import (
    A_DAY,
    HALF_AN_HOUR,
    NOW,
    TOMORROW_AT_TEN,
    a_booking,
    a_host,
    a_page,
    altered,
    at_the_harbour,
    phone_by_guest,
    phone_by_host,
    token_of,
    zoe,
    zoom,
)
from tests.support.store import Store, a_unit_that_fails, keep, once_saved

TEN_MINUTES = timedelta(minutes=10)
AN_HOUR = timedelta(hours=1)
A_MINUTE = timedelta(minutes=1)


def an_entry(calendar: str = "work") -> CalendarEntry:
    slot = Slot.lasting(AN_HOUR, TOMORROW_AT_TEN)
    content = EntryContent(slot, "Zoë – Intro", "https://meet.example/1", "“Ça va”")
    return CalendarEntry(
        calendar_id=CalendarId(calendar),
        owed_since=NOW,
        state="moved_in_calendar",
        generation=2,
        tried=(slot,),
        written=written(RemoteEntry("id/ü", '"7"', slot, "https://calendar.example/1"), content),
        problem=ServerRefused(507),
        moved_to=slot,
        changed_at=NOW,
    )


async def test_a_booking_comes_back_as_it_was_stored(store: Store, page: BookingPage) -> None:
    full = altered(
        a_booking(
            page, guest=zoe, answers=(Answer("¿Qué tal?", "Ça va – 元気です 👍\nund gut"), Answer("“2”", "'; --"))
        ),
        host_timezone="Australia/Lord_Howe",
        requested="zoom",
        meeting_type=phone_by_guest,
        fallback=MeetingTypeUnusable(Obstacle("not-connected", "zoom")),
        revision=3,
        created_at=datetime(2026, 2, 28, 23, 59, 59, 123456, tzinfo=UTC),
        changed_at=datetime(2026, 3, 1, 0, 0, 1, tzinfo=UTC),
        buffer_before=timedelta(minutes=5),
        buffer_after=timedelta(hours=24),
        cancellation=Cancellation("guest", datetime(2026, 3, 2, 1, 2, 3, 456789, tzinfo=UTC), "Krank – 病気"),
        move=Move("host", datetime(2026, 3, 29, 1, 30, tzinfo=UTC), "“Flug”"),
        entry=an_entry(),
        reminders=(timedelta(hours=25, minutes=1), timedelta(hours=1)),
        unreached=("host", "guest"),
        overlaps=(Overlap(CalendarId("c"), Slot.lasting(A_MINUTE, NOW), NOW, is_over=True),),
    )
    held = a_booking(page, TOMORROW_AT_TEN + A_DAY, held_until=datetime(2026, 3, 1, 0, 15, 1, 5, tzinfo=UTC))

    await keep(store, full, held)

    assert [full, held] == [await found(store, each.id) for each in (full, held)]


@pytest.mark.parametrize(
    ("meeting_type", "conference"),
    [
        (phone_by_guest, NoConference()),
        (zoom, Pending("zoom")),
        (GoogleMeet(), Pending("google", 3, 1, NOW, Failure("daily-limit", DailyLimitReached("google", NOW)))),
        (zoom, Ready("https://zoom.example/j/1?pwd=%C3%A4%20b#", "123 4567 8901", "tüna", "zoom")),
        (zoom, Ready("https://by-hand.example/")),
        (zoom, Failed(Failure("not-connected", NothingConnected("zoom")))),
    ],
    ids=lambda each: type(each).__name__,
)
async def test_every_kind_of_conference_comes_back(
    store: Store, page: BookingPage, meeting_type: MeetingType, conference: Conference
) -> None:
    booking = a_booking(page, meeting_type=meeting_type, conference=conference)

    await keep(store, booking)

    assert booking == await found(store, booking.id)


@pytest.mark.parametrize(
    "meeting_type",
    [zoom, GoogleMeet(), MicrosoftTeams(), phone_by_host, phone_by_guest, at_the_harbour],
    ids=lambda each: type(each).__name__,
)
async def test_every_meeting_type_comes_back(store: Store, page: BookingPage, meeting_type: MeetingType) -> None:
    booking = a_booking(page, meeting_type=meeting_type)

    await keep(store, booking)

    assert booking == await found(store, booking.id)


async def test_an_unknown_booking_is_none(store: Store) -> None:
    nobodys = BookingId("nobody’s")
    async with store.begin() as uow:
        assert await uow.bookings.get(nobodys) is None
        assert await uow.bookings.lock(nobodys) is None


async def test_nothing_is_stored_of_a_unit_that_fails(store: Store, page: BookingPage) -> None:
    kept, dropped = a_booking(page), a_booking(page, TOMORROW_AT_TEN + timedelta(hours=1))
    await keep(store, kept)

    async with a_unit_that_fails(store) as uow:
        locked = await uow.bookings.lock(kept.id)
        assert locked is not None
        uow.bookings.save(msgspec.structs.replace(locked, title="Something else"))
        uow.bookings.add(dropped)

    assert kept == await found(store, kept.id)
    assert await found(store, dropped.id) is None


async def test_one_refused_booking_takes_the_rest_of_its_unit_with_it(store: Store, page: BookingPage) -> None:
    taken = a_booking(page)
    await keep(store, taken)
    free = a_booking(page, TOMORROW_AT_TEN + timedelta(hours=1))

    with pytest.raises(SlotTaken):
        await keep(store, free, a_booking(page))

    assert await found(store, free.id) is None


async def test_of_twenty_bookings_of_one_time_on_two_pages_one_is_stored(store: Store, page: BookingPage) -> None:
    other_page = a_page(a_host())
    other_page = msgspec.structs.replace(other_page, host_id=page.host_id)
    await keep(store, other_page)
    wanted = [a_booking(each) for _ in range(10) for each in (page, other_page)]

    outcomes = await at_once(store, wanted)

    assert {None: 1, SlotTaken: 19} == outcomes
    assert 1 == len([each for each in wanted if await found(store, each.id)])


async def test_of_twenty_overlapping_bookings_no_two_that_are_stored_overlap(store: Store, page: BookingPage) -> None:
    wanted = [a_booking(page, TOMORROW_AT_TEN + TEN_MINUTES * step) for step in range(20)]

    outcomes = await at_once(store, wanted)

    stored = [each.slot for each in wanted if await found(store, each.id)]
    assert {None: len(stored), SlotTaken: 20 - len(stored)} == outcomes
    # So few if every other one that is stored is as far away as it can be, so many if they touch.
    assert 4 <= len(stored) <= 7
    assert not [pair for pair in pairwise(stored) if pair[0].overlaps(pair[1])]


@pytest.mark.parametrize(
    ("begins", "ends"),
    [
        (timedelta(0), timedelta(0)),
        (TEN_MINUTES, -TEN_MINUTES),
        (-TEN_MINUTES, TEN_MINUTES),
        (-TEN_MINUTES, -TEN_MINUTES),
        (TEN_MINUTES, TEN_MINUTES),
        (timedelta(microseconds=1) - HALF_AN_HOUR, timedelta(microseconds=1) - HALF_AN_HOUR),
    ],
    ids=["the same time", "within", "around", "before and into", "into and after", "a microsecond"],
)
async def test_two_bookings_of_a_host_cannot_overlap(
    store: Store, page: BookingPage, begins: timedelta, ends: timedelta
) -> None:
    first = a_booking(page)
    await keep(store, first)
    start, end = first.slot.start + begins, first.slot.end + ends

    with pytest.raises(SlotTaken):
        await keep(store, a_booking(page, start, duration=end - start))


async def test_bookings_may_follow_one_another_without_a_gap(store: Store, page: BookingPage) -> None:
    bookings = [a_booking(page, TOMORROW_AT_TEN + HALF_AN_HOUR * step) for step in (1, 0, 2)]

    await keep(store, *bookings)

    assert bookings == [await found(store, each.id) for each in bookings]


async def test_a_buffer_before_keeps_the_booking_before_away(store: Store, page: BookingPage) -> None:
    await keep(store, a_booking(page, buffer_before=TEN_MINUTES))

    with pytest.raises(SlotTaken):
        await keep(store, a_booking(page, TOMORROW_AT_TEN - HALF_AN_HOUR))


async def test_a_buffer_after_keeps_the_booking_after_away(store: Store, page: BookingPage) -> None:
    await keep(store, a_booking(page, buffer_after=TEN_MINUTES))

    with pytest.raises(SlotTaken):
        await keep(store, a_booking(page, TOMORROW_AT_TEN + HALF_AN_HOUR))


async def test_the_buffers_of_two_bookings_add_up(store: Store, page: BookingPage) -> None:
    await keep(store, a_booking(page, buffer_after=TEN_MINUTES))
    fifteen_later = TOMORROW_AT_TEN + HALF_AN_HOUR + timedelta(minutes=15)
    twenty_later = TOMORROW_AT_TEN + HALF_AN_HOUR + timedelta(minutes=20)

    with pytest.raises(SlotTaken):
        await keep(store, a_booking(page, fifteen_later, buffer_before=TEN_MINUTES))

    await keep(store, a_booking(page, twenty_later, buffer_before=TEN_MINUTES))


async def test_two_hosts_can_be_booked_at_the_same_time(store: Store, page: BookingPage) -> None:
    somebody_else = a_host()
    other_page = a_page(somebody_else)
    mine, theirs = a_booking(page), a_booking(other_page)

    await keep(store, somebody_else, other_page, mine, theirs)

    assert theirs == await found(store, theirs.id)


async def test_a_cancelled_booking_frees_its_time(store: Store, page: BookingPage) -> None:
    booking, another = a_booking(page), a_booking(page)
    await keep(store, booking)

    async with store.begin() as uow:
        uow.bookings.save(cancel(booking, "guest", "", NOW).booking)
    await keep(store, another)

    assert another == await found(store, another.id)


async def test_a_cancelled_booking_cannot_come_back_to_a_time_taken_since(store: Store, page: BookingPage) -> None:
    booking = a_booking(page)
    await keep(store, booking)
    async with store.begin() as uow:
        uow.bookings.save(cancel(booking, "guest", "", NOW).booking)
    await keep(store, a_booking(page))

    with pytest.raises(SlotTaken):
        async with store.begin() as uow:
            uow.bookings.save(once_saved(booking))


async def test_a_booking_moves_to_a_free_time_and_frees_its_old_one(store: Store, page: BookingPage) -> None:
    booking, another = a_booking(page), a_booking(page)
    await keep(store, booking)
    moved, (event,) = reschedule(booking, an_hour_after(booking.slot), "guest", NOW)

    async with store.begin() as uow:
        uow.bookings.save(moved, event)
    await keep(store, another)

    assert once_saved(moved) == await found(store, booking.id)


async def test_a_booking_may_move_into_the_time_that_it_occupies_itself(store: Store, page: BookingPage) -> None:
    booking = a_booking(page, buffer_before=TEN_MINUTES, buffer_after=TEN_MINUTES)
    await keep(store, booking)
    moved, (event,) = reschedule(booking, booking.slot.padded(-TEN_MINUTES, TEN_MINUTES), "host", NOW)

    async with store.begin() as uow:
        uow.bookings.save(moved, event)

    assert once_saved(moved) == await found(store, booking.id)


async def test_a_booking_cannot_move_into_another(store: Store, page: BookingPage) -> None:
    booking, another = a_booking(page), a_booking(page, TOMORROW_AT_TEN + timedelta(hours=1))
    await keep(store, booking, another)
    moved, (event,) = reschedule(booking, another.slot, "guest", NOW)

    with pytest.raises(SlotTaken):
        async with store.begin() as uow:
            uow.bookings.save(moved, event)

    assert booking == await found(store, booking.id)


async def test_of_ten_bookings_that_move_to_one_time_one_gets_there(store: Store, page: BookingPage) -> None:
    bookings = [a_booking(page, TOMORROW_AT_TEN + timedelta(hours=step)) for step in range(10)]
    await keep(store, *bookings)
    wanted = Slot.lasting(HALF_AN_HOUR, TOMORROW_AT_TEN + timedelta(days=7))

    async def move(booking: Booking) -> type[Exception] | None:
        try:
            async with store.begin() as uow:
                locked = await uow.bookings.lock(booking.id)
                assert locked is not None
                uow.bookings.save(reschedule(locked, wanted, "guest", NOW).booking)
        except SlotTaken:
            return SlotTaken
        return None

    outcomes = await asyncio.gather(*map(move, bookings))

    assert (1, 9) == (outcomes.count(None), outcomes.count(SlotTaken))


async def test_a_key_is_stored_once(store: Store, page: BookingPage) -> None:
    key = IdempotencyKey("page-1/intro", "clé-🔑", "fingerprint")
    await submit(store, a_booking(page), key)

    with pytest.raises(KeyTaken):
        await submit(store, a_booking(page, TOMORROW_AT_TEN + timedelta(hours=1)), key)


async def test_a_submit_that_comes_twice_is_stored_once(store: Store, page: BookingPage) -> None:
    key = IdempotencyKey("page-1/intro", "twice", "fingerprint")
    once, twice = a_booking(page), a_booking(page)
    await submit(store, once, key)

    # It is in its own way as well, and which of the two it is told of is nobody's promise.
    with pytest.raises((KeyTaken, SlotTaken)):
        await submit(store, twice, key)

    assert (once, None) == (await found(store, once.id), await found(store, twice.id))


async def test_the_key_of_a_change_is_stored_once(store: Store, page: BookingPage) -> None:
    key, booking = IdempotencyKey("host-1", "change", "fingerprint"), a_booking(page)
    await keep(store, booking)
    await change_under(store, key, booking)

    with pytest.raises(KeyTaken):
        await change_under(store, key, booking)


async def test_the_same_key_in_another_scope_is_another_key(store: Store, page: BookingPage) -> None:
    later = a_booking(page, TOMORROW_AT_TEN + timedelta(hours=1))
    await submit(store, a_booking(page), IdempotencyKey("page-1/intro", "key", "fingerprint"))

    await submit(store, later, IdempotencyKey("page-2/intro", "key", "fingerprint"))

    assert later == await found(store, later.id)


async def test_a_refused_submit_leaves_its_key_unused(store: Store, page: BookingPage) -> None:
    key = IdempotencyKey("page-1/intro", "second try", "fingerprint")
    await keep(store, a_booking(page))
    later = a_booking(page, TOMORROW_AT_TEN + timedelta(hours=1))

    with pytest.raises(SlotTaken):
        await submit(store, a_booking(page), key)
    await submit(store, later, key)

    assert later == await found(store, later.id)


async def test_of_twenty_submits_with_one_key_at_once_one_is_stored(store: Store, page: BookingPage) -> None:
    key = IdempotencyKey("page-1/intro", "impatient", "fingerprint")
    wanted = [a_booking(page, TOMORROW_AT_TEN + HALF_AN_HOUR * number) for number in range(20)]

    outcomes = await at_once(store, wanted, key)

    by_key = await store.views.booking_by_key(key.scope, key.key)
    assert {None: 1, KeyTaken: 19} == outcomes
    assert by_key is not None
    assert [by_key[0].booking] == [each for each in wanted if await found(store, each.id)]


async def test_of_twenty_equal_submits_at_once_one_is_stored(store: Store, page: BookingPage) -> None:
    key = IdempotencyKey("page-1/intro", "very impatient", "fingerprint")
    wanted = [a_booking(page) for _ in range(20)]

    outcomes = await at_once(store, wanted, key)

    by_key = await store.views.booking_by_key(key.scope, key.key)
    assert 1 == outcomes[None]
    assert by_key is not None
    assert [by_key[0].booking] == [each for each in wanted if await found(store, each.id)]


async def test_whoever_locks_a_booking_second_waits_until_the_first_unit_has_ended(
    store: Store, page: BookingPage
) -> None:
    booking = a_booking(page)
    await keep(store, booking)
    order: list[str] = []
    second_is_under_way = asyncio.Event()

    async def second() -> Booking | None:
        async with store.begin() as uow:
            second_is_under_way.set()
            locked = await uow.bookings.lock(booking.id)
            order.append("second")
            return locked

    async with store.begin() as uow:
        locked = await uow.bookings.lock(booking.id)
        assert locked is not None
        waiting = asyncio.create_task(second())
        await second_is_under_way.wait()
        for _ in range(10):
            await store.views.booking(page.host_id, booking.id)
        order.append("first")
        cancelled, (event,) = cancel(locked, "host", "", NOW)
        uow.bookings.save(cancelled, event)

    assert once_saved(cancelled) == await waiting
    assert ["first", "second"] == order


async def test_no_change_of_a_locked_booking_gets_lost(store: Store, page: BookingPage) -> None:
    booking = a_booking(page)
    await keep(store, booking)

    async def revise() -> None:
        async with store.begin() as uow:
            locked = await uow.bookings.lock(booking.id)
            assert locked is not None
            await uow.hosts.get(locked.host_id)
            uow.bookings.save(altered(locked, revision=locked.revision + 1))

    await asyncio.gather(*(revise() for _ in range(10)))

    revised = await found(store, booking.id)
    assert revised is not None
    assert 10 == revised.revision


async def test_units_that_lock_several_bookings_at_once_come_one_after_the_other(
    store: Store, page: BookingPage
) -> None:
    bookings = a_booking(page), a_booking(page, TOMORROW_AT_TEN + AN_HOUR)
    ids = [each.id for each in bookings]
    await keep(store, *bookings)

    async def revise(*booking_ids: BookingId) -> None:
        async with store.begin() as uow:
            for locked in await uow.bookings.lock_all(booking_ids):
                uow.bookings.save(altered(locked, revision=locked.revision + 1))

    gone = BookingId("gone")
    await asyncio.gather(*(revise(*each, gone) for each in 3 * [ids, ids[::-1]]))

    revised = [await found(store, each) for each in ids]
    assert [6, 6] == [each and each.revision for each in revised]


async def test_a_change_of_a_booking_that_was_changed_since_it_was_read_is_refused(
    store: Store, page: BookingPage
) -> None:
    booking = a_booking(page)
    await keep(store, booking)
    cancelled, (by_guest,) = cancel(booking, "guest", "", NOW)
    async with store.begin() as uow:
        uow.bookings.save(cancelled, by_guest)

    with pytest.raises(Conflict):
        async with store.begin() as uow:
            uow.bookings.save(reschedule(booking, an_hour_after(booking.slot), "host", NOW).booking)

    view = await store.views.booking(page.host_id, booking.id)
    assert view is not None
    assert once_saved(cancelled) == view.booking
    assert ["cancelled"] == [entry.what for entry in view.timeline]


async def test_a_unit_that_fails_lets_go_of_what_it_has_locked(store: Store, page: BookingPage) -> None:
    booking = a_booking(page)
    await keep(store, booking)
    async with a_unit_that_fails(store) as uow:
        await uow.bookings.lock(booking.id)

    async with store.begin() as uow:
        assert booking == await uow.bookings.lock(booking.id)


async def test_two_bookings_never_share_a_guests_link(store: Store, page: BookingPage) -> None:
    one = a_booking(page)
    other = altered(a_booking(page, TOMORROW_AT_TEN + timedelta(hours=1)), token=GuestToken("somebody else’s"))

    await keep(store, one, other)

    by_token = [await store.views.booking_for(token_of(each)) for each in (one, other)]
    assert [one, other] == [view.booking for view in by_token if view]


async def test_a_guests_link_finds_and_locks_its_booking_and_no_other(store: Store, page: BookingPage) -> None:
    mine, other = a_booking(page), a_booking(page, TOMORROW_AT_TEN + AN_HOUR)
    await keep(store, mine, other)

    async with store.begin() as uow:
        assert mine == await uow.bookings.of_guest(token_of(mine))
        assert mine == await uow.bookings.lock_of_guest(token_of(mine))


@pytest.mark.parametrize("made_up", ["", "🐟", "\0", "\ud800", "booking-000001"])
async def test_a_made_up_link_finds_no_booking(store: Store, page: BookingPage, made_up: str) -> None:
    await keep(store, a_booking(page))

    async with store.begin() as uow:
        assert await uow.bookings.of_guest(GuestToken(made_up)) is None
        assert await uow.bookings.lock_of_guest(GuestToken(made_up)) is None


async def test_a_booking_locked_by_its_guests_link_can_be_saved(store: Store, page: BookingPage) -> None:
    booking = a_booking(page)
    await keep(store, booking)

    async with store.begin() as uow:
        locked = await uow.bookings.lock_of_guest(token_of(booking))
        assert locked is not None
        uow.bookings.save(cancel(locked, "guest", "", NOW).booking)

    async with store.begin() as uow:
        found = await uow.bookings.of_guest(token_of(booking))
    assert found is not None
    assert "cancelled" == found.status


async def test_whoever_locks_by_the_guests_link_waits_for_whoever_holds_the_booking(
    store: Store, page: BookingPage
) -> None:
    booking = a_booking(page)
    await keep(store, booking)
    seen: list[str] = []

    async def looks_by_link() -> None:
        async with store.begin() as uow:
            locked = await uow.bookings.lock_of_guest(token_of(booking))
            assert locked is not None
            seen.append(locked.status)

    async with store.begin() as uow:
        held = await uow.bookings.lock(booking.id)
        assert held is not None
        waiting = asyncio.create_task(looks_by_link())
        uow.bookings.save(cancel(held, "host", "", NOW).booking)
    await waiting

    assert ["cancelled"] == seen


async def test_bookings_whose_guests_are_due_to_be_erased_come_oldest_first(store: Store, page: BookingPage) -> None:
    ended = [a_booking(page, NOW - days * A_DAY) for days in (1, 3, 2)]
    last_end = ended[0].slot.end
    gone = msgspec.structs.replace(a_booking(page, NOW - 4 * A_DAY), guest=ErasedGuest("UTC"))
    await keep(store, *ended, gone, a_booking(page))

    async with store.begin() as uow:
        assert (ended[1].id, ended[2].id, ended[0].id) == await uow.booking_search.with_old_guests(last_end, 9)
        assert (ended[1].id,) == await uow.booking_search.with_old_guests(last_end, 1)
        assert () == await uow.booking_search.with_old_guests(ended[1].slot.end - A_MINUTE, 9)


async def test_a_forgotten_guest_leaves_what_happened_without_their_words_and_no_submit(
    store: Store, page: BookingPage
) -> None:
    booking, others = a_booking(page), a_booking(page, TOMORROW_AT_TEN + AN_HOUR)
    await keep(store, others)
    async with store.begin() as uow:
        uow.bookings.add(booking, key=IdempotencyKey("scope", "key", "fingerprint"))
    for each, reason in ((booking, "I am ill"), (others, "So am I")):
        async with store.begin() as uow:
            decision = cancel(each, "guest", reason, NOW)
            uow.bookings.save(decision.booking, *decision.events)

    async with store.begin() as uow:
        await uow.bookings.lock(booking.id)
        await uow.bookings.forget_guest(booking.id)

    views = [await store.views.booking(page.host_id, each.id) for each in (booking, others)]
    happened = [entry.event for view in views if view for entry in view.timeline]
    assert ["", "So am I"] == [event.reason for event in happened if isinstance(event, Cancelled)]
    assert await store.views.booking_by_key("scope", "key") is None


async def test_coming_bookings_without_a_link_are_listed_by_provider(store: Store, page: BookingPage) -> None:
    failed = Failed(Failure("not-connected", GrantEnded("zoom")))
    wanted = [
        a_booking(page, TOMORROW_AT_TEN),
        a_booking(page, TOMORROW_AT_TEN + AN_HOUR, conference=failed),
    ]
    cancelled, _ = cancel(a_booking(page, TOMORROW_AT_TEN + 2 * AN_HOUR, conference=failed), "guest", "", NOW)
    others = [
        a_booking(page, TOMORROW_AT_TEN + 2 * AN_HOUR, conference=Ready("https://zoom.example/j/1", "1", None, "zoom")),
        a_booking(page, TOMORROW_AT_TEN + 3 * AN_HOUR, meeting_type=GoogleMeet()),
        a_booking(page, TOMORROW_AT_TEN + 4 * AN_HOUR, meeting_type=phone_by_guest),
        a_booking(page, NOW - AN_HOUR, conference=failed),
        cancelled,
    ]
    somebody_else = a_host()
    elsewhere = a_page(somebody_else)
    await keep(store, *others, *wanted, somebody_else, elsewhere, a_booking(elsewhere, conference=failed))

    async with store.begin() as uow:
        zoom_s = await uow.booking_search.without_link(page.host_id, "zoom", NOW)
        google_s = await uow.booking_search.without_link(page.host_id, "google", NOW)
        nobody_s = await uow.booking_search.without_link(HostId("nobody"), "zoom", NOW)

    assert tuple(sorted(each.id for each in wanted)) == zoom_s
    assert (others[1].id,) == google_s
    assert () == nobody_s


async def found(store: Store, booking_id: BookingId) -> Booking | None:
    async with store.begin() as uow:
        return await uow.bookings.get(booking_id)


async def change_under(store: Store, key: IdempotencyKey, booking: Booking) -> None:
    async with store.begin() as uow:
        await uow.bookings.lock(booking.id)
        uow.bookings.keep(key, booking.id)


async def submit(store: Store, booking: Booking, key: IdempotencyKey) -> None:
    async with store.begin() as uow:
        uow.bookings.add(booking, key=key)


async def at_once(
    store: Store, bookings: list[Booking], key: IdempotencyKey | None = None
) -> dict[type[Exception] | None, int]:
    """Add each booking in a unit of its own, all at the same time; counts how they ended."""

    async def add(booking: Booking) -> type[Exception] | None:
        try:
            async with store.begin() as uow:
                # A look at the store, so that all units are open before the first one ends.
                await uow.bookings.get(booking.id)
                uow.bookings.add(booking, key=key)
        except (SlotTaken, KeyTaken) as refusal:
            return type(refusal)
        return None

    outcomes = await asyncio.gather(*map(add, bookings))
    return {outcome: outcomes.count(outcome) for outcome in outcomes}


def an_hour_after(slot: Slot) -> Slot:
    return Slot.lasting(slot.duration, slot.start + timedelta(hours=1))


async def test_the_entries_of_calendars_are_those_of_confirmed_and_cancelled_bookings_that_are_not_over(
    store: Store, page: BookingPage
) -> None:
    coming, cancelled, held, over, at_home, elsewhere, nowhere = (
        msgspec.structs.replace(a_booking(page, TOMORROW_AT_TEN + days * A_DAY), entry=an_entry())
        for days in (1, 2, 3, 0, 4, 5, 6)
    )
    cancelled = altered(cancelled, cancellation=Cancellation("host", NOW))
    held = altered(held, held_until=NOW + AN_HOUR)
    at_home = msgspec.structs.replace(at_home, entry=an_entry("home"))
    elsewhere = msgspec.structs.replace(elsewhere, entry=an_entry("elsewhere"))
    nowhere = msgspec.structs.replace(nowhere, entry=None)
    await keep(store, coming, cancelled, held, over, at_home, elsewhere, nowhere)

    async with store.begin() as uow:
        found = await uow.booking_search.in_calendars([CalendarId("work"), CalendarId("home")], over.slot.end)

    expected = [BookedEntry(each.id, each.slot, each.entry) for each in (coming, cancelled, at_home) if each.entry]
    assert sorted(expected, key=lambda each: each.booking_id) == list(found)


async def test_all_bookings_of_a_host_that_start_after_an_instant_are_found(store: Store, page: BookingPage) -> None:
    over, coming, cancelled, held = (a_booking(page, TOMORROW_AT_TEN + days * A_DAY) for days in range(4))
    cancelled = altered(cancelled, cancellation=Cancellation("host", NOW))
    held = altered(held, held_until=NOW + AN_HOUR)
    await keep(store, over, coming, cancelled, held)

    async with store.begin() as uow:
        found = await uow.booking_search.of_host(page.host_id, over.slot.start)
        nobodys = await uow.booking_search.of_host(HostId("nobody"), over.slot.start)

    assert ({coming.id, cancelled.id, held.id}, frozenset()) == (found, nobodys)
