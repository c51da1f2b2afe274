"""Reading a calendar from servers that are odd, overworked, broken or hostile."""

from datetime import UTC, datetime, timedelta

import httpx
import msgspec
import pytest

from application.ports.calendar_reader import (
    CalendarRead,
    CalendarUnchanged,
    CalendarUnreadable,
    FeedAddress,
    LastSeen,
    ReadingQuery,
)
from domain.calendar_problem import (
    CalendarGone,
    CalendarProblem,
    CalendarTooComplex,
    NotACalendar,
    PasswordRefused,
    ServerBusy,
    ServerRefused,
    ServerTooSlow,
    ServerUnreachable,
)
from domain.slot import Slot
from tests.adapters.caldav.scripted import (
    A_CALENDAR,
    LOGIN,
    NOW,
    QUERY,
    WORK,
    ScriptedServer,
    an_event,
    failed,
    holds,
    multistatus,
    reading,
    resource,
    wants,
)
from tests.support.asking import asked

TEN = datetime(2026, 12, 5, 10, tzinfo=UTC)


async def read(server: ScriptedServer, query: ReadingQuery = QUERY) -> CalendarRead | CalendarUnchanged:
    async with reading(server) as reader:
        return await reader.read(LOGIN, query)


async def starts(server: ScriptedServer) -> tuple[list[datetime], int]:
    """When something takes place, and how much can't be read."""
    found = await read(server)
    assert isinstance(found, CalendarRead)
    return [each.slot.start for each in found.reading.times], found.reading.unreadable


async def unreadable(server: ScriptedServer, *, seconds: float = 5) -> CalendarUnreadable:
    with pytest.raises(CalendarUnreadable) as raised:
        async with reading(server, seconds=seconds) as reader:
            await reader.read(LOGIN, QUERY)
    assert raised.value.__cause__ is None
    return raised.value


async def test_whatever_tells_a_change_makes_the_calendar_be_read_anew() -> None:
    server = ScriptedServer()
    holds(server, an_event())
    first = await read(server)
    assert isinstance(first, CalendarRead)
    known = msgspec.structs.replace(QUERY, seen=first.seen)

    assert CalendarUnchanged(first.seen) == await read(server, known)
    for changed in (
        "<s:getctag>8</s:getctag>",
        "<s:getctag>7</s:getctag><d:sync-token>1</d:sync-token>",
        "<s:getctag>7</s:getctag><c:calendar-timezone-id>Asia/Tokyo</c:calendar-timezone-id>",
        "",
    ):
        server.answers[f"PROPFIND {WORK}"] = multistatus(resource("/anna/work/", A_CALENDAR + changed))
        assert isinstance(await read(server, known), CalendarRead)


async def test_a_server_that_tells_no_changes_is_read_each_time() -> None:
    server = ScriptedServer()
    holds(server, an_event())
    server.answers[f"PROPFIND {WORK}"] = multistatus(resource("/anna/work/", A_CALENDAR))

    assert isinstance(await read(server, msgspec.structs.replace(QUERY, seen=LastSeen())), CalendarRead)


async def test_a_resource_that_nobody_can_read_is_counted_and_blocks_the_span_that_it_was_given_for() -> None:
    server = ScriptedServer()
    cut_off = resource("/anna/work/2.ics", "<c:calendar-data>BEGIN:VCALENDAR\nBEGIN:VEVENT</c:calendar-data>")
    holds(server, cut_off, an_event(), an_event("3", "SUMMARY:without a start"))

    assert ([NOW, NOW, TEN], 2) == await starts(server)


async def test_each_resource_means_its_own_time_zones() -> None:
    def in_a_zone(uid: str, offset: str) -> str:
        zone = (
            f"BEGIN:VTIMEZONE\nTZID:Customized\nBEGIN:STANDARD\nDTSTART:19700101T000000\n"
            f"TZOFFSETFROM:{offset}\nTZOFFSETTO:{offset}\nEND:STANDARD\nEND:VTIMEZONE"
        )
        event = f"BEGIN:VEVENT\nUID:{uid}\nDTSTART;TZID=Customized:20261205T100000\nDURATION:PT1H\nEND:VEVENT"
        data = f"BEGIN:VCALENDAR\n{zone}\n{event}\nEND:VCALENDAR"
        return resource(f"/anna/work/{uid}.ics", f"<c:calendar-data>{data}</c:calendar-data>")

    server = ScriptedServer()
    holds(server, in_a_zone("1", "+0200"), in_a_zone("2", "-0300"))

    assert ([TEN - timedelta(hours=2), TEN + timedelta(hours=3)], 0) == await starts(server)


async def test_the_collection_among_its_members_is_none_of_them() -> None:
    server = ScriptedServer()
    itself = resource("https://dav.example.com/%61nna/work", "<c:calendar-data/>", status="404 Not Found")
    holds(server, itself, an_event())

    assert ([TEN], 0) == await starts(server)


async def test_what_was_deleted_meanwhile_is_left_out() -> None:
    server = ScriptedServer()
    holds(server, failed("/anna/work/2.ics", "404 Not Found"), an_event())

    assert ([TEN], 0) == await starts(server)


@pytest.mark.parametrize(
    ("missing", "problem"),
    [
        (failed("/anna/work/2.ics", "403 Forbidden"), ServerRefused(403)),
        (failed("/anna/work/2.ics", "500 Oops"), ServerBusy()),
        (resource("/anna/work/2.ics", "<c:calendar-data/>", status="403 Forbidden"), ServerRefused(403)),
        (resource("/anna/work/2.ics", "<c:calendar-data/>"), NotACalendar()),
        (resource("/anna/work/2.ics", "<d:getetag>1</d:getetag>"), NotACalendar()),
        (failed("/anna/work/", "507 Insufficient Storage"), CalendarTooComplex()),
    ],
    ids=("refused", "broken", "not told", "empty", "left out", "cut off"),
)
async def test_a_part_is_no_reading(missing: str, problem: CalendarProblem) -> None:
    server = ScriptedServer()
    holds(server, an_event(), missing)

    assert problem == (await unreadable(server)).problem


GONE = failed("/anna/work/", "404 Not Found")


@pytest.mark.parametrize(
    ("method", "answer", "problem"),
    [
        ("PROPFIND", httpx.Response(404), CalendarGone()),
        ("PROPFIND", httpx.Response(410), CalendarGone()),
        ("PROPFIND", httpx.Response(403), CalendarGone()),
        ("PROPFIND", multistatus(GONE), CalendarGone()),
        ("REPORT", multistatus(GONE), CalendarGone()),
        ("PROPFIND", multistatus(resource("/anna/work/", "<d:resourcetype/>")), NotACalendar()),
        ("PROPFIND", multistatus(), NotACalendar()),
        ("PROPFIND", httpx.Response(401), PasswordRefused()),
        ("REPORT", httpx.Response(200, html="<html>Sign in</html>"), NotACalendar()),
        ("REPORT", httpx.Response(207, html="<html>Sign in</html>"), NotACalendar()),
        ("REPORT", httpx.Response(207, text=multistatus(an_event()).text[:-9]), NotACalendar()),
        ("REPORT", httpx.Response(207, text=f"<!DOCTYPE x>{multistatus().text}"), NotACalendar()),
        ("REPORT", httpx.Response(200), NotACalendar()),
        ("REPORT", httpx.Response(400), ServerRefused(400)),
        ("REPORT", httpx.Response(507), CalendarTooComplex()),
    ],
)
async def test_no_error_is_an_empty_calendar(method: str, answer: httpx.Response, problem: CalendarProblem) -> None:
    server = ScriptedServer()
    holds(server)
    server.answers[f"{method} {WORK}"] = answer

    assert problem == (await unreadable(server)).problem


@pytest.mark.parametrize("status", [429, 503])
async def test_a_server_says_when_it_wants_to_be_asked_again(status: int) -> None:
    server = ScriptedServer()
    server.answers[f"PROPFIND {WORK}"] = httpx.Response(status, headers={"Retry-After": "90"})

    found = await unreadable(server)

    assert (ServerBusy(), NOW + timedelta(seconds=90)) == (found.problem, found.not_before)


async def test_digest_is_answered_where_basic_is_not_taken() -> None:
    server = ScriptedServer()
    holds(server, an_event())
    for place, answer in list(server.answers.items()):
        assert isinstance(answer, httpx.Response)
        server.answers[place] = wants("Digest", answer)

    assert ([TEN], 0) == await starts(server)
    assert ["Basic", "Digest", "Digest"] == server.passwords


@pytest.mark.parametrize(
    "challenge",
    [
        'Digest realm="dav", nonce="1", algorithm="ROT13"',
        "Digest realm",
        "Digest",
        'Digest nonce="1"',
        'Digest realm="dav", nonce="1", qop="auth-int"',
    ],
)
async def test_a_challenge_that_cannot_be_answered_is_no_crash(challenge: str) -> None:
    server = ScriptedServer()
    server.answers[f"PROPFIND {WORK}"] = httpx.Response(401, headers={"WWW-Authenticate": challenge})

    assert ServerUnreachable() == (await unreadable(server)).problem


async def test_a_server_that_takes_basic_too_gets_no_second_guess() -> None:
    server = ScriptedServer()
    both = [("WWW-Authenticate", 'Digest realm="dav", nonce="1"'), ("WWW-Authenticate", 'Basic realm="dav"')]
    server.answers[f"PROPFIND {WORK}"] = httpx.Response(401, headers=both)

    assert PasswordRefused() == (await unreadable(server)).problem
    assert ["Basic"] == server.passwords


async def test_at_submit_a_refused_password_is_shown_once_for_all_calendars() -> None:
    server = ScriptedServer()
    server.answers[f"REPORT {WORK}"] = httpx.Response(401)
    others = [msgspec.structs.replace(QUERY, remote_id=f"{WORK}{number}/") for number in range(3)]

    async with reading(server) as reader:
        with pytest.raises(CalendarUnreadable) as refused:
            await asked(reader, LOGIN, [QUERY, *others])

    assert PasswordRefused() == refused.value.problem
    assert [f"REPORT {WORK}"] == server.way


async def test_at_submit_one_calendar_that_fails_leaves_the_others_alone() -> None:
    server = ScriptedServer()
    holds(server, an_event())
    gone = msgspec.structs.replace(QUERY, remote_id=f"{WORK}gone/")

    async with reading(server) as reader:
        first, second = await asked(reader, LOGIN, [gone, QUERY])
        nothing = await asked(reader, LOGIN, [])

    assert isinstance(first, CalendarUnreadable)
    assert isinstance(second, tuple)
    assert ((CalendarGone(), 1), []) == ((first.problem, len(second)), nothing)


async def test_a_server_that_never_answers_costs_the_time_there_is() -> None:
    class Silent(ScriptedServer):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            raise httpx.ReadTimeout(f"nothing from {request.url}", request=request)

    assert ServerTooSlow() == (await unreadable(Silent())).problem


async def test_only_a_user_name_with_a_password_opens_a_calendar() -> None:
    async with reading(ScriptedServer()) as reader:
        with pytest.raises(TypeError):
            await reader.calendars(FeedAddress("https://calendar.example/"))


@pytest.mark.parametrize(
    ("entry", "blocked"),
    [
        ("DURATION:PT1H", []),
        ("DURATION:PT3H", ["07 11:00-13:00"]),
        ("DURATION:PT1H\nRRULE:FREQ=WEEKLY;COUNT=2", ["14 10:00-11:00"]),
    ],
)
async def test_of_our_entries_only_what_the_host_has_added_blocks(entry: str, blocked: list[str]) -> None:
    server, at_ten = ScriptedServer(), datetime(2026, 12, 7, 10, tzinfo=UTC)
    holds(server, an_event("ours", f"DTSTART:20261207T100000Z\n{entry}"))

    query = msgspec.structs.replace(QUERY, ours={"ours": (Slot.lasting(timedelta(hours=1), at_ten),)})
    found = await read(server, query)

    assert isinstance(found, CalendarRead)
    assert blocked == [f"{each.slot.start:%d %H:%M}-{each.slot.end:%H:%M}" for each in found.reading.times]
