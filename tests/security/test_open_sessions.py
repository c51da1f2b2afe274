"""A host sees where they are signed in and what happened, ends sessions one by one, and takes the account back."""

import re
from datetime import timedelta

import pytest

from application.actor import HostActor
from application.ports.account_storage import MailToken
from domain.host import Host
from domain.security_events import ConnectionEnded, TokenMade, what_of
from tests.security.events import FIREFOX, events_of
from tests.support.memory_app import MemoryApp
from tests.support.serving import API, Server
from tests.support.stored_passkeys import a_passkey, added
from tests.support.stored_passkeys import of as passkeys_of
from tests.support.visiting import PASSWORD, Visitor, a_signed_in_host

PROFILE = "/settings/profile"
WHOLE = f"{PROFILE}?activity=all"
SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 Version/18.6 Safari/604.1"


async def signed_in(server: Server, host: Host, *, user_agent: str = FIREFOX, address: str = "203.0.113.7") -> Visitor:
    visitor = Visitor(server)
    visitor.client = server.client(address=address)
    visitor.client.headers["user-agent"] = user_agent
    return await visitor.signs_in(host)


async def two_browsers(server: Server) -> tuple[Host, Visitor, Visitor]:
    host = await server.memory.host(password=PASSWORD)
    desk = await signed_in(server, host)
    server.memory.clock.advance(timedelta(minutes=1))
    return host, desk, await signed_in(server, host, user_agent=SAFARI, address="2001:db8:cafe::7")


def ending(visitor: Visitor) -> list[str]:
    """Where the buttons End session lead, of the last active first."""
    return re.findall(r'action="(/settings/sessions/[^"/]+/end)"', visitor.html)


async def is_signed_in(visitor: Visitor) -> bool:
    return (await visitor.opens("/dashboard")).status == 200


async def test_open_sessions_are_listed_with_browser_network_and_last_use(server: Server) -> None:
    _, desk, phone = await two_browsers(server)

    await desk.opens(PROFILE)

    sessions = desk.text[desk.text.index("Where you’re signed in") : desk.text.index("Recent activity")]
    assert re.search(r"Safari on iPhone .*2001:db8:cafe::/64 .*Last active Monday, 2 March 2026", sessions)
    assert re.search(r"Firefox on Windows This browser 203\.0\.113\.7 · Active now", sessions)
    assert 2 == len(ending(desk))
    for token in (desk.client.cookies["timetuna_session"], phone.client.cookies["timetuna_session"]):
        assert token not in desk.html


async def test_ending_a_session_works_at_once_and_leaves_the_others(server: Server) -> None:
    host, desk, phone = await two_browsers(server)
    await desk.opens(PROFILE)

    await desk.sends(ending(desk)[0], page=PROFILE)
    await desk.follows()

    assert ["Session ended."] == desk.said
    assert (True, False) == (await is_signed_in(desk), await is_signed_in(phone))
    assert ["sign-in", "sign-in", "session-ended"] == [what_of(each) for each in await events_of(server, host)]


async def test_ending_a_session_works_in_every_process(server: Server) -> None:
    _, desk, phone = await two_browsers(server)
    other_process = Server(server.memory)
    elsewhere = Visitor(other_process)
    elsewhere.client.cookies.update(dict(phone.client.cookies))
    assert await is_signed_in(elsewhere)
    await desk.opens(PROFILE)

    await desk.sends(ending(desk)[0], page=PROFILE)

    assert not await is_signed_in(elsewhere)


async def test_ending_this_session_signs_out_here(server: Server) -> None:
    _, desk, phone = await two_browsers(server)
    await desk.opens(PROFILE)

    await desk.sends(ending(desk)[1], page=PROFILE)

    assert "/signin?done=ended" == desk.location
    assert "timetuna_session" not in desk.client.cookies
    await desk.follows()
    assert ["You’re signed out."] == desk.said
    assert await is_signed_in(phone)


async def test_of_very_many_sessions_the_last_active_are_listed_and_the_rest_is_counted(server: Server) -> None:
    host, desk, _ = await two_browsers(server)
    for _ in range(51):
        await server.memory.store.sessions.open(host.id, server.memory.clock() - timedelta(days=1))

    await desk.opens(PROFILE)

    assert 50 == len(ending(desk))
    assert "And 3 more." in desk.text
    assert f'href="{WHOLE}' in desk.html
    assert 53 == len(ending(await desk.opens(WHOLE)))


@pytest.mark.parametrize("session", ["made-up", "%00", "%F0%9F%90%9F"])
async def test_a_session_that_ended_before_is_fine_and_a_strangers_stays(server: Server, session: str) -> None:
    _, desk, phone = await two_browsers(server)
    _, stranger = await a_signed_in_host(server)
    await desk.opens(PROFILE)

    for path in (*ending(desk), f"/settings/sessions/{session}/end"):
        await stranger.sends(path, page=PROFILE)
        assert f"{PROFILE}?done=session-ended" == stranger.location

    assert (True, True, True) == tuple([await is_signed_in(each) for each in (desk, phone, stranger)])


async def test_what_happened_is_listed_with_when_and_where_the_latest_first(server: Server) -> None:
    host, desk, _ = await two_browsers(server)
    async with server.memory.store.begin() as uow:
        now = server.memory.clock()
        uow.security_log.record(ConnectionEnded(host_id=host.id, at=now, provider="zoom"))
        uow.security_log.record(TokenMade(host_id=host.id, at=now - timedelta(days=89), name="<b>Backup"))
        uow.security_log.record(TokenMade(host_id=host.id, at=now - timedelta(days=90), name="Too old"))

    await desk.opens(PROFILE)

    activity = desk.text[desk.text.index("Recent activity") :]
    places = [activity.index(each) for each in ("Zoom disconnected", "Safari on iPhone", "Firefox on Windows", "<b>")]
    assert sorted(places) == places
    assert "<b>Backup" not in desk.html
    assert "Too old" not in desk.html
    assert "Wednesday, 3 December 2025" in activity


async def test_however_much_happened_all_of_it_can_be_listed(server: Server) -> None:
    host, desk, _ = await two_browsers(server)
    async with server.memory.store.begin() as uow:
        for n in range(600):
            at = server.memory.clock() - timedelta(hours=n)
            uow.security_log.record(TokenMade(host_id=host.id, at=at, name=f"Script {n}."))

    assert "Script 599." not in (await desk.opens(PROFILE)).text
    assert f'href="{WHOLE}' in desk.html

    await desk.opens(WHOLE)

    assert 600 == desk.text.count("API token “Script")
    assert f'href="{WHOLE}' not in desk.html


async def test_what_is_listed_as_a_whole_offers_no_more(server: Server) -> None:
    _, desk, _ = await two_browsers(server)

    assert f'href="{WHOLE}' not in (await desk.opens(PROFILE)).html


async def test_many_failures_in_a_row_are_one_entry(server: Server) -> None:
    host, desk, _ = await two_browsers(server)
    thief = server.client(address="192.0.2.66")
    for _ in range(11):
        await thief.post("/signin", data={"email": host.email, "password": "wrong"})

    await desk.opens(PROFILE)

    activity = desk.text[desk.text.index("Recent activity") :]
    assert "Wrong password, 10 times" in activity
    assert 1 == activity.count("Wrong password,")
    assert "192.0.2.66" in activity
    assert activity.index("Too many wrong passwords") < activity.index("Wrong password,")


async def test_this_was_not_me_asks_first_and_names_what_follows(server: Server) -> None:
    host, desk, phone = await two_browsers(server)
    token = await server.memory.token_of(host)
    await added(server.memory.store, a_passkey(host))
    await server.memory.app.add_webhook(HostActor(host.id), "https://hooks.example/all", ("booking.created",))
    await server.memory.connect(host)
    await desk.opens(PROFILE)
    assert 'href="/settings/not-me"' in desk.html

    await desk.opens("/settings/not-me")

    for words in (
        "1 other session",
        "1 API token",
        "1 passkey",
        "Pause your webhook to hooks.example",
        "Zoom: ",
        "can’t be undone",
        "new password",
    ):
        assert words in desk.text
    assert await is_signed_in(phone)
    assert 200 == (await server.client(token).get(f"{API}/me")).status_code


async def test_this_was_not_me_ends_every_other_way_in_and_asks_for_a_new_password(server: Server) -> None:
    host, desk, phone = await two_browsers(server)
    tokens = [await server.memory.token_of(host) for _ in range(2)]
    await added(server.memory.store, a_passkey(host))
    links = await links_that_a_thief_asked_for(server.memory, host)

    await desk.sends("/settings/not-me")
    await desk.follows()

    said = (
        "You’re signed out everywhere else, all your API tokens and passkeys are gone, and your webhooks are paused. "
        "Now choose a new password."
    )
    assert [said] == desk.said
    assert 'name="current_password"' in desk.html
    assert (True, False) == (await is_signed_in(desk), await is_signed_in(phone))
    assert [401, 401] == [(await server.client(each).get(f"{API}/me")).status_code for each in tokens]
    assert [404] * len(links) == [(await server.client().get(each)).status_code for each in links]
    assert () == await passkeys_of(server.memory.store, host)
    assert "not-me" == what_of((await events_of(server, host))[-1])


async def links_that_a_thief_asked_for(memory: MemoryApp, host: Host) -> list[str]:
    """A password reset, and another address."""
    async with memory.store.begin() as uow:
        later = memory.clock() + timedelta(hours=1)
        uow.mail_tokens.remember("reset", MailToken(host.id, "reset", host.email, later))
        uow.mail_tokens.remember("confirm", MailToken(host.id, "confirm", "thief@elsewhere.example", later))
    return ["/reset/reset", "/confirm-email/confirm"]


@pytest.mark.parametrize("path", ["/settings/not-me", "/settings/sessions/1/end"])
async def test_no_form_of_another_site_is_taken_and_a_stranger_signs_in_first(server: Server, path: str) -> None:
    _, desk, _ = await two_browsers(server)
    elsewhere = {"Origin": "https://elsewhere.example"}

    assert 403 == (await desk.client.post(path, headers=elsewhere)).status_code
    assert "/signin" == (await server.client().post(path)).headers["location"]
