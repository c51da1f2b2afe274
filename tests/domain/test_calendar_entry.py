"""What becomes of a booking's entry in a calendar."""

import re
from datetime import timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.calendar_entry import (
    CalendarEntry,
    EntryChange,
    EntryContent,
    Patch,
    Put,
    RemoteEntry,
    Remove,
    entry_title,
    next_step,
    written,
)
from domain.ids import BookingId, CalendarId
from domain.slot import Slot
from tests.support.builders import NOW

HOUR = timedelta(hours=1)
BOOKING = BookingId("b")
HERE, THERE = Slot.lasting(HOUR, NOW), Slot.lasting(HOUR, NOW + 3 * HOUR)
CONTENT = EntryContent(HERE, "Ana – Intro call", "https://meet.example/1", "https://meet.example/1\nAna")
OWED = CalendarEntry(calendar_id=CalendarId("c"), owed_since=NOW)

contents = st.builds(EntryContent, st.sampled_from([HERE, THERE]), *[st.sampled_from(["", "a", "b"])] * 3)


def in_calendar(content: EntryContent = CONTENT) -> CalendarEntry:
    remote = RemoteEntry("remote", "1", content.slot)
    return msgspec.structs.replace(OWED, state="written", tried=(content.slot,), written=written(remote, content))


def test_an_entry_that_is_not_there_is_put() -> None:
    assert Put(OWED.uid(BOOKING), CONTENT) == next_step(BOOKING, OWED, CONTENT)


def test_an_entry_that_says_all_that_it_should_is_left_alone() -> None:
    assert None is next_step(BOOKING, in_calendar(), CONTENT)


@given(contents, contents)
def test_a_patch_names_what_differs_and_nothing_else(before: EntryContent, after: EntryContent) -> None:
    step = next_step(BOOKING, in_calendar(before), after)

    named = msgspec.structs.asdict(step.change) if isinstance(step, Patch) else msgspec.structs.asdict(EntryChange())
    was, wanted = msgspec.structs.asdict(before), msgspec.structs.asdict(after)
    assert {field: None if was[field] == wanted[field] else wanted[field] for field in was} == named


def test_an_entry_that_is_not_wanted_is_removed_once() -> None:
    assert Remove(OWED.uid(BOOKING), "remote", (HERE,)) == next_step(BOOKING, in_calendar(), None)
    assert None is next_step(BOOKING, OWED, None)


def test_an_entry_that_may_have_arrived_is_looked_for_wherever_it_may_be() -> None:
    tried = msgspec.structs.replace(OWED, tried=(HERE, THERE))

    assert Put(OWED.uid(BOOKING), CONTENT, (HERE, THERE)) == next_step(BOOKING, tried, CONTENT)
    assert Remove(OWED.uid(BOOKING), None, (HERE, THERE)) == next_step(BOOKING, tried, None)


def test_an_entry_that_the_host_has_deleted_is_not_put_back_by_itself() -> None:
    deleted = msgspec.structs.replace(in_calendar(), state="deleted_in_calendar")

    assert (None, None) == (next_step(BOOKING, deleted, CONTENT), next_step(BOOKING, deleted, None))


def test_an_entry_that_the_host_has_moved_stays_there_but_gets_its_link() -> None:
    moved = msgspec.structs.replace(in_calendar(), state="moved_in_calendar", moved_to=THERE)
    with_link = msgspec.structs.replace(CONTENT, location="https://meet.example/2")

    step = next_step(BOOKING, moved, with_link)

    assert isinstance(step, Patch)
    assert EntryChange(location="https://meet.example/2") == step.change


def test_each_generation_has_a_name_of_its_own_that_every_calendar_takes() -> None:
    first, second = OWED.uid(BOOKING), OWED.anew().uid(BOOKING)

    assert first != second
    assert re.fullmatch("[a-v0-9]{5,60}", first)
    assert first == msgspec.structs.replace(OWED, owed_since=NOW + HOUR).uid(BOOKING)


def test_a_new_generation_knows_nothing_of_the_one_before() -> None:
    assert Put(OWED.anew().uid(BOOKING), CONTENT) == next_step(BOOKING, in_calendar().anew(), CONTENT)


def test_the_title_forgets_the_guest() -> None:
    assert ("Ana – Intro call", "Intro call") == (entry_title("Ana", "Intro call"), entry_title(None, "Intro call"))


@pytest.mark.parametrize(
    ("entry", "places"),
    [
        (OWED, (HERE,)),
        (msgspec.structs.replace(OWED, tried=(THERE,)), (HERE, THERE)),
        (in_calendar(msgspec.structs.replace(CONTENT, slot=THERE)), (HERE, THERE)),
        (msgspec.structs.replace(in_calendar(), state="moved_in_calendar", moved_to=THERE), (HERE,)),
    ],
    ids=["owed", "perhaps there", "to be moved", "moved by the host"],
)
def test_an_entry_is_where_we_have_put_it_or_are_about_to(entry: CalendarEntry, places: tuple[Slot, ...]) -> None:
    assert places == entry.places(HERE)
