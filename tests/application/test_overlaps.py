"""Events over bookings are found whenever they come, and their host is told once."""

import asyncio
from datetime import timedelta

import msgspec
import pytest
from msgspec.structs import replace

from adapters.presentation.sentences.notices import notice_words
from application.actor import HostActor
from application.booking.access import BookingById
from application.calendars.change_rules import RulesEdit
from application.pages.page_edits import CalendarsEdit, PageEdit
from application.ports.mail import Notice
from application.ports.notices import BookingsOverlapped
from domain.booking import Booking
from domain.busy import BusyTime
from domain.ids import BookingId, CalendarId
from domain.page_calendars import PageCalendars
from tests.support.calendar_world import HOUR, MINUTE, TEN, CalendarWorld, busy

POLL = 2 * MINUTE + timedelta(seconds=20)


async def a_world(*names: str) -> CalendarWorld:
    world = await CalendarWorld.with_page()
    await world.connect("anna", *names)
    return world


def told(world: CalendarWorld) -> list[BookingsOverlapped]:
    return [
        each.about
        for each in world.memory.mailer.sent
        if isinstance(each, Notice) and isinstance(each.about, BookingsOverlapped)
    ]


def listed(world: CalendarWorld) -> list[list[BookingId]]:
    """The bookings of each mail."""
    return [[each.booking_id for each in mail.listed] for mail in told(world)]


async def attention(world: CalendarWorld) -> list[BookingId]:
    page = await world.memory.app.list_bookings(HostActor(world.host.id), "needs_attention", limit=50)
    return [each.booking.id for each in page.items]


async def stored(world: CalendarWorld, booking: Booking) -> Booking:
    async with world.memory.ports.begin() as uow:
        found = await uow.bookings.get(booking.id)
    assert found
    return found


async def test_an_event_that_comes_after_a_booking_is_told_and_needs_attention() -> None:
    world = await a_world()
    booking = await world.books()
    world.publish(busy(TEN + 15 * MINUTE))

    await world.passes(POLL)

    assert [[booking.id]] == listed(world)
    assert [booking.id] == await attention(world)


async def test_it_is_told_once_however_often_it_is_read() -> None:
    world = await a_world()
    await world.books()
    world.publish(busy())
    await world.passes(POLL)
    world.publish(busy(), busy(TEN + 5 * HOUR))

    await world.passes(POLL)
    await world.passes(POLL)

    assert 1 == len(told(world))


async def test_an_event_that_goes_needs_no_attention_and_is_not_told_again_when_it_comes_back() -> None:
    world = await a_world()
    booking = await world.books()
    world.publish(busy())
    await world.passes(POLL)

    world.publish()
    await world.passes(POLL)
    assert [] == await attention(world)
    world.publish(busy())
    await world.passes(POLL)

    assert [booking.id] == await attention(world)
    assert 1 == len(told(world))


async def test_a_second_event_over_the_same_booking_is_told_as_well() -> None:
    world = await a_world()
    await world.books()
    world.publish(busy())
    await world.passes(POLL)
    world.publish(busy(), busy(TEN + 10 * MINUTE))

    await world.passes(POLL)

    assert 2 == len(told(world))


async def test_an_event_in_two_calendars_is_told_once() -> None:
    world = await a_world("work", "home")
    await world.books()
    world.publish(busy(), name="work")
    world.publish(busy(), name="home")

    await world.passes(POLL)

    assert 1 == len(told(world))


@pytest.mark.parametrize(
    "event", [busy(mark="free"), busy(TEN - HOUR), busy(TEN + HOUR), busy(mark="working_elsewhere")]
)
async def test_what_does_not_block_the_meeting_itself_is_no_overlap(event: BusyTime) -> None:
    world = await a_world()
    await world.books()
    world.publish(event)

    await world.passes(POLL)

    assert [] == told(world)


async def test_an_event_that_was_let_through_when_the_time_was_booked_is_none_after_the_rules_have_changed() -> None:
    world = await a_world()
    calendar = await world.calendar()
    await world.memory.app.change_calendar_rules(world.actor, calendar.id, RulesEdit(tentative="free"))
    world.publish(busy(mark="tentative"))
    await world.passes(POLL)
    await world.books()
    await world.memory.work_off()
    await world.memory.app.change_calendar_rules(world.actor, calendar.id, RulesEdit(tentative="busy"))
    world.publish(busy(mark="tentative"), busy(TEN + 5 * HOUR))

    await world.passes(POLL)

    assert [] == told(world)


async def test_a_tentative_event_that_becomes_certain_is_told() -> None:
    world = await a_world()
    calendar = await world.calendar()
    await world.memory.app.change_calendar_rules(world.actor, calendar.id, RulesEdit(tentative="free"))
    world.publish(busy(mark="tentative"))
    await world.passes(POLL)
    booking = await world.books()
    world.publish(busy())

    await world.passes(POLL)

    assert [[booking.id]] == listed(world)


async def test_bookings_of_pages_that_the_calendar_does_not_block_are_left_alone() -> None:
    world = await CalendarWorld.with_page()
    await world.connect(blocks=False)
    await world.books()
    world.publish(busy())

    await world.passes(POLL)

    assert [] == told(world)


async def test_a_booking_that_is_moved_away_needs_no_attention() -> None:
    world = await a_world()
    booking = await world.books()
    world.publish(busy())
    await world.passes(POLL)

    await world.memory.app.reschedule(BookingById(world.actor, booking.id), TEN + 3 * HOUR)

    assert [] == await attention(world)


async def test_an_event_of_the_same_moment_that_was_read_before_the_booking_was_stored_is_found_afterwards() -> None:
    world = await a_world()
    booking = await world.books()
    # As if the reading had been stored between the last look at the calendar and the booking.
    async with world.memory.store.begin() as uow:
        calendar = await uow.calendars.lock(CalendarId("work"))
        assert calendar
        uow.calendars.save(msgspec.structs.replace(calendar, times=(busy(),)))

    await world.memory.work_off()

    assert [[booking.id]] == listed(world)


async def test_a_calendar_that_is_connected_later_sends_one_mail_for_all_that_it_overlaps() -> None:
    world = await CalendarWorld.with_page()
    bookings = [await world.books(TEN + each * HOUR, email=f"g{each}@guests.example") for each in range(4)]
    url = "https://calendar.example/anna.ics"
    world.memory.feeds.publish(url, *(busy(each.slot.start + MINUTE) for each in bookings))
    await world.memory.app.connect_feed(world.actor, url)

    await world.memory.work_off()

    assert [sorted(each.id for each in bookings)] == [sorted(each) for each in listed(world)]


async def test_a_calendar_that_is_disconnected_takes_its_overlaps_along() -> None:
    world = await a_world()
    await world.books()
    world.publish(busy())
    await world.passes(POLL)

    await world.memory.app.disconnect_calendars(world.actor, (await world.calendar()).connection_id)
    await world.memory.work_off()

    assert [] == await attention(world)


async def test_a_calendar_that_a_page_leaves_aside_takes_its_overlaps_along_and_brings_them_when_it_is_back() -> None:
    world = await a_world()
    booking = await world.books()
    world.publish(busy())
    await world.passes(POLL)

    async def choose(*calendars: CalendarId) -> list[BookingId]:
        edit = PageEdit(calendars=CalendarsEdit(blocking=calendars))
        await world.memory.app.change_page(world.actor, world.page.id, edit)
        await world.memory.work_off()
        return await attention(world)

    assert [] == await choose()
    assert [booking.id] == await choose((await world.calendar()).id)


async def test_a_cancelled_booking_overlaps_nothing() -> None:
    world = await a_world()
    booking = await world.books()
    await world.memory.app.cancel(BookingById(world.actor, booking.id), "")
    world.publish(busy())

    await world.passes(POLL)

    assert [] == told(world)


async def test_the_timeline_says_when_the_event_came_and_went() -> None:
    world = await a_world()
    booking = await world.books()
    world.publish(busy())
    await world.passes(POLL)
    world.publish()
    await world.passes(POLL)

    view = await world.memory.app.show_booking(world.actor, booking.id)

    kinds = [type(each.event).__name__ for each in view.timeline]
    assert ["OverlapFound", "OverlapEnded"] == [each for each in kinds if each.startswith("Overlap")]


async def test_the_mail_names_both_and_leads_to_another_time() -> None:
    world = await a_world()
    booking = await world.books()
    world.publish(busy(TEN + 15 * MINUTE))
    await world.passes(POLL)

    [mail] = told(world)
    words = notice_words(mail)

    assert "Action needed: an event overlaps “30 minutes” with Ben" == words.subject.replace(
        booking.title, "30 minutes"
    )
    assert "“Work”: Tuesday, 3 March 2026, 11:15 – 12:15" in words.paragraphs[0]
    assert ("Propose another time", f"/bookings/{booking.id}/reschedule") == (words.action, words.path)


async def test_a_calendar_that_joins_its_account_while_that_is_disconnected_blocks_no_page() -> None:
    world = await a_world()
    connection_id = (await world.calendar()).connection_id

    async with world.memory.ports.begin() as uow:
        await uow.calendar_connections.lock(world.host.id, connection_id)
        disconnecting = asyncio.create_task(world.memory.app.disconnect_calendars(world.actor, connection_id))
        for _ in range(20):
            await asyncio.sleep(0)
        family = CalendarId("family")
        stored = await uow.calendars.get(CalendarId("work"))
        page = await uow.pages.lock(world.host.id, world.page.id)
        assert stored
        assert page
        uow.calendars.add(replace(stored, calendar=replace(stored.calendar, id=family)))
        uow.pages.save(replace(page, calendars=PageCalendars((*page.calendars.blocking, family))))

    await disconnecting
    assert () == (await world.memory.app.show_page(world.actor, world.page.id)).calendars.blocking
