"""Entries in Google's calendars are written to the sandbox over real HTTP: once each, and mailing nobody."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from adapters.google.calendar_account import OWNED
from adapters.google.calendar_writer import safe_link
from adapters.http_client.notes import marks_of
from adapters.sandbox.google.accounts import GINA, WILL
from adapters.sandbox.google.scopes import CALENDAR_USUAL
from adapters.sandbox.google.switches import GoogleEndpoint, GoogleFailure
from application.ports.calendar_reader import CalendarAccess, FeedAddress
from application.ports.calendar_writer import CalendarUnwritable, EntryGone, EntryUidSpent
from application.ports.provider import AccessTokenExpired
from domain.calendar_entry import EntryChange, EntryContent, RemoteEntry
from domain.calendar_problem import (
    CalendarGone,
    CalendarPermissionMissing,
    CalendarProblem,
    CalendarsBlockedByAdmin,
    CalendarsNotSetUp,
    ServerBusy,
    ServerTooSlow,
    ServerUnreachable,
)
from domain.slot import Slot
from tests.support import descriptions
from tests.support.google_calendars import HOUR, NOW, TEN, WithCalendars, a_query, with_calendars

UID = "tt0123456789abcdefghijklmnopqrstuv"
HERE = Slot.lasting(HOUR, TEN)
LATER = Slot.lasting(HOUR, TEN + 3 * HOUR)
LINK = "https://meet.example/1?a=b&c=d"
CONTENT = EntryContent(HERE, "Zoë – Intro call", LINK, f"{LINK}\n\nZoë")
WRITING = (GoogleEndpoint.INSERT, GoogleEndpoint.PATCH, GoogleEndpoint.DELETE)

Call = Callable[[], Awaitable[object]]


@pytest.fixture
async def app() -> AsyncGenerator[WithCalendars]:
    async with with_calendars() as app:
        yield app


async def put(app: WithCalendars, access: CalendarAccess | None = None, calendar: str = GINA.email) -> RemoteEntry:
    return await app.writer.put(access or app.access(), calendar, UID, CONTENT, ())


def calls(app: WithCalendars, access: CalendarAccess | None = None, calendar: str = GINA.email) -> dict[str, Call]:
    """All that a writer can be asked for, by the endpoint that it begins with."""
    access = access or app.access()
    return {
        GoogleEndpoint.INSERT: lambda: app.writer.put(access, calendar, UID, CONTENT, ()),
        GoogleEndpoint.PATCH: lambda: app.writer.patch(access, calendar, UID, EntryChange(slot=LATER)),
        GoogleEndpoint.DELETE: lambda: app.writer.remove(access, calendar, UID, None, ()),
        GoogleEndpoint.EVENTS: lambda: app.writer.seen(access, calendar, {UID: HERE}),
    }


async def why(call: Call) -> CalendarProblem:
    with pytest.raises(CalendarUnwritable) as raised:
        await call()
    return raised.value.problem


async def test_an_entry_carries_its_name_and_a_link_and_asks_that_nobody_is_told(app: WithCalendars) -> None:
    entry = await put(app)
    await app.writer.patch(app.access(), GINA.email, UID, EntryChange(title="New"))
    await app.writer.remove(app.access(), GINA.email, UID, entry.id, ())

    [inserted] = app.sandbox.arrived(GoogleEndpoint.INSERT)
    assert {
        "id": UID,
        "summary": "Zoë – Intro call",
        "location": LINK,
        "description": f"{LINK}\n\nZoë",
        "start": {"dateTime": "2026-11-24T10:00:00Z"},
        "end": {"dateTime": "2026-11-24T11:00:00Z"},
        "transparency": "opaque",
        "extendedProperties": {
            "private": {"timetuna": "entry", "timetunaEntry": UID, "timetunaLines": marks_of(f"{LINK}\n\nZoë")}
        },
    } == inserted.json()
    assert {"summary": "New"} == app.sandbox.arrived(GoogleEndpoint.PATCH)[0].json()
    assert ["none"] * 3 == [seen.query["sendUpdates"] for each in WRITING for seen in app.sandbox.arrived(each)]
    assert entry.link is not None
    assert entry.link.endswith(f"/calendar/event?calendar=gina.host%40gmail.example&event={UID}")


@pytest.mark.parametrize(
    ("link", "is_shown"),
    [
        ("https://www.google.com/calendar/event?eid=abc", True),
        ("http://127.0.0.1:8000/calendar/event", True),
        ("http://127.0.0.1:80001/", False),
        ("javascript:alert(1)", False),
        ("https://www.google.com/" + 2000 * "a", False),
        ("", False),
    ],
)
def test_only_a_link_that_cannot_hurt_is_shown(link: str, is_shown: bool) -> None:
    assert (link if is_shown else None) == safe_link(link, "http://127.0.0.1:8000")


async def test_google_knows_every_parameter_that_writing_sends(app: WithCalendars) -> None:
    for call in calls(app).values():
        await call()

    described = descriptions.read()
    methods = {**dict.fromkeys(WRITING), GoogleEndpoint.EVENTS: "list"}
    for endpoint, method in methods.items():
        for seen in app.sandbox.arrived(endpoint):
            known = described.calendar_methods[f"events.{method or endpoint}"].parameters
            assert set() == seen.query.keys() - set(known)
    [inserted] = app.sandbox.arrived(GoogleEndpoint.INSERT)
    assert set() == inserted.json().keys() - set(described.calendar["Event"])


async def test_what_a_guest_typed_is_no_tag_to_google(app: WithCalendars) -> None:
    typed = EntryContent(HERE, "Zoë", "", '<a href="&#104;ttps://evil.example">Sign in</a>')

    await app.writer.put(app.access(), GINA.email, UID, typed, ())

    [event] = app.sandbox.events.of(app.calendar())
    assert '‹a href="&#104;ttps://evil.example"›Sign in‹/a›' == event.given["description"]


async def test_an_event_of_that_id_that_we_did_not_write_is_left_alone(app: WithCalendars) -> None:
    app.adds(id=UID)

    with pytest.raises(EntryUidSpent):
        await put(app)

    assert "Secret title" == app.sandbox.events.of(app.calendar())[0].given["summary"]


async def test_an_entry_that_is_deleted_while_it_is_put_again_needs_another_name(
    app: WithCalendars, monkeypatch: pytest.MonkeyPatch
) -> None:
    await put(app)
    get = app.sandbox.calendar_api.get

    def get_before_it_is_deleted(request: Any) -> Any:
        answer = get(request)
        app.sandbox.events.delete(app.calendar(), UID)
        return answer

    monkeypatch.setattr(app.sandbox.calendar_api, "get", get_before_it_is_deleted)

    with pytest.raises(EntryUidSpent):
        await put(app)


async def test_a_host_who_makes_a_day_of_it_is_followed_in_the_calendars_zone_and_can_be_overruled(
    app: WithCalendars,
) -> None:
    access = app.access()
    await put(app)
    app.sandbox.events.move(app.calendar(), UID, date(2026, 11, 26), date(2026, 11, 27))
    the_day = Slot.lasting(timedelta(days=1), datetime(2026, 11, 25, 23, tzinfo=UTC))

    seen = await app.writer.seen(access, GINA.email, {UID: HERE})
    patched = await app.writer.patch(access, GINA.email, UID, EntryChange(title="New"))
    back = await app.writer.patch(access, GINA.email, UID, EntryChange(slot=HERE))

    assert [the_day, the_day, HERE] == [seen[UID].slot, patched.slot, back.slot]


async def test_an_entry_without_a_length_counts_as_where_it_was(app: WithCalendars) -> None:
    await put(app)
    app.sandbox.events.move(app.calendar(), UID, TEN + HOUR, TEN + HOUR)

    seen = await app.writer.seen(app.access(), GINA.email, {UID: HERE})

    assert HERE == seen[UID].slot


async def test_entries_are_looked_at_with_one_request_unless_some_are_not_listed(app: WithCalendars) -> None:
    access = app.access()
    uids = [f"{UID}{number}" for number in range(3)]
    for uid in uids:
        await app.writer.put(access, GINA.email, uid, CONTENT, ())
    app.adds()
    app.sandbox.calendar_api.most_a_page = 2

    assert set(uids) == set(await app.writer.seen(access, GINA.email, dict.fromkeys(uids, HERE)))
    assert [] == app.sandbox.arrived(GoogleEndpoint.EVENT)
    assert {} == await app.writer.seen(access, GINA.email, {})

    past = TEN - timedelta(days=90)
    app.sandbox.events.move(app.calendar(), uids[0], past, past + HOUR)
    app.sandbox.events.delete(app.calendar(), uids[1])

    seen = await app.writer.seen(access, GINA.email, dict.fromkeys([*uids, "ttneverthere"], HERE))

    assert {uids[0]: past, uids[2]: TEN} == {id_: each.slot.start for id_, each in seen.items()}
    assert 3 == len(app.sandbox.arrived(GoogleEndpoint.EVENT))


async def test_entries_block_only_where_the_host_moves_them_to(app: WithCalendars) -> None:
    await put(app)
    app.sandbox.events.move(app.calendar(), UID, LATER.start, LATER.end)

    assert [LATER] == [each.slot for each in await app.times(a_query(ours={UID: (HERE,)}))]
    assert () == await app.times(a_query(ours={UID: (HERE, LATER)}))


async def test_without_the_permission_nothing_is_asked(app: WithCalendars) -> None:
    access = app.access(scopes=tuple(each for each in CALENDAR_USUAL if each != OWNED))

    for call in calls(app, access).values():
        assert CalendarPermissionMissing(("write",)) == await why(call)

    assert [] == app.sandbox.requests


async def test_a_calendar_that_is_gone_holds_no_entry_and_is_no_deleted_one(app: WithCalendars) -> None:
    family = app.sandbox.calendars.add(GINA, "Family")
    await put(app, calendar=family.id)
    app.sandbox.calendars.delete(family)
    asked = calls(app, calendar=family.id)

    await asked.pop(GoogleEndpoint.DELETE)()

    assert [CalendarGone()] * 3 == [await why(call) for call in asked.values()]


async def test_a_calendar_of_somebody_else_is_not_written_to(app: WithCalendars) -> None:
    app.sandbox.calendars.share(app.calendar(WILL), GINA, "writer")

    assert CalendarGone() == await why(calls(app, calendar=WILL.email)[GoogleEndpoint.INSERT])


WRITES_FAIL: Mapping[GoogleFailure, CalendarProblem] = {
    GoogleFailure.SCOPE_INSUFFICIENT: CalendarPermissionMissing(("write",)),
    GoogleFailure.SERVICE_DISABLED: CalendarsNotSetUp(),
    GoogleFailure.NOT_A_CALENDAR_USER: CalendarsBlockedByAdmin(),
    **dict.fromkeys(
        (
            GoogleFailure.USER_RATE_LIMIT,
            GoogleFailure.RATE_LIMIT,
            GoogleFailure.QUOTA_EXCEEDED,
            GoogleFailure.RESOURCE_EXHAUSTED,
            GoogleFailure.RESOURCE_EXHAUSTED_SECONDS,
            GoogleFailure.RESOURCE_EXHAUSTED_DATE,
            GoogleFailure.SERVER_ERROR,
            GoogleFailure.BAD_GATEWAY,
            GoogleFailure.UNAVAILABLE_HTML,
            GoogleFailure.REDIRECT,
            GoogleFailure.OK_XML,
            GoogleFailure.OK_EMPTY,
        ),
        ServerBusy(),
    ),
    GoogleFailure.DROP_BEFORE: ServerUnreachable(),
    GoogleFailure.DROP_AFTER: ServerUnreachable(),
}
ENDED = {GoogleFailure.ACCESS_EXPIRED, GoogleFailure.ACCESS_REFUSED}
HANGS = {GoogleFailure.SLOW, GoogleFailure.HANG_BEFORE, GoogleFailure.HANG_AFTER}
DELETED_ANYWAY = {GoogleFailure.OK_XML, GoogleFailure.OK_EMPTY}


def test_no_failure_of_writing_is_left_out() -> None:
    known = {failure for failure in GoogleFailure if set(WRITING) & set(failure.where)}

    assert known == WRITES_FAIL.keys() | ENDED | HANGS


@pytest.mark.parametrize("endpoint", WRITING)
async def test_every_failure_is_a_problem_of_the_entry_and_a_repeat_makes_no_second_one(
    app: WithCalendars, endpoint: GoogleEndpoint
) -> None:
    access = app.access()
    call = calls(app, access)[endpoint]
    if endpoint is not GoogleEndpoint.INSERT:
        await put(app)
    for failure, problem in WRITES_FAIL.items():
        if endpoint is not GoogleEndpoint.DELETE or failure not in DELETED_ANYWAY:
            app.sandbox.fail(failure, on=endpoint)
            assert (failure, problem) == (failure, await why(call))
    for failure in ENDED:
        app.sandbox.fail(failure, on=endpoint)
        with pytest.raises(AccessTokenExpired):
            await call()

    await call()

    left = [each.id for each in app.sandbox.events.of(app.calendar()) if not each.is_deleted]
    assert ([] if endpoint is GoogleEndpoint.DELETE else [UID]) == left


async def test_a_look_that_fails_is_no_deletion(app: WithCalendars) -> None:
    await put(app)
    moved = calls(app)[GoogleEndpoint.EVENTS]
    app.sandbox.events.move(app.calendar(), UID, TEN - timedelta(days=30), TEN - timedelta(days=29))

    for endpoint in (GoogleEndpoint.EVENTS, GoogleEndpoint.EVENT):
        for failure in (GoogleFailure.SERVER_ERROR, GoogleFailure.OK_EMPTY, GoogleFailure.UNAVAILABLE_HTML):
            app.sandbox.fail(failure, on=endpoint)
            assert ServerBusy() == await why(moved)


async def test_google_says_when_to_come_back(app: WithCalendars) -> None:
    app.sandbox.fail(GoogleFailure.RESOURCE_EXHAUSTED_SECONDS, on=GoogleEndpoint.INSERT)

    with pytest.raises(CalendarUnwritable) as raised:
        await put(app)

    assert NOW + timedelta(seconds=7) == raised.value.not_before


async def test_an_answer_that_never_comes_is_not_waited_for() -> None:
    async with with_calendars(total=timedelta(seconds=0.2)) as app:
        app.sandbox.fail(GoogleFailure.HANG_AFTER, on=GoogleEndpoint.INSERT)

        assert ServerTooSlow() == await why(calls(app)[GoogleEndpoint.INSERT])


async def test_a_refusal_to_change_an_entry_that_is_there_is_no_deletion(app: WithCalendars) -> None:
    family = app.sandbox.calendars.add(WILL, "Family")
    app.sandbox.calendars.share(family, GINA, "reader")
    app.sandbox.events.add(family, TEN, TEN + HOUR, id=UID)

    assert CalendarGone() == await why(calls(app, calendar=family.id)[GoogleEndpoint.PATCH])


async def test_nothing_that_a_guest_typed_is_logged(app: WithCalendars) -> None:
    shown: list[object] = []
    with capture_logs() as logs:
        for endpoint, call in calls(app).items():
            app.sandbox.fail(GoogleFailure.SERVER_ERROR, on=GoogleEndpoint(endpoint))
            with pytest.raises(CalendarUnwritable) as raised:
                await call()
            shown += [repr(raised.value), raised.value.__dict__, raised.value.__cause__]

    text = f"{shown} {logs}"
    assert ["insert", "patch", "delete", "entries"] == [each["operation"] for each in logs]
    assert [] == [each for each in ("Zoë", "meet.example", "Bearer", *app.sandbox.secrets) if each in text]


async def test_an_entry_that_is_gone_is_told_apart_from_its_calendar(app: WithCalendars) -> None:
    with pytest.raises(EntryGone):
        await calls(app)[GoogleEndpoint.PATCH]()


async def test_a_way_in_that_is_no_sign_in_is_a_mistake_of_ours(app: WithCalendars) -> None:
    with pytest.raises(TypeError):
        await put(app, FeedAddress("https://calendar.example/feed.ics"))
