"""Connecting a CalDAV account on pages, seeing whose it is, and reconnecting it."""

from datetime import datetime, timedelta

import pytest

from application.ports.calendar_reader import RemoteCalendar
from domain.busy import BusyTime
from domain.calendar_problem import SentElsewhere
from domain.host import Host
from domain.slot import Slot
from tests.support.builders import a_page
from tests.support.serving import TUESDAY_AT_TEN, Server
from tests.support.visiting import Visitor, a_signed_in_host

PATH = "/settings/calendars/caldav"
TEN, HOUR = datetime.fromisoformat(TUESDAY_AT_TEN), timedelta(hours=1)
WORK, HOME = RemoteCalendar("https://dav.example/work/", "Work"), RemoteCalendar("https://dav.example/home/", "Home")
TYPED: dict[str, str | list[str]] = {
    "service": "other",
    "url": "dav.example",
    "username": "anna",
    "password": "app-pass-word",
}


def busy(start: datetime) -> BusyTime:
    return BusyTime(Slot.lasting(HOUR, start))


async def signed_in(server: Server) -> tuple[Host, Visitor]:
    host, visitor = await a_signed_in_host(server)
    await server.memory.page(a_page(host, title="Intro call"))
    reader = server.memory.calendar_readers["caldav"]
    reader.hold("anna", WORK, HOME)
    reader.publish("anna", WORK.id, *(busy(TEN + n * 24 * HOUR) for n in range(5)))
    reader.publish("anna", HOME.id, busy(TEN + HOUR))
    return host, visitor


async def connects(visitor: Visitor) -> Visitor:
    return await (await visitor.sends(PATH, TYPED)).follows()


async def test_an_account_is_connected_and_shows_the_next_five_busy_times_of_its_calendars(server: Server) -> None:
    _, visitor = await signed_in(server)
    assert "Connect CalDAV calendar" in (await visitor.opens("/settings/providers")).text

    shown = await connects(visitor)

    assert "Are these your calendars?" in shown.text
    assert "Blocks your time on: Intro call" in shown.text
    assert shown.text.index("3 March 2026, 11:00") < shown.text.index("3 March 2026, 12:00 – 13:00 ( Home )")
    assert 5 == shown.html.count("March 2026, 1")
    assert "app-pass-word" not in shown.html


@pytest.mark.parametrize(
    ("service", "address", "where"),
    [
        ("icloud", "caldav.icloud.com", "account.apple.com"),
        ("fastmail", "caldav.fastmail.com", "Manage app passwords"),
        ("nextcloud", "", "Devices &amp; sessions"),
        ("other", "", "app passwords"),
        ("unheard-of", "", "app passwords"),
    ],
)
async def test_each_service_says_where_to_create_an_app_password(
    server: Server, service: str, address: str, where: str
) -> None:
    _, visitor = await signed_in(server)

    shown = await visitor.opens(f"{PATH}?service={service}")

    assert address == shown.value("url")
    assert where in shown.html


async def test_what_was_typed_stays_but_for_the_password_and_each_fault_is_beside_its_field(server: Server) -> None:
    _, visitor = await signed_in(server)
    server.memory.calendar_readers["caldav"].lock_out("anna")

    refused = await visitor.sends(PATH, {**TYPED, "service": "nextcloud"})

    assert 400 == refused.status
    assert "doesn’t accept this user name and password" in refused.text
    assert 'value="dav.example"' in refused.html
    assert 'value="anna"' in refused.html
    assert "app-pass-word" not in refused.html
    assert "Devices &amp; sessions" in refused.html


async def test_a_server_that_sends_us_elsewhere_is_named(server: Server) -> None:
    _, visitor = await signed_in(server)
    reader = server.memory.calendar_readers["caldav"]
    reader.hold("anna", WORK)
    reader.fail("anna", WORK.id, SentElsewhere("dav.elsewhere.example"))

    assert "dav.elsewhere.example" in (await visitor.sends(PATH, TYPED)).text


async def test_a_refused_password_is_replaced_by_another_in_place(server: Server) -> None:
    host, visitor = await signed_in(server)
    await connects(visitor)
    reader, connections = server.memory.calendar_readers["caldav"], server.memory.store.views.calendar_connections
    [before] = await connections(host.id)
    reader.lock_out("anna")
    server.memory.clock.advance(timedelta(minutes=5))
    await server.memory.work_off()
    path = f"{PATH}/{before.id}"

    broken = await visitor.opens("/settings/providers")
    assert "Needs reconnecting" in broken.text
    assert f'action="{path}"' in broken.html
    await visitor.sends(path, {"password": "wrong"})
    assert 400 == visitor.status
    assert "https://dav.example/" in visitor.text

    reader.hold("anna", WORK, HOME)
    await visitor.sends(path, {"password": "newer"})

    assert "Are these your calendars?" in (await visitor.follows()).text
    [after] = await connections(host.id)
    assert (before.id, "connected") == (after.id, after.status)


async def test_another_hosts_connection_is_not_found(server: Server) -> None:
    host, visitor = await signed_in(server)
    await connects(visitor)
    [connection] = await server.memory.store.views.calendar_connections(host.id)
    _, stranger = await a_signed_in_host(server)

    for path in (f"{PATH}/{connection.id}", f"/settings/calendar-connections/{connection.id}"):
        assert 404 == (await stranger.opens(path)).status


async def test_help_names_each_service(server: Server) -> None:
    shown = await Visitor(server).opens("/help/calendars")

    for each in ("iCloud", "Fastmail", "Nextcloud", "account.apple.com"):
        assert each in shown.text


async def test_an_editor_that_asked_for_a_calendar_is_led_back_to(server: Server) -> None:
    host, visitor = await signed_in(server)
    [page] = await server.memory.store.views.pages(host.id)
    await visitor.opens(f"/settings/providers?back=%2Fpages%2F{page.id}%2Fedit%23calendars")

    await visitor.sends(PATH, TYPED)

    assert visitor.location.startswith(f"/pages/{page.id}/edit?")
    assert visitor.location.endswith("#calendars")
