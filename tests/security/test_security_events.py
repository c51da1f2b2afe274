"""Whatever happens to an account is kept for its owner and logged, without a secret or what people typed."""

import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from structlog.testing import capture_logs

from application.actor import System
from application.connections.deauthorize import Deauthorize
from application.ports.notifications import AppRemoved
from domain.host import Host
from domain.origin import Origin
from domain.security_events import what_of
from tests.security.events import FIREFOX, events_of
from tests.support.builders import a_host, an_account
from tests.support.connecting import state_of
from tests.support.read_mail import path_in
from tests.support.serving import API, Server
from tests.support.visiting import PASSWORD, Fields, Visitor, a_signed_in_host
from tests.support.visiting_providers import comes_back, sets_out

NEW = "a whole new password"
FEED = "https://calendar.example/u9x7.ics"
HERE = Origin("203.0.113.7", "Firefox", "Windows")


async def last_link(server: Server, path: str) -> str:
    await server.memory.work_off()
    return next(found for each in reversed(server.memory.mailer.notices) if (found := path_in(each)).startswith(path))


@asynccontextmanager
async def a_life(server: Server) -> AsyncGenerator[tuple[Host, set[str]]]:
    """Everything that can happen to an account, and every secret and address that was in play."""
    host = await server.memory.host(a_host(handle="hanne"), password=PASSWORD)
    visitor = Visitor(server)
    visitor.client.headers["user-agent"] = FIREFOX
    secrets = {PASSWORD, NEW, host.email, "new@hosts.example", "wrong password", "My secret plans"}
    await visitor.sends("/signin", {"email": host.email, "password": "wrong password"})
    await visitor.signs_in(host)

    a_token: Fields = {"name": "My secret plans", "scopes": "*"}
    await visitor.sends("/settings/api-tokens", {**a_token, "password": "wrong password"})
    await visitor.sends("/settings/api-tokens", {**a_token, "password": PASSWORD})
    secrets.add(visitor.client.cookies["timetuna_new_token"].split(".")[0])
    await visitor.follows()
    [revoke] = re.findall(r'action="(/settings/api-tokens/[^"]+/revoke)"', visitor.html)
    await visitor.sends(revoke, page="/settings/api-tokens")

    state = state_of(await sets_out(visitor))
    code = server.memory.providers["zoom"].consent(visitor.location, an_account())
    secrets |= {state, code}
    await comes_back(visitor, state=state, code=code)
    await visitor.sends("/settings/providers/zoom/disconnect")

    server.memory.feeds.publish(FEED)
    secrets |= {FEED, "u9x7"}
    await visitor.sends("/settings/calendars/feed", {"url": FEED, "name": "Work"}, page="/settings/providers")
    [calendar] = await server.memory.store.views.calendars(host.id)
    await visitor.sends(f"/settings/calendar-connections/{calendar.connection_id}/disconnect")

    await visitor.opens("/settings/data/timetuna.json")
    await visitor.opens("/bookings/export.csv")
    await visitor.sends(
        "/settings/email", {"email": "new@hosts.example", "password": PASSWORD}, page="/settings/profile"
    )
    link = await last_link(server, "/confirm-email/")
    secrets.add(link.removeprefix("/confirm-email/"))
    await visitor.sends(link)

    await visitor.sends("/settings/password", {"current_password": PASSWORD, "password": NEW})
    await visitor.sends("/settings/sign-out-everywhere", page="/settings/password")
    await visitor.sends("/forgot", {"email": "new@hosts.example"})
    link = await last_link(server, "/reset/")
    secrets.add(link.removeprefix("/reset/"))
    await visitor.sends(link, {"password": PASSWORD})
    await visitor.sends("/signin", {"email": "new@hosts.example", "password": PASSWORD})
    secrets |= {visitor.client.cookies["timetuna_session"], visitor.client.cookies["timetuna_device"]}
    yield host, secrets
    await visitor.sends("/settings/data/delete", {"handle": "hanne", "password": PASSWORD}, page="/settings/data")


LIFE = [
    "failure",
    "sign-in",
    "failure",
    "token-made",
    "token-revoked",
    "connection-made",
    "connection-ended",
    "calendar-connection-made",
    "calendar-connection-ended",
    "export",
    "export",
    "address-asked",
    "address",
    "password",
    "sessions-ended",
    "reset",
    "sign-in",
]


async def test_a_host_finds_all_that_happened_with_where_it_came_from(server: Server) -> None:
    async with a_life(server) as (host, _):
        events = await events_of(server, host)

    assert LIFE == [what_of(each) for each in events]
    assert {HERE} == {each.origin for each in events}


async def test_each_is_a_line_in_the_log_and_no_line_holds_a_secret(server: Server) -> None:
    with capture_logs() as logs:
        async with a_life(server) as (host, secrets):
            pass

    lines = [line for line in logs if line["event"] == "security"]
    asked = LIFE.index("reset")
    assert [*LIFE[:asked], "reset-asked", *LIFE[asked:], "deletion"] == [line["what"] for line in lines]
    assert {"203.0.113.7"} == {line["network"] for line in lines}
    assert {host.id, None} == {line["account"] for line in lines}
    assert ["reset-asked"] == [line["what"] for line in lines if line["account"] is None]
    assert not [secret for secret in secrets if secret in str(logs)]


async def test_each_is_counted(server: Server) -> None:
    async with a_life(server):
        pass

    counts = server.memory.watch.counts
    assert {what: LIFE.count(what) for what in LIFE} | {"reset-asked": 1, "deletion": 1} == {
        what: count for what, count in counts.items() if count
    }


async def test_a_file_of_bookings_is_told_from_one_of_everything(server: Server) -> None:
    _, visitor = await a_signed_in_host(server)
    await visitor.opens("/settings/data/timetuna.json")
    await visitor.opens("/bookings/export.csv")

    profile = await visitor.opens("/settings/profile")

    assert "Data downloaded" in profile.text
    assert "Bookings downloaded" in profile.text


async def test_a_lock_is_an_event_of_its_own_once(server: Server) -> None:
    host = await server.memory.host(password=PASSWORD)
    client = server.client()
    for _ in range(13):
        await client.post("/signin", data={"email": host.email, "password": "wrong"})

    assert ["failure"] * 10 + ["lock"] == [what_of(each) for each in await events_of(server, host)]


async def test_a_failure_with_an_unknown_address_is_logged_without_it(server: Server) -> None:
    with capture_logs() as logs:
        await server.client().post("/signin", data={"email": "nobody@hosts.example", "password": "wrong"})

    assert [("failure", None)] == [(line["what"], line["account"]) for line in logs]
    assert "nobody" not in str(logs)


async def test_a_feed_is_listed_by_its_host_name(server: Server) -> None:
    host, visitor = await a_signed_in_host(server)
    server.memory.feeds.publish(FEED)
    await visitor.sends("/settings/calendars/feed", {"url": FEED, "name": "Work"}, page="/settings/providers")
    [calendar] = await server.memory.store.views.calendars(host.id)
    await visitor.sends(f"/settings/calendar-connections/{calendar.connection_id}/disconnect")

    profile = await visitor.opens("/settings/profile")

    assert "Calendars at calendar.example connected" in profile.text
    assert "Calendars at calendar.example disconnected" in profile.text
    assert "u9x7" not in profile.html


async def test_a_feed_that_a_program_connects_is_recorded_too(server: Server) -> None:
    host = await server.memory.host()
    client = await server.host_client(host)
    server.memory.feeds.publish(FEED)

    made = await client.post(f"{API}/calendar-connections", json={"kind": "ical_feed", "url": FEED})
    await client.delete(f"{API}/calendar-connections/{made.json()['id']}")

    events = await events_of(server, host)
    assert ["calendar-connection-made", "calendar-connection-ended"] == [what_of(each) for each in events]
    assert [True, True] == [each.origin is not None for each in events]


async def test_who_signs_up_finds_that_as_their_first_sign_in(server: Server) -> None:
    form = {"name": "Ana", "handle": "ana", "timezone": "UTC", "email": "ana@hosts.example", "password": PASSWORD}
    await Visitor(server).sends("/signup", {**form})
    async with server.memory.store.begin() as uow:
        account = await uow.accounts.find("ana@hosts.example")
    assert account is not None

    assert ["sign-in"] == [what_of(each) for each in await events_of(server, account.host)]


async def test_an_address_that_a_program_asked_for_is_recorded_too(server: Server) -> None:
    host, _ = await a_signed_in_host(server)
    client = await server.host_client(host)

    await client.patch(f"{API}/me", json={"email": "new@hosts.example"})
    await client.patch(f"{API}/me", json={"name": "Hanne"})

    assert ["sign-in", "address-asked"] == [what_of(each) for each in await events_of(server, host)]


async def test_a_connection_that_the_provider_ends_has_no_place(server: Server) -> None:
    host = await server.memory.host()
    await server.memory.connect(host)
    async with server.memory.store.begin() as uow:
        connection = await uow.connections.get(host.id, "zoom")
    assert connection is not None
    removed = AppRemoved("our-app", connection.account.user_id, connection.account.account_id, server.memory.clock())

    await Deauthorize(server.memory.store.begin, server.memory.clock)(System(), "zoom", removed)

    assert [("connection-ended", None)] == [(what_of(each), each.origin) for each in await events_of(server, host)]


async def test_however_many_fail_a_day_fifty_are_kept(server: Server) -> None:
    host = await server.memory.host(password=PASSWORD)
    for n in range(60):
        client = server.client(address=f"198.51.100.{n}")
        await client.post("/signin", data={"email": host.email, "password": "wrong"})

    assert (50, 60) == (len(await events_of(server, host)), server.memory.watch.counts["failure"])
