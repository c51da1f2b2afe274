"""Free times as an assistant reads them: in the zone that was asked for, a bounded number of whole days."""

from datetime import date, datetime
from itertools import groupby
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

import msgspec

from application.booking.list_slots import Slots

MOST_TIMES = 120


class FreeTimesResult(msgspec.Struct, frozen=True):
    timezone: str
    starts: tuple[datetime, ...]
    continue_from: Annotated[
        date | None, msgspec.Meta(description="The first day that this answer had no room for; null where it has all.")
    ]
    unavailable: Annotated[
        Literal["calendar-unreadable"] | None,
        msgspec.Meta(description="Why there are none, where it isn't known whether the host is free."),
    ] = None


def free_times_result(found: Slots) -> FreeTimesResult:
    zone = ZoneInfo(found.timezone)
    times: list[datetime] = []
    for day, starts in groupby((each.astimezone(zone) for each in found.slots), datetime.date):
        of_day = list(starts)
        # One day is listed whatever it holds, or nobody would get past it.
        if times and len(times) + len(of_day) > MOST_TIMES:
            return FreeTimesResult(found.timezone, tuple(times), day, found.unavailable)
        times += of_day
    return FreeTimesResult(found.timezone, tuple(times), None, found.unavailable)
