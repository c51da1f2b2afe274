"""Each booking has one entry in its host's calendar, at its present time, whatever fails in between."""

from datetime import timedelta

import msgspec
import pytest

from application.actor import System
from application.booking.access import BookingById
from application.calendars.timings import DEFAULT_TIMINGS
from application.effects import ENTRY_WAITS
from application.pages.page_edits import CalendarsEdit, PageEdit
from application.ports.calendar_writer import CalendarUnwritable
from application.ports.notices import EntryLeft
from application.ports.provider import TryLater
from domain.calendar_problem import CalendarGone, CalendarProblem, ServerBusy, ServerUnreachable, SignInEnded
from domain.errors import InvalidInput, SlotTaken
from domain.ids import BookingId, CalendarId
from domain.provider_problem import RateLimited
from domain.slot import Slot
from tests.support.booked import THURSDAY_AT_TEN
from tests.support.builders import HALF_AN_HOUR, ana, zoom
from tests.support.writing_world import POLL, WORK, WritingWorld

HERE = Slot.lasting(HALF_AN_HOUR, THURSDAY_AT_TEN)
LATER = Slot.lasting(HALF_AN_HOUR, THURSDAY_AT_TEN + timedelta(hours=3))


async def test_a_booking_is_written_once_under_its_guest_and_event_type() -> None:
    world = await WritingWorld().begun()

    booking = await world.books()

    assert ["Ana Brito – Intro call"] == [each.content.title for each in world.held]
    assert [HERE] == world.slots
    assert ("written", ["entry_written"]) == (await world.state(booking), await world.tags(booking))


async def test_a_booking_on_a_page_that_writes_nowhere_has_no_entry() -> None:
    world = await WritingWorld().begun()
    async with world.memory.store.begin() as uow:
        page = await uow.pages.lock(world.host.id, world.page.id)
        assert page
        uow.pages.save(msgspec.structs.replace(page, calendars=msgspec.structs.replace(page.calendars, writes_to=None)))

    booking = await world.books()

    assert (None, []) == ((await world.booking(booking)).entry, world.writer.calls)


async def test_an_entry_whose_link_comes_at_once_is_written_once() -> None:
    world = await WritingWorld(order=(zoom,)).begun()

    await world.books()

    assert ["put"] == world.writer.calls
    assert world.held[0].content.location.startswith("https://")


async def test_an_entry_whose_link_takes_longer_is_there_in_seconds_and_gets_the_link_when_it_comes() -> None:
    world = await WritingWorld(order=(zoom,)).begun()
    world.memory.providers["zoom"].fail("create", TryLater(RateLimited("zoom")))

    booking = await world.books()
    await world.passes(ENTRY_WAITS)
    assert [""] == [each.content.location for each in world.held]

    await world.passes(timedelta(minutes=1))
    (entry,) = world.held
    assert entry.content.location.startswith("https://")
    assert ["put", "patch"] == world.writer.calls
    assert "written" == await world.state(booking)


async def test_an_entry_that_the_host_moves_before_its_link_comes_stays_there_and_is_not_taken_for_seen() -> None:
    world = await WritingWorld(order=(zoom,)).begun()
    world.memory.providers["zoom"].fail("create", TryLater(RateLimited("zoom")))
    booking = await world.books()
    await world.passes(ENTRY_WAITS)
    world.writer.move("anna", "work", world.ids[0], LATER)

    await world.passes(timedelta(minutes=1))

    entry = await world.entry(booking)
    assert ([LATER], "written") == (world.slots, entry.state)
    assert entry.written is not None
    assert HERE == entry.written.remote.slot


async def test_the_entry_moves_with_its_booking_and_goes_with_it() -> None:
    world = await WritingWorld().begun()
    booking = await world.books()

    await world.app.reschedule(BookingById(world.actor, booking), LATER.start)
    assert "pending" == await world.state(booking)
    await world.passes()
    assert ([LATER], "written") == (world.slots, await world.state(booking))

    await world.app.cancel(BookingById(world.actor, booking), "")
    await world.passes()
    assert ([], "removed") == (world.held, await world.state(booking))


async def test_a_booking_that_was_cancelled_before_it_was_written_never_is() -> None:
    world = await WritingWorld().begun()
    booking = await world.books(work=False)

    await world.app.cancel(BookingById(world.actor, booking), "")
    await world.passes()

    assert ([], "removed") == (world.writer.calls, await world.state(booking))


async def test_a_held_booking_has_an_entry_from_when_it_is_confirmed() -> None:
    world = await WritingWorld().begun()
    async with world.memory.store.begin() as uow:
        page = await uow.pages.lock(world.host.id, world.page.id)
        assert page
        uow.pages.save(msgspec.structs.replace(page, confirm_guest_email=True))

    booking = await world.books()
    assert [] == world.held

    (mail,) = world.memory.mailer.confirmations
    await world.app.confirm(await world.memory.as_guest(booking), mail.link.proof)
    await world.passes()
    assert ([HERE], "written") == (world.slots, await world.state(booking))


async def test_a_lost_answer_leads_to_no_second_entry() -> None:
    world = await WritingWorld().begun()
    world.writer.lose_answers(CalendarUnwritable(ServerUnreachable()))

    booking = await world.books()
    assert "pending" == await world.state(booking)
    await world.passes(timedelta(seconds=30))

    assert ([HERE], "written") == (world.slots, await world.state(booking))


async def test_an_entry_of_which_only_the_answer_was_lost_is_removed_with_its_booking() -> None:
    world = await WritingWorld("caldav").begun()
    world.writer.lose_answers(CalendarUnwritable(ServerUnreachable()))
    booking = await world.books()
    assert [HERE] == world.slots

    await world.app.cancel(BookingById(world.actor, booking), "")
    await world.passes()

    assert ([], "removed") == (world.held, await world.state(booking))


async def test_it_is_known_wherever_an_entry_of_which_the_answers_were_lost_may_be() -> None:
    world = await WritingWorld().begun()
    world.writer.lose_answers(CalendarUnwritable(ServerUnreachable()), times=2)

    booking = await world.books()
    await world.app.reschedule(BookingById(world.actor, booking), LATER.start)
    await world.passes(timedelta(seconds=30))

    assert (HERE, LATER) == (await world.entry(booking)).tried


async def test_a_busy_server_is_left_alone_for_as_long_as_it_wishes() -> None:
    world = await WritingWorld().begun()
    wish = world.memory.clock() + timedelta(minutes=5)
    world.writer.fail(CalendarUnwritable(ServerBusy(), wish))

    booking = await world.books()
    await world.passes(timedelta(minutes=1))
    assert ("pending", ServerBusy()) == (await world.state(booking), (await world.entry(booking)).problem)
    await world.passes(timedelta(minutes=5))

    assert "written" == await world.state(booking)
    assert ["entry_failed", "entry_written"] == await world.tags(booking)


async def test_a_server_that_stays_away_is_told_of_once() -> None:
    world = await WritingWorld().begun()
    world.writer.fail(CalendarUnwritable(ServerUnreachable()), times=5)

    booking = await world.books()
    for _ in range(5):
        await world.passes(timedelta(hours=1))

    assert ["entry_failed", "entry_written"] == await world.tags(booking)


@pytest.mark.parametrize("kind", ["google", "caldav"])
async def test_an_entry_whose_id_was_spent_or_used_before_gets_a_new_one(kind: str) -> None:
    world = await WritingWorld("google" if kind == "google" else "caldav").begun()
    world.writer.lose_answers(CalendarUnwritable(ServerUnreachable()))
    booking = await world.books()
    world.host_deletes(world.ids[0])

    await world.passes(timedelta(seconds=30))

    assert ([HERE], "written") == (world.slots, await world.state(booking))


async def test_an_entry_stays_in_its_calendar_when_the_page_writes_elsewhere() -> None:
    world = await WritingWorld().begun()
    booking = await world.books()
    async with world.memory.store.begin() as uow:
        page = await uow.pages.lock(world.host.id, world.page.id)
        assert page
        uow.pages.save(msgspec.structs.replace(page, calendars=msgspec.structs.replace(page.calendars, writes_to=None)))

    await world.app.reschedule(BookingById(world.actor, booking), LATER.start)
    await world.passes()

    assert ([LATER], WORK) == (world.slots, (await world.entry(booking)).calendar_id)


async def test_a_calendar_that_is_gone_is_not_asked_again_and_the_booking_stays() -> None:
    world = await WritingWorld().begun()
    world.writer.fail(CalendarUnwritable(CalendarGone()))

    booking = await world.books()
    calls = len(world.writer.calls)
    await world.passes(timedelta(seconds=90))

    assert ("stuck", "confirmed") == (await world.state(booking), (await world.booking(booking)).status)
    assert calls == len(world.writer.calls)


async def ends_sign_in(world: WritingWorld) -> None:
    async with world.memory.store.begin() as uow:
        connection = await uow.calendar_connections.lock(world.host.id, world.connection.id)
        assert connection
        uow.calendar_connections.save(connection.broke(SignInEnded()))


async def test_a_host_hears_once_of_an_entry_that_a_cancelled_booking_leaves_in_a_dead_connection() -> None:
    world = await WritingWorld().begun()
    booking = await world.books()
    await ends_sign_in(world)

    await world.app.cancel(BookingById(world.actor, booking), "")
    await world.passes()
    await world.passes(timedelta(hours=2))

    left = left_in(world)
    assert [(booking, "Work", SignInEnded())] == [(each.booking_id, each.calendar, each.problem) for each in left]
    assert [HERE] == world.slots
    assert ["entry_written", "entry_failed"] == await world.tags(booking)
    assert [False] == [each.entry_is_late for each in world.memory.mailer.mails_to("host") if each.kind == "cancelled"]


async def test_a_host_hears_after_ten_minutes_of_an_entry_that_cannot_be_removed_yet() -> None:
    world = await WritingWorld().begun()
    booking = await world.books()
    world.writer.fail(CalendarUnwritable(ServerUnreachable()), times=8)

    await world.app.cancel(BookingById(world.actor, booking), "")
    await world.passes(timedelta(minutes=1))
    assert [] == left_in(world)
    for _ in range(8):
        await world.passes(timedelta(hours=1))

    assert [booking] == [each.booking_id for each in left_in(world)]
    assert ([], "removed") == (world.held, await world.state(booking))


@pytest.mark.parametrize("problem", [CalendarGone(), ServerUnreachable()])
async def test_no_host_hears_of_an_entry_that_is_gone_with_its_calendar_or_was_removed_in_time(
    problem: CalendarProblem,
) -> None:
    world = await WritingWorld().begun()
    booking = await world.books()
    world.writer.fail(CalendarUnwritable(problem))

    await world.app.cancel(BookingById(world.actor, booking), "")
    await world.passes()
    await world.passes(timedelta(minutes=5))

    assert [] == left_in(world)


def left_in(world: WritingWorld) -> list[EntryLeft]:
    return [each.about for each in world.memory.mailer.notices if isinstance(each.about, EntryLeft)]


async def test_an_erased_guest_is_erased_from_the_calendar_too() -> None:
    world = await WritingWorld().begun()
    booking = await world.books()
    await world.passes(timedelta(days=4))

    await world.app.erase_guest(world.actor, booking)
    await world.passes()

    assert ["Intro call"] == [each.content.title for each in world.held]
    assert ana.name not in str(world.held)


async def test_what_the_host_has_put_into_an_entry_stays() -> None:
    world = await WritingWorld().begun()
    booking = await world.books()
    world.writer.paint("anna", "work", world.ids[0], "red")

    await world.app.reschedule(BookingById(world.actor, booking), LATER.start)
    await world.passes()

    assert [("red", LATER)] == [(each.color, each.content.slot) for each in world.held]


async def test_a_deleted_account_leaves_no_entries_of_coming_bookings() -> None:
    world = await WritingWorld().begun()
    await world.books()

    await world.app.delete_account_of(System(), world.host.id)
    await world.passes()

    assert [] == world.held


async def test_a_page_writes_only_to_a_calendar_that_takes_entries_and_goes_on_until_the_host_chooses_again() -> None:
    world = await WritingWorld().begun()

    async def choose(calendar_id: CalendarId | None) -> CalendarId | None:
        edit = PageEdit(calendars=CalendarsEdit(writes_to=calendar_id))
        return (await world.app.change_page(world.actor, world.page.id, edit)).calendars.writes_to

    assert (None, WORK) == (await choose(None), await choose(WORK))
    async with world.memory.store.begin() as uow:
        stored = await uow.calendars.lock(WORK)
        assert stored
        read_only = msgspec.structs.replace(stored.calendar, writable=False)
        uow.calendars.save(msgspec.structs.replace(stored, calendar=read_only))

    assert (WORK, None) == (await choose(WORK), await choose(None))
    with pytest.raises(InvalidInput):
        await choose(WORK)


async def test_copies_of_invitations_block_where_the_host_is_somebody_elses_guest_and_nowhere_else() -> None:
    world = await WritingWorld().begun()
    own = await world.books()
    await world.app.cancel(BookingById(world.actor, own), "")
    late, later = (Slot.lasting(HALF_AN_HOUR, THURSDAY_AT_TEN + timedelta(hours=hours)) for hours in (2, 3))
    world.reader.hold_copy("anna", "work", own, Slot.lasting(HALF_AN_HOUR, THURSDAY_AT_TEN))
    world.reader.hold_copy("anna", "work", BookingId("colleagues"), late)
    await world.passes(POLL)
    world.reader.hold_copy("anna", "work", BookingId("another"), later)
    world.memory.clock.advance(2 * DEFAULT_TIMINGS.fresh_for)

    await world.books(THURSDAY_AT_TEN)

    for taken in (late, later):
        with pytest.raises(SlotTaken):
            await world.books(taken.start)
