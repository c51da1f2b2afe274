"""Tokens that tokens make, how many there may be, and that hosts hear of them."""

from datetime import timedelta

import pytest

from application.accounts.api_tokens import NewApiToken
from application.actor import HostActor
from application.ports.notices import ApiTokenExpires, ApiTokenMade
from domain.api_token import MOST_TOKENS, GrantedScope
from domain.errors import Forbidden, InvalidInput, TooManyRequests, Unauthorized
from domain.faults import Fault, NoRoom, OutlivesToken, Required, TimeOver, TooLong
from domain.host import Host
from tests.support.memory_app import MemoryApp

A_DAY, A_SECOND = timedelta(days=1), timedelta(seconds=1)
PASSWORD = "correct horse"


async def a_program(
    memory: MemoryApp, *scopes: GrantedScope, host: Host | None = None, lasts: timedelta | None = None
) -> HostActor:
    """Somebody with a token of a host."""
    expires_at = None if lasts is None else memory.clock() + lasts
    secret = await memory.token_of(host or await memory.host(), *scopes, expires_at=expires_at)
    return await memory.app.identify_token(secret)


async def test_a_token_lets_a_program_do_what_its_scopes_say_and_no_more() -> None:
    memory = MemoryApp()
    host = await memory.host(password=PASSWORD)

    issued = await memory.app.issue_api_token(HostActor(host.id), NewApiToken("CI", ("pages:write",)), PASSWORD)

    program = await memory.app.identify_token(issued.secret)
    assert [] == await memory.app.list_pages(program)
    with pytest.raises(Forbidden):
        await memory.app.show_profile(program)


async def test_an_expired_token_lets_nobody_in_and_says_so() -> None:
    memory = MemoryApp()
    secret = await memory.token_of(await memory.host(), expires_at=memory.clock() + A_DAY)

    memory.clock.advance(A_DAY)

    with pytest.raises(Unauthorized) as refused:
        await memory.app.identify_token(secret)
    assert "token-expired" == refused.value.why


@pytest.mark.parametrize("wished", ["*", "bookings:read", "webhooks"])
async def test_a_token_makes_none_that_may_do_more_than_itself(wished: GrantedScope) -> None:
    memory = MemoryApp()
    program = await a_program(memory, "account:write", "pages:write")

    with pytest.raises(Forbidden) as refused:
        await memory.app.issue_api_token(program, NewApiToken("More", ("pages:read", wished)))

    assert wished == refused.value.scope
    assert 1 == len(await memory.app.list_api_tokens(program))


async def test_a_token_makes_another_without_a_password_and_the_host_hears_of_it() -> None:
    memory = MemoryApp()
    program = await a_program(memory, "account:write", "pages:write")

    issued = await memory.app.issue_api_token(program, NewApiToken("Less", ("pages:read",)))
    await memory.work_off()

    assert ("pages:read",) == issued.token.scopes
    assert [ApiTokenMade()] == [each.about for each in memory.mailer.notices]


async def test_a_token_makes_none_that_outlives_it() -> None:
    memory = MemoryApp()
    program = await a_program(memory, lasts=2 * A_DAY)
    end = memory.clock() + 2 * A_DAY

    async def made(expires_at: timedelta | None) -> object:
        at = None if expires_at is None else end + expires_at
        new = NewApiToken("Another", ("pages:read",), at)
        return (await memory.app.issue_api_token(program, new)).token.expires_at

    assert [end, end, end - A_DAY] == [await made(each) for each in (None, timedelta(0), -A_DAY)]
    with pytest.raises(InvalidInput) as refused:
        await made(A_SECOND)
    assert (Fault("expires_at", OutlivesToken(end)),) == refused.value.faults


async def test_all_that_is_wrong_with_a_new_token_is_said_at_once() -> None:
    memory = MemoryApp()
    host = await memory.host(password=PASSWORD)
    new = NewApiToken("x" * 61, (), memory.clock())

    with pytest.raises(InvalidInput) as refused:
        await memory.app.issue_api_token(HostActor(host.id), new)

    assert {
        Fault("name", TooLong(60, 61)),
        Fault("scopes", Required()),
        Fault("expires_at", TimeOver()),
        Fault("password", Required()),
    } == {*refused.value.faults}


async def test_a_scope_that_is_named_twice_is_kept_once() -> None:
    memory = MemoryApp()
    program = await a_program(memory)

    issued = await memory.app.issue_api_token(program, NewApiToken("CI", ("webhooks", "pages:read", "webhooks")))

    assert ("webhooks", "pages:read") == issued.token.scopes


async def test_a_full_list_takes_no_more_until_one_expires_and_gives_way() -> None:
    memory = MemoryApp()
    host = await memory.host()
    program = await a_program(memory, host=host)
    for _ in range(MOST_TOKENS - 2):
        await memory.token_of(host)
    short = await memory.token_of(host, expires_at=memory.clock() + A_DAY)

    with pytest.raises(InvalidInput) as refused:
        await memory.app.issue_api_token(program, NewApiToken("One more", ("*",)))
    assert (Fault("name", NoRoom("api-tokens", MOST_TOKENS)),) == refused.value.faults
    memory.clock.advance(A_DAY)
    await memory.app.issue_api_token(program, NewApiToken("One more", ("*",)))

    assert MOST_TOKENS == len(await memory.app.list_api_tokens(program))
    with pytest.raises(Unauthorized):
        await memory.app.identify_token(short)


async def test_a_program_that_makes_tokens_without_end_is_stopped() -> None:
    memory = MemoryApp()
    program = await a_program(memory)

    with pytest.raises(TooManyRequests):
        for number in range(61):
            issued = await memory.app.issue_api_token(program, NewApiToken(f"{number}", ("*",)))
            await memory.app.revoke_api_token(program, issued.token.id)


async def test_a_host_hears_a_week_before_a_token_expires_and_not_of_one_that_was_revoked() -> None:
    memory = MemoryApp()
    program = await a_program(memory)
    end = memory.clock() + 30 * A_DAY
    await memory.app.issue_api_token(program, NewApiToken("Backup", ("pages:read",), end))
    revoked = await memory.app.issue_api_token(program, NewApiToken("Gone", ("pages:read",), end))
    await memory.app.revoke_api_token(program, revoked.token.id)

    memory.clock.advance(23 * A_DAY)
    await memory.work_off()

    host = (await memory.app.show_profile(program)).host
    told = [each.about for each in memory.mailer.notices if not isinstance(each.about, ApiTokenMade)]
    assert [ApiTokenExpires("Backup", end, host.timezone)] == told
