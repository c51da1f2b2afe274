"""Every way back from a provider: what it is called, and that nothing but success changes anything."""

from datetime import timedelta
from typing import Literal

import msgspec
import pytest

from application.actor import HostActor
from application.connections.authorization import GOOD_FOR, Callback, CallbackOutcome
from application.ports.provider import (
    AuthorizationRefused,
    NeedsAdmin,
    NotConnected,
    NotPermitted,
    OurFault,
    PersonalAccount,
    ProviderError,
    TryLater,
)
from domain.connection import NeedsReconnect
from domain.errors import NotFound
from domain.host import Host
from domain.provider_problem import (
    ApprovalRequired,
    CodeRefused,
    DailyLimitReached,
    GrantEnded,
    MeetingsNotAllowed,
    Misconfigured,
    PersonalAccountUnsupported,
    RateLimited,
    TimedOut,
)
from tests.support.builders import NOW, an_account
from tests.support.connecting import comes_back, connection_of, connects, sets_out, state_of
from tests.support.memory_app import MemoryApp

ACCOUNT = an_account("_rvAnna", email="anna@zoom.example")
A_SECOND = timedelta(seconds=1)


@pytest.fixture
def memory() -> MemoryApp:
    return MemoryApp()


async def answers(memory: MemoryApp, host: Host) -> Callback:
    """Go to the provider and say yes there; returns what the redirect carries."""
    url = await sets_out(memory, host)
    return Callback(state_of(url), memory.providers["zoom"].consent(url, ACCOUNT))


async def test_a_yes_connects_and_says_who(memory: MemoryApp) -> None:
    host = await memory.host()

    assert CallbackOutcome.CONNECTED == await comes_back(memory, host, await answers(memory, host))

    connection = await connection_of(memory, host)
    assert connection is not None
    assert (ACCOUNT, "connected", memory.clock()) == (connection.account, connection.status, connection.connected_at)


@pytest.mark.parametrize(
    ("error", "ended"),
    [
        ("access_denied", CallbackOutcome.DECLINED),
        ("<script>", CallbackOutcome.DECLINED),
        ("admin_policy_enforced", CallbackOutcome.NEEDS_ADMIN),
        ("consent_required", CallbackOutcome.NEEDS_ADMIN),
        ("server_error", CallbackOutcome.TRY_LATER),
        ("temporarily_unavailable", CallbackOutcome.TRY_LATER),
        ("invalid_scope", CallbackOutcome.MISCONFIGURED),
        ("unauthorized_client", CallbackOutcome.MISCONFIGURED),
    ],
)
async def test_a_no_connects_nothing_whatever_it_is_called(
    memory: MemoryApp, error: str, ended: CallbackOutcome
) -> None:
    host = await memory.host()
    callback = await answers(memory, host)

    assert ended == await comes_back(memory, host, msgspec.structs.replace(callback, error=error))
    await is_as_before(memory, host)


@pytest.mark.parametrize("code", [None, ""])
async def test_a_return_without_a_code_connects_nothing(memory: MemoryApp, code: str | None) -> None:
    host = await memory.host()
    callback = await answers(memory, host)

    assert CallbackOutcome.NO_CODE == await comes_back(memory, host, msgspec.structs.replace(callback, code=code))
    await is_as_before(memory, host)


@pytest.mark.parametrize(
    ("state", "ended"),
    [
        (None, CallbackOutcome.NO_STATE),
        ("", CallbackOutcome.NO_STATE),
        ("made-up", CallbackOutcome.UNKNOWN_STATE),
        ("\0", CallbackOutcome.UNKNOWN_STATE),
    ],
)
async def test_a_return_without_our_state_connects_nothing(
    memory: MemoryApp, state: str | None, ended: CallbackOutcome
) -> None:
    host = await memory.host()
    callback = await answers(memory, host)

    assert ended == await comes_back(memory, host, msgspec.structs.replace(callback, state=state))
    await is_as_before(memory, host)


async def test_a_return_in_another_browser_connects_nothing_and_leaves_the_way_back_open(memory: MemoryApp) -> None:
    host = await memory.host()
    callback = await answers(memory, host)

    assert CallbackOutcome.ELSEWHERE == await comes_back(memory, host, callback, session="another browser")
    await is_as_before(memory, host)
    assert CallbackOutcome.CONNECTED == await comes_back(memory, host, callback)


async def test_a_return_as_another_host_connects_neither(memory: MemoryApp) -> None:
    host, other = await memory.host(), await memory.host()
    callback = await answers(memory, host)

    assert CallbackOutcome.ELSEWHERE == await comes_back(memory, other, callback)
    await is_as_before(memory, host)
    assert await connection_of(memory, other) is None


async def test_a_return_from_another_provider_connects_nothing(memory: MemoryApp) -> None:
    host = await memory.host()
    callback = await answers(memory, host)

    assert CallbackOutcome.UNKNOWN_STATE == await memory.app.finish_connecting(
        HostActor(host.id), "the host's browser", "google", callback
    )
    assert await connection_of(memory, host, "google") is None


async def test_a_return_is_good_once(memory: MemoryApp) -> None:
    host = await memory.host()
    callback = await answers(memory, host)
    await comes_back(memory, host, callback)
    before = await connection_of(memory, host)

    assert CallbackOutcome.USED_BEFORE == await comes_back(memory, host, callback)
    assert before == await connection_of(memory, host)


@pytest.mark.parametrize(
    ("waited", "ended"),
    [(GOOD_FOR - A_SECOND, CallbackOutcome.CONNECTED), (GOOD_FOR, CallbackOutcome.TOO_LATE)],
    ids=["just", "late"],
)
async def test_ten_minutes_are_enough_and_no_more(memory: MemoryApp, waited: timedelta, ended: CallbackOutcome) -> None:
    host = await memory.host()
    callback = await answers(memory, host)
    memory.clock.advance(waited)

    assert ended == await comes_back(memory, host, callback)


@pytest.mark.parametrize(
    ("error", "ended"),
    [
        (AuthorizationRefused(CodeRefused("zoom")), CallbackOutcome.CODE_REFUSED),
        (TryLater(RateLimited("zoom")), CallbackOutcome.TRY_LATER),
        (TryLater(TimedOut("zoom"), left_behind=True), CallbackOutcome.TRY_LATER),
        (NeedsAdmin(ApprovalRequired("zoom")), CallbackOutcome.NEEDS_ADMIN),
        (PersonalAccount(PersonalAccountUnsupported("zoom")), CallbackOutcome.PERSONAL_ACCOUNT),
        (OurFault(Misconfigured("zoom")), CallbackOutcome.MISCONFIGURED),
    ],
)
async def test_what_goes_wrong_with_the_code_is_told_apart(
    memory: MemoryApp, error: ProviderError, ended: CallbackOutcome
) -> None:
    host = await memory.host()
    memory.providers["zoom"].fail("exchange", error)

    assert ended == await comes_back(memory, host, await answers(memory, host))
    await is_as_before(memory, host)


@pytest.mark.parametrize(
    ("error", "ended"),
    [
        (NotPermitted(MeetingsNotAllowed("zoom")), CallbackOutcome.NOT_PERMITTED),
        (TryLater(RateLimited("zoom")), CallbackOutcome.TRY_LATER),
        (TryLater(DailyLimitReached("zoom", NOW, "account")), CallbackOutcome.DAILY_LIMIT),
        (OurFault(Misconfigured("zoom")), CallbackOutcome.MISCONFIGURED),
        (NotConnected(GrantEnded("zoom")), CallbackOutcome.CODE_REFUSED),
    ],
)
async def test_what_goes_wrong_with_the_account_is_told_apart(
    memory: MemoryApp, error: ProviderError, ended: CallbackOutcome
) -> None:
    host = await memory.host()
    memory.providers["zoom"].fail("account", error)

    assert ended == await comes_back(memory, host, await answers(memory, host))
    await is_as_before(memory, host)


async def test_a_code_for_another_verifier_is_refused(memory: MemoryApp) -> None:
    host = await memory.host()
    callback = await answers(memory, host)
    injected = await answers(memory, await memory.host())

    assert CallbackOutcome.CODE_REFUSED == await comes_back(
        memory, host, msgspec.structs.replace(callback, code=injected.code)
    )
    await is_as_before(memory, host)


async def test_too_few_scopes_connect_nothing(memory: MemoryApp) -> None:
    host = await memory.host()
    url = await sets_out(memory, host)
    code = memory.providers["zoom"].consent(url, ACCOUNT, frozenset({"user:read:user"}))

    assert CallbackOutcome.TOO_FEW_SCOPES == await comes_back(memory, host, Callback(state_of(url), code))
    await is_as_before(memory, host)


@pytest.mark.parametrize("revocation", ["grant", "login", "project"])
async def test_the_app_is_taken_off_an_account_that_granted_too_little(
    memory: MemoryApp, revocation: Literal["grant", "login", "project"]
) -> None:
    host, zoom = await memory.host(), memory.providers["zoom"]
    zoom.capabilities = msgspec.structs.replace(zoom.capabilities, revocation=revocation)

    assert CallbackOutcome.TOO_FEW_SCOPES == await _grants_too_little(memory, host)

    assert [ACCOUNT] == zoom.revoked


async def test_a_provider_that_cannot_be_told_is_not_told_of_a_refused_account(memory: MemoryApp) -> None:
    host, zoom = await memory.host(), memory.providers["zoom"]
    zoom.capabilities = msgspec.structs.replace(zoom.capabilities, revocation=None)

    await _grants_too_little(memory, host)

    assert 0 == zoom.calls["revoke"]


async def test_a_refused_account_stays_on_the_list_where_that_is_all_that_fails(memory: MemoryApp) -> None:
    host = await memory.host()
    memory.providers["zoom"].fail("revoke", TryLater(RateLimited("zoom")))

    assert CallbackOutcome.TOO_FEW_SCOPES == await _grants_too_little(memory, host)
    await is_as_before(memory, host)


@pytest.mark.parametrize("relies", ["the same host", "another host"])
async def test_a_refused_account_keeps_the_app_where_a_connection_relies_on_the_login(
    memory: MemoryApp, relies: str
) -> None:
    first, another = await memory.host(), await memory.host()
    await connects(memory, first, ACCOUNT)

    await _grants_too_little(memory, first if relies == "the same host" else another)

    assert [] == memory.providers["zoom"].revoked
    assert await connection_of(memory, first) is not None


async def test_an_account_that_may_not_schedule_keeps_the_app_while_nobody_can_tell_whose_login_it_is(
    memory: MemoryApp,
) -> None:
    host, zoom = await memory.host(), memory.providers["zoom"]
    zoom.fail("account", NotPermitted(MeetingsNotAllowed("zoom")))

    assert CallbackOutcome.NOT_PERMITTED == await comes_back(memory, host, await answers(memory, host))

    assert 0 == zoom.calls["revoke"]


async def test_an_account_that_may_not_schedule_loses_the_app_where_its_login_is_told(memory: MemoryApp) -> None:
    host, zoom = await memory.host(), memory.providers["zoom"]
    zoom.fail("account", NotPermitted(MeetingsNotAllowed("zoom"), account=ACCOUNT))

    assert CallbackOutcome.NOT_PERMITTED == await comes_back(memory, host, await answers(memory, host))

    assert [ACCOUNT] == zoom.revoked


async def test_a_failed_attempt_leaves_the_connection_that_there_was(memory: MemoryApp) -> None:
    host = await memory.host()
    await connects(memory, host, ACCOUNT)
    before = await connection_of(memory, host)
    memory.providers["zoom"].fail("account", TryLater(RateLimited("zoom")))

    await comes_back(memory, host, await answers(memory, host))

    assert before == await connection_of(memory, host)


async def test_connecting_again_replaces_account_and_tokens_and_clears_the_trouble(memory: MemoryApp) -> None:
    host = await memory.host()
    await memory.connect(host, state=NeedsReconnect(GrantEnded("zoom")))
    memory.clock.advance(A_SECOND)

    await connects(memory, host, ACCOUNT)

    async with memory.store.begin() as uow:
        connection, grant = await uow.connections.get(host.id, "zoom"), await uow.connections.grant(host.id, "zoom")
    assert connection is not None
    assert grant is not None
    assert (ACCOUNT, "connected", memory.clock()) == (connection.account, connection.status, connection.connected_at)
    assert ACCOUNT == await memory.providers["zoom"].account(grant)


async def test_a_provider_that_is_not_set_up_cannot_be_gone_to() -> None:
    memory = MemoryApp(configured=("google",))
    host = await memory.host()

    with pytest.raises(NotFound):
        await sets_out(memory, host)


async def _grants_too_little(memory: MemoryApp, host: Host) -> CallbackOutcome:
    url = await sets_out(memory, host)
    code = memory.providers["zoom"].consent(url, ACCOUNT, frozenset({"user:read:user"}))
    return await comes_back(memory, host, Callback(state_of(url), code))


async def is_as_before(memory: MemoryApp, host: Host) -> None:
    assert await connection_of(memory, host) is None
