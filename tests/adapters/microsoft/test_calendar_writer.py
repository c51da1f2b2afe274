"""The writer to Outlook's calendars against the sandbox over real HTTP, in what only Microsoft does."""

import logging
from collections.abc import AsyncGenerator
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from structlog.testing import capture_logs

from adapters.http_client.notes import marks_of
from adapters.microsoft.calendar_wire import LINES_PROPERTY, UID_PROPERTY
from adapters.sandbox.microsoft.accounts import MIA
from adapters.sandbox.microsoft.mailboxes import GraphEvent
from adapters.sandbox.microsoft.switches import MicrosoftEndpoint, MicrosoftFailure
from adapters.sandbox.switches import AnyFailure
from application.ports.calendar_writer import CalendarUnwritable, EntryGone, EntryUidSpent
from application.ports.provider import AccessTokenExpired
from domain.calendar_entry import EntryChange, EntryContent, RemoteEntry
from domain.calendar_problem import (
    CalendarGone,
    CalendarProblem,
    CalendarsBlockedByAdmin,
    ServerBusy,
    ServerRefused,
    ServerTooSlow,
    ServerUnreachable,
    SignInEnded,
)
from domain.slot import Slot
from tests.support.asking import asked
from tests.support.microsoft_calendars import AN_HOUR, AT_TWO, ConnectedCalendars, connected_calendars
from tests.support.zoom_connected import NOW

UID = "tt0123456789abcdefghijklmnopqrstuv"
HERE, THERE = Slot.lasting(AN_HOUR, AT_TWO), Slot.lasting(AN_HOUR, AT_TWO + timedelta(days=9))
CONTENT = EntryContent(HERE, "Ana – Intro call", "https://meet.example/1", "https://meet.example/1\n\nAna")
LATER = EntryContent(THERE, "Ana – Intro call", "https://meet.example/2", "https://meet.example/2\n\nAna")

PROBLEMS: dict[AnyFailure, CalendarProblem | None] = {
    MicrosoftFailure.ACCESS_EXPIRED: None,
    MicrosoftFailure.ACCESS_REFUSED: None,
    MicrosoftFailure.FORBIDDEN: CalendarsBlockedByAdmin(),
    MicrosoftFailure.INSUFFICIENT_CLAIMS: SignInEnded(),
    MicrosoftFailure.BAD_REQUEST: ServerRefused(400),
    MicrosoftFailure.TOO_MANY_REQUESTS: ServerBusy(),
    MicrosoftFailure.TOO_MANY_REQUESTS_SECONDS: ServerBusy(),
    MicrosoftFailure.TOO_MANY_REQUESTS_DATE: ServerBusy(),
    MicrosoftFailure.UNAVAILABLE_SECONDS: ServerBusy(),
    MicrosoftFailure.MAILBOX_CONCURRENCY: ServerBusy(),
    MicrosoftFailure.ACCESS_DENIED: ServerRefused(403),
    MicrosoftFailure.ITEM_NOT_FOUND: CalendarGone(),
    MicrosoftFailure.NO_MAILBOX: ServerRefused(404),
    MicrosoftFailure.SERVER_ERROR: ServerBusy(),
    MicrosoftFailure.GATEWAY_TIMEOUT: ServerTooSlow(),
    MicrosoftFailure.UNAVAILABLE_HTML: ServerBusy(),
    MicrosoftFailure.OK_XML: ServerBusy(),
    MicrosoftFailure.OK_EMPTY: ServerBusy(),
    MicrosoftFailure.REDIRECT: ServerBusy(),
    MicrosoftFailure.DROP_BEFORE: ServerUnreachable(),
    MicrosoftFailure.DROP_AFTER: ServerUnreachable(),
}
"""What a writing that meets a failure says; None where the access token is to be refreshed."""

HANGS = {MicrosoftFailure.HANG_BEFORE, MicrosoftFailure.HANG_AFTER}
WRITTEN_ALL_THE_SAME = {
    MicrosoftFailure.SLOW,
    MicrosoftFailure.TRANSACTION_REFUSED,
    MicrosoftFailure.TRANSACTION_UNKNOWN,
}


@pytest.fixture
async def app() -> AsyncGenerator[ConnectedCalendars]:
    async with connected_calendars() as app:
        yield app


async def put(app: ConnectedCalendars, content: EntryContent = CONTENT, *tried: Slot) -> RemoteEntry:
    return await app.writer.put(app.access(), app.main().id, UID, content, tried)


async def put_and_lose_the_answer(app: ConnectedCalendars) -> GraphEvent:
    app.sandbox.fail(MicrosoftFailure.DROP_AFTER, on=MicrosoftEndpoint.EVENTS)
    with pytest.raises(CalendarUnwritable):
        await put(app)
    return next(each for each in app.sandbox.mailboxes.events(app.main()) if each.transaction_id == UID)


def events(app: ConnectedCalendars) -> list[tuple[Slot, str]]:
    found = app.sandbox.mailboxes.events(app.main())
    return [(Slot(each.start, each.end), each.properties["location"]["displayName"]) for each in found]


def calls(app: ConnectedCalendars) -> list[str]:
    names = {app.main().id: "main", **{each.id: "event" for each in app.sandbox.mailboxes.events(app.main())}}
    operations = (seen.operation.replace("/v1.0/me/calendars", "") for seen in app.sandbox.requests)
    return [_named(each, names) for each in operations]


def _named(operation: str, names: dict[str, str]) -> str:
    for id_, name in names.items():
        operation = operation.replace(id_, name)
    return operation


async def test_a_new_entry_is_one_request_that_names_nobody_and_makes_no_meeting(app: ConnectedCalendars) -> None:
    entry = await put(app)

    [seen] = app.sandbox.requests
    assert {
        "subject": "Ana – Intro call",
        "start": {"dateTime": "2026-12-01T14:00:00", "timeZone": "UTC"},
        "end": {"dateTime": "2026-12-01T15:00:00", "timeZone": "UTC"},
        "isAllDay": False,
        "location": {"displayName": "https://meet.example/1"},
        "body": {"contentType": "text", "content": "https://meet.example/1\n\nAna"},
        "showAs": "busy",
        "transactionId": UID,
        "singleValueExtendedProperties": [
            {"id": UID_PROPERTY, "value": UID},
            {"id": LINES_PROPERTY, "value": marks_of("https://meet.example/1\n\nAna")},
        ],
    } == msgspec.json.decode(seen.body)
    [event] = app.sandbox.mailboxes.events(app.main())
    assert (event.id, HERE) == (entry.id, entry.slot)
    assert entry.link == f"https://outlook.office365.com/owa/?itemid={event.id}&exvsurl=1&path=/calendar/item"


async def test_an_entry_whose_answer_was_lost_is_searched_for_before_a_repeat(app: ConnectedCalendars) -> None:
    await put_and_lose_the_answer(app)
    before = len(app.sandbox.requests)

    await put(app, LATER, HERE, THERE)

    changed = ["GET /main/events/event", "PATCH /main/events/event"]
    assert ["GET /main/calendarView"] * 2 + changed == calls(app)[before:]
    assert [(THERE, "https://meet.example/2")] == events(app)


async def test_a_search_asks_for_our_own_mark_and_for_no_titles_and_people(app: ConnectedCalendars) -> None:
    await put(app, CONTENT, HERE)

    seen, around = app.sandbox.arrived(MicrosoftEndpoint.VIEW)
    assert {"startDateTime", "endDateTime", "$select", "$expand", "$top"} == seen.query.keys()
    assert ("2026-12-01T14:00:00Z", "2026-12-01T15:00:00Z") == (seen.query["startDateTime"], seen.query["endDateTime"])
    assert ("2026-06-04T14:00:00Z", "2027-05-30T15:00:00Z") == (
        around.query["startDateTime"],
        around.query["endDateTime"],
    )
    assert "id,changeKey,start,end,isAllDay,originalStartTimeZone,webLink" == seen.query["$select"]
    assert f"singleValueExtendedProperties($filter=id eq '{UID_PROPERTY}')" == seen.query["$expand"]
    assert {'outlook.timezone="UTC", IdType="ImmutableId"'} == {each.headers["prefer"] for each in app.sandbox.requests}


@pytest.mark.parametrize("answer", [None, MicrosoftFailure.TRANSACTION_REFUSED, MicrosoftFailure.TRANSACTION_UNKNOWN])
async def test_an_entry_that_the_host_has_moved_before_the_repeat_is_found(
    app: ConnectedCalendars, answer: MicrosoftFailure | None
) -> None:
    event = await put_and_lose_the_answer(app)
    app.sandbox.mailboxes.change(event, start=THERE.start, end=THERE.end)
    if answer:
        app.sandbox.fail(answer)

    entry = await put(app, CONTENT, HERE)

    assert (event.id, [(HERE, CONTENT.location)]) == (entry.id, events(app))


async def test_an_entry_that_graph_knows_and_that_is_nowhere_needs_another_name(app: ConnectedCalendars) -> None:
    event = await put_and_lose_the_answer(app)
    far = Slot.lasting(AN_HOUR, AT_TWO + timedelta(days=300))
    app.sandbox.mailboxes.change(event, start=far.start, end=far.end)
    app.sandbox.fail(MicrosoftFailure.TRANSACTION_REFUSED)

    with pytest.raises(EntryUidSpent):
        await put(app, CONTENT, HERE)


async def test_of_two_entries_that_graph_has_made_of_one_only_one_is_left(app: ConnectedCalendars) -> None:
    app.sandbox.fail(MicrosoftFailure.TRANSACTION_UNKNOWN, times=None)
    await put(app)
    await put(app)
    app.sandbox.works()

    await put(app, LATER, HERE)

    assert [(THERE, LATER.location)] == events(app)


async def test_entries_of_which_nothing_but_the_name_is_known_are_removed(app: ConnectedCalendars) -> None:
    theirs = app.add()
    await put_and_lose_the_answer(app)

    await app.writer.remove(app.access(), app.main().id, UID, None, [THERE, HERE])

    assert [theirs] == app.sandbox.mailboxes.events(app.main())


async def test_an_entry_of_which_nothing_but_the_name_is_known_blocks_nothing(app: ConnectedCalendars) -> None:
    await put_and_lose_the_answer(app)

    [times] = await asked(app.reader, app.access(), [msgspec.structs.replace(app.query(), ours={UID: (HERE,)})])

    assert () == times


async def test_a_day_that_the_host_has_made_of_an_entry_is_an_hour_again_when_it_moves(app: ConnectedCalendars) -> None:
    entry = await put(app)
    [event] = app.sandbox.mailboxes.events(app.main())
    midnight = AT_TWO.replace(hour=23) - timedelta(days=1)
    app.sandbox.mailboxes.change(event, is_all_day=True, start=midnight, end=midnight + timedelta(days=1))

    seen = await app.writer.seen(app.access(), app.main().id, {entry.id: HERE})
    await app.writer.patch(app.access(), app.main().id, entry.id, EntryChange(slot=THERE))

    assert timedelta(days=1) == seen[entry.id].slot.duration
    assert [(THERE, CONTENT.location)] == events(app)


async def test_people_whom_the_host_has_invited_and_other_marks_stay(app: ConnectedCalendars) -> None:
    entry = await put(app)
    [event] = app.sandbox.mailboxes.events(app.main())
    bob = {"type": "required", "emailAddress": {"address": "bob@hosts.example", "name": "Bob"}}
    theirs = {"attendees": [bob], "categories": ["Blue"], "reminderMinutesBeforeStart": 5}
    app.sandbox.mailboxes.change(event, show_as="oof", properties={**event.properties, **theirs})

    await app.writer.patch(app.access(), app.main().id, entry.id, EntryChange(THERE, "New", "Here", "Text"))

    [event] = app.sandbox.mailboxes.events(app.main())
    assert theirs == {name: event.properties[name] for name in theirs}
    assert "oof" == event.show_as


async def test_entries_are_seen_in_one_view_and_only_missing_ones_are_asked_for(app: ConnectedCalendars) -> None:
    entry = await put(app)
    [event] = app.sandbox.mailboxes.events(app.main())
    before = len(app.sandbox.requests)

    async def seen() -> bool:
        return entry.id in await app.writer.seen(app.access(), app.main().id, {entry.id: HERE})

    assert await seen()
    app.sandbox.mailboxes.change(event, start=THERE.start, end=THERE.end)
    assert await seen()
    moved = calls(app)[before:]
    app.sandbox.mailboxes.change(event, calendar_id=app.sandbox.mailboxes.add_calendar(MIA, "Other").id)
    assert not await seen()
    look = "GET /main/calendarView"
    assert [look, look, "GET /main/events/event", look] == moved


async def test_nothing_to_see_is_not_asked_for(app: ConnectedCalendars) -> None:
    assert {} == await app.writer.seen(app.access(), app.main().id, {})
    assert [] == app.sandbox.requests


async def test_a_calendar_that_is_gone_is_no_entry_that_was_deleted(app: ConnectedCalendars) -> None:
    access, calendar = app.access(), app.sandbox.mailboxes.add_calendar(MIA, "Other")
    entry = await app.writer.put(access, calendar.id, UID, CONTENT, ())
    app.sandbox.mailboxes.remove_calendar(calendar)

    for call in (
        app.writer.put(access, calendar.id, f"{UID}2", CONTENT, ()),
        app.writer.patch(access, calendar.id, entry.id, EntryChange(slot=THERE)),
        app.writer.seen(access, calendar.id, {entry.id: HERE}),
    ):
        with pytest.raises(CalendarUnwritable) as caught:
            await call
        assert CalendarGone() == caught.value.problem
    await app.writer.remove(access, calendar.id, UID, entry.id, ())


@pytest.mark.parametrize(("failure", "problem"), PROBLEMS.items())
async def test_every_failure_has_one_meaning(
    app: ConnectedCalendars, failure: MicrosoftFailure, problem: CalendarProblem | None
) -> None:
    app.sandbox.fail(failure, on=MicrosoftEndpoint.EVENTS, times=None)

    with pytest.raises((CalendarUnwritable, AccessTokenExpired)) as caught:
        await put(app)

    error = caught.value
    assert problem == (error.problem if isinstance(error, CalendarUnwritable) else None)


def test_every_failure_of_a_writing_is_known() -> None:
    known = {failure for failure in MicrosoftFailure if MicrosoftEndpoint.EVENTS in failure.where}

    assert known == {*PROBLEMS, *WRITTEN_ALL_THE_SAME, *HANGS}


async def test_an_event_that_is_not_found_in_a_calendar_that_is_there_is_gone(app: ConnectedCalendars) -> None:
    entry = await put(app)
    app.sandbox.fail(MicrosoftFailure.ITEM_NOT_FOUND, on=MicrosoftEndpoint.EVENTS, times=None)

    with pytest.raises(EntryGone):
        await app.writer.patch(app.access(), app.main().id, entry.id, EntryChange(slot=THERE))
    await app.writer.remove(app.access(), app.main().id, UID, entry.id, ())


@pytest.mark.parametrize("failure", [MicrosoftFailure.FORBIDDEN, MicrosoftFailure.NO_MAILBOX])
async def test_an_entry_that_may_not_be_removed_is_not_taken_to_be_gone(
    app: ConnectedCalendars, failure: MicrosoftFailure
) -> None:
    entry = await put(app)
    app.sandbox.fail(failure, on=MicrosoftEndpoint.EVENTS)

    with pytest.raises(CalendarUnwritable):
        await app.writer.remove(app.access(), app.main().id, UID, entry.id, ())


async def test_a_wish_of_when_to_come_back_is_a_floor(app: ConnectedCalendars) -> None:
    app.sandbox.fail(MicrosoftFailure.TOO_MANY_REQUESTS_SECONDS, on=MicrosoftEndpoint.EVENTS)

    with pytest.raises(CalendarUnwritable) as caught:
        await put(app)

    assert NOW + timedelta(seconds=7) == caught.value.not_before


async def test_an_answer_that_never_comes_is_waited_for_once() -> None:
    async with connected_calendars(timedelta(seconds=5), longest=timedelta(seconds=0.1)) as app:
        app.sandbox.fail(MicrosoftFailure.HANG_AFTER, on=MicrosoftEndpoint.EVENTS)

        with pytest.raises(CalendarUnwritable) as caught:
            await put(app)

    assert ServerTooSlow() == caught.value.problem


async def test_nothing_of_an_entry_and_no_secret_is_logged_or_raised(
    app: ConnectedCalendars, caplog: pytest.LogCaptureFixture
) -> None:
    content = msgspec.structs.replace(CONTENT, title="A secret guest", description="A secret answer")
    shown: list[Any] = []
    with caplog.at_level(logging.DEBUG), capture_logs() as logs:
        for failure in PROBLEMS:
            app.sandbox.fail(failure, on=MicrosoftEndpoint.EVENTS, times=None)
            with pytest.raises((CalendarUnwritable, AccessTokenExpired)) as caught:
                await put(app, content)
            error = caught.value
            shown += [error, repr(error), error.__dict__, error.__cause__, error.__context__]
            app.sandbox.works()

    # The sandbox is in this process, too.
    of_the_client = ("adapters.microsoft", "adapters.http_client", "httpx", "httpcore")
    records = [record.getMessage() for record in caplog.records if record.name.startswith(of_the_client)]
    text = f"{shown} {logs} {records}".lower()
    assert [] == [secret for secret in (*app.sandbox.secrets, "secret", "bearer") if secret.lower() in text]
    assert logs
