"""The reader of Outlook's calendars against the sandbox over real HTTP, in what only Microsoft does."""

import asyncio
import logging
from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from structlog.testing import capture_logs

from adapters.sandbox.microsoft.accounts import MIA, PIA, TOM
from adapters.sandbox.microsoft.calendar_events import READABLE
from adapters.sandbox.microsoft.switches import MicrosoftEndpoint, MicrosoftFailure
from adapters.sandbox.switches import AnyFailure
from application.ports.calendar_reader import CalendarRead, CalendarUnchanged, CalendarUnreadable, RemoteCalendar
from application.ports.calendar_watcher import NewWatch
from application.ports.calendar_writer import EntryGone
from application.ports.provider import AccessTokenExpired
from domain.busy import BusyTime
from domain.calendar_entry import EntryChange, EntryContent
from domain.calendar_problem import (
    CalendarGone,
    CalendarProblem,
    CalendarsBlockedByAdmin,
    CalendarTooComplex,
    NotACalendar,
    ServerBusy,
    ServerRefused,
    ServerTooSlow,
    ServerUnreachable,
    SignInEnded,
)
from domain.ids import WatchId
from domain.slot import Slot
from tests.support.asking import asked
from tests.support.graph_listener import listening
from tests.support.microsoft_calendars import AN_HOUR, AT_TWO, ConnectedCalendars, connected_calendars
from tests.support.zoom_connected import NOW

CONTENT = EntryContent(Slot.lasting(AN_HOUR, AT_TWO), "Ana – Intro call", "", "")
HANGS = {MicrosoftFailure.HANG_BEFORE, MicrosoftFailure.HANG_AFTER}
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
    MicrosoftFailure.ENDLESS_PAGES: CalendarTooComplex(),
    MicrosoftFailure.FOREIGN_PAGES: NotACalendar(),
    MicrosoftFailure.NO_VALUE: NotACalendar(),
    MicrosoftFailure.SERVER_ERROR: ServerBusy(),
    MicrosoftFailure.GATEWAY_TIMEOUT: ServerTooSlow(),
    MicrosoftFailure.UNAVAILABLE_HTML: ServerBusy(),
    MicrosoftFailure.OK_XML: NotACalendar(),
    MicrosoftFailure.OK_EMPTY: NotACalendar(),
    MicrosoftFailure.REDIRECT: NotACalendar(),
    MicrosoftFailure.DROP_BEFORE: ServerUnreachable(),
    MicrosoftFailure.DROP_AFTER: ServerUnreachable(),
}
"""What a reading that meets a failure says; None where the access token is to be refreshed."""

READ_ALL_THE_SAME = {
    MicrosoftFailure.SLOW,
    MicrosoftFailure.LARGE_PAGES,
    MicrosoftFailure.NULL_MEMBERS,
    MicrosoftFailure.NO_TIMES,
    MicrosoftFailure.CUSTOM_ZONE,
}


@pytest.fixture
async def app() -> AsyncGenerator[ConnectedCalendars]:
    async with connected_calendars() as app:
        yield app


async def read(app: ConnectedCalendars) -> CalendarRead:
    found = await app.reader.read(app.access(), app.query())
    assert isinstance(found, CalendarRead)
    return found


async def unreadable(app: ConnectedCalendars) -> CalendarUnreadable:
    """The failure of a reading, which the log names as well."""
    with pytest.raises(CalendarUnreadable) as caught, capture_logs() as logs:
        await app.reader.read(app.access(), app.query())
    noted = [each["problem"] for each in logs if each["event"] == "microsoft_calendar_call_failed"]
    assert type(caught.value.problem).__name__ in noted
    return caught.value


async def test_calendars_are_listed_whoever_owns_them(app: ConnectedCalendars) -> None:
    shared = app.sandbox.mailboxes.add_calendar(PIA, "Team", can_edit=False, owner=TOM)
    main, birthdays, _ = app.sandbox.mailboxes.calendars(PIA)

    assert (
        RemoteCalendar(main.id, "Calendar", is_main=True, writable=True),
        RemoteCalendar(birthdays.id, "Birthdays", is_main=False),
        RemoteCalendar(shared.id, "Team", is_main=False),
    ) == await app.reader.calendars(app.access(PIA))


async def test_a_view_is_asked_for_times_and_marks_and_for_nothing_that_names_anybody(app: ConnectedCalendars) -> None:
    await read(app)

    [seen] = app.sandbox.arrived(MicrosoftEndpoint.VIEW)
    selected = set(seen.query["$select"].split(","))
    times = {"start", "end", "isAllDay", "originalStartTimeZone"}
    assert {"id", "seriesMasterId", "iCalUId", *times, "showAs", "responseStatus", "isCancelled"} == selected
    assert selected <= READABLE
    assert 'outlook.timezone="UTC", IdType="ImmutableId"' == seen.headers["prefer"]
    # A day more on both sides: a date may begin or end in another zone.
    assert ("2026-11-30T00:00:00Z", "2027-01-01T00:00:00Z") == (seen.query["startDateTime"], seen.query["endDateTime"])


async def test_all_pages_are_read_as_the_links_say(app: ConnectedCalendars) -> None:
    start = AT_TWO - timedelta(hours=12)
    app.add(start, timedelta(minutes=5), every=0, times=2001)

    assert 2001 == len((await read(app)).reading.times)
    assert [None, "1000", "2000"] == [seen.query.get("$skip") for seen in app.sandbox.arrived(MicrosoftEndpoint.VIEW)]


async def test_a_mailbox_that_is_too_slow_for_large_pages_is_read_in_smaller_ones(app: ConnectedCalendars) -> None:
    app.add()
    app.sandbox.fail(MicrosoftFailure.LARGE_PAGES, times=None)

    assert (BusyTime(Slot.lasting(AN_HOUR, AT_TWO)),) == (await read(app)).reading.times
    assert ["1000", "500", "250"] == [seen.query["$top"] for seen in app.sandbox.arrived(MicrosoftEndpoint.VIEW)]


async def test_a_mailbox_that_is_too_slow_for_any_page_is_asked_no_more(app: ConnectedCalendars) -> None:
    app.sandbox.fail(MicrosoftFailure.GATEWAY_TIMEOUT, on=MicrosoftEndpoint.VIEW, times=None)

    assert ServerTooSlow() == (await unreadable(app)).problem
    assert "62" == app.sandbox.arrived(MicrosoftEndpoint.VIEW)[-1].query["$top"]


async def test_a_day_of_the_mailbox_is_read_as_the_day_that_its_owner_sees(app: ConnectedCalendars) -> None:
    midnight = datetime(2026, 12, 1, 23, 0, tzinfo=UTC)
    app.add(midnight, timedelta(days=1), is_all_day=True)

    assert (BusyTime(Slot.lasting(timedelta(days=1), midnight), all_day=True),) == (await read(app)).reading.times


async def test_entries_that_we_wrote_block_nothing(app: ConnectedCalendars) -> None:
    ours, theirs = app.add(), app.add(AT_TWO + AN_HOUR)
    query = msgspec.structs.replace(app.query(), ours={ours.id: (Slot(ours.start, ours.end),)})

    found = await app.reader.read(app.access(), query)

    assert isinstance(found, CalendarRead)
    assert (BusyTime(Slot(theirs.start, theirs.end)),) == found.reading.times
    assert [found.reading.times] == await asked(app.reader, app.access(), [query])


async def test_what_is_read_twice_is_unchanged_until_a_time_or_a_mark_changes(app: ConnectedCalendars) -> None:
    event = app.add()
    first = await read(app)
    app.sandbox.mailboxes.change(event, subject="Another secret")
    again = await app.reader.read(app.access(), app.query(seen=first.seen))
    app.sandbox.mailboxes.change(event, show_as="oof")
    changed = await app.reader.read(app.access(), app.query(seen=first.seen))

    assert CalendarUnchanged(first.seen) == again
    assert isinstance(changed, CalendarRead)


@pytest.mark.parametrize(("failure", "problem"), PROBLEMS.items())
async def test_every_failure_has_one_meaning(
    app: ConnectedCalendars, failure: MicrosoftFailure, problem: CalendarProblem | None
) -> None:
    app.add()
    app.sandbox.fail(failure, on=MicrosoftEndpoint.VIEW, times=None)

    with pytest.raises((CalendarUnreadable, AccessTokenExpired)) as caught:
        await app.reader.read(app.access(), app.query())

    error = caught.value
    assert problem == (error.problem if isinstance(error, CalendarUnreadable) else None)


def test_every_failure_of_a_view_is_known() -> None:
    known = {failure for failure in MicrosoftFailure if MicrosoftEndpoint.VIEW in failure.where}

    assert known == {*PROBLEMS, *READ_ALL_THE_SAME, *HANGS}


@pytest.mark.parametrize(
    "failure",
    [
        MicrosoftFailure.TOO_MANY_REQUESTS_SECONDS,
        MicrosoftFailure.TOO_MANY_REQUESTS_DATE,
        MicrosoftFailure.UNAVAILABLE_SECONDS,
        MicrosoftFailure.MAILBOX_CONCURRENCY,
    ],
)
async def test_a_wish_of_when_to_come_back_is_a_floor(app: ConnectedCalendars, failure: MicrosoftFailure) -> None:
    app.sandbox.fail(failure, on=MicrosoftEndpoint.VIEW)

    assert NOW + timedelta(seconds=7) == (await unreadable(app)).not_before


async def test_events_without_anything_but_times_are_busy(app: ConnectedCalendars) -> None:
    app.add()
    app.sandbox.fail(MicrosoftFailure.NULL_MEMBERS)

    assert (BusyTime(Slot.lasting(AN_HOUR, AT_TWO)),) == (await read(app)).reading.times


async def test_no_link_takes_the_token_elsewhere(app: ConnectedCalendars) -> None:
    app.sandbox.fail(MicrosoftFailure.FOREIGN_PAGES)

    assert NotACalendar() == (await unreadable(app)).problem
    assert 1 == len(app.sandbox.requests)


@pytest.mark.parametrize("failure", sorted(HANGS))
async def test_an_answer_that_never_comes_is_waited_for_once_per_size(failure: MicrosoftFailure) -> None:
    async with connected_calendars(timedelta(seconds=0.1), longest=timedelta(seconds=0.15)) as app:
        app.sandbox.fail(failure, on=MicrosoftEndpoint.VIEW, times=None)

        assert ServerTooSlow() == (await unreadable(app)).problem


async def test_at_submit_several_calendars_are_asked_at_once_and_four_at_most(app: ConnectedCalendars) -> None:
    calendars = [app.sandbox.mailboxes.add_calendar(MIA, f"{number}") for number in range(9)]
    for calendar in calendars[::2]:
        app.sandbox.mailboxes.add(calendar, AT_TWO, AT_TWO + AN_HOUR)
    app.sandbox.switches.latency = 0.02
    slot = Slot.lasting(AN_HOUR, AT_TWO)
    queries = [msgspec.structs.replace(app.query(slot), remote_id=each.id) for each in calendars]
    # A grant anew is still the same mailbox.
    halves = [asked(app.reader, app.access(), each) for each in (queries[:4], queries[4:])]

    found = [times for half in await asyncio.gather(*halves) for times in half]

    assert [(BusyTime(slot),), ()] * 4 + [(BusyTime(slot),)] == found
    assert 4 == app.sandbox.crowds.most_at_once[MIA.id]


async def test_at_submit_one_calendar_that_cannot_be_read_keeps_nothing_from_the_others(
    app: ConnectedCalendars,
) -> None:
    app.add()
    slot = Slot.lasting(AN_HOUR, AT_TWO)
    gone = msgspec.structs.replace(app.query(slot), remote_id="gone")

    one, other = await asked(app.reader, app.access(), [gone, app.query(slot)])

    assert isinstance(one, CalendarUnreadable)
    assert (CalendarGone(), (BusyTime(slot),)) == (one.problem, other)


async def test_at_submit_an_ended_token_is_for_the_caller(app: ConnectedCalendars) -> None:
    access = app.access()
    app.sandbox.grants.expire_access_tokens()

    with pytest.raises(AccessTokenExpired):
        await asked(app.reader, access, [app.query(), app.query()])


async def test_only_these_operations_ever_leave(app: ConnectedCalendars) -> None:
    access = app.access()
    async with listening() as listener:
        await app.reader.calendars(access)
        await app.reader.read(access, app.query())
        await asked(app.reader, access, [app.query()])
        new = NewWatch(WatchId("w1"), "secret", f"{listener.url}/notices", f"{listener.url}/lifecycle")
        watch = await app.watcher.watch(access, app.main().id, new)
        await app.watcher.renew(access, watch)
        await app.watcher.unwatch(access, watch)
    entry = await app.writer.put(access, app.main().id, "tt1", CONTENT, [CONTENT.slot])
    await app.writer.seen(access, app.main().id, {entry.id: CONTENT.slot})
    await app.writer.remove(access, app.main().id, "tt1", entry.id, ())
    with pytest.raises(EntryGone):
        await app.writer.patch(access, app.main().id, entry.id, EntryChange(title="New"))
    await app.account.account(await app.account.refresh(access.grant))
    await app.account.revoke(access.grant)

    main = app.main().id
    assert [
        "GET /v1.0/me/calendars",
        f"GET /v1.0/me/calendars/{main}/calendarView",
        f"GET /v1.0/me/calendars/{main}/calendarView",
        "POST /v1.0/subscriptions",
        f"PATCH /v1.0/subscriptions/{watch.remote}",
        f"DELETE /v1.0/subscriptions/{watch.remote}",
        f"GET /v1.0/me/calendars/{main}/calendarView",
        f"GET /v1.0/me/calendars/{main}/calendarView",
        f"POST /v1.0/me/calendars/{main}/events",
        f"GET /v1.0/me/calendars/{main}/events/{entry.id}",
        f"PATCH /v1.0/me/calendars/{main}/events/{entry.id}",
        f"GET /v1.0/me/calendars/{main}/calendarView",
        f"DELETE /v1.0/me/calendars/{main}/events/{entry.id}",
        f"PATCH /v1.0/me/calendars/{main}/events/{entry.id}",
        f"GET /v1.0/me/calendars/{main}/calendarView",
        "POST /common/oauth2/v2.0/token",
    ] == [seen.operation for seen in app.sandbox.requests]
    assert "id,name,isDefaultCalendar,canEdit" == app.sandbox.requests[0].query["$select"]


async def test_nothing_of_an_event_and_no_secret_is_returned_logged_or_shown(
    app: ConnectedCalendars, caplog: pytest.LogCaptureFixture
) -> None:
    app.add(subject="The secret of Mia", properties={"location": {"displayName": "A secret place"}})
    shown: list[Any] = []
    access = app.access()
    with caplog.at_level(logging.DEBUG), capture_logs() as logs:
        shown += [access, await app.reader.calendars(access), await app.reader.read(access, app.query())]
        for failure in PROBLEMS:
            app.sandbox.fail(failure, on=MicrosoftEndpoint.VIEW, times=None)
            with pytest.raises((CalendarUnreadable, AccessTokenExpired)) as caught:
                await app.reader.read(access, app.query())
            error = caught.value
            shown += [error, repr(error), error.__dict__, error.__cause__, error.__context__]
            app.sandbox.works()

    # The sandbox is in this process, too.
    of_the_client = ("adapters.microsoft", "adapters.http_client", "httpx", "httpcore")
    records = [record.getMessage() for record in caplog.records if record.name.startswith(of_the_client)]
    text = f"{shown} {logs} {records}".lower()
    assert [] == [secret for secret in (*app.sandbox.secrets, "secret", "bearer") if secret.lower() in text]
    assert logs
