"""Calendars are asked once more before a time is taken."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import msgspec
import pytest

from application.accounts.profile import ProfileEdit
from application.actor import GuestActor
from application.app import App
from application.booking.access import BookingById
from application.booking.confirm import Missed
from application.booking.confirmation_links import ConfirmationLinks
from application.calendars.change_rules import RulesEdit
from application.calendars.timings import CalendarTimings
from application.ports.calendar_reader import Answered, CalendarAccess, ReadingQuery
from application.ports.provider import TryLater
from domain.booking import Booking
from domain.budgets import CALENDARS_ASKED_AT_SUBMIT
from domain.calendar_problem import CalendarProblem, PasswordRefused, ServerBusy, SignInEnded
from domain.errors import BookingClosed, CalendarsUnreadable, SlotNotOffered, SlotTaken
from domain.page_calendars import MOST_CALENDARS, WhenUnreadable
from domain.provider_problem import RateLimited
from tests.support.calendar_world import HOUR, MINUTE, TEN, CalendarWorld, busy
from tests.support.memory_app import MemoryApp

GRACE = CalendarTimings().grace
A_WHILE = timedelta(seconds=15)
"""A calendar that was read longer ago is asked."""


async def a_world(*accounts: str, policy: WhenUnreadable = "close", since: timedelta = A_WHILE) -> CalendarWorld:
    """Accounts with a calendar each, named like them, that were read some time ago."""
    world = await CalendarWorld.with_page(policy=policy)
    for each in accounts or ("anna",):
        await world.connect(each, each if accounts else "work")
    await world.passes(since, with_worker=False)
    return world


def impatient(world: CalendarWorld, longest: timedelta = timedelta(milliseconds=20)) -> None:
    """Let nobody wait for an answer for longer than a moment; one in which others are to answer is a second."""
    timings = CalendarTimings(answered_within=longest)
    world.memory.ports = replace(world.memory.ports, calendar_timings=timings)
    world.memory.app = App(world.memory.ports)


async def test_an_event_that_no_reading_has_seen_yet_takes_its_time() -> None:
    world = await a_world()
    world.publish(busy())

    with pytest.raises(SlotTaken) as taken:
        await world.books()

    assert TEN not in taken.value.alternatives
    assert taken.value.alternatives


async def test_the_page_follows_at_once_when_an_answer_contradicts_it() -> None:
    world = await a_world()
    world.publish(busy())
    with pytest.raises(SlotTaken):
        await world.books()

    await world.memory.work_off()

    assert TEN not in await world.starts()


async def test_a_free_time_is_booked_and_its_calendar_read_as_seldom_as_before() -> None:
    world = await a_world()

    await world.books()
    await world.memory.work_off()

    assert [("anna", "work")] == world.asked


async def test_a_calendar_that_was_read_just_now_is_not_asked() -> None:
    world = await a_world(since=A_WHILE - timedelta(seconds=1))

    await world.books()

    assert [] == world.asked


async def test_a_host_who_moves_to_another_time_zone_has_all_calendars_asked_and_read_in_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = await a_world(since=timedelta(seconds=1))
    reader, zones = world.memory.calendar_readers["google"], list[str]()

    async def ask(_access: CalendarAccess, queries: Sequence[ReadingQuery], _answered: Answered) -> None:
        zones.extend(each.timezone for each in queries)

    monkeypatch.setattr(reader, "ask", ask)
    await world.memory.app.edit_profile(world.actor, ProfileEdit(timezone="Europe/Athens"))

    await world.books()
    await world.memory.work_off()

    assert ["Europe/Athens"] == zones
    assert ("Europe/Athens", [("anna", "work")]) == ((await world.calendar()).host_timezone, world.asked)


async def test_buffers_keep_distance_from_what_is_answered() -> None:
    world = await a_world()
    async with world.memory.store.begin() as uow:
        rules = msgspec.structs.replace(world.page.rules, buffer_after=HOUR)
        page = await uow.pages.get(world.page.id)
        assert page
        uow.pages.save(msgspec.structs.replace(page, rules=rules))
    world.publish(busy(TEN + HOUR))

    with pytest.raises(SlotTaken):
        await world.books()


async def test_answers_are_taken_by_the_calendars_rules() -> None:
    world = await a_world()
    world.publish(busy(mark="tentative"))
    await world.memory.app.change_calendar_rules(world.actor, (await world.calendar()).id, RulesEdit(tentative="free"))

    await world.books()


async def test_calendars_of_an_account_are_asked_in_one_call_and_accounts_at_once() -> None:
    world = await CalendarWorld.with_page()
    await world.connect("anna", "a", "b", "c")
    await world.connect("bert", "d", kind="caldav")
    await world.passes(A_WHILE, with_worker=False)

    await world.books()

    readers = world.memory.calendar_readers
    assert [("anna", "a"), ("anna", "b"), ("anna", "c")] == readers["google"].asked
    assert [("bert", "d")] == readers["caldav"].asked


async def test_a_page_asks_every_calendar_that_blocks_it() -> None:
    world = await CalendarWorld.with_page()
    await world.connect("anna", *(f"c{each:02}" for each in range(MOST_CALENDARS)))
    await world.passes(A_WHILE, with_worker=False)

    await world.books()

    assert MOST_CALENDARS == len(world.asked)


async def test_an_account_that_guests_had_asked_too_often_counts_by_its_last_reading_for_a_while() -> None:
    world = await a_world("anna", "bert")
    for _ in range(CALENDARS_ASKED_AT_SUBMIT.most):
        await world.memory.app.spend(CALENDARS_ASKED_AT_SUBMIT.of("k-anna"))

    await world.books()
    assert [("bert", "bert")] == world.asked

    await world.passes(MINUTE, with_worker=False)
    await world.books(TEN + HOUR)
    assert ("anna", "anna") in world.asked


async def test_nobody_is_asked_about_a_time_that_cannot_be_had_anyway() -> None:
    world = await a_world()
    await world.books()
    world.memory.calendar_readers["google"].asked.clear()

    with pytest.raises(SlotTaken):
        await world.books()
    with pytest.raises(SlotNotOffered):
        await world.books(TEN + 12 * HOUR)

    assert [] == world.asked


async def test_a_repeat_of_a_submit_asks_nobody_again() -> None:
    world = await a_world()
    first = await world.books(key="k")

    again = await world.books(key="k")

    assert first.id == again.id
    assert 1 == len(world.asked)


@pytest.mark.parametrize("policy", ["close", "trust_last"])
@pytest.mark.parametrize("how", ["fails", "is silent"])
async def test_a_calendar_that_does_not_answer_counts_by_its_last_reading(how: str, policy: WhenUnreadable) -> None:
    world = await a_world(policy=policy)
    impatient(world)
    reader = world.memory.calendar_readers["google"]
    reader.fall_silent("anna") if how == "is silent" else reader.fail("anna", "work", ServerBusy())

    await world.books()


@pytest.mark.parametrize(("policy", "booked"), [("close", False), ("trust_last", True)])
async def test_beyond_its_grace_a_calendar_that_does_not_answer_is_taken_by_the_pages_policy(
    policy: WhenUnreadable, booked: bool
) -> None:
    world = await a_world(policy=policy, since=GRACE)
    world.memory.calendar_readers["google"].fail("anna", "work", ServerBusy())

    if booked:
        await world.books()
    else:
        with pytest.raises(CalendarsUnreadable):
            await world.books()


async def test_an_answer_is_as_good_as_a_reading_where_none_counts_any_more() -> None:
    world = await a_world(since=GRACE)
    assert [] == await world.starts()

    await world.books()
    await world.memory.work_off()

    assert TEN + HOUR in await world.starts()


async def test_one_that_is_silent_keeps_no_other_from_being_heard() -> None:
    world = await a_world("anna", "bert")
    impatient(world, timedelta(seconds=1))
    world.memory.calendar_readers["google"].fall_silent("anna")
    world.publish(busy(), account="bert", name="bert")

    with pytest.raises(SlotTaken):
        await world.books()


async def test_one_that_answers_in_time_is_heard_although_another_of_its_account_is_silent() -> None:
    world = await CalendarWorld.with_page()
    await world.connect("anna", "work", "home")
    await world.passes(A_WHILE, with_worker=False)
    impatient(world, timedelta(seconds=1))
    world.memory.calendar_readers["google"].fall_silent("anna", "work")
    world.publish(busy(), name="home")

    with pytest.raises(SlotTaken):
        await world.books()


@pytest.mark.parametrize(("kind", "problem"), [("google", SignInEnded()), ("caldav", PasswordRefused())])
async def test_an_account_that_lets_nobody_in_closes_at_once_and_is_left_alone(
    kind: str, problem: CalendarProblem
) -> None:
    world = await CalendarWorld.with_page()
    connection = await world.connect("anna", "work", kind="caldav" if kind == "caldav" else "google")
    await world.passes(A_WHILE, with_worker=False)
    reader = world.memory.calendar_readers["caldav" if kind == "caldav" else "google"]
    reader.lock_out("anna")

    with pytest.raises(CalendarsUnreadable):
        await world.books()

    [stored] = await world.memory.store.views.calendar_connections(world.host.id)
    assert (connection.id, problem) == (stored.id, stored.problem)
    assert "broken" == (await world.calendar()).state(world.memory.clock())
    with pytest.raises(CalendarsUnreadable):
        await world.books()


async def test_a_provider_that_wants_to_be_left_alone_is_asked_by_no_further_submit() -> None:
    world = await a_world()
    accounts = world.memory.calendar_accounts["google"]
    accounts.expire_access_tokens()
    accounts.fail("refresh", TryLater(RateLimited("google"), at=world.memory.clock() + HOUR), times=1)

    for number in range(3):
        await world.books(TEN + number * HOUR)

    assert not world.asked


async def test_a_page_that_trusts_the_last_reading_does_so_when_the_account_lets_nobody_in() -> None:
    world = await a_world(policy="trust_last")
    world.memory.calendar_readers["google"].lock_out("anna")

    await world.books()


@pytest.mark.parametrize("who", ["guest", "host"])
async def test_whoever_moves_a_booking_is_told_what_the_calendar_says(who: str) -> None:
    world = await a_world(since=timedelta(0))
    booking = await world.books()
    await world.passes(A_WHILE, with_worker=False)
    world.publish(busy(TEN + 2 * HOUR))
    access = BookingById(world.actor, booking.id) if who == "host" else guest_of(booking)

    with pytest.raises(SlotTaken) as taken:
        await world.memory.app.reschedule(access, TEN + 2 * HOUR)
    assert TEN + 2 * HOUR not in taken.value.alternatives
    await world.memory.app.reschedule(access, TEN + 4 * HOUR)


async def test_a_held_booking_is_given_up_when_its_host_has_become_busy() -> None:
    world = await a_world_with_held()
    world.publish(busy())

    with pytest.raises(BookingClosed):
        await world.confirms()

    assert isinstance(await world.looks(), Missed)


async def test_a_held_booking_stays_held_while_nobody_knows_whether_its_host_is_free() -> None:
    world = await a_world_with_held()
    world.memory.calendar_readers["google"].lock_out("anna")

    with pytest.raises(CalendarsUnreadable):
        await world.confirms()

    found = await world.looks()
    assert not isinstance(found, Missed)
    assert "held" == found.booking.status


async def test_a_held_booking_is_confirmed_where_the_calendar_has_nothing_against_it() -> None:
    world = await a_world_with_held()

    await world.confirms()

    found = await world.looks()
    assert not isinstance(found, Missed)
    assert "confirmed" == found.booking.status


class HeldWorld(CalendarWorld):
    """A booking that waits for its guest."""

    held: Booking

    async def confirms(self) -> None:
        await self.memory.app.confirm(guest_of(self.held), self._proof)

    async def looks(self):
        return await self.memory.app.confirm.look(guest_of(self.held), self._proof)

    @property
    def _proof(self) -> str:
        assert self.held.token
        return ConfirmationLinks(self.memory.ports.vault).proof_for(self.held, self.held.token)


async def a_world_with_held() -> HeldWorld:
    world = await HeldWorld.with_page(MemoryApp(), confirm_guest_email=True)
    assert isinstance(world, HeldWorld)
    await world.connect()
    world.held = await world.books()
    await world.passes(MINUTE, with_worker=False)
    return world


def guest_of(booking: Booking) -> GuestActor:
    assert booking.token
    return GuestActor(booking.token)
