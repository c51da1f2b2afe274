"""Instants and days from outside are kept away from the edges of time, wherever one can be written."""

from datetime import UTC, datetime, timedelta, timezone

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.http_client.waiting import wished_at
from adapters.sandbox.zoom.deauthorization import signed
from adapters.zoom.notifications import ZoomNotifications
from application.ports.notifications import AppRemoved, MalformedNotification
from domain.instants import FIRST_DAY, LAST_DAY, is_in_calendar
from tests.support.builders import NOW
from tests.support.inputs import ZOOM_SECRET, World
from tests.support.serving import API, Json

EDGES = (
    "0001-01-01T00:00:00+14:00",
    "0001-01-01T00:00",
    "0001-01-01",
    "0001-01",
    "9999-12-31T23:59:59.999999-14:00",
    "9999-12-31T23:59",
    "9999-12-31",
    "9999-12",
    "99999999999999999999",
)

day_offsets = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
instants = st.datetimes(timezones=day_offsets)


async def test_no_text_from_outside_brings_the_edge_of_time_in() -> None:
    world = await World.made()
    wrong: list[str] = []
    for each in await world.inputs():
        for edge in EDGES:
            status = await world.send(each.request(edge))
            if status >= 500:
                wrong.append(f"{each.name}: {edge} is answered {status}")

    assert [] == wrong


@pytest.mark.parametrize("start", ["0001-01-01T00:00:00+14:00", "1999-12-31T23:59:59Z", "9999-01-01T00:00:00Z"])
@pytest.mark.parametrize(
    ("method", "path", "query", "body"),
    [
        ("POST", "/public/{handle}/{page}/{event_type}/bookings", "", {"start": None}),
        ("POST", "/public/bookings/{token}/reschedule", "", {"start": None}),
        ("POST", "/bookings/{booking_id}/reschedule", "", {"start": None}),
        ("GET", "/booking-pages/{page_id}/event-types/{event_type_id}/why", "start=", None),
    ],
)
async def test_an_instant_in_the_api_is_refused_at_its_member(
    method: str, path: str, query: str, body: Json, start: str
) -> None:
    world = await World.made()
    others: Json = {}
    if "public/{handle}" in path:
        guest = {"name": "Ana Brito", "email": "ana@guests.example", "timezone": "Europe/Berlin"}
        others = {"meeting_type": "zoom", "guest": guest}
    answer = await world.program.request(
        method,
        world.filled(API + path),
        params={"start": start} if query else None,
        json={**others, "start": start} if body else None,
    )

    assert 400 == answer.status_code
    assert ["start"] == [each["field"] for each in answer.json()["errors"]]


@pytest.mark.parametrize("day", ["1999-12-31", "9999-01-01"])
async def test_a_day_in_the_api_is_refused_at_its_member(day: str) -> None:
    world = await World.made()
    page = world.filled(API + "/booking-pages/{page_id}")
    slots = world.filled(API + "/public/{handle}/{page}/{event_type}/slots")

    override = await world.program.patch(page, json={"availability": {"overrides": {day: []}}})
    asked = await world.program.get(slots, params={"from": day, "to": day, "timezone": "UTC"})

    assert ["availability.overrides"] == [each["field"] for each in override.json()["errors"]]
    assert ["from", "to"] == [each["field"] for each in asked.json()["errors"]]


@given(instants)
def test_a_signed_notice_is_believed_only_about_a_time_that_can_be(at: datetime) -> None:
    payload = {"client_id": "our-app", "user_id": "u", "account_id": "a", "deauthorization_time": at.isoformat()}
    reader = ZoomNotifications("our-app", (ZOOM_SECRET,), lambda: NOW)

    try:
        found = reader.read(*_signed({"event": "app_deauthorized", "event_ts": 1, "payload": payload}))
    except MalformedNotification:
        assert not is_in_calendar(at)
    else:
        assert isinstance(found, AppRemoved)
        assert at == found.removed_at


@given(st.one_of(instants.map(datetime.isoformat), st.sampled_from(EDGES), st.text(), st.integers().map(str)))
def test_what_a_provider_says_of_waiting_is_held_to_a_day(text: str) -> None:
    at = wished_at(text, NOW)

    assert at is None or timedelta(0) < at - NOW <= timedelta(days=1)


@given(instants)
def test_whatever_is_in_the_calendar_can_be_moved_by_a_year_and_to_every_offset(at: datetime) -> None:
    if is_in_calendar(at):
        moved = at.astimezone(UTC) + timedelta(days=300)
        assert moved.astimezone(timezone(timedelta(hours=14))) > at
        assert FIRST_DAY <= at.astimezone(UTC).date() <= LAST_DAY


def _signed(event: Json) -> tuple[bytes, dict[str, str]]:
    body = msgspec.json.encode(event)
    return body, dict(signed(body, ZOOM_SECRET, NOW))
