"""An answer of Google's that is odd in any way is unreadable, and never free time."""

from datetime import UTC, datetime
from typing import Any

import pytest

from adapters.sandbox.asgi import Reply, Request, json
from adapters.sandbox.google.accounts import GINA
from adapters.sandbox.google.sandbox import SandboxGoogle
from adapters.sandbox.serve import serving
from application.ports.calendar_reader import CalendarUnreadable
from domain.busy import BusyTime
from domain.calendar_problem import CalendarProblem, NotACalendar, ServerBusy
from tests.support.google_calendars import SPAN, a_query, clients_at
from tests.support.stand_in import stand_in

TEN, ELEVEN = "2026-11-24T10:00:00Z", "2026-11-24T11:00:00Z"
START, END = {"dateTime": TEN}, {"dateTime": ELEVEN}


def events(*items: Any, **changes: Any) -> dict[str, Any]:
    return {"kind": "calendar#events", "timeZone": "Europe/Berlin", "items": list(items), **changes}


def free_busy(calendar: Any) -> dict[str, Any]:
    return {"kind": "calendar#freeBusy", "calendars": {GINA.email: calendar}}


async def times(body: Any) -> tuple[BusyTime, ...]:
    """What is read of an answer; one that is neither kind is taken for a list of events."""
    is_free_busy = "calendar#freeBusy" in str(body)

    async def answers(_: Request) -> Reply:
        return json(body)

    async with serving(stand_in(answers)) as url, clients_at(url, SandboxGoogle()) as app:
        return await app.times(a_query(rules_apply=not is_free_busy))


@pytest.mark.parametrize(
    "body",
    [
        events(),
        {"kind": "calendar#events", "timeZone": "Europe/Berlin"},
        events({"status": "cancelled"}),
        events(timeZone="Mars/Olympus"),
        events({"start": START, "end": START}),
        free_busy({"busy": []}),
    ],
)
async def test_an_empty_calendar_is_whole(body: Any) -> None:
    assert () == await times(body)


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ({}, NotACalendar()),
        ([], NotACalendar()),
        ({"items": []}, NotACalendar()),
        (events(kind="calendar#calendarList"), NotACalendar()),
        (events(items=None), NotACalendar()),
        (events({}), NotACalendar()),
        (events({"start": {}, "end": END}), NotACalendar()),
        (events({"start": {"dateTime": "2026-11-24T10:00:00"}, "end": END}), NotACalendar()),
        (events({"start": {"date": "24.11.2026"}, "end": END}), NotACalendar()),
        (events({"start": END, "end": START}), NotACalendar()),
        (events({"start": START, "end": END, "attendees": "me"}), NotACalendar()),
        (free_busy({}), NotACalendar()),
        (free_busy({"busy": None}), NotACalendar()),
        (free_busy({"busy": [{"start": TEN}]}), NotACalendar()),
        (free_busy({"busy": [{"start": TEN, "end": TEN}]}), NotACalendar()),
        (free_busy({"busy": [], "errors": [{}]}), ServerBusy()),
        ({"kind": "calendar#freeBusy"}, NotACalendar()),
        ({"kind": "calendar#freeBusy", "calendars": {}}, NotACalendar()),
    ],
)
async def test_anything_else_is_not_free_time(body: Any, problem: CalendarProblem) -> None:
    with pytest.raises(CalendarUnreadable) as raised:
        await times(body)

    assert problem == raised.value.problem


async def test_an_event_at_the_edge_of_time_reaches_as_far_as_the_reading() -> None:
    always = {"start": {"date": "0001-01-01"}, "end": {"date": "9999-12-31"}}

    [time] = await times(events(always, timeZone="Asia/Tokyo"))

    assert (SPAN.start, datetime(9999, 12, 30, 15, tzinfo=UTC), True) == (time.slot.start, time.slot.end, time.all_day)
