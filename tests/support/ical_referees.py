"""Whether a calendar file is sound, by readers that nobody of us wrote, and by a lint for what they let pass."""

import ctypes
import ctypes.util
import re
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

from ical.calendar_stream import IcsCalendarStream
from ical.event import Event
from icalendar import Calendar

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_QUOTED_NAME = re.compile(r'CN="[^"]*"')


def lint(file: bytes) -> list[str]:
    """What is wrong with the bytes, empty when nothing is."""
    found: list[str] = []
    without_line_ends = file.replace(b"\r\n", b"")
    if b"\r" in without_line_ends or b"\n" in without_line_ends:
        found.append("a line end that isn't CRLF")
    if not file.endswith(b"END:VCALENDAR\r\n"):
        found.append("no end")
    found += [f"{len(line)} octets: {line!r}" for line in file.split(b"\r\n") if len(line) > 75]
    for line in file.split(b"\r\n"):
        line.decode()
    if _CONTROL.search(without_line_ends.decode()):
        found.append("a control or bidi character")
    unfolded = file.decode().replace("\r\n ", "").split("\r\n")
    for line in unfolded:
        name = line.partition(":")[0].partition(";")[0]
        if name in {"ATTENDEE", "ORGANIZER"} and '"' in _QUOTED_NAME.sub("", line):
            found.append(f"a stray quote: {line}")
        if name == "CONFERENCE" and '"' in line:
            found.append(f"a quoted list: {line}")
        if name in {"ATTENDEE", "ORGANIZER"} and not re.search(r":mailto:[^\s:;,]+@[^\s:;,]+$", line):
            found.append(f"not a mail address: {line}")
    return found


def properties(file: bytes) -> Counter[str]:
    """How often each property stands in the event."""
    event = unfolded_event(file)
    return Counter(re.split("[;:]", line, maxsplit=1)[0] for line in event)


def unfolded_event(file: bytes) -> list[str]:
    lines = file.decode().replace("\r\n ", "").split("\r\n")
    return lines[lines.index("BEGIN:VEVENT") + 1 : lines.index("END:VEVENT")]


def read_by_ical(file: bytes) -> Event:
    """The single event, as the strict reader `ical` sees it; it raises for what it can't take."""
    (event,) = IcsCalendarStream.calendar_from_ics(file.decode()).events
    return event


def read_by_icalendar(file: bytes) -> Any:
    """The single event as our own library reads it back; any of its many types may stand under a name."""
    (event,) = Calendar.from_ical(file).events
    return event


def refused_by_libical(file: bytes) -> list[str]:
    """What libical's table of iTIP rules says against it; Cyrus, Evolution and KDE go by that table."""
    libical = _libical()
    component = libical.icalparser_parse_string(file)
    if not component:
        return ["not a calendar"]
    try:
        sound = libical.icalrestriction_check(component)
        text = libical.icalcomponent_as_ical_string(component).decode()
    finally:
        libical.icalcomponent_free(component)
    unfolded = text.replace("\r\n ", "")
    found = [line for line in unfolded.splitlines() if line.startswith("X-LIC-ERROR")]
    return found or ([] if sound == 1 else ["refused without a word"])


@cache
def _libical() -> ctypes.CDLL:
    # Without a compiler or ldconfig at hand, find_library finds nothing.
    library = ctypes.CDLL(ctypes.util.find_library("ical") or str(next(Path("/usr/lib").glob("**/libical.so*"))))
    library.icalparser_parse_string.argtypes = [ctypes.c_char_p]
    library.icalparser_parse_string.restype = ctypes.c_void_p
    library.icalrestriction_check.argtypes = [ctypes.c_void_p]
    library.icalrestriction_check.restype = ctypes.c_int
    library.icalcomponent_as_ical_string.argtypes = [ctypes.c_void_p]
    library.icalcomponent_as_ical_string.restype = ctypes.c_char_p
    library.icalcomponent_free.argtypes = [ctypes.c_void_p]
    library.icalcomponent_free.restype = None
    return library
