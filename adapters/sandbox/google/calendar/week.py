"""A week of a calendar as blocks on a grid of days and five-minute steps."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, Final, Literal
from zoneinfo import ZoneInfo

import msgspec

from adapters.sandbox.google.calendar.events import SandboxEvent

STEP: Final = 5
"""Minutes."""

_EARLIEST: Final = 7
_LATEST: Final = 20
_SHORTEST: Final = 3
_A_DAY: Final = timedelta(days=1)
_DAYS: Final = 7

ShownAs = Literal["busy", "free", "tentative", "out of office", "working elsewhere", "unanswered", "declined"]

SHOWN_AS: Final[tuple[ShownAs, ...]] = (
    "busy",
    "free",
    "tentative",
    "out of office",
    "working elsewhere",
    "unanswered",
    "declined",
)


class Block(msgspec.Struct, frozen=True, kw_only=True):
    """An event, or its part on one day.

    Attributes:
        starts, ends: as a form field takes them: a local time, or a day, the last one included.
        top, length: in steps from the first hour of the grid.
        column, columns: of those that overlap.
        is_whole: all of the event is on this day.
    """

    id: str
    title: str
    label: str
    shown_as: ShownAs
    starts: str
    ends: str
    top: int = 0
    length: int = 0
    column: int = 0
    columns: int = 1
    is_whole: bool = True


class DayOfWeek(msgspec.Struct, frozen=True):
    date: date
    all_day: list[Block]
    timed: list[Block]


class Week(msgspec.Struct, frozen=True):
    first_hour: int
    last_hour: int
    days: list[DayOfWeek]


def fields_of(shown_as: str, email: str) -> dict[str, Any]:
    """The fields of an event that make it show as that; None takes one out."""
    plain: dict[str, Any] = dict.fromkeys(
        ("transparency", "status", "eventType", "attendees", "workingLocationProperties"), None
    )
    match shown_as:
        case "free":
            return {**plain, "transparency": "transparent"}
        case "tentative":
            return {**plain, "status": "tentative"}
        case "out of office":
            return {**plain, "eventType": "outOfOffice"}
        case "working elsewhere":
            place = {"type": "homeOffice"}
            location = {"eventType": "workingLocation", "workingLocationProperties": place}
            return {**plain, **location, "transparency": "transparent"}
        case "unanswered" | "declined":
            answer = "declined" if shown_as == "declined" else "needsAction"
            return {**plain, "attendees": [{"email": email, "responseStatus": answer}]}
        case _:
            return plain


def shown_as(event: SandboxEvent, email: str) -> ShownAs:
    """What the event says of its owner's time."""
    answer = event.answer_of(email)
    if answer == "declined":
        return "declined"
    if event.given.get("eventType") == "workingLocation":
        return "working elsewhere"
    if event.given.get("transparency") == "transparent":
        return "free"
    if event.given.get("eventType") == "outOfOffice":
        return "out of office"
    if answer == "needsAction":
        return "unanswered"
    return "tentative" if "tentative" in {answer, event.status} else "busy"


def form_times(event: SandboxEvent, zone: ZoneInfo) -> tuple[str, str]:
    """Both ends as a form field takes them."""
    begins, ends = event.begins.astimezone(zone), event.ends.astimezone(zone)
    if event.is_all_day:
        return f"{begins:%Y-%m-%d}", f"{ends - _A_DAY / 2:%Y-%m-%d}"
    return f"{begins:%Y-%m-%dT%H:%M}", f"{ends:%Y-%m-%dT%H:%M}"


def week_of(events: Iterable[SandboxEvent], monday: date, zone: ZoneInfo, email: str) -> Week:
    """Lay out what begins or ends in a week."""
    days = [monday + timedelta(days=number) for number in range(_DAYS)]
    there = [each for each in events if each.status != "cancelled"]
    parts = [(day, part) for day in days for each in there if (part := _part(each, day, zone))]
    timed = [(day, part) for day, part in parts if not part[0].is_all_day]
    first = min([_EARLIEST, *(part[1].hour for _, part in timed)])
    last = max([_LATEST, *(-(-_minutes(part[2], day) // 60) for day, part in timed)])
    return Week(
        first,
        last,
        [
            DayOfWeek(
                day,
                [_block(part, email, zone) for of_day, part in parts if of_day == day and part[0].is_all_day],
                _side_by_side([_block(part, email, zone, day, first) for of_day, part in timed if of_day == day]),
            )
            for day in days
        ],
    )


def grid_rules() -> str:
    """The style rules that put a block to its place: a page has no styles of its own."""
    steps = range(24 * 60 // STEP + 1)
    columns = range(1, 9)
    return "\n".join(
        (
            *(f".t{step}{{--t:{step}}}.l{step}{{--l:{step}}}" for step in steps),
            *(f".c{column - 1}{{--c:{column - 1}}}.n{column}{{--n:{column}}}" for column in columns),
        )
    )


_Part = tuple[SandboxEvent, datetime, datetime]


def _part(event: SandboxEvent, day: date, zone: ZoneInfo) -> _Part | None:
    opens = datetime.combine(day, time(), zone)
    closes = datetime.combine(day + _A_DAY, time(), zone)
    begins, ends = max(event.begins.astimezone(zone), opens), min(event.ends.astimezone(zone), closes)
    is_here = event.begins < closes and (event.ends > opens or opens <= event.begins == event.ends)
    return (event, begins, ends) if is_here else None


def _block(part: _Part, email: str, zone: ZoneInfo, day: date | None = None, first: int = 0) -> Block:
    event, begins, ends = part
    starts, stops = form_times(event, zone)
    title = event.given.get("summary", "(No title)")
    block = Block(
        id=event.id,
        title=title,
        label=title if event.is_all_day else f"{starts[-5:]}–{stops[-5:]} {title}",
        shown_as=shown_as(event, email),
        starts=starts,
        ends=stops,
    )
    if day is None:
        return block
    top, bottom = _minutes(begins, day) // STEP, -(-_minutes(ends, day) // STEP)
    return msgspec.structs.replace(
        block,
        top=top - first * 60 // STEP,
        length=max(bottom - top, _SHORTEST),
        is_whole=(begins, ends) == (event.begins, event.ends),
    )


def _side_by_side(blocks: Sequence[Block]) -> list[Block]:
    """Share the width of the day among those that overlap."""
    placed: list[Block] = []
    group: list[Block] = []
    for block in sorted(blocks, key=lambda each: (each.top, -each.length)):
        if group and block.top >= max(each.top + each.length for each in group):
            placed += _shared(group)
            group = []
        taken = {each.column for each in group if each.top + each.length > block.top}
        column = next(number for number in range(len(group) + 1) if number not in taken)
        group.append(msgspec.structs.replace(block, column=column))
    return placed + _shared(group)


def _shared(group: Sequence[Block]) -> list[Block]:
    columns = max((each.column for each in group), default=0) + 1
    return [msgspec.structs.replace(each, columns=columns) for each in group]


def _minutes(at: datetime, day: date) -> int:
    """Minutes by the clock on the wall, those after midnight counted on."""
    return (at.date() - day).days * 24 * 60 + at.hour * 60 + at.minute
