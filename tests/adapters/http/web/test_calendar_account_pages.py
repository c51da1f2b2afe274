"""Settings → Connected providers → Calendars: accounts at Google and Microsoft, and the ways back from there."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import msgspec
import pytest

from application.actor import HostActor
from application.ports.calendar_reader import RemoteCalendar
from domain.calendar import CalendarConnection, CalendarKind
from domain.calendar_problem import ServerBusy
from domain.connection import ProviderAccount
from domain.host import Host
from tests.support.builders import a_page
from tests.support.connecting import connects as connects_meetings
from tests.support.memory_app import MemoryApp
from tests.support.serving import Server
from tests.support.visiting import Visitor, a_signed_in_host

ROWS = "/settings/providers"
ANNA = ProviderAccount("anna", "anna", "anna@example.com", "Anna")
BEN = ProviderAccount("ben", "ben", "ben@example.com", "Ben")


async def signed_in(server: Server, kind: CalendarKind = "google") -> tuple[Host, Visitor]:
    host, visitor = await a_signed_in_host(server)
    for account in (ANNA, BEN):
        server.memory.calendar_readers[kind].hold(account.user_id, RemoteCalendar("main", "Private"))
    return host, visitor


async def comes_back(visitor: Visitor, kind: CalendarKind = "google", **query: str) -> Visitor:
    visitor.answer = await visitor.client.get(f"/integrations/{kind}/calendar/callback", params=query)
    return await visitor.follows()


async def connects(
    visitor: Visitor,
    memory: MemoryApp,
    kind: CalendarKind = "google",
    account: ProviderAccount = ANNA,
    scopes: frozenset[str] | None = None,
    start: str = "",
) -> Visitor:
    await visitor.sends(start or f"/settings/calendar-accounts/{kind}/connect", page=ROWS)
    state = parse_qs(urlsplit(visitor.location).query)["state"][0]
    code = memory.calendar_accounts[kind].consent(visitor.location, account, scopes)
    return await comes_back(visitor, kind, state=state, code=code)


async def the_connection(server: Server, host: Host) -> CalendarConnection:
    [connection] = await server.memory.store.views.calendar_connections(host.id)
    return connection


@pytest.mark.parametrize(
    ("kind", "button"), [("google", "Connect Google Calendar"), ("microsoft", "Connect Outlook Calendar")]
)
async def test_an_account_is_connected_and_shows_whether_it_is_the_right_one(
    server: Server, kind: CalendarKind, button: str
) -> None:
    host, visitor = await signed_in(server, kind)

    assert button in (await visitor.opens(ROWS)).text
    shown = await connects(visitor, server.memory, kind)

    assert "Is this your calendar?" in shown.text
    listed = (await visitor.opens(ROWS)).text
    assert "anna@example.com" in listed
    assert "Private" in listed
    assert kind == (await the_connection(server, host)).kind


async def test_where_google_decides_what_is_busy_there_are_no_rules_to_set(server: Server) -> None:
    host, visitor = await signed_in(server)
    server.memory.calendar_readers["google"].hold("anna", RemoteCalendar("main", "Team", rules_apply=False))
    await connects(visitor, server.memory)
    [calendar] = await server.memory.store.views.calendars(host.id)

    shown = await visitor.opens(f"/settings/calendars/{calendar.id}")
    told = await (await server.host_client(host)).get(f"/api/v1/calendars/{calendar.id}")

    assert "Everything Google marks as busy blocks your time." in shown.text
    assert 'role="switch"' not in shown.html
    assert told.json()["rules_apply"] is False


async def test_while_a_provider_wants_to_be_left_alone_the_row_and_the_api_say_when_it_is_read_again(
    server: Server,
) -> None:
    host, visitor = await signed_in(server)
    await connects(visitor, server.memory)
    connection = await the_connection(server, host)
    [calendar] = await server.memory.store.views.calendars(host.id)
    until = server.memory.clock() + timedelta(hours=1)
    async with server.memory.store.begin() as uow:
        uow.calendar_connections.save(connection.wants_peace(until))
    client = await server.host_client(host)
    asked = len(server.memory.calendar_readers["google"].asked)

    await visitor.sends(f"/settings/calendar-connections/{connection.id}/read", page=ROWS)
    row = (await visitor.follows()).text
    waiting = await client.post(f"/api/v1/calendars/{calendar.id}/read")
    server.memory.clock.advance(timedelta(hours=1))
    read = await client.post(f"/api/v1/calendars/{calendar.id}/read")

    assert "asked us to wait until Monday, 2 March 2026, 10:00." in row
    assert ("2026-03-02T09:00:00Z", None) == tuple(each.json()["left_alone_until"] for each in (waiting, read))
    assert asked + 1 == len(server.memory.calendar_readers["google"].asked)
    assert "asked us to wait" not in (await visitor.opens(ROWS)).text


async def test_an_administrator_is_mentioned_before_the_way_to_microsoft(server: Server) -> None:
    _, visitor = await signed_in(server)

    assert "an administrator to approve TimeTuna first" in (await visitor.opens(ROWS)).text


async def test_a_provider_without_settings_is_not_set_up() -> None:
    memory = MemoryApp()
    memory.calendar_accounts.pop("microsoft")
    memory.use_providers(memory.providers)
    _, visitor = await signed_in(Server(memory))

    assert "Outlook Calendar is not set up on this server." in (await visitor.opens(ROWS)).text


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ({"error": "access_denied"}, "You didn’t allow access in Google Calendar"),
        ({}, "You didn’t start from TimeTuna"),
        ({"state": "made-up", "code": "x"}, "We don’t recognise this response"),
    ],
)
async def test_a_return_without_a_yes_says_why_once_and_connects_nothing(
    server: Server, query: dict[str, str], told: str
) -> None:
    host, visitor = await signed_in(server)
    await visitor.sends("/settings/calendar-accounts/google/connect", page=ROWS)
    state = parse_qs(urlsplit(visitor.location).query)["state"][0]

    shown = await comes_back(visitor, "google", **({"state": state, **query} if "error" in query else query))

    assert told in shown.text
    assert told not in (await visitor.opens(ROWS)).text
    assert [] == await server.memory.store.views.calendar_connections(host.id)


async def test_whoever_is_signed_out_meanwhile_is_told_after_signing_in(server: Server) -> None:
    _, visitor = await signed_in(server)
    visitor.client.cookies.clear()

    shown = await comes_back(visitor, state="x", code="y")

    assert "Sign in" in shown.text


async def test_a_missing_permission_to_read_is_named_with_a_button_to_connect_again(server: Server) -> None:
    _, visitor = await signed_in(server)

    shown = await connects(visitor, server.memory, scopes=frozenset({"calendar.write"}))

    assert "see when you are busy" in shown.text
    assert "Connect again" in shown.text


async def test_a_missing_permission_to_write_stays_named_on_the_row_and_in_the_api(server: Server) -> None:
    host, visitor = await signed_in(server)

    await connects(visitor, server.memory, scopes=frozenset({"calendar"}))

    listed = (await visitor.opens(ROWS)).text
    assert "add events to your calendars" in listed
    assert "Connect again" in listed
    client = server.client(await server.memory.token_of(host))
    [told] = (await client.get("/api/v1/calendar-connections")).json()
    assert ("connected", "calendar-permission-missing") == (told["state"], told["problem"]["type"])


async def test_an_account_that_cannot_be_read_is_not_connected_and_says_why(server: Server) -> None:
    _, visitor = await signed_in(server)
    server.memory.calendar_readers["google"].fail("anna", "main", ServerBusy())

    shown = await connects(visitor, server.memory)

    assert "Nothing was connected. The server is busy" in shown.text


async def test_a_row_says_how_many_calendars_of_its_account_are_left_out(server: Server) -> None:
    _, visitor = await signed_in(server)
    rooms = [RemoteCalendar(f"room-{number}", f"Room {number}", is_main=False) for number in range(251)]
    server.memory.calendar_readers["google"].hold("anna", RemoteCalendar("main", "Private"), *rooms)

    await connects(visitor, server.memory)

    assert "This account holds 2 more calendars. We read 250 of an account at most" in (await visitor.opens(ROWS)).text


async def test_a_row_says_what_its_host_waits_for_and_follows_until_it_is_read(server: Server) -> None:
    host, visitor = await signed_in(server)
    await connects(visitor, server.memory)
    [calendar] = await server.memory.store.views.calendars(host.id)
    async with server.memory.store.begin() as uow:
        stored = await uow.calendars.lock(calendar.id)
        assert stored
        uow.calendars.save(msgspec.structs.replace(stored, calendar=stored.calendar.is_read_later()))

    before = await visitor.opens(ROWS)
    text, html = before.text, before.html
    await server.memory.app.read_calendar_now(HostActor(host.id), calendar.id)
    after = await visitor.opens(ROWS)

    assert "1 calendar is still being read." in text
    assert "calendars-read" in html
    assert "still being read" not in after.text
    assert "calendars-read" not in after.html


async def test_a_broken_row_reconnects_in_place_and_says_so_of_another_login(server: Server) -> None:
    host, visitor = await signed_in(server)
    await connects(visitor, server.memory)
    connection = await the_connection(server, host)
    server.memory.calendar_accounts["google"].kill_grants(ANNA)
    server.memory.clock.advance(server.memory.ports.calendar_timings.calendar_poll * 2)
    await server.memory.work_off()
    again = f"/settings/calendar-accounts/{connection.id}/reconnect"
    assert f'action="{again}"' in (await visitor.opens(ROWS)).html

    refused = await connects(visitor, server.memory, account=BEN, start=again)
    assert "You signed in as ben@example.com, but this connection belongs to anna@example.com." in refused.text
    await connects(visitor, server.memory, start=again)

    assert (connection.id, None) == (
        (await the_connection(server, host)).id,
        (await the_connection(server, host)).problem,
    )
    assert "Reconnect" not in (await visitor.opens(ROWS)).text


async def test_disconnecting_says_before_and_after_that_google_is_not_told_while_meet_is_connected(
    server: Server,
) -> None:
    host, visitor = await signed_in(server)
    await connects_meetings(server.memory, host, ANNA, "google")
    await connects(visitor, server.memory)
    path = f"/settings/calendar-connections/{(await the_connection(server, host)).id}/disconnect"

    asked = (await visitor.opens(path)).text
    done = await (await visitor.sends(path)).follows()

    assert "or your Google Meet connection with the same login would end too" in asked
    assert "We didn’t revoke it at Google, so that your Google Meet connection stays." in done.text
    assert [] == server.memory.calendar_accounts["google"].revoked
    assert [] == await server.memory.store.views.calendar_connections(host.id)


async def test_disconnecting_the_last_connection_of_a_google_login_revokes_it(server: Server) -> None:
    host, visitor = await signed_in(server)
    await connects(visitor, server.memory)

    await server.memory.app.disconnect_calendars(HostActor(host.id), (await the_connection(server, host)).id)

    assert [ANNA] == server.memory.calendar_accounts["google"].revoked


async def test_the_editor_is_where_a_calendar_that_it_asked_for_leads_back_to(server: Server) -> None:
    host, visitor = await signed_in(server)
    page = await server.memory.page(a_page(host))
    editor = (await visitor.opens(f"/pages/{page.id}/edit")).html
    assert f"/settings/providers?back=%2Fpages%2F{page.id}%2Fedit%23calendars#calendars" in editor
    await visitor.opens(f"/settings/providers?back=%2Fpages%2F{page.id}%2Fedit%23calendars")

    shown = await connects(visitor, server.memory, start="/settings/calendar-accounts/google/connect")

    connection = await the_connection(server, host)
    assert f"/pages/{page.id}/edit?connected={connection.id}" == shown.answer.request.url.raw_path.decode()
    assert "Connected: anna@example.com." in shown.text
    assert "Back to editing" not in (await visitor.opens(ROWS)).text


@pytest.mark.parametrize(("called", "account_told"), [("Private", True), ("Anna@Example.com", False)])
async def test_the_editor_names_a_calendar_once_that_is_called_like_its_account(
    server: Server, called: str, account_told: bool
) -> None:
    host, visitor = await signed_in(server)
    server.memory.calendar_readers["google"].hold(ANNA.user_id, RemoteCalendar("main", called))
    await connects(visitor, server.memory)
    page = await server.memory.page(a_page(host))

    await visitor.opens(f"/pages/{page.id}/edit")

    assert f"<bdi>{called}</bdi>" in visitor.html
    assert account_told == (f'<span class="muted">{ANNA.email}</span>' in visitor.html)
