"""Whatever happens in whichever order, one refresher at a time spends a refresh token, and what is stored is the truth.

The provider is strict: a refresh token is good once. Users are killed by cancelling them somewhere on their way.
"""

import asyncio
from datetime import timedelta
from typing import Literal

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from application.actor import System
from application.connections.grants import UseGrant
from application.ports.oauth import Grant
from application.ports.provider import NotConnected, ProviderError, TryLater
from domain.connection import NeedsReconnect, ProviderConnection
from domain.host import Host
from domain.provider_problem import TimedOut
from tests.support.memory_app import MemoryApp

AN_HOUR = timedelta(hours=1)


class Round(msgspec.Struct, frozen=True):
    """What happens at once.

    Attributes:
        users: how many want the grant.
        killed_after: how many steps of the event loop the first of them has to live; None lets it be.
        answers: what the next refreshes come to; whatever follows them succeeds.
    """

    expires: bool
    users: int
    killed_after: int | None
    answers: tuple[Literal["busy", "lost"], ...]


rounds = st.lists(
    st.builds(
        Round,
        expires=st.booleans(),
        users=st.integers(1, 4),
        killed_after=st.one_of(st.none(), st.integers(0, 12)),
        answers=st.lists(st.sampled_from(["busy", "lost"]), max_size=2).map(tuple),
    ),
    min_size=1,
    max_size=6,
)


@settings(max_examples=150, deadline=None)
@given(rounds)
def test_the_stored_grant_works_or_the_row_says_that_it_is_lost(happening: list[Round]) -> None:
    asyncio.run(_happens(happening))


async def _happens(happening: list[Round]) -> None:
    memory = MemoryApp()
    zoom, use = memory.providers["zoom"], UseGrant(memory.store.begin, memory.clock)
    host = await memory.host()
    await memory.connect(host)
    expired = lost = killed = busy = 0

    for each in happening:
        if each.expires:
            memory.clock.advance(AN_HOUR)
            expired += 1
        for answer in each.answers:
            zoom.fail("refresh", TryLater(TimedOut("zoom"), left_behind=answer == "lost"))
            lost += answer == "lost"
            busy += answer == "busy"
        users = [asyncio.create_task(use(System(), host.id, zoom)) for _ in range(each.users)]
        if each.killed_after is not None:
            for _ in range(each.killed_after):
                await asyncio.sleep(0)
            killed += users[0].cancel()
        ended = await asyncio.gather(*users, return_exceptions=True)
        assert all(isinstance(one, tuple | ProviderError | asyncio.CancelledError) for one in ended), ended

    # Without anything lost on the way there is one refresh for each time that the token ran out, and for each refusal.
    if not lost and not killed:
        assert zoom.calls["refresh"] <= expired + busy
        assert "connected" == (await _stored(memory, host))[0].status
    zoom.works()
    await _is_the_truth(memory, use, host)


async def _is_the_truth(memory: MemoryApp, use: UseGrant, host: Host) -> None:
    """Once nothing goes wrong any more, the grant is good, or known to be lost."""
    zoom = memory.providers["zoom"]
    try:
        connection, grant = await use(System(), host.id, zoom)
    except NotConnected:
        assert isinstance((await _stored(memory, host))[0].state, NeedsReconnect)
        return
    assert connection.account == await zoom.account(grant)
    assert (connection, grant) == await _stored(memory, host)


async def _stored(memory: MemoryApp, host: Host) -> tuple[ProviderConnection, Grant]:
    async with memory.store.begin() as uow:
        connection, grant = await uow.connections.get(host.id, "zoom"), await uow.connections.grant(host.id, "zoom")
    assert connection is not None
    assert grant is not None
    return connection, grant
