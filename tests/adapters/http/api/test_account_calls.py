"""The calls for what is otherwise on the settings' pages: sessions, password, passkeys, data, support."""

from base64 import b64encode
from datetime import timedelta
from typing import Any

import httpx
import pytest

from domain.host import Host
from domain.ids import PasskeyId
from domain.passkey import Passkey
from tests.support.builders import NOW, a_host, a_page, phone_by_guest
from tests.support.serving import API, Server, a_request, an_open_page, fields, problem

PASSWORD, ANOTHER = "correct horse", "battery staple and more"


@pytest.fixture
async def host(server: Server) -> Host:
    return await server.memory.host(a_host(handle="hanne"), password=PASSWORD)


@pytest.fixture
async def client(server: Server, host: Host) -> httpx.AsyncClient:
    return await server.host_client(host)


async def ends(server: Server, token: str) -> bool:
    return await server.memory.app.identify_session(token) is None


async def test_sessions_are_listed_and_ended_one_by_one_or_all_at_once(
    server: Server, host: Host, client: httpx.AsyncClient
) -> None:
    one, other, another = [(await server.memory.app.sign_in(host.email, PASSWORD)).session for _ in range(3)]
    listed = (await client.get(f"{API}/sessions")).json()
    found = await server.memory.app.identify_session(one)
    assert found

    assert 3 == len(listed)
    assert {"id", "opened_at", "last_active_at", "origin"} == listed[0].keys()
    assert 204 == (await client.delete(f"{API}/sessions/{found.id}")).status_code
    assert [True, False] == [await ends(server, each) for each in (one, other)]
    assert 204 == (await client.delete(f"{API}/sessions")).status_code
    assert await ends(server, another)


async def test_another_hosts_session_goes_on(server: Server, client: httpx.AsyncClient) -> None:
    other = await server.memory.host(password=PASSWORD)
    token = (await server.memory.app.sign_in(other.email, PASSWORD)).session
    found = await server.memory.app.identify_session(token)
    assert found

    assert 204 == (await client.delete(f"{API}/sessions/{found.id}")).status_code

    assert not await ends(server, token)


async def test_the_password_is_changed_by_who_knows_it_and_browsers_are_signed_out(
    server: Server, host: Host, client: httpx.AsyncClient
) -> None:
    session = (await server.memory.app.sign_in(host.email, PASSWORD)).session

    wrong = await client.post(f"{API}/me/password", json={"current_password": "guess", "password": ANOTHER})
    short = await client.post(f"{API}/me/password", json={"current_password": PASSWORD, "password": "short"})
    right = await client.post(f"{API}/me/password", json={"current_password": PASSWORD, "password": ANOTHER})

    assert [["current_password"], ["password"]] == [fields(wrong), fields(short)]
    assert (204, True) == (right.status_code, await ends(server, session))
    assert [] == (await client.get(f"{API}/sessions")).json()
    assert (await server.memory.app.sign_in(host.email, ANOTHER)).session


async def test_no_number_of_tokens_and_networks_lets_a_program_guess_the_password(server: Server, host: Host) -> None:
    guess = {"current_password": "guess", "password": ANOTHER}

    answers = [
        await server.client(await server.memory.token_of(host), address=f"203.0.113.{number}").post(
            f"{API}/me/password", json=guess
        )
        for number in range(11)
    ]

    assert ["invalid-input"] * 10 + ["too-many-requests"] == [problem(each) for each in answers]


async def test_an_account_is_deleted_by_who_knows_handle_and_password(client: httpx.AsyncClient) -> None:
    refused = await client.post(f"{API}/me/deletion", json={"handle": "anna", "password": "guess"})
    assert ["handle", "password"] == fields(refused)

    assert 202 == (await client.post(f"{API}/me/deletion", json={"handle": "hanne", "password": PASSWORD})).status_code

    assert "unauthorized" == problem(await client.get(f"{API}/me"))


async def test_all_data_is_taken_along_by_who_may_read_all_of_it(server: Server, host: Host) -> None:
    everything = await (await server.host_client(host)).get(f"{API}/me/export")
    some = server.client(await server.memory.token_of(host, "account:read", "pages:read", "bookings:read"))

    assert (200, host.email) == (everything.status_code, everything.json()["account"]["email"])
    assert "forbidden" == problem(await some.get(f"{API}/me/export"))


async def test_everybody_else_is_locked_out_and_the_program_too(
    server: Server, host: Host, client: httpx.AsyncClient
) -> None:
    session = (await server.memory.app.sign_in(host.email, PASSWORD)).session

    assert 204 == (await client.post(f"{API}/me/lock-others-out")).status_code

    assert await ends(server, session)
    assert "unauthorized" == problem(await client.get(f"{API}/me"))


async def test_the_mail_that_confirms_the_address_is_sent_again(server: Server) -> None:
    host = await server.memory.host(confirmed=False)
    client = await server.host_client(host)

    assert 204 == (await client.post(f"{API}/me/confirmation")).status_code
    await server.memory.work_off()

    assert [host.email] == [each.to.email for each in server.memory.mailer.notices]


async def test_passkeys_are_listed_renamed_and_removed_with_the_password(
    server: Server, host: Host, client: httpx.AsyncClient
) -> None:
    async with server.memory.store.begin() as uow:
        uow.passkeys.add(Passkey(PasskeyId("k1"), host.id, b"credential", b"key", 0, "Phone", NOW))
    path = f"{API}/passkeys/k1"

    renamed = await client.patch(path, json={"name": "Old phone"})
    assert ["name"] == fields(await client.patch(path, json={"name": ""}))
    assert (204, ["Old phone"]) == (renamed.status_code, await names(client))
    assert ["password"] == fields(await client.post(f"{path}/remove", json={"password": "guess"}))
    assert 204 == (await client.post(f"{path}/remove", json={"password": PASSWORD})).status_code
    assert [] == await names(client)


async def names(client: httpx.AsyncClient) -> list[str]:
    found = (await client.get(f"{API}/passkeys")).json()
    assert all({"id", "name", "added_at", "last_used_at"} == each.keys() for each in found)
    return [each["name"] for each in found]


async def test_what_happened_is_listed_page_by_page_with_words(server: Server, client: httpx.AsyncClient) -> None:
    for minute in range(3):
        for name in ("one", "other"):
            await client.post(f"{API}/tokens", json={"name": f"{name} {minute}", "scopes": ["webhooks"]})
        server.memory.clock.advance(timedelta(minutes=1))

    seen: list[Any] = []
    cursor: str | None = None
    for _ in range(3):
        asked = {"limit": "3"} if cursor is None else {"limit": "3", "cursor": cursor}
        page = (await client.get(f"{API}/security-events", params=asked)).json()
        seen += page["items"]
        cursor = page["next"]
        if cursor is None:
            break

    assert None is cursor
    assert [f"API token “{name} {minute}” created" for minute in (2, 1, 0) for name in ("other", "one")] == [
        each["message"] for each in seen
    ]
    assert {"token-made"} == {each["what"] for each in seen}
    assert {"203.0.113.7"} == {each["origin"]["network"] for each in seen}
    for wrong in ("x", "~1", "2026-03-02T08:00:00~1", "2026-03-02T08:00:00Z~-1", "9999-12-31T23:59:59-23:59~1"):
        assert ["cursor"] == fields(await client.get(f"{API}/security-events", params={"cursor": wrong}))


async def test_anybody_writes_to_support_reads_the_answer_and_goes_on(server: Server) -> None:
    client = server.client()
    asked = {"email": "ana@guests.example", "message": "Help", "screenshot": b64encode(b"\x89PNG").decode()}

    begun = await client.post(f"{API}/public/support", json=asked)
    path = f"{API}/public/support/{begun.json()['token']}"
    more = await client.post(f"{path}/messages", json={"message": "Please"})

    assert [201, 201] == [begun.status_code, more.status_code]
    assert [("Help", True), ("Please", False)] == [
        (each["text"], each["has_screenshot"]) for each in (await client.get(path)).json()["messages"]
    ]
    assert ["email", "message"] == fields(
        await client.post(f"{API}/public/support", json={**asked, "email": "", "message": ""})
    )
    assert ["screenshot"] == fields(await client.post(f"{path}/messages", json={"message": "Hm", "screenshot": "?"}))
    assert "not-found" == problem(await client.get(f"{API}/public/support/gone"))


async def test_a_guest_gets_their_mail_again(server: Server) -> None:
    host = a_host()
    page = a_page(host, meeting_types=(phone_by_guest,))
    _, path = await an_open_page(server, page, host)
    client = server.client()
    booking = (await client.post(f"{path}/bookings", json=a_request(meeting_type="phone"))).json()
    await server.memory.work_off()
    token = booking["manage_url"].rpartition("/")[2]
    before = len(server.memory.mailer.mails_to("guest"))
    server.memory.clock.advance(timedelta(hours=1))

    again = await client.post(f"{API}/public/bookings/{token}/resend")
    await server.memory.work_off()

    assert (200, booking["id"]) == (again.status_code, again.json()["id"])
    assert before + 1 == len(server.memory.mailer.mails_to("guest"))
    assert "too-many-requests" == problem(await client.post(f"{API}/public/bookings/{token}/resend"))
