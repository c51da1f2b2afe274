"""Wrong passwords lock out who types them, and nobody else."""

import asyncio
from collections import Counter
from datetime import timedelta

import httpx
import pytest

from domain.budgets import SIGN_IN_FAILURES
from domain.host import Host
from tests.support.builders import a_host
from tests.support.serving import Server
from tests.support.visiting import PASSWORD

HOME, OFFICE, THIEF = "203.0.113.7", "198.51.100.7", "192.0.2.66"
DEVICE = "timetuna_device"
NEW = "a whole new password"
WRONG = ["wrong"] * SIGN_IN_FAILURES.most


async def signs_in(client: httpx.AsyncClient, email: str, *passwords: str) -> list[int]:
    """Try these passwords; a minute passes in between as far as other limits are concerned."""
    return [(await client.post("/signin", data={"email": email, "password": each})).status_code for each in passwords]


async def a_host_with_a_password(server: Server) -> Host:
    return await server.memory.host(a_host(), password=PASSWORD)


@pytest.mark.parametrize("thief", [THIEF, "2001:db8:bad::1"])
async def test_failures_from_another_network_never_keep_the_owner_out(server: Server, thief: str) -> None:
    host = await a_host_with_a_password(server)

    failed = await signs_in(server.client(address=thief), host.email, *WRONG, PASSWORD)

    assert [400] * 10 + [429] == failed
    assert [303] == await signs_in(server.client(address=HOME), host.email, PASSWORD)
    assert [429] == await signs_in(server.client(address=thief), host.email, PASSWORD)


async def test_all_addresses_of_one_ipv6_network_have_one_allowance(server: Server) -> None:
    host = await a_host_with_a_password(server)

    failed = [
        status
        for n in range(SIGN_IN_FAILURES.most + 1)
        for status in await signs_in(server.client(address=f"2001:db8:bad:1::{n:x}"), host.email, "wrong")
    ]

    assert [400] * 10 + [429] == failed


async def test_a_browser_that_signed_in_before_is_not_locked_out_by_others_in_its_network(server: Server) -> None:
    host = await a_host_with_a_password(server)
    known = server.client(address=OFFICE)
    await signs_in(known, host.email, PASSWORD)
    await known.post("/signout")

    assert [400] * 10 + [429] == await signs_in(server.client(address=OFFICE), host.email, *WRONG, PASSWORD)

    assert [400, 303] == await signs_in(known, host.email, "typo", PASSWORD)


async def test_a_known_browser_has_an_allowance_of_its_own_and_then_that_of_its_network(server: Server) -> None:
    host = await a_host_with_a_password(server)
    known = server.client(address=OFFICE)
    await signs_in(known, host.email, PASSWORD)

    assert [400] * 20 + [429] == await signs_in(known, host.email, *WRONG, *WRONG, PASSWORD)
    assert [303] == await signs_in(server.client(address=HOME), host.email, PASSWORD)


async def test_a_stolen_device_cookie_keeps_nobody_out(server: Server) -> None:
    host = await a_host_with_a_password(server)
    known, thief = server.client(address=OFFICE), server.client(address=THIEF)
    await signs_in(known, host.email, PASSWORD)
    thief.cookies.set(DEVICE, known.cookies[DEVICE])

    await signs_in(thief, host.email, *WRONG, *WRONG)

    assert [303] == await signs_in(known, host.email, PASSWORD)


async def test_a_device_cookie_is_good_for_its_own_account_alone(server: Server) -> None:
    victim, thief = await a_host_with_a_password(server), await a_host_with_a_password(server)
    client = server.client(address=THIEF)
    await signs_in(client, thief.email, PASSWORD)

    assert [400] * 10 + [429] == await signs_in(client, victim.email, *WRONG, "wrong")


async def test_signing_in_anew_makes_another_device_cookie_and_a_new_password_ends_them_all(server: Server) -> None:
    host = await a_host_with_a_password(server)
    client = server.client(address=OFFICE)
    cookies: list[str] = []
    for _ in range(2):
        await signs_in(client, host.email, PASSWORD)
        cookies.append(client.cookies[DEVICE])
    await client.post("/settings/password", data={"current_password": PASSWORD, "password": NEW})
    await signs_in(server.client(address=OFFICE), host.email, *WRONG)

    stale = server.client(address=OFFICE)
    stale.cookies.set(DEVICE, cookies[-1])

    assert len({*cookies, client.cookies[DEVICE]}) == 3
    assert [429] == await signs_in(stale, host.email, NEW)
    assert [303] == await signs_in(client, host.email, NEW)


async def test_a_browser_of_two_hosts_is_known_to_both(server: Server) -> None:
    one, other = await a_host_with_a_password(server), await a_host_with_a_password(server)
    client = server.client(address=OFFICE)
    for host in (one, other):
        await signs_in(client, host.email, PASSWORD)
        await client.post("/signout")
    for host in (one, other):
        await signs_in(server.client(address=OFFICE), host.email, *WRONG)
        server.memory.clock.advance(timedelta(minutes=2))

    assert [303, 303] == [status for host in (one, other) for status in await signs_in(client, host.email, PASSWORD)]


@pytest.mark.parametrize("value", ["", "made-up", "a.1.b", "a.1.b~c.2.d", "~" * 50, "x" * 5000, "a.-1.b"])
async def test_a_made_up_device_cookie_is_nothing(server: Server, value: str) -> None:
    host = await a_host_with_a_password(server)
    client = server.client(address=OFFICE)
    client.headers["cookie"] = f"{DEVICE}={value}"

    assert [400] * 10 + [429] == await signs_in(client, host.email, *WRONG, PASSWORD)


async def test_a_device_cookie_is_forgotten_after_half_a_year(server: Server) -> None:
    host = await a_host_with_a_password(server)
    client = server.client(address=OFFICE)
    await signs_in(client, host.email, PASSWORD)
    device = client.cookies[DEVICE]
    server.memory.clock.advance(timedelta(days=180))
    await signs_in(server.client(address=OFFICE), host.email, *WRONG)

    old = server.client(address=OFFICE)
    old.cookies.set(DEVICE, device)

    assert [429] == await signs_in(old, host.email, PASSWORD)


async def test_the_device_cookie_says_nothing_and_goes_to_no_other_site() -> None:
    server = Server(public_url="https://timetuna.example")
    host = await a_host_with_a_password(server)

    answer = await server.client().post("/signin", data={"email": host.email, "password": PASSWORD})
    [cookie] = [each for each in answer.headers.get_list("set-cookie") if "device" in each]

    assert cookie.startswith("__Secure-timetuna_device=")
    assert {"HttpOnly", "Secure", "SameSite=strict", "Path=/", "Max-Age=15552000"} <= set(cookie.split("; "))
    assert not any(each in cookie for each in (host.id, host.email, host.handle))


async def test_a_device_cookie_signs_nobody_in(server: Server) -> None:
    host = await a_host_with_a_password(server)
    client = server.client()
    await signs_in(client, host.email, PASSWORD)

    other = server.client()
    other.cookies.set(DEVICE, client.cookies[DEVICE])
    other.cookies.set("timetuna_session", client.cookies[DEVICE])

    assert 303 == (await other.get("/dashboard")).status_code


async def test_the_lock_is_announced_in_words_and_ends_when_it_says(server: Server) -> None:
    host = await a_host_with_a_password(server)
    client = server.client(address=THIEF)
    await signs_in(client, host.email, *WRONG)

    answer = await client.post("/signin", data={"email": host.email, "password": PASSWORD})

    assert 429 == answer.status_code
    assert "Try again in 15 minutes." in answer.text
    assert timedelta(minutes=15).total_seconds() == int(answer.headers["retry-after"])
    server.memory.clock.advance(timedelta(minutes=15))
    assert [303] == await signs_in(client, host.email, PASSWORD)


async def test_tries_at_the_same_time_count_one_by_one_and_lock_once(server: Server) -> None:
    host = await a_host_with_a_password(server)
    client = server.client(address=THIEF)

    statuses = await asyncio.gather(*(signs_in(client, host.email, "wrong") for _ in range(15)))

    assert {400: 10, 429: 5} == Counter(status for [status] in statuses)
    assert (10, 1) == (server.memory.watch.counts["failure"], server.memory.watch.counts["lock"])


async def test_an_address_without_an_account_is_locked_in_the_same_words(server: Server) -> None:
    host = await a_host_with_a_password(server)
    texts: list[list[tuple[int, str]]] = []
    for email, address in ((host.email, THIEF), ("nobody@hosts.example", OFFICE)):
        client = server.client(address=address)
        answers = [await client.post("/signin", data={"email": email, "password": each}) for each in (*WRONG, "x")]
        texts.append([(each.status_code, each.text.replace(email, "EMAIL")) for each in answers])

    assert texts[0] == texts[1]


async def test_strangers_who_ask_for_reset_mails_leave_the_owner_theirs(server: Server) -> None:
    host = await a_host_with_a_password(server)
    for _ in range(5):
        await server.client(address=THIEF).post("/forgot", data={"email": host.email})
    await server.memory.work_off()
    before = len(server.memory.mailer.notices)

    await server.client(address=HOME).post("/forgot", data={"email": host.email})
    await server.memory.work_off()

    assert (3, 4) == (before, len(server.memory.mailer.notices))


async def test_one_mailbox_gets_ten_reset_mails_an_hour_from_however_many_networks(server: Server) -> None:
    host = await a_host_with_a_password(server)

    for n in range(15):
        answer = await server.client(address=f"198.51.100.{n}").post("/forgot", data={"email": host.email})
        assert "/forgot/sent" == answer.headers["location"]
    await server.memory.work_off()

    assert 10 == len(server.memory.mailer.notices)
