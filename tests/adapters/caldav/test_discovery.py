"""From an address to an account's calendars, on servers of every kind."""

import httpx
import msgspec
import pytest

from application.ports.calendar_reader import CaldavLogin, CalendarUnreadable, RemoteCalendar
from domain.calendar_problem import (
    AddressNotAllowed,
    CalendarProblem,
    NoCalendarServer,
    PasswordRefused,
    SentElsewhere,
    ServerBusy,
    ServerUnreachable,
)
from tests.adapters.caldav.scripted import (
    A_CALENDAR,
    A_COLLECTION,
    HOST,
    LOGIN,
    WORK,
    ScriptedServer,
    home,
    multistatus,
    principal,
    reading,
    resource,
    wants,
)

SITE = f"https://{HOST}"
WELL_KNOWN = f"PROPFIND {SITE}/.well-known/caldav"
ROOT = f"PROPFIND {SITE}/"
THE_CALENDAR = resource("/anna/work/", f"{A_CALENDAR}<d:displayname>Work</d:displayname>")
LISTED = multistatus(resource("/anna/", A_COLLECTION), THE_CALENDAR)


async def found(server: ScriptedServer, url: str = LOGIN.url) -> list[str]:
    async with reading(server) as reader:
        return [each.id for each in await reader.calendars(msgspec.structs.replace(LOGIN, url=url))]


async def problem(server: ScriptedServer, login: CaldavLogin = LOGIN) -> CalendarProblem:
    with pytest.raises(CalendarUnreadable) as unreadable:
        async with reading(server) as reader:
            await reader.calendars(login)
    assert unreadable.value.__cause__ is None
    return unreadable.value.problem


def redirect(to: str, status: int = 301) -> httpx.Response:
    return httpx.Response(status, headers={"Location": to})


async def test_a_host_leads_by_its_well_known_address_to_principal_home_and_calendars() -> None:
    server = ScriptedServer()
    server.answers |= {
        WELL_KNOWN: redirect("/dav/"),
        f"{ROOT}dav/": multistatus(resource("/dav/", principal("/dav/principals/anna/"))),
        f"{ROOT}dav/principals/anna/": multistatus(resource("/dav/principals/anna/", home("/anna/"))),
        f"{ROOT}anna/": LISTED,
    }

    assert [WORK] == await found(server)
    assert 4 == len(server.asked)


async def test_only_collections_that_hold_events_are_calendars() -> None:
    def calendar(name: str, more: str = "") -> str:
        return resource(f"/anna/{name}/", f"{A_CALENDAR}<d:displayname>{name}</d:displayname>{more}")

    kinds = "<c:supported-calendar-component-set>{}</c:supported-calendar-component-set>"
    events, tasks = '<c:comp name="VEVENT"/>', '<c:comp name="VTODO"/>'
    privileges = "<d:current-user-privilege-set><d:privilege><d:read/></d:privilege></d:current-user-privilege-set>"
    zone = "<c:calendar-timezone>BEGIN:VTIMEZONE\nTZID:W. Europe Standard Time\nEND:VTIMEZONE</c:calendar-timezone>"
    transparent = "<c:schedule-calendar-transp><c:transparent/></c:schedule-calendar-transp>"
    server = ScriptedServer()
    server.answers |= {
        WELL_KNOWN: multistatus(resource("/", home("https://dav.example.com/anna/"))),
        f"{ROOT}anna/": multistatus(
            resource("/anna/", A_COLLECTION),
            resource("/anna/inbox/", "<d:resourcetype><d:collection/><c:schedule-inbox/></d:resourcetype>"),
            calendar("tasks", kinds.format(tasks)),
            calendar("both", kinds.format(tasks + events) + privileges),
            calendar("b%C3%BCro", zone + transparent),
        ),
    }

    async with reading(server) as reader:
        listed = await reader.calendars(LOGIN)

    assert (
        RemoteCalendar(f"{SITE}/anna/both/", "both", writable=False),
        RemoteCalendar(f"{SITE}/anna/b%C3%BCro/", "b%C3%BCro", "Europe/Berlin", is_main=False, writable=True),
    ) == listed


async def test_a_calendar_in_a_zone_that_is_a_folder_of_zones_is_one_without_a_zone() -> None:
    zone = "<c:calendar-timezone-id>America</c:calendar-timezone-id>"
    server = ScriptedServer()
    server.answers |= {
        WELL_KNOWN: multistatus(resource("/", home("https://dav.example.com/anna/"))),
        f"{ROOT}anna/": multistatus(resource("/anna/work/", f"{A_CALENDAR}{zone}")),
    }

    async with reading(server) as reader:
        [listed] = await reader.calendars(LOGIN)

    assert listed.timezone is None


@pytest.mark.parametrize("path", ["/anna/", "/anna/work/", "/principals/anna/"])
async def test_an_address_inside_leads_to_the_account_and_one_of_a_calendar_to_that_alone(path: str) -> None:
    server = ScriptedServer()
    server.answers |= {
        f"{ROOT}anna/": LISTED,
        f"{ROOT}anna/work/": multistatus(THE_CALENDAR),
        f"{ROOT}principals/anna/": multistatus(resource("/principals/anna/", home("/anna/"))),
    }

    assert [WORK] == await found(server, f"{SITE}{path}")


async def test_a_nextcloud_that_says_nothing_is_found_where_it_always_is() -> None:
    server = ScriptedServer()
    server.answers |= {
        f"{ROOT}cloud": httpx.Response(405),
        f"{ROOT}cloud/remote.php/dav/": multistatus(resource("/cloud/remote.php/dav/", home("/anna/"))),
        f"{ROOT}anna/": LISTED,
    }

    assert [WORK] == await found(server, f"{SITE}/cloud")


async def test_the_password_goes_along_within_the_site_as_icloud_wants_it() -> None:
    server = ScriptedServer()
    server.answers |= {
        WELL_KNOWN: redirect("https://p34-dav.example.com/", 308),
        "PROPFIND https://p34-dav.example.com/": wants("Basic", multistatus(resource("/", home("/anna/")))),
        "PROPFIND https://p34-dav.example.com/anna/": wants("Basic", LISTED),
    }

    assert ["https://p34-dav.example.com/anna/work/"] == await found(server)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (redirect("https://evil.example/"), SentElsewhere("evil.example")),
        (redirect("https://dav.example.com.evil.example/"), SentElsewhere("dav.example.com.evil.example")),
        (redirect(f"http://{HOST}/"), AddressNotAllowed()),
        (redirect("//:0/"), ServerUnreachable()),
        (multistatus(resource("/", principal("https://evil.example/anna/"))), SentElsewhere("evil.example")),
        (multistatus(resource("/", home("https://evil.example/anna/"))), SentElsewhere("evil.example")),
    ],
    ids=("another site", "a name that looks like it", "without https", "nowhere", "principal", "home"),
)
async def test_the_password_goes_to_no_other_site_and_never_without_https(
    answer: httpx.Response, expected: CalendarProblem
) -> None:
    server = ScriptedServer()
    server.answers |= {WELL_KNOWN: answer, ROOT: answer}

    assert expected == await problem(server)
    assert {HOST} == {each.url.host for each in server.asked}
    assert {"https"} == {each.url.scheme for each in server.asked}


async def test_a_circle_of_redirects_ends() -> None:
    server = ScriptedServer()
    server.answers[WELL_KNOWN] = redirect("/.well-known/caldav")

    assert ServerUnreachable() == await problem(server)


async def test_what_an_address_brings_along_is_not_sent() -> None:
    server = ScriptedServer()
    server.answers |= {
        WELL_KNOWN: redirect(f"https://else:known@{HOST}/dav/#top"),
        f"{ROOT}dav/": wants("Basic", multistatus(resource("/dav/", home("/anna/")))),
        f"{ROOT}anna/": LISTED,
    }

    assert [WORK] == await found(server)


@pytest.mark.parametrize("challenge", ['Basic realm="dav"', None], ids=("told how", "not told how"))
async def test_a_refused_password_is_shown_once_and_never_again(challenge: str | None) -> None:
    server = ScriptedServer()
    refused = httpx.Response(401, headers={"WWW-Authenticate": challenge} if challenge else {})
    server.answers |= {WELL_KNOWN: refused, ROOT: refused}

    assert PasswordRefused() == await problem(server)
    assert [WELL_KNOWN] == server.way


async def test_a_site_without_a_calendar_server_is_told_apart() -> None:
    server = ScriptedServer()
    page = httpx.Response(200, html="<html>Welcome</html>")
    server.answers |= {WELL_KNOWN: page, ROOT: httpx.Response(501)}

    assert NoCalendarServer() == await problem(server)


async def test_an_account_without_calendars_is_empty() -> None:
    server = ScriptedServer()
    server.answers |= {
        WELL_KNOWN: multistatus(resource("/", home("/anna/"))),
        f"{ROOT}anna/": multistatus(resource("/anna/", A_COLLECTION)),
    }

    assert [] == await found(server)


async def test_a_busy_server_is_not_taken_for_one_without_calendars() -> None:
    server = ScriptedServer()
    server.answers[WELL_KNOWN] = httpx.Response(503)

    assert ServerBusy() == await problem(server)


async def test_over_http_the_password_waits_until_it_is_asked_for() -> None:
    server, login = ScriptedServer(), msgspec.structs.replace(LOGIN, url="http://10.0.0.5/anna/work/")
    server.answers["PROPFIND http://10.0.0.5/anna/work/"] = wants("Digest", multistatus(THE_CALENDAR))

    async with reading(server) as reader:
        assert 1 == len(await reader.calendars(login))
    assert {"Digest"} == set(server.passwords)
