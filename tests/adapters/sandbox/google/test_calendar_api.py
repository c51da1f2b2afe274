"""The sandbox's calendars as an app sees them."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from adapters.sandbox.google.accounts import GINA, WILL
from adapters.sandbox.google.calendar.calendars import SandboxCalendar
from adapters.sandbox.google.scopes import (
    CALENDAR_USUAL,
    CALENDARS_LISTED,
    EVENTS_FREE_BUSY,
    EVENTS_OWNED,
    FREE_BUSY,
    OPENID,
)
from tests.adapters.sandbox.google.google_app import HOUR, GoogleApp, event_at, free_busy
from tests.adapters.sandbox.worlds import GoogleWorld
from tests.adapters.sandbox.zoom_app import SetClock

TEN = datetime(2026, 11, 24, 10, tzinfo=UTC)
EVENTS = "/calendars/primary/events"


@pytest.fixture
def token(google: GoogleApp) -> str:
    return google.sandbox.authorize(GINA, CALENDAR_USUAL).access_token


@pytest.fixture
def calendar(google: GoogleApp) -> SandboxCalendar:
    return google.sandbox.calendars.of(GINA)[0]


async def gets(google: GoogleApp, token: str, path: str = EVENTS, **query: str) -> dict[str, Any]:
    answer = await google.asks_calendar("GET", path, token, params=query)
    assert 200 == answer.status_code, answer.text
    return answer.json()


async def refused(google: GoogleApp, method: str, path: str, token: str, **options: Any) -> tuple[int, str]:
    answer = await google.asks_calendar(method, path, token, **options)
    error = answer.json()["error"]
    reasons = [each["reason"] for each in (*error.get("errors", []), *error.get("details", []))]
    return answer.status_code, reasons[0]


async def test_an_account_lists_its_own_calendars_first_and_others_with_its_role(
    google: GoogleApp, token: str, calendar: SandboxCalendar
) -> None:
    calendars = google.sandbox.calendars
    family = calendars.add(GINA, "Family", time_zone="America/New_York")
    calendars.share(calendars.of(WILL)[0], GINA, "freeBusyReader")

    listed = (await gets(google, token, "/users/me/calendarList"))["items"]

    assert [(GINA.email, "owner", True), (family.id, "owner", None), (WILL.email, "freeBusyReader", None)] == [
        (each["id"], each["accessRole"], each.get("primary")) for each in listed
    ]
    assert ["Europe/Berlin", "America/New_York", "Europe/Berlin"] == [each["timeZone"] for each in listed]
    assert calendar.id == listed[0]["summary"]


async def test_lists_come_in_pages_with_the_token_for_changes_on_the_last(
    google: GoogleApp, token: str, calendar: SandboxCalendar
) -> None:
    for number in range(3):
        google.sandbox.events.add(calendar, TEN + number * HOUR, TEN + (number + 1) * HOUR)

    first = await gets(google, token, maxResults="2")
    second = await gets(google, token, maxResults="2", pageToken=first["nextPageToken"])

    assert (2, 1) == (len(first["items"]), len(second["items"]))
    assert "nextSyncToken" not in first
    assert "nextPageToken" not in second


async def test_a_sync_token_brings_what_has_changed_since_and_deleted_events_as_cancelled(
    google: GoogleApp, token: str, calendar: SandboxCalendar
) -> None:
    kept, moved, deleted = (
        google.sandbox.events.add(calendar, TEN, TEN + HOUR, summary=name) for name in ("kept", "moved", "deleted")
    )
    since = (await gets(google, token))["nextSyncToken"]
    google.sandbox.events.move(calendar, moved.id, TEN + HOUR, TEN + 2 * HOUR)
    google.sandbox.events.delete(calendar, deleted.id)

    changed = await gets(google, token, syncToken=since)

    assert {(moved.id, "confirmed"), (deleted.id, "cancelled")} == {
        (each["id"], each["status"]) for each in changed["items"]
    }
    assert [] == (await gets(google, token, syncToken=changed["nextSyncToken"]))["items"]
    assert kept.id in {each["id"] for each in (await gets(google, token))["items"]}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"syncToken": "made-up"}, (410, "fullSyncRequired")),
        ({"syncToken": "CP1x0", "timeMin": "2026-11-24T00:00:00Z"}, (400, "invalid")),
        ({"timeMin": "2026-11-24T00:00:00"}, (400, "badRequest")),
        ({"timeMin": "2026-11-24T00:00:00Z", "timeMax": "2026-11-24T00:00:00Z"}, (400, "timeRangeEmpty")),
        ({"pageToken": "made-up"}, (400, "invalid")),
        ({"maxResults": "0"}, (400, "invalid")),
        ({"fields": "items(id,titel)"}, (400, "invalidParameter")),
        ({"fields": "items(id"}, (400, "invalidParameter")),
        ({"orderBy": "startTime"}, (400, "invalid")),
    ],
)
async def test_a_query_that_makes_no_sense_is_refused(
    google: GoogleApp, token: str, query: dict[str, str], expected: tuple[int, str]
) -> None:
    assert expected == await refused(google, "GET", EVENTS, token, params=query)


async def test_a_window_has_what_ends_after_its_start_and_begins_before_its_end(
    google: GoogleApp, token: str, calendar: SandboxCalendar
) -> None:
    for name, start in {"before": TEN - HOUR, "in": TEN, "after": TEN + HOUR}.items():
        google.sandbox.events.add(calendar, start, start + HOUR, summary=name)
    google.sandbox.events.add(calendar, date(2026, 11, 24), date(2026, 11, 25), summary="all day")

    found = await gets(google, token, timeMin=TEN.isoformat(), timeMax=(TEN + HOUR).isoformat())

    assert {"in", "all day"} == {each["summary"] for each in found["items"]}
    assert {"2026-11-24", "2026-11-24T11:00:00+01:00"} == {
        each["start"].get("date") or each["start"]["dateTime"] for each in found["items"]
    }


async def test_only_the_wanted_fields_come_and_of_many_attendees_only_oneself(
    google: GoogleApp, token: str, calendar: SandboxCalendar
) -> None:
    attendees = [{"email": "ana@guest.example"}, {"email": GINA.email, "responseStatus": "declined"}]
    google.sandbox.events.add(calendar, TEN, TEN + HOUR, summary="Secret", attendees=attendees)

    found = await gets(google, token, fields="items(start/dateTime,attendees(self,responseStatus))", maxAttendees="1")

    assert {
        "items": [
            {
                "start": {"dateTime": "2026-11-24T11:00:00+01:00"},
                "attendees": [{"self": True, "responseStatus": "declined"}],
            }
        ]
    } == found


async def test_an_id_of_ones_own_works_once_even_after_the_event_was_deleted(google: GoogleApp, token: str) -> None:
    body = event_at(TEN, id="timetuna0001")
    made = await google.asks_calendar("POST", EVENTS, token, json=body)
    again = await refused(google, "POST", EVENTS, token, json=body)
    deleted = await google.asks_calendar("DELETE", f"{EVENTS}/timetuna0001", token)

    assert (200, "timetuna0001") == (made.status_code, made.json()["id"])
    assert (409, "duplicate") == again
    assert 204 == deleted.status_code
    assert (409, "duplicate") == await refused(google, "POST", EVENTS, token, json=body)
    assert (403, "forbidden") == await refused(google, "PATCH", f"{EVENTS}/timetuna0001", token, json={})
    assert (410, "deleted") == await refused(google, "DELETE", f"{EVENTS}/timetuna0001", token)
    assert "cancelled" == (await gets(google, token, f"{EVENTS}/timetuna0001"))["status"]
    assert (404, "notFound") == await refused(google, "DELETE", f"{EVENTS}/neverthere", token)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({}, "required"),
        (event_at(TEN, id="UPPER"), "invalid"),
        (event_at(TEN, titel="x"), "invalid"),
        (event_at(TEN, transparency="busy"), "invalid"),
        ({"start": {"dateTime": TEN.isoformat()}, "end": {"dateTime": (TEN - HOUR).isoformat()}}, "timeRangeEmpty"),
        ({"start": {"date": "2026-11-24"}, "end": {"date": "2026-11-24"}}, "timeRangeEmpty"),
        ({"start": {"date": "2026-11-24"}, "end": {"dateTime": TEN.isoformat()}}, "invalid"),
        ({"start": {"dateTime": "2026-11-24T10:00:00"}, "end": {"dateTime": "2026-11-24T11:00:00"}}, "required"),
    ],
)
async def test_an_event_that_cannot_be_is_refused(
    google: GoogleApp, token: str, body: dict[str, Any], reason: str
) -> None:
    assert (400, reason) == await refused(google, "POST", EVENTS, token, json=body)


async def test_a_patch_leaves_the_rest_alone_and_only_for_the_version_that_was_seen(
    google: GoogleApp, token: str
) -> None:
    made = (await google.asks_calendar("POST", EVENTS, token, json=event_at(TEN, summary="Old", colorId="5"))).json()
    path = f"{EVENTS}/{made['id']}"

    patched = (await google.asks_calendar("PATCH", path, token, json={"summary": "New"})).json()
    google.http.headers["if-match"] = made["etag"]

    assert ("New", "5", made["start"]) == (patched["summary"], patched["colorId"], patched["start"])
    assert (412, "conditionNotMet") == await refused(google, "PATCH", path, token, json={"summary": "Late"})


async def test_a_patch_merges_objects_and_null_takes_a_member_out(google: GoogleApp, token: str) -> None:
    one = event_at(TEN, extendedProperties={"private": {"a": "1"}})
    path = f"{EVENTS}/{(await google.asks_calendar('POST', EVENTS, token, json=one)).json()['id']}"
    days = {"start": {"date": "2026-11-24", "dateTime": None}, "end": {"date": "2026-11-25", "dateTime": None}}

    changes = {**days, "extendedProperties": {"private": {"b": "2"}}}
    patched = (await google.asks_calendar("PATCH", path, token, json=changes)).json()

    assert ({"date": "2026-11-24"}, {"a": "1", "b": "2"}) == (
        patched["start"],
        patched["extendedProperties"]["private"],
    )
    assert (400, "required") == await refused(google, "PATCH", path, token, json={"start": {"dateTime": "x"}})


async def test_events_are_found_by_what_an_app_has_noted_on_them(google: GoogleApp, token: str) -> None:
    for name in ("mine", "other"):
        noted = {"private": {"app": name}}
        await google.asks_calendar("POST", EVENTS, token, json=event_at(TEN, summary=name, extendedProperties=noted))

    found = await gets(google, token, privateExtendedProperty="app=mine")

    assert ["mine"] == [each["summary"] for each in found["items"]]
    assert (400, "invalid") == await refused(google, "GET", EVENTS, token, params={"privateExtendedProperty": "app"})


@pytest.mark.parametrize(("wish", "hears"), [("none", False), ("all", True), ("externalOnly", True), (None, True)])
async def test_whoever_is_invited_hears_of_each_change_unless_nobody_shall(
    google: GoogleApp, token: str, wish: str | None, hears: bool
) -> None:
    params = {} if wish is None else {"sendUpdates": wish}
    event = event_at(TEN, id="timetuna0001", attendees=[{"email": "ana@guest.example"}, {"email": GINA.email}])

    await google.asks_calendar("POST", EVENTS, token, params=params, json=event)
    await google.asks_calendar("PATCH", f"{EVENTS}/timetuna0001", token, params=params, json={"summary": "New"})
    await google.asks_calendar("DELETE", f"{EVENTS}/timetuna0001", token, params=params)

    mailed = [each.to for each in google.sandbox.calendar_api.invitations.mailed]
    assert ["ana@guest.example"] * 3 * hears == mailed
    assert (400, "invalid") == await refused(
        google, "POST", EVENTS, token, params={"sendUpdates": "some"}, json=event_at(TEN)
    )


@pytest.mark.parametrize(
    ("scopes", "method", "path", "status"),
    [
        ((CALENDARS_LISTED,), "GET", "/users/me/calendarList", 200),
        ((EVENTS_OWNED, EVENTS_FREE_BUSY), "GET", "/users/me/calendarList", 403),
        ((EVENTS_FREE_BUSY,), "GET", EVENTS, 200),
        ((FREE_BUSY,), "GET", EVENTS, 403),
        ((EVENTS_OWNED,), "GET", EVENTS, 200),
        ((EVENTS_OWNED,), "POST", "/freeBusy", 403),
        ((EVENTS_FREE_BUSY,), "POST", "/freeBusy", 200),
        ((EVENTS_FREE_BUSY,), "POST", EVENTS, 403),
        ((OPENID,), "POST", "/channels/stop", 403),
    ],
)
async def test_each_operation_wants_its_permission(
    google: GoogleApp, scopes: tuple[str, ...], method: str, path: str, status: int
) -> None:
    token = google.sandbox.authorize(GINA, scopes).access_token
    body = free_busy(TEN, GINA.email) if path == "/freeBusy" else None

    answer = await google.asks_calendar(method, path, token, json=body)

    assert status == answer.status_code
    assert ("ACCESS_TOKEN_SCOPE_INSUFFICIENT" in answer.text) == (status == 403)


async def test_whoever_may_see_only_when_somebody_is_busy_sees_no_titles_and_no_people(
    google: GoogleApp, token: str, calendar: SandboxCalendar
) -> None:
    calendars = google.sandbox.calendars
    of_will = calendars.of(WILL)[0]
    calendars.share(of_will, GINA, "freeBusyReader")
    for each in (calendar, of_will):
        google.sandbox.events.add(each, TEN, TEN + HOUR, summary="Secret", attendees=[{"email": "ana@guest.example"}])
    little = google.sandbox.authorize(GINA, (EVENTS_FREE_BUSY,)).access_token

    seen = [await gets(google, little), await gets(google, token, f"/calendars/{WILL.email}/events")]

    assert [1, 1] == [len(each["items"]) for each in seen]
    assert "Secret" not in str(seen)
    assert "ana@guest.example" not in str(seen)


async def test_another_persons_calendar_is_not_there_or_not_to_be_written_to(google: GoogleApp, token: str) -> None:
    path = f"/calendars/{WILL.email}/events"
    hidden = await refused(google, "GET", path, token)
    google.sandbox.calendars.share(google.sandbox.calendars.of(WILL)[0], GINA, "writer")

    assert (404, "notFound") == hidden
    assert (403, "requiredAccessLevel") == await refused(google, "POST", path, token, json=event_at(TEN))


@pytest.mark.parametrize(
    ("fields", "is_busy"),
    [
        ({}, True),
        ({"status": "tentative"}, True),
        ({"attendees": [{"email": GINA.email}]}, True),
        ({"eventType": "outOfOffice"}, True),
        ({"transparency": "transparent"}, False),
        ({"attendees": [{"email": GINA.email, "responseStatus": "declined"}]}, False),
        ({"eventType": "workingLocation"}, False),
    ],
)
async def test_free_busy_counts_what_google_counts(
    google: GoogleApp, token: str, calendar: SandboxCalendar, fields: Mapping[str, Any], is_busy: bool
) -> None:
    google.sandbox.events.add(calendar, TEN, TEN + HOUR, **fields)

    found = await google.asks_calendar("POST", "/freeBusy", token, json=free_busy(TEN, calendar.id))

    expected = [{"start": "2026-11-24T10:00:00Z", "end": "2026-11-24T11:00:00Z"}] if is_busy else []
    assert expected == found.json()["calendars"][calendar.id]["busy"]


async def test_what_is_wrong_with_one_calendar_is_inside_of_the_answer(google: GoogleApp, token: str) -> None:
    asked = free_busy(TEN, GINA.email, WILL.email)
    too_many = free_busy(TEN, *(f"{number}@calendar.example" for number in range(51)))
    too_long = free_busy(TEN, GINA.email, length=timedelta(days=91))

    found = (await google.asks_calendar("POST", "/freeBusy", token, json=asked)).json()["calendars"]
    many = (await google.asks_calendar("POST", "/freeBusy", token, json=too_many)).json()["calendars"]

    assert {"busy": []} == found[GINA.email]
    assert ["notFound"] == [each["reason"] for each in found[WILL.email]["errors"]]
    assert {"tooManyCalendarsRequested"} == {error["reason"] for each in many.values() for error in each["errors"]}
    assert (400, "timeRangeTooLong") == await refused(google, "POST", "/freeBusy", token, json=too_long)


async def test_calendars_and_events_survive_a_restart(tmp_path: Path) -> None:
    clock, path = SetClock(), tmp_path / "sandbox.sqlite"
    async with GoogleWorld.opened(path, clock) as before:
        before.sandbox.fill_calendar(GINA)
        before.sandbox.calendars.add(GINA, "Family")
    async with GoogleWorld.opened(path, clock) as after:
        events = after.sandbox.events.of(after.sandbox.calendars.of(GINA)[0])
        after.sandbox.fill_calendar(GINA)

        assert [GINA.email, "Family"] == [each.summary for each in after.sandbox.calendars.of(GINA)]
        assert 20 == len(events)
        assert events == after.sandbox.events.of(after.sandbox.calendars.of(GINA)[0])
