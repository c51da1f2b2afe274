"""A person changes the calendar by plain forms, and another process by the same."""

import re
from datetime import UTC, date, datetime
from typing import Any

import httpx
import pytest

from adapters.sandbox.google.accounts import GINA
from adapters.sandbox.google.calendar.week import SHOWN_AS
from tests.adapters.sandbox.google.google_app import HOUR, GoogleApp

WEEK = "2026-11-23"


async def sends(google: GoogleApp, do: str, **fields: str) -> httpx.Response:
    return await google.http.post("/calendar", data={"do": do, "calendar": GINA.email, "week": WEEK, **fields})


def events(google: GoogleApp) -> list[Any]:
    held = google.sandbox.events.of(google.sandbox.calendars.of(GINA)[0])
    return [each for each in held if each.status != "cancelled"]


async def test_an_event_is_added_changed_moved_and_deleted(google: GoogleApp) -> None:
    added = await sends(google, "add", title="Dentist", starts="2026-11-24T10:00", ends="2026-11-24T11:00")
    [event] = events(google)
    shown = (await google.http.get("/calendar", params={"week": WEEK})).text
    await sends(google, "move", event=event.id, starts="2026-11-25T09:15", ends="2026-11-25T10:15")
    form = {"title": "Doctor", "starts": "2026-11-25T09:15", "ends": "2026-11-25T10:00", "shown_as": "free"}
    await sends(google, "save", event=event.id, **form)
    [changed] = events(google)
    await sends(google, "delete", event=event.id)

    assert (303, f"/calendar?calendar=gina.host%40gmail.example&week={WEEK}") == (
        added.status_code,
        added.headers["location"],
    )
    assert datetime(2026, 11, 24, 9, tzinfo=UTC) == event.begins
    assert "10:00–11:00 Dentist" in shown
    assert (datetime(2026, 11, 25, 8, 15, tzinfo=UTC), "Doctor") == (changed.begins, changed.given["summary"])
    assert "transparent" == changed.given["transparency"]
    assert [] == events(google)


async def test_an_event_can_take_whole_days(google: GoogleApp) -> None:
    await sends(google, "add", title="Holiday", starts="2026-11-24T12:00", ends="2026-11-25T13:00", all_day="on")
    [event] = events(google)
    shown = (await google.http.get("/calendar/event", params={"calendar": GINA.email, "event": event.id})).text

    assert ({"date": "2026-11-24"}, {"date": "2026-11-26"}) == (event.given["start"], event.given["end"])
    assert 'type="date" name="ends" value="2026-11-25"' in shown


@pytest.mark.parametrize("shown_as", SHOWN_AS)
async def test_what_an_event_is_shown_as_stays_when_it_is_opened_again(google: GoogleApp, shown_as: str) -> None:
    await sends(google, "add", starts="2026-11-24T10:00", ends="2026-11-24T11:00", shown_as=shown_as)
    [event] = events(google)

    shown = (await google.http.get("/calendar/event", params={"calendar": GINA.email, "event": event.id})).text

    assert f"<option selected>{shown_as}</option>" in shown


@pytest.mark.parametrize(
    ("do", "fields"),
    [
        ("add", {"starts": "2026-11-24T10:00", "ends": "2026-11-24T09:00"}),
        ("add", {"starts": "tomorrow", "ends": ""}),
        ("add", {}),
        ("move", {"event": "made-up", "starts": "2026-11-24T10:00", "ends": "2026-11-24T11:00"}),
        ("dance", {}),
    ],
)
async def test_what_cannot_be_done_is_said(google: GoogleApp, do: str, fields: dict[str, str]) -> None:
    answer = await sends(google, do, **fields)

    assert httpx.codes.BAD_REQUEST == answer.status_code
    assert 'role="alert"' in answer.text


async def test_the_page_shows_whatever_time_it_is_and_runs_its_own_script_only(google: GoogleApp) -> None:
    calendar = google.sandbox.calendars.of(GINA)[0]
    google.sandbox.events.add(calendar, date(2026, 11, 20), date(2026, 12, 4), summary="<b>Long</b>")
    google.sandbox.events.add(calendar, datetime(2026, 11, 24, 2, tzinfo=UTC), datetime(2026, 11, 24, 3, tzinfo=UTC))
    for _ in range(3):
        google.sandbox.events.add(calendar, google.clock(), google.clock() + HOUR)

    answers = [await google.http.get("/calendar", params={"week": week}) for week in ("", WEEK, "9999-12-31", "x")]

    for answer in answers:
        assert (httpx.codes.OK, "<b>") == (answer.status_code, "<b>" if "<b>Long" not in answer.text else "")
        assert re.findall(r"<script[^>]*>", answer.text) == ['<script src="/calendar.js" defer>']
        assert "script-src 'self';" in answer.headers["content-security-policy"]
        assert " style=" not in answer.text
    assert 7 == answers[1].text.count("&lt;b&gt;Long")
    assert "03:00–04:00" in answers[1].text


async def test_another_process_sees_what_is_there(google: GoogleApp) -> None:
    await sends(google, "add", title="Dentist", starts="2026-11-24T10:00", ends="2026-11-24T11:00")

    state = (await google.http.get("/control")).json()

    assert ["Dentist"] == [each["summary"] for each in state["calendars"][0]["events"]]
