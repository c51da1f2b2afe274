"""A session alone makes no API token, takes no other address and deletes no account; and the host is told of each."""

import pytest

from application.ports.notices import AccountDeletedNotice, ApiTokenMade, EmailChangeAsked
from domain.host import Host
from tests.support.builders import a_host
from tests.support.serving import Server
from tests.support.visiting import PASSWORD, Fields, Visitor, a_signed_in_host

NEW = "new@hosts.example"

ACTS: dict[str, tuple[str, str, Fields, type]] = {
    "token": ("/settings/api-tokens", "/settings/api-tokens", {"name": "Backup", "scopes": "pages:read"}, ApiTokenMade),
    "address": ("/settings/email", "/settings/profile", {"email": NEW}, EmailChangeAsked),
    "deletion": ("/settings/data/delete", "/settings/data", {"handle": "hanne"}, AccountDeletedNotice),
}


async def everything_of(server: Server, host: Host) -> tuple[object, ...]:
    async with server.memory.store.begin() as uow:
        account, tokens = await uow.accounts.get(host.id), await uow.api_tokens.of(host.id)
    await server.memory.work_off()
    told = [type(each.about) for each in server.memory.mailer.notices]
    return account, tokens, told


async def sends(visitor: Visitor, act: str, **more: str) -> Visitor:
    path, page, fields, _ = ACTS[act]
    return await visitor.sends(path, {**fields, **more}, page=page)


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("password", [{}, {"password": ""}, {"password": "wrong"}], ids=["none", "empty", "wrong"])
async def test_nothing_is_changed_without_the_password(server: Server, act: str, password: dict[str, str]) -> None:
    host, visitor = await a_signed_in_host(server, a_host(handle="hanne"))
    before = await everything_of(server, host)

    await sends(visitor, act, **password)

    assert 400 == visitor.status
    assert before == await everything_of(server, host)


@pytest.mark.parametrize("act", ACTS)
async def test_with_the_password_it_is_done_and_told_by_mail_to_the_present_address(server: Server, act: str) -> None:
    host, visitor = await a_signed_in_host(server, a_host(handle="hanne"))

    await sends(visitor, act, password=PASSWORD)
    await server.memory.work_off()

    assert 303 == visitor.status
    told = [type(each.about) for each in server.memory.mailer.notices if each.to.email == host.email]
    assert [ACTS[act][3]] == told


@pytest.mark.parametrize("act", ACTS)
async def test_the_password_cannot_be_guessed_there(server: Server, act: str) -> None:
    _, visitor = await a_signed_in_host(server, a_host(handle="hanne"))

    statuses = [(await sends(visitor, act, password=f"guess {n}")).status for n in range(11)]

    assert [400] * 10 + [429] == statuses
    assert "Try again in" in visitor.text
    assert "900" == visitor.answer.headers["retry-after"]
