"""What the host does to entries in the calendar, and what becomes of the bookings."""

from datetime import timedelta

import pytest

from application.booking.access import BookingById
from application.calendars.timings import DEFAULT_TIMINGS
from application.ports.calendar_writer import CalendarUnwritable
from application.ports.notices import EntriesChanged, EntryChanged
from domain.calendar_problem import ServerBusy, SignInEnded
from domain.entry_changes import SETTLES_WITHIN
from domain.errors import BookingClosed, SlotTaken
from domain.slot import Slot
from tests.support.booked import THURSDAY_AT_TEN
from tests.support.builders import A_DAY, HALF_AN_HOUR
from tests.support.writing_world import POLL, WritingWorld

HERE = Slot.lasting(HALF_AN_HOUR, THURSDAY_AT_TEN)
THERE = Slot.lasting(HALF_AN_HOUR, THURSDAY_AT_TEN + timedelta(hours=3))
SUNDAY = Slot.lasting(HALF_AN_HOUR, THURSDAY_AT_TEN + 3 * A_DAY)


async def free(world: WritingWorld, slot: Slot) -> bool:
    starts = await world.app.list_slots(
        world.host.handle, world.page.slug, world.page.event_types[0].slug, slot.start.date(), slot.start.date(), "UTC"
    )
    return slot.start in starts.slots


async def until_asked(world: WritingWorld) -> None:
    for _ in range(3):
        await world.passes(POLL)


async def test_an_entry_blocks_neither_its_own_time_nor_a_move_by_a_quarter_of_an_hour() -> None:
    world = await WritingWorld().begun()
    booking = await world.books()
    await world.passes(POLL)

    await world.app.reschedule(BookingById(world.actor, booking), THURSDAY_AT_TEN + timedelta(minutes=15))
    await world.passes(POLL)
    assert not await free(world, HERE)

    await world.app.cancel(BookingById(world.actor, booking), "")
    await world.passes(POLL)
    assert await free(world, HERE)


async def test_a_deleted_entry_is_asked_about_once() -> None:
    world = await WritingWorld().begun()
    booking = await world.books()
    world.host_deletes(world.ids[0])

    await until_asked(world)

    assert ("deleted_in_calendar", "confirmed") == (
        await world.state(booking),
        (await world.booking(booking)).status,
    )
    (notice,) = world.memory.mailer.notices
    assert isinstance(notice.about, EntryChanged)
    assert (booking, None) == (notice.about.booking_id, notice.about.moved_to)
    assert [] == world.held


async def test_a_deletion_that_is_undone_within_two_minutes_is_no_deletion() -> None:
    world = await WritingWorld("caldav").begun()
    booking = await world.books()
    (uid,), (held,) = world.ids, world.held
    world.host_deletes(uid)
    await world.app.read_calendar_now(world.actor, (await world.entry(booking)).calendar_id)

    await world.writer.put(world.access, "work", uid, held.content, ())
    await until_asked(world)

    assert ("written", [], ["entry_written"]) == (
        await world.state(booking),
        world.memory.mailer.notices,
        [each for each in await world.tags(booking) if each != "entry_updated"],
    )


async def test_a_deleted_entry_can_be_put_back() -> None:
    world = await WritingWorld().begun()
    booking = await world.books()
    world.host_deletes(world.ids[0])
    await until_asked(world)

    await world.app.restore_entry(BookingById(world.actor, booking))
    await world.passes()

    assert ([HERE], "written") == (world.slots, await world.state(booking))
    with pytest.raises(BookingClosed):
        await world.app.restore_entry(BookingById(world.actor, booking))


async def test_a_deletion_that_is_accepted_cancels_the_booking() -> None:
    world = await WritingWorld().begun()
    booking = await world.books()
    world.host_deletes(world.ids[0])
    await until_asked(world)

    await world.app.accept_entry_change(BookingById(world.actor, booking))
    await world.passes()

    assert ("cancelled", "removed", []) == (
        (await world.booking(booking)).status,
        await world.state(booking),
        world.held,
    )


async def test_a_page_can_cancel_by_itself() -> None:
    world = await WritingWorld(on_delete="cancel").begun()
    booking = await world.books()
    world.host_deletes(world.ids[0])

    await until_asked(world)

    assert ("cancelled", []) == ((await world.booking(booking)).status, world.memory.mailer.notices)


@pytest.mark.parametrize("is_deleted", [True, False])
async def test_a_page_can_do_nothing(is_deleted: bool) -> None:
    world = await WritingWorld(on_delete="nothing", on_move="nothing").begun()
    booking = await world.books()
    if is_deleted:
        world.host_deletes(world.ids[0])
    else:
        world.host_moves(world.ids[0], THERE)
    await until_asked(world)
    await until_asked(world)

    assert ("confirmed", HERE) == ((await world.booking(booking)).status, (await world.booking(booking)).slot)
    assert [] == world.memory.mailer.notices
    assert ([] if is_deleted else [THERE]) == world.slots


async def test_a_moved_entry_is_asked_about_and_both_times_block_meanwhile() -> None:
    world = await WritingWorld().begun()
    booking = await world.books()
    world.host_moves(world.ids[0], THERE)

    await world.passes(POLL)

    assert ("moved_in_calendar", THERE) == (await world.state(booking), (await world.entry(booking)).moved_to)
    (notice,) = world.memory.mailer.notices
    assert isinstance(notice.about, EntryChanged)
    assert THERE.start == notice.about.moved_to
    assert (False, False) == (await free(world, HERE), await free(world, THERE))


async def test_an_entry_that_is_prolonged_blocks_what_it_takes_now_and_is_no_question() -> None:
    world = await WritingWorld().begun()
    booking = await world.books()
    world.host_moves(world.ids[0], Slot.lasting(timedelta(hours=2), THURSDAY_AT_TEN))
    world.memory.clock.advance(2 * DEFAULT_TIMINGS.fresh_for)

    with pytest.raises(SlotTaken):
        await world.books(THURSDAY_AT_TEN + timedelta(hours=1))

    await world.passes(POLL)
    assert not await free(world, Slot.lasting(HALF_AN_HOUR, THURSDAY_AT_TEN + timedelta(hours=1)))
    assert ("written", ()) == (await world.state(booking), (await world.booking(booking)).overlaps)
    assert [] == world.memory.mailer.notices


async def test_a_move_that_is_accepted_moves_the_booking_and_frees_its_time() -> None:
    world = await WritingWorld().begun()
    booking = await world.books()
    world.host_moves(world.ids[0], THERE)
    await world.passes(POLL)

    await world.app.accept_entry_change(BookingById(world.actor, booking))
    await world.passes(POLL)

    assert ((THERE, "written"), [THERE]) == (
        ((await world.booking(booking)).slot, await world.state(booking)),
        world.slots,
    )
    assert await free(world, HERE)
    await world.app.reschedule(BookingById(world.actor, booking), THERE.start + timedelta(minutes=15))


async def test_a_move_that_is_taken_back_moves_the_entry_back() -> None:
    world = await WritingWorld().begun()
    booking = await world.books()
    world.host_moves(world.ids[0], THERE)
    await world.passes(POLL)

    await world.app.restore_entry(BookingById(world.actor, booking))
    await world.passes(POLL)

    assert ([HERE], "written") == (world.slots, await world.state(booking))
    assert await free(world, THERE)


async def test_a_host_who_moves_an_entry_back_has_decided() -> None:
    world = await WritingWorld().begun()
    booking = await world.books()
    world.host_moves(world.ids[0], THERE)
    await world.passes(POLL)
    world.host_moves(world.ids[0], HERE)

    await world.passes(POLL)

    assert "written" == await world.state(booking)
    assert 1 == len(world.memory.mailer.notices)


async def test_a_page_can_reschedule_by_itself_to_a_time_that_it_does_not_offer() -> None:
    world = await WritingWorld(on_move="reschedule").begun()
    booking = await world.books()
    world.host_moves(world.ids[0], SUNDAY)

    await world.passes(POLL)

    assert (SUNDAY, "written") == ((await world.booking(booking)).slot, await world.state(booking))
    assert ([], [SUNDAY]) == (world.memory.mailer.notices, world.slots)


async def test_a_move_onto_another_booking_is_asked_about_and_refused() -> None:
    world = await WritingWorld(on_move="reschedule").begun()
    booking = await world.books()
    (entry_id,) = world.ids
    await world.books(THERE.start)
    world.host_moves(entry_id, THERE)

    await world.passes(POLL)

    assert "moved_in_calendar" == await world.state(booking)
    assert 1 == len([each for each in world.memory.mailer.notices if isinstance(each.about, EntryChanged)])
    with pytest.raises(SlotTaken):
        await world.app.accept_entry_change(BookingById(world.actor, booking))


async def test_a_link_that_comes_while_the_host_is_asked_leaves_the_entry_where_it_is() -> None:
    world = await WritingWorld().begun()
    booking = await world.books()
    world.host_moves(world.ids[0], THERE)
    await world.passes(POLL)

    await world.app.set_join_link(world.actor, booking, "https://meet.example/1")
    await world.passes()

    assert [(THERE, "https://meet.example/1")] == [(each.content.slot, each.content.location) for each in world.held]
    assert "moved_in_calendar" == await world.state(booking)


async def test_a_guest_who_moves_the_booking_meanwhile_has_the_last_word() -> None:
    world = await WritingWorld().begun()
    booking = await world.books()
    world.host_deletes(world.ids[0])
    await until_asked(world)

    await world.app.reschedule(await world.memory.as_guest(booking), THERE.start)
    await world.passes(POLL)

    assert ([THERE], "written") == (world.slots, await world.state(booking))


async def test_more_than_five_deletions_at_once_are_one_question_whatever_the_page_says() -> None:
    world = await WritingWorld(on_delete="cancel").begun()
    bookings = [await world.books(THURSDAY_AT_TEN + number * timedelta(hours=1)) for number in range(6)]
    for entry_id in world.ids:
        world.host_deletes(entry_id)

    await until_asked(world)

    assert ["confirmed"] * 6 == [(await world.booking(each)).status for each in bookings]
    assert [EntriesChanged(6, "Work")] == [each.about for each in world.memory.mailer.notices]


async def test_a_calendar_that_is_gone_is_no_deletion() -> None:
    world = await WritingWorld(on_delete="cancel").begun()
    booking = await world.books()
    world.reader.hold("anna")

    await until_asked(world)

    assert ("confirmed", "written") == ((await world.booking(booking)).status, await world.state(booking))


async def test_a_deletion_is_noticed_although_the_calendar_did_not_answer_when_it_was_read() -> None:
    world = await WritingWorld().begun()
    booking = await world.books()
    await world.passes(POLL)
    world.host_deletes(world.ids[0])
    world.writer.fail(CalendarUnwritable(ServerBusy()))

    await world.passes(POLL)
    await until_asked(world)

    assert "deleted_in_calendar" == await world.state(booking)


async def test_our_own_move_is_not_the_hosts() -> None:
    world = await WritingWorld(on_move="reschedule").begun()
    booking = await world.books()
    world.writer.lose_answers(CalendarUnwritable(ServerBusy()))

    await world.app.reschedule(BookingById(world.actor, booking), THERE.start)
    await world.passes()
    await world.app.read_calendar_now(world.actor, (await world.entry(booking)).calendar_id)
    await world.passes(POLL)

    assert (THERE, "written") == ((await world.booking(booking)).slot, await world.state(booking))
    assert ["entry_written", "entry_failed", "entry_written"] == await world.tags(booking)


async def test_what_got_stuck_is_written_once_the_account_is_connected_again() -> None:
    world = await WritingWorld().begun()
    world.writer.fail(CalendarUnwritable(SignInEnded()))
    booking = await world.books()
    assert "stuck" == await world.state(booking)

    world.memory.clock.advance(timedelta(minutes=1))
    async with world.memory.store.begin() as uow:
        connection = await uow.calendar_connections.lock(world.host.id, world.connection.id)
        assert connection
        uow.calendar_connections.save(connection.was_reconnected("anna@example.com", world.memory.clock()))
    await world.passes(POLL)

    assert ([HERE], "written") == (world.slots, await world.state(booking))


async def test_a_deletion_is_asked_about_after_two_minutes_at_the_latest_where_the_calendar_is_read_often() -> None:
    world = await WritingWorld().begun()
    await world.books()
    await world.passes(POLL)
    world.host_deletes(world.ids[0])

    await world.passes(POLL)
    await world.passes(SETTLES_WITHIN)

    assert 1 == len(world.memory.mailer.notices)
