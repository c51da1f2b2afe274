"""A host is told once of calendars that can't be read."""

from datetime import timedelta

import pytest

from adapters.presentation.sentences.notices import notice_words
from application.ports.calendar_reader import RemoteCalendar
from application.ports.mail import Notice
from application.ports.notices import CalendarsUnread
from domain.calendar import CalendarKind
from domain.calendar_problem import (
    CalendarGone,
    CalendarProblem,
    PasswordRefused,
    ServerUnreachable,
    SignInEnded,
)
from domain.page_calendars import WhenUnreadable
from tests.support.builders import a_page
from tests.support.calendar_world import HOUR, MINUTE, CalendarWorld

POLL, GRACE, SECOND = 2 * MINUTE, 30 * MINUTE, timedelta(seconds=1)


async def a_world(*names: str, policy: WhenUnreadable = "close", kind: CalendarKind = "google") -> CalendarWorld:
    world = await CalendarWorld.with_page(policy=policy)
    await world.connect("anna", *names, kind=kind)
    return world


def fail(world: CalendarWorld, *names: str) -> None:
    for each in names or ("work",):
        world.memory.calendar_readers["google"].fail("anna", each, ServerUnreachable())


async def passes_in_steps(world: CalendarWorld, time: timedelta) -> None:
    for _ in range(round(time / (5 * SECOND))):
        await world.passes(5 * SECOND)


def mails(world: CalendarWorld) -> list[Notice]:
    return [
        each
        for each in world.memory.mailer.sent
        if isinstance(each, Notice) and isinstance(each.about, CalendarsUnread)
    ]


def told(world: CalendarWorld) -> CalendarsUnread:
    [mail] = mails(world)
    assert isinstance(mail.about, CalendarsUnread)
    return mail.about


async def test_the_second_failed_reading_is_told_within_a_minute_with_the_calendars_name() -> None:
    world = await a_world()
    fail(world)
    await world.passes(POLL)
    failing_since = world.memory.clock()
    assert [] == mails(world)

    await world.passes(10 * SECOND)
    await world.passes(MINUTE)

    assert 2 <= (await world.calendar()).failures
    about = told(world)
    assert (("Work",), failing_since, (ServerUnreachable(),)) == (about.names, about.since, about.problems)


async def test_a_calendar_that_recovers_within_moments_is_not_worth_a_mail() -> None:
    world = await a_world()
    fail(world)
    await world.passes(POLL)
    await world.passes(10 * SECOND)
    world.publish()

    await passes_in_steps(world, 5 * MINUTE)

    assert [] == mails(world)


async def test_a_break_is_told_once_however_long_it_lasts() -> None:
    world = await a_world()
    fail(world)

    await passes_in_steps(world, 10 * MINUTE)
    for _ in range(24):
        await world.passes(HOUR)

    assert 1 == len(mails(world))


async def test_a_further_break_is_told_again() -> None:
    world = await a_world()
    fail(world)
    await passes_in_steps(world, 5 * MINUTE)
    world.publish()
    await passes_in_steps(world, 5 * MINUTE)
    fail(world)

    await passes_in_steps(world, 5 * MINUTE)

    first, second = mails(world)
    assert first.id != second.id


@pytest.mark.parametrize(("kind", "problem"), [("google", SignInEnded()), ("caldav", PasswordRefused())])
async def test_an_account_that_lets_nobody_in_is_told_at_its_first_failure(
    kind: CalendarKind, problem: CalendarProblem
) -> None:
    world = await a_world("work", "home", kind=kind)
    world.memory.calendar_readers[kind].lock_out("anna")

    await world.passes(POLL)

    about = told(world)
    assert ({"Work", "Home"}, (problem,)) == (set(about.names), about.problems)
    assert about.reconnecting_helps
    assert None is about.closes_at
    assert (world.page.title,) == about.closing


async def test_a_server_that_is_away_is_told_once_for_all_calendars_of_its_account() -> None:
    world = await a_world("a", "b", "c", "d")
    fail(world, "a", "b", "c", "d")

    await passes_in_steps(world, 10 * MINUTE)

    assert {"A", "B", "C", "D"} == set(told(world).names)


async def test_a_calendar_that_is_gone_is_told_without_the_others_of_its_account() -> None:
    world = await a_world("work", "home")
    world.memory.calendar_readers["google"].hold("anna", RemoteCalendar("home", "Home"))

    await passes_in_steps(world, 5 * MINUTE)

    assert (("Work",), (CalendarGone(),)) == (told(world).names, told(world).problems)


async def test_pages_are_named_with_what_becomes_of_them() -> None:
    world = await a_world()
    free = await world.memory.page(a_page(world.host, title="Free"))
    fail(world)

    await passes_in_steps(world, 5 * MINUTE)

    about = told(world)
    assert ((world.page.title,), ()) == (about.closing, about.trusting)
    assert free.title not in about.closing
    assert (await world.calendar()).readable_until == about.closes_at


async def test_pages_that_trust_the_last_reading_are_named_as_such() -> None:
    world = await a_world(policy="trust_last")
    fail(world)

    await passes_in_steps(world, 5 * MINUTE)

    about = told(world)
    assert ((), (world.page.title,), None) == (about.closing, about.trusting, about.closes_at)


async def test_whoever_has_not_confirmed_their_address_is_mailed_nothing() -> None:
    world = await a_world()
    async with world.memory.store.begin() as uow:
        uow.accounts.confirm_email(world.host.id, None)
    fail(world)

    await passes_in_steps(world, 5 * MINUTE)

    assert [] == mails(world)


async def test_the_mail_names_the_calendar_since_when_and_what_to_press() -> None:
    world = await a_world()
    world.memory.calendar_readers["google"].lock_out("anna")

    await world.passes(POLL)

    words = notice_words(told(world))
    assert "Action needed: we can’t read your calendar “Work”" == words.subject
    assert "Monday, 2 March 2026, 09:02" in words.paragraphs[0]
    assert world.page.title in words.paragraphs[-1]
    assert ("Reconnect", "/settings/providers#calendars") == (words.action, words.path)
