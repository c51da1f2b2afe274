"""Changes that the provider tells: watches are kept alive, and each notice brings one reading."""

from datetime import timedelta

import msgspec
import pytest

from adapters.memory.calendar_watcher import LIVES_FOR
from application.calendars.receive_notices import TOGETHER
from application.calendars.watch_calendar import REFUSED_FOR
from application.jobs import Due, ReadCalendarJob
from application.ports.calendar_watcher import CalendarNotice
from application.ports.notifications import AddressCheck
from domain.calendar_problem import ServerBusy
from tests.support.watched_calendar import ANNA, HOUR, NOON, POLL, World


@pytest.fixture
async def world() -> World:
    return await World().connected()


async def test_only_calendars_that_block_a_page_are_watched(world: World) -> None:
    assert ["main"] == world.watched


async def test_without_an_address_that_providers_reach_nothing_is_watched() -> None:
    world = await World(pushes=False).connected()

    assert [] == world.watched
    await world.passes(POLL * 1.2)
    assert 1 == await world.is_read()


async def test_a_watched_calendar_is_read_ten_times_as_seldom_but_before_its_last_reading_ends(world: World) -> None:
    await world.passes(6 * POLL)
    assert 0 == await world.is_read()

    await world.passes(2 * POLL)
    assert 1 == await world.is_read()
    assert "fresh" == (await world.main()).state(world.memory.clock())


async def test_a_notice_brings_a_reading_within_a_second(world: World) -> None:
    world.reader.publish("anna", "main", NOON)
    await world.passes(timedelta(minutes=5))
    await world.is_read()

    await world.tells()
    await world.passes(TOGETHER)

    assert 1 == await world.is_read()
    assert NOON.slot in [
        each.slot for each in await world.memory.app.show_next_times(world.actor, (await world.main()).id, 5)
    ]


async def test_notices_that_come_together_bring_one_reading(world: World) -> None:
    await world.passes(timedelta(minutes=5))
    await world.is_read()
    for _ in range(5):
        await world.tells()
        world.memory.clock.advance(TOGETHER / 10)

    await world.passes(TOGETHER)

    assert 1 == await world.is_read()


async def test_a_notice_during_a_reading_brings_one_more(world: World) -> None:
    await world.passes(timedelta(minutes=5))
    await world.is_read()
    await world.tells()
    world.memory.clock.advance(TOGETHER)
    [lease] = await world.memory.backlog.lease(10, timedelta(minutes=1))
    await world.tells()
    await world.memory.app.run_job(lease)

    await world.passes(TOGETHER)

    assert 2 == await world.is_read()


async def test_whoever_knows_no_secret_changes_nothing(world: World) -> None:
    [watch] = await world.watches()
    before = world.memory.store

    forged = [CalendarNotice(each, kind) for each in ("", "guessed", watch.id) for kind in ("changed", "ended")]
    assert 0 == await world.is_told(*forged)
    assert 0 == await world.is_told(*world.watcher.tell("main"), kind="microsoft")

    assert [watch] == await world.watches()
    assert before is world.memory.store
    await world.passes(TOGETHER)
    assert 0 == await world.is_read()


async def test_a_calendar_that_cannot_be_read_is_not_asked_because_of_a_notice(world: World) -> None:
    world.reader.fail("anna", "main", ServerBusy())
    await world.passes(8 * POLL)
    await world.is_read()
    async with world.memory.store.begin() as uow:
        uow.outbox.cancel(ReadCalendarJob((await world.main()).id))

    await world.tells()
    await world.passes(TOGETHER)

    assert 0 == await world.is_read()


async def test_where_nothing_is_prolonged_a_new_watch_takes_over_at_half_of_its_life(world: World) -> None:
    [first] = await world.watches()
    await world.passes(LIVES_FOR / 2 - HOUR)
    assert [first.id] == [each.id for each in await world.watches()]

    await world.passes(HOUR)

    [second] = await world.watches()
    assert first.id != second.id
    assert ["main"] == world.watched
    assert second.lives(world.memory.clock() + LIVES_FOR - HOUR)


async def test_where_watches_are_prolonged_the_same_one_lives_on() -> None:
    world = await World("microsoft").connected()
    [first] = await world.watches()

    await world.passes(LIVES_FOR / 2)

    [renewed] = await world.watches()
    assert (first.id, True) == (renewed.id, renewed.lives(world.memory.clock() + LIVES_FOR - HOUR))


async def test_a_watch_that_its_provider_wants_renewed_early_is_renewed_at_once() -> None:
    world = await World("microsoft").connected()
    [first] = await world.watches()
    world.memory.clock.advance(HOUR)

    await world.tells("expiring")
    await world.memory.work_off()

    [renewed] = await world.watches()
    assert (first.id, world.memory.clock(), False) == (renewed.id, renewed.begun_at, renewed.is_expiring)


async def test_a_watch_that_has_ended_begins_anew_and_the_calendar_is_read() -> None:
    world = await World("microsoft").connected()
    [first] = await world.watches()
    ended = world.watcher.tell("main", "ended")
    world.watcher.kept.clear()
    world.memory.clock.advance(HOUR)

    await world.is_told(*ended)
    await world.passes(TOGETHER)

    [second] = await world.watches()
    assert first.id != second.id
    assert ["main"] == world.watched
    assert 1 <= await world.is_read()


async def test_a_watch_that_got_lost_is_found_out_when_it_is_renewed() -> None:
    world = await World("microsoft").connected()
    world.watcher.kept.clear()

    await world.passes(LIVES_FOR / 2)

    assert ["main"] == world.watched


async def test_where_the_address_is_refused_calendars_are_polled_and_it_is_tried_again_in_a_day() -> None:
    world = World()
    world.watcher.refuses = "webhookUrlUnauthorized"
    await world.connected()

    await world.passes(POLL * 1.2)
    assert 1 == await world.is_read()
    assert ["webhookUrlUnauthorized"] == [each.refusal for each in await world.watches()]

    world.watcher.refuses = None
    await world.passes(REFUSED_FOR)
    assert ["main"] == world.watched


async def test_a_calendar_that_begins_to_block_is_watched_and_one_that_stops_is_not_for_long(world: World) -> None:
    team = next(each for each in await world.memory.store.views.calendars(world.host.id) if each.remote_id == "team")
    async with world.memory.store.begin() as uow:
        page = await uow.pages.lock(world.host.id, world.page.id)
        assert page is not None
        calendars = msgspec.structs.replace(page.calendars, blocking=(team.id,))
        uow.pages.save(msgspec.structs.replace(page, calendars=calendars))
        uow.outbox.enqueue(Due(ReadCalendarJob(team.id), world.memory.clock()))

    await world.memory.work_off()
    assert ["main", "team"] == sorted(world.watched)
    await world.passes(LIVES_FOR / 2)
    assert ["team"] == world.watched


async def test_watches_end_with_a_disconnect_although_the_access_token_has_expired(world: World) -> None:
    connection_id = (await world.main()).connection_id
    world.memory.clock.advance(2 * HOUR)

    await world.memory.app.disconnect_calendars(world.actor, connection_id)

    assert [] == world.watched


async def test_an_account_that_is_healed_is_watched_again(world: World) -> None:
    world.memory.calendar_accounts["google"].kill_grants(ANNA)
    world.watcher.kept.clear()
    await world.passes(LIVES_FOR / 2)
    assert [] == await world.watches()

    await world.connects()
    await world.memory.work_off()

    assert ["main"] == world.watched


async def test_the_proof_of_an_address_is_given_to_whoever_asks(world: World) -> None:
    told = await world.memory.app.receive_calendar_notices("microsoft", {"check": "prove it"}, {}, b"")

    assert AddressCheck(b"prove it") == told
