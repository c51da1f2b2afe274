"""The files of entries: what is changed in them, and all that isn't."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from adapters.caldav.event_file import NoEvent, changed_file, event_file, slot_in
from domain.calendar_entry import EntryChange, EntryContent
from domain.slot import Slot

NOW = datetime(2026, 12, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
HERE, THERE = Slot.lasting(HOUR, NOW + 9 * HOUR), Slot.lasting(2 * HOUR, NOW + 99 * HOUR)

EDITED = b"""\
BEGIN:VCALENDAR\r
VERSION:2.0\r
X-WR-CALNAME:Mine\r
BEGIN:VTIMEZONE\r
TZID:Test\r
BEGIN:STANDARD\r
DTSTART:19700101T000000\r
TZOFFSETFROM:+0100\r
TZOFFSETTO:+0100\r
END:STANDARD\r
END:VTIMEZONE\r
BEGIN:VEVENT\r
UID:tt1\r
RECURRENCE-ID;TZID=Test:20261202T100000\r
DTSTART;TZID=Test:20261202T120000\r
DTEND;TZID=Test:20261202T130000\r
SUMMARY:Exception\r
END:VEVENT\r
BEGIN:VEVENT\r
UID:tt1\r
DTSTART;TZID=Test:20261201T100000\r
DURATION:PT1H\r
DTSTAMP:20261101T000000Z\r
SEQUENCE:4\r
SUMMARY;LANGUAGE=en:Ol\r
 d\r
LOCATION:There\r
DESCRIPTION:Old\r
X-ALT-DESC;FMTTYPE=text/html:<b>Old</b>\r
COLOR:red\r
X-MINE:a\\, b\r
ATTENDEE:mailto:friend@mail.example\r
BEGIN:VALARM\r
ACTION:DISPLAY\r
DESCRIPTION:Wake up\r
TRIGGER:-PT5M\r
END:VALARM\r
END:VEVENT\r
END:VCALENDAR\r
"""

texts = st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")) | st.just("\n"), max_size=300)


def changed(change: EntryChange) -> str:
    return changed_file(EDITED, "tt1", change, NOW).decode()


def test_a_move_changes_the_time_and_nothing_else() -> None:
    before, after = set(EDITED.decode().splitlines()), set(changed(EntryChange(slot=THERE)).splitlines())

    gone = {"DTSTART;TZID=Test:20261201T100000", "DURATION:PT1H", "DTSTAMP:20261101T000000Z", "SEQUENCE:4"}
    assert gone | {"SUMMARY;LANGUAGE=en:Ol", " d"} == before - after
    assert {
        "DTSTART:20261205T030000Z",
        "DTEND:20261205T050000Z",
        "DTSTAMP:20261201T000000Z",
        "LAST-MODIFIED:20261201T000000Z",
        "SEQUENCE:5",
        "SUMMARY;LANGUAGE=en:Old",
    } == after - before


def test_new_words_leave_alarms_exceptions_and_people_alone() -> None:
    after = changed(EntryChange(title="New", description="One\nTwo; three, four"))

    assert all(line in after for line in ("Wake up", "SUMMARY:Exception", "friend@mail.example", "LOCATION:There"))
    assert "DESCRIPTION:One\\nTwo\\; three\\, four\r\n" in after
    assert not any(line in after for line in ("X-ALT-DESC", "LANGUAGE=en"))


def test_a_file_without_the_event_is_left_alone() -> None:
    with pytest.raises(NoEvent):
        changed_file(EDITED, "tt2", EntryChange(title="New"), NOW)
    with pytest.raises(NoEvent):
        slot_in(EDITED, "tt2")
    with pytest.raises(NoEvent):
        slot_in(b"<html>", "tt1")


def test_the_time_is_that_of_the_event_in_its_zone_and_not_of_its_exceptions() -> None:
    assert Slot.lasting(HOUR, NOW + 9 * HOUR) == slot_in(EDITED, "tt1")


@given(texts, texts, texts)
def test_whatever_an_entry_says_comes_back_and_is_nothing_but_text(title: str, place: str, description: str) -> None:
    file = event_file("tt1", EntryContent(HERE, title, place, description), NOW)

    (event,) = Calendar.from_ical(file).events
    lines = {line.partition(b":")[0] for line in file.splitlines()}
    assert [title, place, description] == [str(event.get(each)) for each in ("SUMMARY", "LOCATION", "DESCRIPTION")]
    assert {b"ATTENDEE", b"ORGANIZER", b"METHOD"}.isdisjoint(lines)
    assert HERE == slot_in(file, "tt1")
    assert all(len(line) <= 75 for line in file.splitlines())
