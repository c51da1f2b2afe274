"""The file of one event: made of an entry, and changed line by line, so that all else in it stays as it is."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from typing import Final

import msgspec
from icalendar import Calendar
from icalendar.parser import Contentline

from adapters.http_client.notes import marks_of, with_notes
from domain.calendar_entry import EntryChange, EntryContent
from domain.slot import Slot

_NAME: Final = re.compile(r"[A-Za-z0-9-]+")
_DIGITS: Final = 9
_FOLD: Final = re.compile(r"\r?\n[ \t]")
_VALUE: Final = re.compile(r"""[A-Za-z0-9-]+(?:;(?:[^":]|"[^"]*")*)?:(.*)""")
_ESCAPED: Final = re.compile(r"\\(.)", re.DOTALL)

_LINES: Final = "X-TIMETUNA-LINES"
"""Which lines of the description are ours."""


class NoEvent(ValueError):
    """The file holds no event of this name, or none that can be read."""


def event_file(uid: str, content: EntryContent, now: datetime) -> bytes:
    """A file that invites nobody: no METHOD, no organizer, no attendees."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//TimeTuna//TimeTuna 1.0//EN",
        "CALSCALE:GREGORIAN",
        "BEGIN:VEVENT",
        f"UID:{uid}",
        f"DTSTAMP:{_utc(now)}",
        f"CREATED:{_utc(now)}",
        "SEQUENCE:0",
        "STATUS:CONFIRMED",
        "TRANSP:OPAQUE",
        *_lines(EntryChange(content.slot, content.title, content.location, content.description), now),
        f"{_LINES}:{marks_of(content.description)}",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return _file(lines)


def changed_file(file: bytes, uid: str, change: EntryChange, now: datetime) -> bytes:
    """The file with what is named in place of what was there.

    Raises:
        NoEvent
    """
    lines = list(_unfolded(file))
    begin, end = _event(lines, uid)
    if change.description is not None:
        own = list(_own(lines[begin + 1 : end]))
        held, marks = _text(own, "DESCRIPTION") or "", _text(own, _LINES)
        fresh = _lines(msgspec.structs.replace(change, description=with_notes(held, marks, change.description)), now)
        fresh.append(f"{_LINES}:{marks_of(change.description)}")
    else:
        fresh = _lines(change, now)
    replaced = {_name(each) for each in fresh} | {"DTSTAMP"}
    if change.slot is not None:
        replaced.add("DURATION")
    if change.description is not None:
        # The same as HTML, which some programs show instead.
        replaced.add("X-ALT-DESC")
    kept: list[str] = []
    depth = 0
    for line in lines[begin + 1 : end]:
        name = _name(line)
        # Alarms have descriptions of their own.
        depth += (name == "BEGIN") - (name == "END")
        if depth or name == "END" or name not in {*replaced, "SEQUENCE"}:
            kept.append(line)
        elif name == "SEQUENCE":
            kept.append(f"SEQUENCE:{_number(line) + 1}")
    return _file([*lines[: begin + 1], f"DTSTAMP:{_utc(now)}", *fresh, *kept, *lines[end:]])


def slot_in(file: bytes, uid: str) -> Slot:
    """When the event takes place; days are those of UTC.

    Raises:
        NoEvent
    """
    try:
        for event in Calendar.from_ical(file).events:
            if event.uid == uid and "RECURRENCE-ID" not in event:
                return Slot(_instant(event.start), _instant(event.end))
    # What icalendar raises about what it can't read; a file of anything but a calendar has no events.
    except (ValueError, OverflowError, AttributeError) as error:
        raise NoEvent from error
    raise NoEvent


def _lines(change: EntryChange, now: datetime) -> list[str]:
    lines = [f"LAST-MODIFIED:{_utc(now)}"]
    if change.slot is not None:
        lines += [f"DTSTART:{_utc(change.slot.start)}", f"DTEND:{_utc(change.slot.end)}"]
    texts = (("SUMMARY", change.title), ("LOCATION", change.location), ("DESCRIPTION", change.description))
    return lines + [f"{name}:{_escaped(text)}" for name, text in texts if text is not None]


def _event(lines: list[str], uid: str) -> tuple[int, int]:
    """Where the event begins and ends; not one of its exceptions, if the host has made a series of it."""
    begin = 0
    for place, line in enumerate(lines):
        if line.upper() == "BEGIN:VEVENT":
            begin = place
        elif line.upper() == "END:VEVENT":
            inside = lines[begin:place]
            is_it = any(_name(each) == "UID" and each.partition(":")[2].strip() == uid for each in inside)
            if is_it and not any(_name(each) == "RECURRENCE-ID" for each in inside):
                return begin, place
    raise NoEvent


def _own(lines: list[str]) -> Iterator[str]:
    """The event's own properties: alarms have descriptions too."""
    depth = 0
    for line in lines:
        name = _name(line)
        depth += name == "BEGIN"
        if not depth:
            yield line
        depth -= name == "END"


def _text(lines: list[str], name: str) -> str | None:
    """Read a property, whatever its parameters are."""
    values = (_VALUE.fullmatch(each) for each in lines if _name(each) == name)
    value = next(filter(None, values), None)
    return None if value is None else _ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], value[1])


def _unfolded(file: bytes) -> Iterator[str]:
    for line in _FOLD.sub("", file.decode(errors="replace")).splitlines():
        if line:
            yield line


def _file(lines: list[str]) -> bytes:
    return b"".join(Contentline(line).to_ical() + b"\r\n" for line in lines)


def _escaped(text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def _name(line: str) -> str:
    found = _NAME.match(line)
    return found[0].upper() if found else ""


def _number(line: str) -> int:
    value = line.partition(":")[2].strip()
    return int(value) if value.isascii() and value.isdigit() and len(value) < _DIGITS else 0


def _utc(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _instant(value: date | datetime) -> datetime:
    at = value if isinstance(value, datetime) else datetime.combine(value, time())
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
