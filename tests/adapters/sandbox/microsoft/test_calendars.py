"""Calendars and their events are shown and changed as Graph does."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from adapters.sandbox.microsoft.accounts import MIA, NED, PIA, TOM
from adapters.sandbox.microsoft.mailboxes import Response, ShowAs
from adapters.sandbox.microsoft.scopes import CALENDARS, OPENID
from adapters.sandbox.microsoft.switches import MicrosoftEndpoint, MicrosoftFailure
from tests.adapters.sandbox.microsoft.microsoft_app import WINDOW, MicrosoftApp
from tests.adapters.sandbox.zoom_app import bearer, returned

AT_TWO = datetime(2026, 12, 1, 14, 0, tzinfo=UTC)
AN_HOUR = timedelta(hours=1)
MIDNIGHT = "2026-12-01T00:00:00"
KEY = "String {66f5a359-4659-4830-9070-00047ec6ac6e} Name Booking"


@pytest.fixture
def token(microsoft: MicrosoftApp) -> str:
    return microsoft.calendar_token()


@pytest.fixture
def main(microsoft: MicrosoftApp) -> str:
    return microsoft.main().id


def expanding(key: str) -> str:
    return f"singleValueExtendedProperties($filter=id eq '{key}')"


def times(event: dict[str, Any]) -> tuple[str, str]:
    return event["start"]["dateTime"], event["end"]["dateTime"]


async def test_a_mailbox_begins_with_its_main_calendar_and_birthdays(microsoft: MicrosoftApp, token: str) -> None:
    found = (await microsoft.lists(token)).json()["value"]

    assert [("Calendar", True, True), ("Birthdays", False, False)] == [
        (each["name"], each["isDefaultCalendar"], each["canEdit"]) for each in found
    ]
    assert {"name": MIA.name, "address": MIA.email} == found[0]["owner"]


async def test_calendars_come_in_pages(microsoft: MicrosoftApp, token: str) -> None:
    first = (await microsoft.lists(token, **{"$top": 1, "$select": "name"})).json()
    second = (await microsoft.http.get(first["@odata.nextLink"], headers=bearer(token))).json()

    assert ["Calendar", "Birthdays"] == [each["name"] for page in (first, second) for each in page["value"]]
    assert {"id", "name"} == first["value"][0].keys()
    assert "@odata.nextLink" not in second


async def test_a_view_expands_series_at_the_same_wall_clock_time(microsoft: MicrosoftApp, token: str) -> None:
    start = datetime(2026, 10, 24, 8, 0, tzinfo=UTC)
    microsoft.sandbox.mailboxes.add(microsoft.main(), start, start + AN_HOUR, every=1, times=2)
    window = {"startDateTime": "2026-10-24T00:00:00Z", "endDateTime": "2026-10-26T00:00:00Z"}

    path = f"/v1.0/me/calendars/{microsoft.main().id}/calendarView"
    found = (await microsoft.http.get(path, params=window, headers=bearer(token))).json()["value"]

    assert ["2026-10-24T08:00:00.0000000", "2026-10-25T09:00:00.0000000"] == [times(each)[0] for each in found]
    assert 1 == len({each["seriesMasterId"] for each in found})
    assert 2 == len({each["id"] for each in found})


async def test_a_view_has_what_touches_it_in_pages(microsoft: MicrosoftApp, token: str, main: str) -> None:
    for days in (-1, 0, 1, 2, 30):
        start = AT_TWO + timedelta(days=days)
        microsoft.sandbox.mailboxes.add(microsoft.main(), start, start + AN_HOUR, f"{days}")
    page = (await microsoft.views(token, main, top=2, select="subject,start")).json()
    found = list(page["value"])
    while "@odata.nextLink" in page:
        page = (await microsoft.http.get(page["@odata.nextLink"], headers=bearer(token))).json()
        found += page["value"]

    assert ["0", "1", "2"] == [each["subject"] for each in found]
    assert {"@odata.etag", "id", "subject", "start"} == found[0].keys()


async def test_an_extended_property_is_shown_to_who_asks_for_it_by_its_id(
    microsoft: MicrosoftApp, token: str, main: str
) -> None:
    await microsoft.enters(token, main, singleValueExtendedProperties=[{"id": KEY, "value": "booking-1"}])
    await microsoft.enters(token, main)

    plain = (await microsoft.views(token, main)).json()["value"]
    asked = (await microsoft.views(token, main, select="id", expand=expanding(KEY))).json()["value"]
    other = (await microsoft.views(token, main, expand=expanding(f"{KEY}2"))).json()["value"]

    assert [[{"id": KEY, "value": "booking-1"}], None] == [each.get("singleValueExtendedProperties") for each in asked]
    assert not any("singleValueExtendedProperties" in each for each in plain + other)


async def test_times_are_written_in_the_zone_that_is_preferred(microsoft: MicrosoftApp, token: str, main: str) -> None:
    microsoft.sandbox.mailboxes.add(microsoft.main(), AT_TWO, AT_TWO + AN_HOUR)

    plain = (await microsoft.views(token, main)).json()["value"][0]
    answer = await microsoft.views(token, main, prefer='outlook.timezone="W. Europe Standard Time"')
    there = answer.json()["value"][0]

    assert {"dateTime": "2026-12-01T14:00:00.0000000", "timeZone": "UTC"} == plain["start"]
    assert {"dateTime": "2026-12-01T15:00:00.0000000", "timeZone": "W. Europe Standard Time"} == there["start"]
    assert "W. Europe Standard Time" == plain["originalStartTimeZone"]
    assert 'outlook.timezone="W. Europe Standard Time"' == answer.headers["preference-applied"]


async def test_a_day_is_midnight_in_whichever_zone_it_is_asked_for(
    microsoft: MicrosoftApp, token: str, main: str
) -> None:
    day = {"start": {"dateTime": MIDNIGHT, "timeZone": "UTC"}, "end": {"dateTime": "2026-12-02", "timeZone": "UTC"}}
    await microsoft.enters(token, main, isAllDay=True, **day)
    zones = ("UTC", "Tokyo Standard Time", "America/New_York")

    found = [(await microsoft.views(token, main, prefer=f'outlook.timezone="{zone}"')).json() for zone in zones]

    assert {("2026-12-01T00:00:00.0000000", "2026-12-02T00:00:00.0000000")} == {
        times(each["value"][0]) for each in found
    }
    assert [datetime(2026, 11, 30, 23, 0, tzinfo=UTC)] == [
        each.start for each in microsoft.sandbox.mailboxes.events(microsoft.main())
    ]


async def test_immutable_ids_are_other_ones(microsoft: MicrosoftApp, token: str, main: str) -> None:
    microsoft.sandbox.mailboxes.add(microsoft.main(), AT_TWO, AT_TWO + AN_HOUR)

    plain = (await microsoft.views(token, main)).json()["value"][0]["id"]
    immutable = (await microsoft.views(token, main, prefer='IdType="ImmutableId"')).json()["value"][0]["id"]

    assert plain != immutable
    assert [200, 200, 404] == [
        (await microsoft.http.get(f"/v1.0/me/events/{each}", headers=bearer(token))).status_code
        for each in (plain, immutable, immutable.lower())
    ]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"$top": "1001"}, "BadRequest"),
        ({"$top": "0"}, "BadRequest"),
        ({"$select": "subject,colour"}, "BadRequest"),
        ({"$filter": "isAllDay"}, "BadRequest"),
        ({"$expand": "attachments"}, "BadRequest"),
        ({"$expand": "singleValueExtendedProperties($filter=id eq 'Booking')"}, "ErrorInvalidProperty"),
        ({"startDateTime": None}, "BadRequest"),
        ({"endDateTime": "tomorrow"}, "BadRequest"),
        ({"endDateTime": "2026-11-01T00:00:00Z"}, "BadRequest"),
        ({"endDateTime": "2032-01-01T00:00:00Z"}, "ErrorCalendarViewRangeTooBig"),
    ],
)
async def test_a_view_that_cannot_be_is_refused(
    microsoft: MicrosoftApp, token: str, main: str, changes: dict[str, str | None], code: str
) -> None:
    query = {name: value for name, value in {**WINDOW, **changes}.items() if value is not None}

    path = f"/v1.0/me/calendars/{main}/calendarView"
    refused = await microsoft.http.get(path, params=query, headers=bearer(token))

    assert (400, code) == (refused.status_code, refused.json()["error"]["code"])


async def test_a_zone_that_there_is_not_is_refused(microsoft: MicrosoftApp, token: str, main: str) -> None:
    refused = await microsoft.views(token, main, prefer='outlook.timezone="Mars"')

    assert "TimeZoneNotSupportedException" == refused.json()["error"]["code"]


async def test_a_repeated_transaction_gets_the_event_that_is_there(
    microsoft: MicrosoftApp, token: str, main: str
) -> None:
    answers = [await microsoft.enters(token, main, transactionId="booking-1") for _ in range(2)]

    assert [201, 201] == [each.status_code for each in answers]
    assert answers[0].json() == answers[1].json()
    assert 1 == len(microsoft.sandbox.mailboxes.events(microsoft.main()))


@pytest.mark.parametrize(
    ("failure", "status", "events"),
    [(MicrosoftFailure.TRANSACTION_REFUSED, 409, 1), (MicrosoftFailure.TRANSACTION_UNKNOWN, 201, 2)],
)
async def test_a_repeated_transaction_may_go_otherwise(
    microsoft: MicrosoftApp, token: str, main: str, failure: MicrosoftFailure, status: int, events: int
) -> None:
    await microsoft.enters(token, main, transactionId="booking-1")
    microsoft.sandbox.fail(failure)

    again = await microsoft.enters(token, main, transactionId="booking-1")

    assert (status, events) == (again.status_code, len(microsoft.sandbox.mailboxes.events(microsoft.main())))


async def test_an_event_is_changed_in_what_is_named_and_deleted_once(
    microsoft: MicrosoftApp, token: str, main: str
) -> None:
    path = f"/v1.0/me/events/{(await microsoft.enters(token, main, showAs='oof')).json()['id']}"
    later = {"dateTime": "2026-12-01T16:00:00", "timeZone": "W. Europe Standard Time"}

    changed = (await microsoft.http.patch(path, json={"end": later}, headers=bearer(token))).json()
    gone = [(await microsoft.http.delete(path, headers=bearer(token))).status_code for _ in range(2)]

    assert ("Dentist", "oof", "2026-12-01T14:00:00.0000000", "2026-12-01T15:00:00.0000000") == (
        changed["subject"], changed["showAs"], *times(changed)
    )  # fmt: skip
    assert [204, 404] == gone


async def test_whoever_is_invited_is_known(microsoft: MicrosoftApp, token: str, main: str) -> None:
    await microsoft.enters(token, main)
    before = list(microsoft.sandbox.calendar_api.invited)
    attendee = {"type": "required", "emailAddress": {"address": "ana@guest.example", "name": "Ana"}}
    await microsoft.enters(token, main, attendees=[attendee])

    assert ([], ["ana@guest.example"]) == (before, microsoft.sandbox.calendar_api.invited)


@pytest.mark.parametrize(
    "changes",
    [
        {"colour": "red"},
        {"showAs": "away"},
        {"isAllDay": "yes"},
        {"isAllDay": True},
        {"end": None},
        {"end": {"dateTime": "2026-12-01T13:00:00", "timeZone": "UTC"}},
        {"start": {"dateTime": "2026-12-01T14:00:00", "timeZone": "Mars"}},
        {"start": {"dateTime": "two o'clock", "timeZone": "UTC"}},
        {"attendees": ["ana@guest.example"]},
        {"singleValueExtendedProperties": [{"id": "Booking", "value": "1"}]},
    ],
)
async def test_an_event_that_cannot_be_is_refused(
    microsoft: MicrosoftApp, token: str, main: str, changes: dict[str, Any]
) -> None:
    refused = await microsoft.enters(token, main, **changes)

    assert (400, []) == (refused.status_code, microsoft.sandbox.mailboxes.events(microsoft.main()))


async def test_nobody_gets_into_another_calendar_or_further_than_allowed(microsoft: MicrosoftApp, token: str) -> None:
    birthdays = microsoft.sandbox.mailboxes.calendars(MIA)[1].id
    answers = [
        await microsoft.views(token, microsoft.main(TOM).id),
        await microsoft.enters(token, birthdays),
        await microsoft.lists(microsoft.sandbox.authorize(MIA, (OPENID,)).access_token),
        await microsoft.lists("made-up"),
    ]

    assert [
        (404, "ErrorItemNotFound"),
        (403, "ErrorAccessDenied"),
        (403, "ErrorAccessDenied"),
        (401, "InvalidAuthenticationToken"),
    ] == [(each.status_code, each.json()["error"]["code"]) for each in answers]


async def test_only_an_administrator_lets_an_app_into_the_calendars_of_a_guarded_organisation(
    microsoft: MicrosoftApp,
) -> None:
    asks: dict[str, Any] = {"authority": "common", "ticked": (CALENDARS,), "scope": "openid Calendars.ReadWrite"}
    before = await microsoft.decides(account=NED, **asks)
    microsoft.sandbox.tenants.approve(NED.tenant)

    assert "Need admin approval" in before.text
    assert {"code"} <= returned(await microsoft.decides(account=NED, **asks)).keys()
    assert {"code"} <= returned(await microsoft.decides(account=PIA, **asks)).keys()


async def test_a_fifth_call_at_once_is_turned_away(microsoft: MicrosoftApp, token: str) -> None:
    microsoft.sandbox.fail(MicrosoftFailure.SLOW, on=MicrosoftEndpoint.CALENDARS, times=4, seconds=0.1)

    answers = await asyncio.gather(*(microsoft.lists(token) for _ in range(4)), _fifth(microsoft, token))

    assert [200, 200, 200, 200, 429] == [each.status_code for each in answers]
    assert ("ApplicationThrottled", "7") == (answers[4].json()["error"]["code"], answers[4].headers["retry-after"])
    assert 5 == microsoft.sandbox.crowds.most_at_once[MIA.id]


async def _fifth(microsoft: MicrosoftApp, token: str) -> httpx.Response:
    await microsoft.sandbox.until(lambda: len(microsoft.sandbox.arrived(MicrosoftEndpoint.CALENDARS)) == 4)
    return await microsoft.lists(token)


@pytest.mark.parametrize(
    ("failure", "status", "code"),
    [
        (MicrosoftFailure.UNAVAILABLE_SECONDS, 503, "ServiceUnavailable"),
        (MicrosoftFailure.MAILBOX_CONCURRENCY, 429, "ApplicationThrottled"),
        (MicrosoftFailure.ACCESS_DENIED, 403, "ErrorAccessDenied"),
        (MicrosoftFailure.ITEM_NOT_FOUND, 404, "ErrorItemNotFound"),
        (MicrosoftFailure.NO_MAILBOX, 404, "MailboxNotEnabledForRESTAPI"),
    ],
)
async def test_exchange_fails_with_its_status_and_code(
    microsoft: MicrosoftApp, token: str, main: str, failure: MicrosoftFailure, status: int, code: str
) -> None:
    microsoft.sandbox.fail(failure)

    failed = await microsoft.views(token, main)

    assert (status, code) == (failed.status_code, failed.json()["error"]["code"])
    assert ("7" if status in {429, 503} else None) == failed.headers.get("retry-after")


async def test_a_view_may_be_odd(microsoft: MicrosoftApp, token: str, main: str) -> None:
    microsoft.sandbox.mailboxes.add(microsoft.main(), AT_TWO, AT_TWO + AN_HOUR)

    async def odd(failure: MicrosoftFailure, **query: Any) -> Any:
        microsoft.sandbox.fail(failure)
        answer = await microsoft.views(token, main, **query)
        return answer.json() if answer.is_success else answer.status_code

    event = (await odd(MicrosoftFailure.NULL_MEMBERS))["value"][0]
    assert {None} == {event[name] for name in ("subject", "showAs", "responseStatus", "iCalUId", "seriesMasterId")}
    timeless = (await odd(MicrosoftFailure.NO_TIMES))["value"][0]
    assert (None, None) == (timeless["start"], timeless["end"])
    zone = (await odd(MicrosoftFailure.CUSTOM_ZONE))["value"][0]["start"]["timeZone"]
    assert "tzone://Microsoft/Custom" == zone
    assert "value" not in await odd(MicrosoftFailure.NO_VALUE)
    assert "graph.evil.example" in (await odd(MicrosoftFailure.FOREIGN_PAGES))["@odata.nextLink"]
    assert f"/calendars/{main}/calendarView?" in (await odd(MicrosoftFailure.ENDLESS_PAGES))["@odata.nextLink"]
    assert 504 == await odd(MicrosoftFailure.LARGE_PAGES, top=251)
    assert 1 == len((await odd(MicrosoftFailure.LARGE_PAGES, top=250))["value"])


async def test_an_event_shows_how_its_owner_stands_to_it(microsoft: MicrosoftApp, token: str, main: str) -> None:
    microsoft.sandbox.mailboxes.add(
        microsoft.main(),
        AT_TWO,
        AT_TWO + AN_HOUR,
        show_as=ShowAs.TENTATIVE,
        response=Response.NOT_RESPONDED,
        is_cancelled=True,
    )

    [event] = (await microsoft.views(token, main)).json()["value"]

    assert ("tentative", "notResponded", True, False) == (
        event["showAs"], event["responseStatus"]["response"], event["isCancelled"], event["isOrganizer"]
    )  # fmt: skip
