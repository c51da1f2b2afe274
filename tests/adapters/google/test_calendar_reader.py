"""Google's calendars are read from the sandbox over real HTTP: whole, without titles, and never as free by mistake."""

import logging
from collections.abc import AsyncGenerator, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
import pytest
from structlog.testing import capture_logs

from adapters.sandbox.google.accounts import GINA, WILL
from adapters.sandbox.google.scopes import CALENDAR_USUAL, CALENDARS_LISTED, EVENTS_FREE_BUSY, EVENTS_OWNED, OPENID
from adapters.sandbox.google.switches import GoogleEndpoint, GoogleFailure
from application.ports.calendar_reader import (
    CalendarRead,
    CalendarUnchanged,
    CalendarUnreadable,
    FeedAddress,
    ReadingQuery,
    RemoteCalendar,
    SignedIn,
)
from application.ports.calendar_watcher import NewWatch
from application.ports.oauth import Grant
from application.ports.provider import AccessTokenExpired
from domain.busy import BusyTime
from domain.calendar_entry import EntryContent
from domain.calendar_problem import (
    CalendarGone,
    CalendarPermissionMissing,
    CalendarProblem,
    CalendarsBlockedByAdmin,
    CalendarsNotSetUp,
    CalendarTooComplex,
    NotACalendar,
    ServerBusy,
    ServerTooSlow,
    ServerUnreachable,
)
from domain.ids import BookingId, WatchId
from domain.invitation_uid import invitation_uid
from domain.slot import Slot
from tests.support import descriptions
from tests.support.asking import asked
from tests.support.google_calendars import (
    HOUR,
    INVITED_FROM,
    NOW,
    SPAN,
    TEN,
    WithCalendars,
    a_query,
    with_calendars,
)

ONLY_READING = (OPENID, CALENDARS_LISTED, EVENTS_FREE_BUSY)
AN_HOUR = Slot.lasting(HOUR, TEN)


@pytest.fixture
async def app() -> AsyncGenerator[WithCalendars]:
    async with with_calendars() as app:
        yield app


async def why(app: WithCalendars, query: ReadingQuery | None = None) -> CalendarProblem:
    """The problem of a reading, which the log names as well."""
    with pytest.raises(CalendarUnreadable) as raised, capture_logs() as logs:
        await app.times(query)
    problem = raised.value.problem
    noted = [each["problem"] for each in logs if each["event"] == "google_calendar_call_failed"]
    assert type(problem).__name__ in noted
    return problem


async def test_an_account_lists_its_calendars_and_what_can_be_done_with_each(app: WithCalendars) -> None:
    calendars = app.sandbox.calendars
    family = calendars.add(GINA, "Family", time_zone="America/New_York")
    of_will = calendars.share(app.calendar(WILL), GINA, "writer")

    assert (
        RemoteCalendar(GINA.email, GINA.email, "Europe/Berlin", is_main=True, writable=True),
        RemoteCalendar(family.id, "Family", "America/New_York", is_main=False, writable=True),
        RemoteCalendar(of_will.id, WILL.email, "Europe/Berlin", is_main=False, writable=False, rules_apply=False),
    ) == await app.reader.calendars(app.access())


async def test_with_reading_alone_no_calendar_can_be_written_to_and_google_decides_what_is_busy(
    app: WithCalendars,
) -> None:
    app.adds(status="tentative")
    access = app.access(scopes=ONLY_READING)

    listed = await app.listed(access)

    assert RemoteCalendar(GINA.email, GINA.email, "Europe/Berlin", rules_apply=False) == listed[GINA.email]
    assert (BusyTime(AN_HOUR),) == await app.times(access=access)
    assert [] == app.sandbox.arrived(GoogleEndpoint.EVENTS)


@pytest.mark.parametrize(
    ("scopes", "missing"),
    [
        ((OPENID, CALENDARS_LISTED, EVENTS_OWNED), ("read",)),
        ((OPENID, EVENTS_FREE_BUSY, EVENTS_OWNED), ("list",)),
        ((OPENID, CALENDARS_LISTED), ("read", "write")),
    ],
)
async def test_a_box_left_unticked_is_named_before_anything_is_asked(
    app: WithCalendars, scopes: tuple[str, ...], missing: Any
) -> None:
    access = app.access(scopes=scopes)

    with pytest.raises(CalendarUnreadable) as raised:
        await app.times(access=access)
    assert CalendarPermissionMissing(missing) == raised.value.problem
    with pytest.raises(CalendarUnreadable):
        await app.reader.calendars(access)
    with pytest.raises(CalendarUnreadable):
        await asked(app.reader, access, [a_query()])
    assert [] == app.sandbox.requests


@pytest.mark.parametrize(
    ("fields", "mark"),
    [
        ({}, "busy"),
        ({"eventType": "focusTime"}, "busy"),
        ({"transparency": "transparent"}, "free"),
        ({"status": "tentative"}, "tentative"),
        ({"attendees": [{"email": GINA.email, "responseStatus": "tentative"}]}, "tentative"),
        ({"attendees": [{"email": GINA.email}, {"email": "ana@guest.example"}]}, "unanswered"),
        ({"attendees": [{"email": "ana@guest.example"}]}, "busy"),
        ({"eventType": "outOfOffice"}, "out_of_office"),
        ({"eventType": "workingLocation", "workingLocationProperties": {"type": "homeOffice"}}, "working_elsewhere"),
        ({"eventType": "workingLocation", "workingLocationProperties": {"type": "officeLocation"}}, None),
        ({"attendees": [{"email": GINA.email, "responseStatus": "declined"}]}, None),
    ],
)
async def test_an_events_own_mark_says_what_it_makes_of_the_time(
    app: WithCalendars, fields: Mapping[str, Any], mark: Any
) -> None:
    app.adds(**fields)

    assert (() if mark is None else (BusyTime(AN_HOUR, mark),)) == await app.times()


async def test_a_day_is_one_of_the_calendars_zone_and_where_somebody_works_is_no_event_of_that_day(
    app: WithCalendars,
) -> None:
    days = date(2026, 11, 24), date(2026, 11, 25)
    app.adds(*days)
    app.adds(*days, eventType="workingLocation", workingLocationProperties={"type": "homeOffice"})
    read = await app.reader.read(app.access(), a_query())

    in_berlin = Slot.lasting(timedelta(days=1), datetime(2026, 11, 23, 23, tzinfo=UTC))
    assert isinstance(read, CalendarRead)
    assert {BusyTime(in_berlin, all_day=True), BusyTime(in_berlin, "working_elsewhere")} == set(read.reading.times)
    assert "Europe/Berlin" == read.reading.timezone


async def test_all_pages_of_a_long_list_are_read(app: WithCalendars) -> None:
    app.sandbox.calendar_api.most_a_page = 2
    for _ in range(5):
        app.adds()
    for _ in range(4):
        app.sandbox.calendars.add(GINA, "Another")

    assert 5 == len(await app.times())
    assert 5 == len(await app.reader.calendars(app.access()))
    arrived = (app.sandbox.arrived(each) for each in (GoogleEndpoint.EVENTS, GoogleEndpoint.CALENDARS))
    assert [3, 3] == [len(each) for each in arrived]


async def test_an_event_without_a_length_takes_no_time(app: WithCalendars) -> None:
    app.adds(TEN, TEN)

    assert () == await app.times()


async def test_a_calendar_of_somebody_else_is_read_by_free_busy_in_parts_that_google_allows(
    app: WithCalendars,
) -> None:
    of_will = app.sandbox.calendars.share(app.calendar(WILL), GINA, "reader")
    across = SPAN.start + timedelta(days=89) - HOUR
    app.sandbox.events.add(of_will, across, across + 2 * HOUR, summary="Secret title")
    app.sandbox.events.add(of_will, TEN, TEN + HOUR)
    span = Slot(SPAN.start, SPAN.start + timedelta(days=200))

    times = await app.times(a_query(WILL.email, span, rules_apply=False))

    assert (BusyTime(AN_HOUR), BusyTime(Slot.lasting(2 * HOUR, across))) == times
    assert 3 == len(app.sandbox.arrived(GoogleEndpoint.FREE_BUSY))


async def test_where_google_names_no_events_the_time_of_bookings_is_left_out_and_all_beside_it_stays(
    app: WithCalendars,
) -> None:
    # Google makes one busy time of an entry of ours and of what touches it.
    app.adds(TEN, TEN + HOUR)
    app.adds(TEN + HOUR / 2, TEN + 2 * HOUR)
    query = a_query(rules_apply=False, entry_slots=(Slot(TEN, TEN + HOUR),))

    [answer] = await asked(app.reader, app.access(), [query])

    beside = (BusyTime(Slot(TEN + HOUR, TEN + 2 * HOUR)),)
    assert (beside, beside) == (await app.times(query), answer)


@pytest.mark.parametrize("rules_apply", [True, False])
async def test_a_calendar_is_unchanged_until_something_changes(app: WithCalendars, rules_apply: bool) -> None:
    app.adds()
    first = await app.reader.read(app.access(), a_query(rules_apply=rules_apply))
    again = await app.reader.read(app.access(), a_query(rules_apply=rules_apply, seen=first.seen))
    app.adds(TEN + HOUR, TEN + 2 * HOUR)
    changed = await app.reader.read(app.access(), a_query(rules_apply=rules_apply, seen=first.seen))

    assert CalendarUnchanged(first.seen) == again
    assert isinstance(changed, CalendarRead)


async def test_at_submit_calendars_are_asked_all_at_once_and_those_of_others_in_one_request(app: WithCalendars) -> None:
    others = [app.sandbox.calendars.add(WILL, f"Room {number}") for number in range(51)]
    shared = [app.sandbox.calendars.share(each, GINA, "freeBusyReader") for each in others]
    app.sandbox.events.add(shared[7], TEN, TEN + HOUR)
    app.adds(status="tentative")
    queries = [a_query(each.id, AN_HOUR, rules_apply=False) for each in shared]
    gone = a_query("made-up@group.calendar.google.com", AN_HOUR, rules_apply=False)

    *rooms, own, missing = await asked(app.reader, app.access(), [*queries, a_query(span=AN_HOUR), gone])

    assert {7: (BusyTime(AN_HOUR),)} == {number: room for number, room in enumerate(rooms) if room}
    assert (BusyTime(AN_HOUR, "tentative"),) == own
    assert isinstance(missing, CalendarUnreadable)
    assert CalendarGone() == missing.problem
    sizes = [len(seen.json()["items"]) for seen in app.sandbox.arrived(GoogleEndpoint.FREE_BUSY)]
    assert ([50, 2], 1) == (sorted(sizes, reverse=True), len(app.sandbox.arrived(GoogleEndpoint.EVENTS)))


async def test_at_submit_a_failure_is_that_of_the_calendars_it_hit(app: WithCalendars) -> None:
    of_will = app.sandbox.calendars.share(app.calendar(WILL), GINA, "reader")
    app.sandbox.fail(GoogleFailure.SERVER_ERROR, on=GoogleEndpoint.FREE_BUSY)
    app.adds()

    own, other = await asked(
        app.reader, app.access(), [a_query(span=AN_HOUR), a_query(of_will.id, AN_HOUR, rules_apply=False)]
    )

    assert (BusyTime(AN_HOUR),) == own
    assert isinstance(other, CalendarUnreadable)
    assert ServerBusy() == other.problem


async def test_at_submit_a_token_that_has_ended_is_for_the_caller_to_renew(app: WithCalendars) -> None:
    access = app.access()
    app.sandbox.grants.expire_access_tokens()

    with pytest.raises(AccessTokenExpired):
        await asked(app.reader, access, [a_query(span=AN_HOUR), a_query(WILL.email, AN_HOUR, rules_apply=False)])


READS_FAIL: dict[GoogleFailure, CalendarProblem] = {
    GoogleFailure.SCOPE_INSUFFICIENT: CalendarPermissionMissing(("read",)),
    GoogleFailure.SERVICE_DISABLED: CalendarsNotSetUp(),
    GoogleFailure.NOT_A_CALENDAR_USER: CalendarsBlockedByAdmin(),
    GoogleFailure.USER_RATE_LIMIT: ServerBusy(),
    GoogleFailure.RATE_LIMIT: ServerBusy(),
    GoogleFailure.QUOTA_EXCEEDED: ServerBusy(),
    GoogleFailure.RESOURCE_EXHAUSTED: ServerBusy(),
    GoogleFailure.RESOURCE_EXHAUSTED_SECONDS: ServerBusy(),
    GoogleFailure.RESOURCE_EXHAUSTED_DATE: ServerBusy(),
    GoogleFailure.FULL_SYNC_REQUIRED: ServerBusy(),
    GoogleFailure.TRUNCATED: NotACalendar(),
    GoogleFailure.SERVER_ERROR: ServerBusy(),
    GoogleFailure.BAD_GATEWAY: ServerBusy(),
    GoogleFailure.UNAVAILABLE_HTML: ServerBusy(),
    GoogleFailure.REDIRECT: NotACalendar(),
    GoogleFailure.OK_XML: NotACalendar(),
    GoogleFailure.OK_EMPTY: NotACalendar(),
    GoogleFailure.DROP_BEFORE: ServerUnreachable(),
    GoogleFailure.DROP_AFTER: ServerUnreachable(),
    GoogleFailure.CALENDAR_ERRORS: ServerBusy(),
    GoogleFailure.CALENDAR_NOT_FOUND: CalendarGone(),
    GoogleFailure.CALENDAR_LEFT_OUT: NotACalendar(),
}
ENDED = {GoogleFailure.ACCESS_EXPIRED, GoogleFailure.ACCESS_REFUSED}
HANGS = {GoogleFailure.SLOW, GoogleFailure.HANG_BEFORE, GoogleFailure.HANG_AFTER}


def test_no_failure_of_reading_is_left_out() -> None:
    where = {GoogleEndpoint.EVENTS, GoogleEndpoint.FREE_BUSY}

    known = {failure for failure in GoogleFailure if where & set(failure.where)}

    assert known == READS_FAIL.keys() | ENDED | HANGS | {GoogleFailure.ENDLESS_PAGES}


@pytest.mark.parametrize("endpoint", [GoogleEndpoint.EVENTS, GoogleEndpoint.FREE_BUSY])
async def test_every_failure_is_a_problem_of_the_calendar_and_never_free_time(
    app: WithCalendars, endpoint: GoogleEndpoint
) -> None:
    query = a_query(rules_apply=endpoint is GoogleEndpoint.EVENTS)
    for failure, problem in READS_FAIL.items():
        if endpoint in failure.where:
            app.sandbox.fail(failure, on=endpoint)
            assert (failure, problem) == (failure, await why(app, query))
    for failure in ENDED:
        app.sandbox.fail(failure, on=endpoint)
        with pytest.raises(AccessTokenExpired):
            await app.times(query)


@pytest.mark.parametrize("failure", [GoogleFailure.RESOURCE_EXHAUSTED_SECONDS, GoogleFailure.RESOURCE_EXHAUSTED_DATE])
async def test_google_says_when_to_come_back(app: WithCalendars, failure: GoogleFailure) -> None:
    app.sandbox.fail(failure, on=GoogleEndpoint.EVENTS)

    with pytest.raises(CalendarUnreadable) as raised:
        await app.times()

    assert NOW + timedelta(seconds=7) == raised.value.not_before


async def test_a_list_without_an_end_is_given_up(app: WithCalendars) -> None:
    app.sandbox.fail(GoogleFailure.ENDLESS_PAGES, times=None)

    assert CalendarTooComplex() == await why(app)


async def test_an_answer_that_never_comes_is_not_waited_for() -> None:
    async with with_calendars(total=timedelta(seconds=0.2)) as app:
        app.sandbox.fail(GoogleFailure.HANG_BEFORE, on=GoogleEndpoint.EVENTS)

        assert ServerTooSlow() == await why(app)


async def test_a_calendar_that_is_gone_or_hidden_is_not_an_empty_one(app: WithCalendars) -> None:
    family = app.sandbox.calendars.add(GINA, "Family")
    app.sandbox.calendars.delete(family)

    assert CalendarGone() == await why(app, a_query(family.id))
    assert CalendarGone() == await why(app, a_query(family.id, rules_apply=False))


async def test_titles_and_people_are_never_asked_for_nor_logged(
    app: WithCalendars, caplog: pytest.LogCaptureFixture
) -> None:
    of_will = app.sandbox.calendars.share(app.calendar(WILL), GINA, "reader")
    app.adds(attendees=[{"email": "ana@guest.example"}, {"email": GINA.email}], location="Secret place")
    access = app.access()
    with caplog.at_level(logging.DEBUG), capture_logs() as logs:
        shown: list[object] = [await app.reader.calendars(access), await app.times(access=access)]
        shown += await asked(app.reader, access, [a_query(span=AN_HOUR), a_query(of_will.id, rules_apply=False)])
        for failure in (GoogleFailure.TRUNCATED, GoogleFailure.SCOPE_INSUFFICIENT, GoogleFailure.SERVER_ERROR):
            app.sandbox.fail(failure, on=GoogleEndpoint.EVENTS)
            with pytest.raises(CalendarUnreadable) as raised:
                await app.times(access=access)
            shown += [raised.value, repr(raised.value), raised.value.__dict__, raised.value.__cause__]

    records = [each.getMessage() for each in caplog.records if each.name.startswith(("adapters.google", "http"))]
    text = f"{shown} {logs} {records}"
    assert [] == [each for each in ("Secret", "ana@guest", "Bearer", *app.sandbox.secrets) if each in text]
    for seen in app.sandbox.arrived(GoogleEndpoint.EVENTS):
        assert "1" == seen.query["maxAttendees"]
        assert not any(name in seen.query["fields"] for name in ("summary", "description", "location,", "email"))


async def test_only_these_requests_ever_leave_for_googles_calendars(app: WithCalendars) -> None:
    access = app.access()
    await app.reader.calendars(access)
    await app.times(access=access)
    await app.times(a_query(rules_apply=False), access)
    await asked(app.reader, access, [a_query(), a_query(rules_apply=False)])
    uid, content = "tt0123456789", EntryContent(AN_HOUR, "Zoë", "", "")
    for _ in ("inserted", "there already"):
        await app.writer.put(access, GINA.email, uid, content, ())
    await app.writer.seen(access, GINA.email, {uid: AN_HOUR})
    await app.writer.remove(access, GINA.email, uid, uid, ())
    address = "http://127.0.0.1:9/notifications"
    watch = await app.watcher.watch(access, GINA.email, NewWatch(WatchId("watch-1"), "secret", address, address))
    await app.watcher.unwatch(access, watch)
    await app.account.account(await app.account.refresh(access.grant))
    await app.account.revoke(access.grant)

    events = "/calendar/v3/calendars/gina.host@gmail.example/events"
    assert [
        f"DELETE {events}/tt0123456789",
        f"GET {events}",
        f"GET {events}",
        f"GET {events}",
        f"GET {events}/tt0123456789",
        f"GET {events}/tt0123456789",
        "GET /calendar/v3/users/me/calendarList",
        "GET /userinfo",
        f"PATCH {events}/tt0123456789",
        f"POST {events}",
        f"POST {events}",
        f"POST {events}/watch",
        "POST /calendar/v3/channels/stop",
        "POST /calendar/v3/freeBusy",
        "POST /calendar/v3/freeBusy",
        "POST /revoke",
        "POST /token",
    ] == sorted(seen.operation for seen in app.sandbox.requests)


async def test_google_knows_every_parameter_that_it_is_sent(app: WithCalendars) -> None:
    await app.listed()
    await app.times()
    await app.times(a_query(rules_apply=False))

    described = descriptions.read()
    for endpoint, method in {
        GoogleEndpoint.CALENDARS: "calendarList.list",
        GoogleEndpoint.EVENTS: "events.list",
    }.items():
        [seen] = app.sandbox.arrived(endpoint)
        assert set() == seen.query.keys() - set(described.calendar_methods[method].parameters)
    [seen] = app.sandbox.arrived(GoogleEndpoint.FREE_BUSY)
    assert set() == seen.json().keys() - set(described.calendar["FreeBusyRequest"])


async def test_a_way_in_that_is_no_sign_in_is_a_mistake_of_ours(app: WithCalendars) -> None:
    with pytest.raises(TypeError):
        await app.reader.calendars(FeedAddress("https://calendar.example/feed.ics"))


def test_a_grant_shows_nothing() -> None:
    access = SignedIn(Grant("access-secret", "refresh-secret", NOW, frozenset(CALENDAR_USUAL)))

    assert "secret" not in f"{access} {access!r} {msgspec.structs.asdict(access)}"


async def test_a_series_that_the_host_makes_of_an_entry_blocks_but_for_the_entry(app: WithCalendars) -> None:
    for start in (TEN, TEN + 7 * 24 * HOUR):
        app.adds(start, start + HOUR, recurringEventId="ttentry")

    times = await app.times(a_query(ours={"ttentry": (Slot.lasting(HOUR, TEN),)}))

    assert [TEN + 7 * 24 * HOUR] == [each.slot.start for each in times]


async def test_only_copies_of_the_hosts_own_invitations_are_no_events_of_their_own(app: WithCalendars) -> None:
    app.adds(iCalUID=invitation_uid(BookingId("0" * 32), INVITED_FROM))

    assert () == await app.times(a_query(invited=frozenset({BookingId("0" * 32)})))
    assert 1 == len(await app.times(a_query(invited=frozenset({BookingId("1" * 32)}))))
