"""Free times as an assistant reads them: in the zone that was asked for, a bounded number of whole days."""

from datetime import date, datetime
from itertools import groupby
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

import msgspec

from application.booking.list_slots import Slots

MOST_TIMES = 120


class TimesTold(msgspec.Struct, frozen=True):
    timezone: str
    starts: tuple[datetime, ...]
    continue_from: Annotated[
        date | None, msgspec.Meta(description="The first day that this answer had no room for; null where it has all.")
    ]
    unavailable: Annotated[
        Literal["calendar-unreadable"] | None,
        msgspec.Meta(description="Why there are none, where it isn't known whether the host is free."),
    ] = None


def times_told(found: Slots) -> TimesTold:
    zone = ZoneInfo(found.timezone)
    told: list[datetime] = []
    for day, starts in groupby((each.astimezone(zone) for each in found.slots), datetime.date):
        of_day = list(starts)
        # One day is told whatever it holds, or nobody would get past it.
        if told and len(told) + len(of_day) > MOST_TIMES:
            return TimesTold(found.timezone, tuple(told), day, found.unavailable)
        told += of_day
    return TimesTold(found.timezone, tuple(told), None, found.unavailable)
