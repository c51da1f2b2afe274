"""The library `caldav` as referee: what it finds on a real server is what our client finds."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any, cast
from urllib.parse import unquote
from zoneinfo import ZoneInfo

import caldav
import pytest

from application.ports.calendar_reader import CaldavLogin, CalendarRead, ReadingQuery
from domain.slot import Slot
from tests.support.calendar_places import Event, place_named

SPAN = Slot(datetime(2027, 3, 1, tzinfo=UTC), datetime(2027, 4, 1, tzinfo=UTC))


def found_by_the_library(login: CaldavLogin, address: str) -> tuple[set[str], set[datetime]]:
    """The addresses of all calendars, and when something starts in one of them."""
    client = cast("Any", caldav).DAVClient(
        login.url, username=login.username, password=login.password, enable_rfc6764=False, require_tls=False
    )
    with client:
        calendars = {unquote(str(each.url)): each for each in client.principal().calendars()}
        found = calendars[unquote(address)].search(start=SPAN.start, end=SPAN.end, event=True, expand=True)
        events = [event for each in found for event in each.icalendar_instance.walk("VEVENT")]
    return set(calendars), {event["DTSTART"].dt.astimezone(UTC) for event in events}


async def test_the_library_finds_the_same_calendars_and_times(request: pytest.FixtureRequest) -> None:
    start = datetime(2027, 2, 22, 9, tzinfo=ZoneInfo("America/New_York"))
    async with place_named("radicale", request) as place:
        login = place.access
        assert isinstance(login, CaldavLogin)
        await place.put(
            Event(uid="one", start=datetime(2027, 3, 2, 10, tzinfo=UTC)),
            Event(uid="many", start=start, weeks=5, moved={2: start + timedelta(days=15)}, dropped=frozenset({3})),
        )

        calendars = {unquote(each.id) for each in await place.reader.calendars(login)}
        read = await place.reader.read(login, ReadingQuery(place.remote_id, SPAN, "Europe/Berlin"))
        theirs = await asyncio.to_thread(found_by_the_library, login, place.remote_id)

    assert isinstance(read, CalendarRead)
    starts = {each.slot.start for each in read.reading.times}
    assert 4 == len(starts)
    assert (calendars, starts) == theirs
