"""What an account tells those who don't own it, and what a link in a mail is good for."""

import asyncio
import re
from collections import Counter
from statistics import median
from time import process_time

import httpx
import pytest

from adapters.memory.account_storage import MemoryAccounts
from adapters.vault.passwords import Argon2Passwords
from application.ports.account_storage import MailToken
from application.ports.notices import About, AlreadySignedUp, ConfirmSignUp
from domain.budgets import ACCOUNT_MAILS_OF_DEVICE, ACCOUNT_MAILS_TO_MAILBOX, KNOWN_ADDRESSES, SIGN_UPS, Budget
from tests.support.builders import NOW, a_host
from tests.support.serving import Server
from tests.support.visiting import PASSWORD, Fields, Visitor, a_signed_in_host

KNOWN, UNKNOWN = "known@hosts.example", "nobody@hosts.example"


def shape(answer: httpx.Response) -> tuple[object, ...]:
    """All of an answer but what differs with each request, and the address that was typed."""
    body = re.sub(r'value="[0-9a-f]{64,}"', "", answer.text)
    for email in (KNOWN, UNKNOWN):
        body = body.replace(email, "")
    headers = {name: value for name, value in answer.headers.items() if name not in {"set-cookie", "content-length"}}
    return answer.status_code, headers, [*answer.headers.get_list("set-cookie")] == [], body


async def a_known_host(server: Server) -> None:
    await server.memory.host(a_host(email=KNOWN), password=PASSWORD)


async def test_asking_for_a_new_password_answers_the_same_for_every_address(server: Server) -> None:
    await a_known_host(server)

    answers = [(await Visitor(server).sends("/forgot", {"email": email})) for email in (KNOWN, UNKNOWN)]
    pages = [(await each.follows()).answer for each in answers]

    assert shape(answers[0].answer) == shape(answers[1].answer)
    assert shape(pages[0]) == shape(pages[1])


async def test_asking_for_a_new_password_does_the_same_work_for_every_address(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    await a_known_host(server)

    async def unwanted(*_: object) -> None:
        pytest.fail("an account was looked for while somebody waited")

    visitors = [Visitor(server) for _ in range(2)]
    for each in visitors:
        await each.opens("/forgot")
    monkeypatch.setattr(MemoryAccounts, "find", unwanted)

    assert [303, 303] == [
        (await each.sends("/forgot", {"email": email})).status
        for each, email in zip(visitors, (KNOWN, UNKNOWN), strict=True)
    ]


async def test_strangers_who_ask_for_reset_links_leave_a_known_browser_some_of_its_own(server: Server) -> None:
    host = await server.memory.host(a_host(email=KNOWN), password=PASSWORD)
    _, another = await a_signed_in_host(server)
    known = (await Visitor(server).signs_in(host)).client
    strangers = [server.client(address=f"198.51.100.{n}") for n in range(4) for _ in range(3)]

    async def mailed_to(*clients: httpx.AsyncClient) -> int:
        """How many links come of it; all are answered the same."""
        before = len(server.memory.mailer.notices)
        for client in clients:
            answer = await client.post("/forgot", data={"email": KNOWN})
            assert (303, "/forgot/sent") == (answer.status_code, answer.headers["location"])
        await server.memory.work_off()
        return len(server.memory.mailer.notices) - before

    assert ACCOUNT_MAILS_TO_MAILBOX.most == await mailed_to(*strangers)
    assert 0 == await mailed_to(server.client(), another.client)
    assert ACCOUNT_MAILS_OF_DEVICE.most == await mailed_to(*[known] * 4)


@pytest.mark.parametrize("tries", [1, 11])
async def test_signing_in_answers_the_same_for_every_address(server: Server, tries: int) -> None:
    await a_known_host(server)
    visitors = Visitor(server), Visitor(server)

    for _ in range(tries):
        for visitor, email in zip(visitors, (KNOWN, UNKNOWN), strict=True):
            await visitor.sends("/signin", {"email": email, "password": "wrong"})

    assert shape(visitors[0].answer) == shape(visitors[1].answer)


async def test_a_password_is_compared_for_as_long_where_there_is_no_account() -> None:
    passwords = Argon2Passwords()
    password_hash = await passwords.hash(PASSWORD)

    async def takes(known: str | None) -> float:
        # Of the processor: what else the machine does is no part of it.
        began = process_time()
        await passwords.matches("wrong", known)
        return process_time() - began

    times = [(await takes(password_hash), await takes(None)) for _ in range(3)]

    with_account, without = map(median, zip(*times, strict=True))
    assert 0.5 < with_account / without < 2


SIGN_UP: Fields = {"name": "Ana", "password": PASSWORD, "timezone": "UTC"}


async def test_signing_up_with_a_known_address_says_no_word_of_an_account(server: Server) -> None:
    await a_known_host(server)

    visitor = await Visitor(server).sends("/signup", {**SIGN_UP, "email": KNOWN, "handle": "ana"})
    page = await visitor.follows()

    assert "account" not in page.text.replace("Create an account", "")
    assert KNOWN not in page.html
    assert "timetuna_session" not in visitor.client.cookies


async def test_what_is_wrong_with_a_sign_up_never_tells_that_the_address_is_known(server: Server) -> None:
    await a_known_host(server)

    answers = [
        (await Visitor(server).sends("/signup", {**SIGN_UP, "email": email, "handle": ""})).answer
        for email in (KNOWN, UNKNOWN)
    ]

    assert shape(answers[0]) == shape(answers[1])


async def test_after_five_known_addresses_an_hour_nobody_signs_up_from_there(server: Server) -> None:
    for n in range(6):
        await server.memory.host(a_host(email=f"known{n}@hosts.example"))

    tried = [
        (
            await Visitor(server).sends("/signup", {**SIGN_UP, "email": f"{who}@hosts.example", "handle": f"ana-{who}"})
        ).status
        for who in ("fresh", "known0", "known1", "known2", "known3", "known4", "known5", "another-fresh")
    ]

    assert [303] * 6 + [429] * 2 == tried


@pytest.mark.parametrize(
    ("is_known", "budget", "told"),
    [(False, SIGN_UPS, ConfirmSignUp), (True, KNOWN_ADDRESSES, AlreadySignedUp)],
)
async def test_of_sign_ups_at_once_those_that_are_refused_make_no_account_and_mail_nobody(
    server: Server, is_known: bool, budget: Budget, told: type[About]
) -> None:
    if is_known:
        for n in range(25):
            await server.memory.host(a_host(email=f"ana-{n}@hosts.example"))

    async def signs_up(n: int) -> int:
        form = {**SIGN_UP, "email": f"ana-{n}@hosts.example", "handle": f"ana-{n}"}
        return (await server.client().post("/signup", data=form)).status_code

    tried = Counter(await asyncio.gather(*map(signs_up, range(25))))
    await server.memory.work_off()

    assert {303: budget.most, 429: 25 - budget.most} == tried
    assert [told] * budget.most == [type(each.about) for each in server.memory.mailer.notices]


async def test_a_link_in_a_mail_is_followed_by_scanners_without_consequence(server: Server) -> None:
    host = await server.memory.host(password=PASSWORD)
    for purpose in ("reset", "confirm"):
        async with server.memory.store.begin() as uow:
            uow.mail_tokens.remember(purpose, MailToken(host.id, purpose, host.email, NOW.replace(year=2027)))
    scanner = server.client()

    for path in ("/reset/reset", "/confirm-email/confirm"):
        for _ in range(2):
            assert 200 == (await scanner.get(path)).status_code

    assert 303 == (await Visitor(server).sends("/confirm-email/confirm")).status
    assert 303 == (await Visitor(server).sends("/reset/reset", {"password": "battery staple"})).status
    for path in ("/reset/reset", "/confirm-email/confirm"):
        gone = await Visitor(server).opens(path)
        assert 404 == gone.status
        assert "no longer good" in gone.text


@pytest.mark.parametrize("path", ["/reset/", "/confirm-email/"])
async def test_the_address_of_a_link_reaches_no_other_site_and_no_cache(server: Server, path: str) -> None:
    answer = await server.client().get(f"{path}made-up")

    assert "strict-origin" == answer.headers["referrer-policy"]
    assert "no-store" == answer.headers["cache-control"]


@pytest.mark.parametrize("path", ["/reset/", "/confirm-email/"])
@pytest.mark.parametrize("token", ["made-up", "%00", "%F0%9F%90%9F", "..%2F..a", "a" * 3000])
async def test_a_made_up_link_opens_nothing(server: Server, path: str, token: str) -> None:
    assert 404 == (await server.client().get(f"{path}{token}")).status_code


async def test_a_reset_signs_nobody_in(server: Server) -> None:
    host = await server.memory.host(password=PASSWORD)
    async with server.memory.store.begin() as uow:
        uow.mail_tokens.remember("link", MailToken(host.id, "reset", host.email, NOW.replace(year=2027)))

    visitor = await Visitor(server).sends("/reset/link", {"password": "battery staple"})

    assert "/signin?done=reset" == visitor.location
    assert "timetuna_session" not in visitor.client.cookies


async def test_a_link_for_one_host_changes_nothing_for_another_who_is_signed_in(server: Server) -> None:
    owner = await server.memory.host(a_host(email=KNOWN), password=PASSWORD)
    async with server.memory.store.begin() as uow:
        uow.mail_tokens.remember("link", MailToken(owner.id, "confirm", "moved@hosts.example", NOW.replace(year=2027)))
    host, visitor = await a_signed_in_host(server)

    await visitor.sends("/confirm-email/link")

    assert 404 == visitor.status
    async with server.memory.store.begin() as uow:
        emails = [found.email for each in (owner, host) if (found := await uow.hosts.get(each.id))]
    assert [KNOWN, host.email] == emails


async def test_a_session_from_before_a_sign_up_is_not_the_new_hosts(server: Server) -> None:
    visitor = Visitor(server)
    visitor.client.cookies.set("timetuna_session", "planted", domain="timetuna.example", path="/")

    await visitor.sends("/signup", {**SIGN_UP, "email": UNKNOWN, "handle": "ana"})

    thief = Visitor(server)
    thief.client.cookies.set("timetuna_session", "planted", domain="timetuna.example", path="/")
    assert thief.client.cookies != visitor.client.cookies
    assert "/signin?next=%2Fdashboard" == (await thief.opens("/dashboard")).location


@pytest.mark.parametrize(
    "path",
    [
        "/forgot", "/reset/link", "/confirm-email/link", "/settings/email", "/settings/email/confirmation",
        "/settings/password", "/settings/sign-out-everywhere", "/settings/api-tokens",
        "/settings/api-tokens/1/revoke", "/settings/data/delete",
    ],
)  # fmt: skip
async def test_no_form_of_another_site_is_taken(server: Server, path: str) -> None:
    _, visitor = await a_signed_in_host(server)
    headers = {"Origin": "https://elsewhere.example"}

    assert 403 == (await visitor.client.post(path, data={"password": PASSWORD}, headers=headers)).status_code
