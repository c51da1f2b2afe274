"""Entries in calendars: what every kind of calendar promises about them."""

from collections.abc import AsyncGenerator
from datetime import timedelta

import msgspec
import pytest

from application.ports.calendar_writer import CalendarUnwritable, EntryGone, EntryUidSpent
from application.ports.provider import AccessTokenExpired
from domain.calendar_entry import EntryChange, EntryContent, RemoteEntry
from domain.calendar_problem import PasswordRefused, SignInEnded
from domain.provider_problem import AccessTokenRefused
from domain.slot import Slot
from tests.contract.entry_worlds import EntryWorld, MemoryEntries, Shown, caldav_entries, google_entries
from tests.contract.microsoft_entries import microsoft_entries
from tests.support.builders import NOW

UID = "tt0123456789abcdefghijklmnopqrstuv"
HOUR = timedelta(hours=1)
HERE, THERE = Slot.lasting(HOUR, NOW + 24 * HOUR), Slot.lasting(2 * HOUR, NOW + 72 * HOUR)
LINK = "https://meet.example/1?a=b&c=d"
CONTENT = EntryContent(
    HERE, "Zoë 王小明; O’Neil, – Intro \\ call", LINK, f"{LINK}\n\nZoë\nTopic: a, b; c \\ d\n“é”\n" * 9
)


@pytest.fixture(params=["memory", "memory-that-keeps-ids", "radicale", "xandikos", "google", "microsoft"])
async def world(request: pytest.FixtureRequest) -> AsyncGenerator[EntryWorld]:
    if request.param in {"radicale", "xandikos"}:
        async with caldav_entries(request.param, request) as entries:
            yield entries
    elif request.param == "google":
        async with google_entries() as entries:
            yield entries
    elif request.param == "microsoft":
        async with microsoft_entries() as entries:
            yield entries
    else:
        yield MemoryEntries(keeps_deleted_ids=request.param == "memory-that-keeps-ids")


async def put(
    world: EntryWorld, content: EntryContent = CONTENT, uid: str = UID, tried: tuple[Slot, ...] = ()
) -> RemoteEntry:
    return await world.writer.put(world.access, world.calendar, uid, content, tried)


async def test_an_entry_says_what_it_should_blocks_its_time_and_names_nobody(world: EntryWorld) -> None:
    entry = await put(world)

    assert [Shown(CONTENT)] == await world.shown()
    assert HERE == entry.slot
    assert [] == world.mailed()


async def test_the_same_entry_put_twice_is_one(world: EntryWorld) -> None:
    first = await put(world)
    changed = msgspec.structs.replace(CONTENT, slot=THERE, title="Later")

    second = await put(world, changed, tried=(HERE,))

    assert (first.id, THERE) == (second.id, second.slot)
    assert [Shown(changed)] == await world.shown()


async def test_a_patch_changes_what_it_names_and_leaves_what_the_host_has_put_there(world: EntryWorld) -> None:
    entry = await put(world)
    await world.note(entry.id, "mine")

    moved = await world.writer.patch(world.access, world.calendar, entry.id, EntryChange(slot=THERE))
    await world.writer.patch(
        world.access, world.calendar, entry.id, EntryChange(None, "New", "https://meet.example/2", "Other")
    )

    assert (entry.id, THERE) == (moved.id, moved.slot)
    assert moved.revision != entry.revision
    changed = EntryContent(THERE, "New", "https://meet.example/2", "Other")
    assert [Shown(changed, note="mine")] == await world.shown()
    assert [] == world.mailed()


async def test_what_the_host_writes_around_the_description_stays_however_often_ours_changes(world: EntryWorld) -> None:
    entry = await put(world)
    await world.write_around(entry.id, "Bring the contract & pens", "She likes mornings")

    for description in (f"{LINK}\n\nZoë < Ana", f"{LINK}\nNew: a, b; c\n\nThe end"):
        change = EntryChange(description=description)
        await world.writer.patch(world.access, world.calendar, entry.id, change)

    ours = [LINK, "New: a, b; c", "The end"]
    assert ["Bring the contract & pens", *ours, "She likes mornings"] == await world.described()


async def test_an_entry_that_is_gone_can_neither_be_changed_nor_deleted_and_only_the_first_matters(
    world: EntryWorld,
) -> None:
    entry = await put(world)
    await world.delete(entry.id)

    with pytest.raises(EntryGone):
        await world.writer.patch(world.access, world.calendar, entry.id, EntryChange(slot=THERE))
    await world.writer.remove(world.access, world.calendar, UID, entry.id, (HERE,))
    await world.writer.remove(world.access, world.calendar, UID, None, (HERE,))


async def test_a_deleted_entry_can_be_put_anew_under_another_name_at_least(world: EntryWorld) -> None:
    entry = await put(world)
    await world.delete(entry.id)

    if world.keeps_deleted_ids:
        with pytest.raises(EntryUidSpent):
            await put(world, tried=(HERE,))
    await put(world, uid=f"{UID}1")

    assert [Shown(CONTENT)] == await world.shown()


async def test_an_entry_that_the_host_moves_before_it_is_known_is_found_all_the_same(world: EntryWorld) -> None:
    entry = await put(world)
    await world.move(entry.id, THERE)

    again = await put(world, tried=(HERE,))
    shown = await world.shown()
    await world.move(entry.id, THERE)
    await world.writer.remove(world.access, world.calendar, UID, None, (HERE,))

    assert (entry.id, [Shown(CONTENT)], []) == (again.id, shown, await world.shown())


@pytest.mark.parametrize("is_known", [True, False])
async def test_an_entry_is_removed_by_its_id_or_by_its_name(world: EntryWorld, is_known: bool) -> None:
    entry = await put(world)

    await world.writer.remove(world.access, world.calendar, UID, entry.id if is_known else None, (HERE,))

    assert [] == await world.shown()
    assert [] == world.mailed()


async def test_what_the_host_has_made_of_entries_is_seen(world: EntryWorld) -> None:
    left, moved, deleted = [await put(world, uid=f"{UID}{number}") for number in range(3)]
    await world.move(moved.id, Slot.lasting(HOUR, NOW + 24 * 40 * HOUR))
    await world.delete(deleted.id)

    seen = await world.writer.seen(world.access, world.calendar, dict.fromkeys([left.id, moved.id, deleted.id], HERE))

    assert {left.id, moved.id} == set(seen)
    assert (HERE, left.revision) == (seen[left.id].slot, seen[left.id].revision)
    assert Slot.lasting(HOUR, NOW + 24 * 40 * HOUR) == seen[moved.id].slot
    assert moved.revision != seen[moved.id].revision


async def test_nobody_writes_where_nobody_is_let_in(world: EntryWorld) -> None:
    if not world.asks_who_comes:
        return
    await world.lock_out()

    with pytest.raises((CalendarUnwritable, AccessTokenExpired)) as refused:
        await put(world)

    problems = PasswordRefused | SignInEnded | AccessTokenRefused
    assert isinstance(refused.value.problem, problems)
