"""Sessions, API tokens, trips to a provider and limits: what every store promises about them."""

import asyncio
from datetime import datetime, timedelta

from application.ports.accounts import (
    AuthorizationPurpose,
    AuthorizationRequest,
    ForCalendars,
    ForMeetings,
    InvalidState,
)
from domain.api_token import ApiToken
from domain.host import Host
from domain.ids import ApiTokenId, CalendarConnectionId, SessionId
from domain.origin import Origin
from domain.session import LASTS, LASTS_UNUSED
from tests.support.builders import NOW, a_host
from tests.support.store import Store, host_of_session, keep
from tests.support.tokens import an_api_token, host_of

TEN_MINUTES = timedelta(minutes=10)
A_SECOND = timedelta(seconds=1)
FOR_ZOOM = ForMeetings("zoom")


async def test_a_session_belongs_to_its_host_until_it_ends(store: Store, host: Host) -> None:
    token, ends_at = await store.sessions.open(host.id, NOW), NOW + LASTS
    for days in range(13, LASTS.days, 13):
        assert host.id == await host_of_session(store, token, NOW + timedelta(days=days))

    assert host.id == await host_of_session(store, token, ends_at - A_SECOND)
    assert await host_of_session(store, token, ends_at) is None
    assert await host_of_session(store, token, ends_at + A_SECOND) is None


async def test_a_session_ends_early_where_nobody_uses_it(store: Store, host: Host) -> None:
    token, other = [await store.sessions.open(host.id, NOW) for _ in range(2)]

    assert host.id == await host_of_session(store, token, NOW + LASTS_UNUSED - A_SECOND)
    assert await host_of_session(store, other, NOW + LASTS_UNUSED) is None
    assert [NOW + LASTS_UNUSED - A_SECOND] == [
        each.last_active_at for each in await store.sessions.of(host.id, NOW + LASTS_UNUSED)
    ]


async def test_a_session_brings_its_host_and_a_name_that_opens_nothing(store: Store, host: Host) -> None:
    token = await store.sessions.open(host.id, NOW)

    found = await store.sessions.find(token, NOW)

    assert found is not None
    assert host == found.host
    assert token not in found.id
    assert await store.sessions.find(found.id, NOW) is None
    assert [found.id] == [each.id for each in await store.sessions.of(host.id, NOW)]


async def test_that_a_session_is_used_and_from_where_is_noted_every_five_minutes(store: Store, host: Host) -> None:
    home, away = Origin("203.0.113.7", "Firefox", "Windows"), Origin("198.51.100.7", "Safari", "iPhone")
    token = await store.sessions.open(host.id, NOW, home)

    seen: list[tuple[datetime, Origin | None]] = []
    for minutes, origin in ((4, away), (5, away), (9, home), (10, home)):
        await store.sessions.find(token, NOW + timedelta(minutes=minutes), origin)
        [session] = await store.sessions.of(host.id, NOW)
        assert NOW == session.opened_at
        seen.append((session.last_active_at, session.origin))

    later, last = NOW + timedelta(minutes=5), NOW + timedelta(minutes=10)
    assert [(NOW, home), (later, away), (later, away), (last, home)] == seen


async def test_a_hosts_open_sessions_are_listed_the_last_active_first(store: Store, host: Host) -> None:
    somebody_else = a_host()
    await keep(store, somebody_else)
    for each, opened_at in ((host, NOW), (host, NOW + A_SECOND), (somebody_else, NOW), (host, NOW - LASTS_UNUSED)):
        await store.sessions.open(each.id, opened_at)

    listed = await store.sessions.of(host.id, NOW + A_SECOND)

    assert [NOW + A_SECOND, NOW] == [each.last_active_at for each in listed]
    assert {None} == {each.origin for each in listed}


async def test_a_session_is_ended_alone_and_by_its_host(store: Store, host: Host) -> None:
    somebody_else = a_host()
    await keep(store, somebody_else)
    gone, kept = [await store.sessions.open(host.id, NOW) for _ in range(2)]
    session = await store.sessions.find(gone, NOW)
    assert session is not None

    async def ends(by: Host, session_id: SessionId) -> bool:
        async with store.begin() as uow:
            return await uow.accounts.end_session(by.id, session_id)

    assert [False, False, True, False] == [
        await ends(somebody_else, session.id),
        await ends(host, SessionId("\0")),
        await ends(host, session.id),
        await ends(host, session.id),
    ]
    assert [None, host.id] == [await host_of_session(store, each, NOW) for each in (gone, kept)]


async def test_a_session_is_there_until_it_is_ended(store: Store, host: Host) -> None:
    somebody_else = a_host()
    await keep(store, somebody_else)
    session = await store.sessions.find(await store.sessions.open(host.id, NOW), NOW)
    assert session is not None

    async def has(by: Host) -> bool:
        async with store.begin() as uow:
            return await uow.accounts.has_session(by.id, session.id)

    assert [True, False] == [await has(host), await has(somebody_else)]

    async with store.begin() as uow:
        uow.accounts.end_sessions(host.id)

    assert not await has(host)


async def test_all_sessions_but_one_are_ended(store: Store, host: Host) -> None:
    mine, other = [await store.sessions.open(host.id, NOW) for _ in range(2)]
    session = await store.sessions.find(mine, NOW)
    assert session is not None

    async with store.begin() as uow:
        uow.accounts.end_sessions(host.id, but=session.id)

    assert [host.id, None] == [await host_of_session(store, each, NOW) for each in (mine, other)]


async def test_a_session_knows_when_a_passkey_proved_for_it_who_it_is(store: Store, host: Host) -> None:
    somebody_else = a_host()
    await keep(store, somebody_else)
    by_passkey = await store.sessions.open(host.id, NOW, confirmed=True)
    by_password = await store.sessions.open(host.id, NOW)
    later = NOW + A_SECOND

    async def confirmed_at(token: str) -> datetime | None:
        session = await store.sessions.find(token, NOW)
        assert session
        return session.confirmed_at

    assert (NOW, None) == (await confirmed_at(by_passkey), await confirmed_at(by_password))
    session = await store.sessions.find(by_password, NOW)
    assert session
    async with store.begin() as uow:
        uow.accounts.confirm_session(somebody_else.id, session.id, later)
    assert await confirmed_at(by_password) is None
    async with store.begin() as uow:
        uow.accounts.confirm_session(host.id, session.id, later)
    assert (NOW, later) == (await confirmed_at(by_passkey), await confirmed_at(by_password))


async def test_an_unknown_token_opens_no_session(store: Store) -> None:
    assert await host_of_session(store, "made up", NOW) is None
    assert await host_of_session(store, "", NOW) is None
    assert await host_of_session(store, "🍪", NOW) is None


async def test_each_session_has_a_token_of_its_own_and_is_closed_alone(store: Store, host: Host) -> None:
    somebody_else = a_host()
    await keep(store, somebody_else)
    until = NOW + TEN_MINUTES
    mine, mine_too = await store.sessions.open(host.id, until), await store.sessions.open(host.id, until)
    theirs = await store.sessions.open(somebody_else.id, until)

    await store.sessions.close(mine)
    await store.sessions.close(mine)
    await store.sessions.close("made up")

    assert [None, host.id, somebody_else.id] == [
        await host_of_session(store, token, NOW) for token in (mine, mine_too, theirs)
    ]


async def test_tokens_are_long_and_safe_in_a_url(store: Store, host: Host) -> None:
    session = await store.sessions.open(host.id, NOW)
    api_token = await an_api_token(store.begin, host.id, NOW, name="CI")

    for token in (session, api_token):
        assert token.replace("-", "").replace("_", "").isalnum()
        assert token.isascii()
        assert 22 <= len(token)


async def test_an_api_token_belongs_to_its_host(store: Store, host: Host) -> None:
    somebody_else = a_host()
    await keep(store, somebody_else)
    mine, mine_too = [await an_api_token(store.begin, host.id, NOW, name="Skript ‘ä’ 🐟") for _ in range(2)]
    theirs = await an_api_token(store.begin, somebody_else.id, NOW, name="CI")

    assert [host.id, host.id, somebody_else.id] == [
        await host_of(store.bearer_tokens, token, NOW) for token in (mine, mine_too, theirs)
    ]
    assert mine != mine_too


async def test_an_unknown_api_token_is_nobodys(store: Store, host: Host) -> None:
    session = await store.sessions.open(host.id, NOW + TEN_MINUTES)

    assert await store.bearer_tokens.find("made up", NOW) is None
    assert await store.bearer_tokens.find(session, NOW) is None


async def test_an_api_token_is_found_as_it_was_made(store: Store, host: Host) -> None:
    token = ApiToken(ApiTokenId("t1"), host.id, "CI", ("pages:write", "bookings:read"), NOW, NOW + TEN_MINUTES)
    async with store.begin() as uow:
        uow.api_tokens.add(token, "secret")

    assert token == await store.bearer_tokens.find("secret", NOW)


async def test_api_tokens_are_listed_the_newest_first_with_when_they_were_last_used(store: Store, host: Host) -> None:
    later, last = NOW + timedelta(minutes=1), NOW + timedelta(hours=5)
    first = await an_api_token(store.begin, host.id, NOW, name="CI")
    await an_api_token(store.begin, host.id, later, name="Skript ‘ä’ 🐟")

    for at in (later, last, last + timedelta(minutes=59)):
        await store.bearer_tokens.find(first, at)

    newest, oldest = await tokens_of(store, host)
    assert ("Skript ‘ä’ 🐟", later, None) == (newest.name, newest.created_at, newest.last_used_at)
    assert ("CI", NOW, last) == (oldest.name, oldest.created_at, oldest.last_used_at)


async def test_an_expired_api_token_is_found_and_does_not_count_as_used(store: Store, host: Host) -> None:
    secret = await an_api_token(store.begin, host.id, NOW, expires_at=NOW + TEN_MINUTES)

    found = await store.bearer_tokens.find(secret, NOW + TEN_MINUTES)

    assert found is not None
    assert found.has_expired(NOW + TEN_MINUTES)
    assert [None] == [each.last_used_at for each in await tokens_of(store, host)]


async def test_an_api_token_is_removed_alone_and_for_its_host(store: Store, host: Host) -> None:
    somebody_else = a_host()
    await keep(store, somebody_else)
    gone, kept = [await an_api_token(store.begin, host.id, NOW) for _ in range(2)]
    found = await store.bearer_tokens.find(gone, NOW)
    assert found is not None

    async with store.begin() as uow:
        uow.api_tokens.remove(somebody_else.id, found.id)
    assert host.id == await host_of(store.bearer_tokens, gone, NOW)
    async with store.begin() as uow:
        uow.api_tokens.remove(host.id, found.id)

    assert [None, host.id] == [await host_of(store.bearer_tokens, each, NOW) for each in (gone, kept)]


async def tokens_of(store: Store, host: Host) -> tuple[ApiToken, ...]:
    async with store.begin() as uow:
        return await uow.api_tokens.of(host.id)


def a_request(
    host: Host, *, state: str = "state", session: str = "session", purpose: AuthorizationPurpose = FOR_ZOOM
) -> AuthorizationRequest:
    return AuthorizationRequest(
        state=state,
        purpose=purpose,
        host_id=host.id,
        session=session,
        code_verifier="verifier-of-" + state,
        expires_at=NOW + TEN_MINUTES,
    )


async def test_a_request_says_which_calendars_it_is_to_reconnect(store: Store, host: Host) -> None:
    request = a_request(host, purpose=ForCalendars("microsoft", CalendarConnectionId("k1")))
    await store.authorizations.remember(request)

    assert request == await store.authorizations.take(request.state, request.session)


async def test_a_request_is_taken_once(store: Store, host: Host) -> None:
    request = a_request(host)
    await store.authorizations.remember(request)

    first = await store.authorizations.take("state", "session")
    second = await store.authorizations.take("state", "session")

    assert (request, InvalidState.USED) == (first, second)


async def test_of_ten_callbacks_at_once_one_gets_the_request(store: Store, host: Host) -> None:
    request = a_request(host)
    await store.authorizations.remember(request)

    taken = await asyncio.gather(*(store.authorizations.take("state", "session") for _ in range(10)))

    assert (1, 9) == (taken.count(request), taken.count(InvalidState.USED))


async def test_a_request_belongs_to_the_session_that_it_began_in(store: Store, host: Host) -> None:
    request = a_request(host)
    await store.authorizations.remember(request)

    assert InvalidState.ELSEWHERE == await store.authorizations.take("state", "another session")
    assert request == await store.authorizations.take("state", "session")


async def test_an_unknown_trip_is_none(store: Store, host: Host) -> None:
    await store.authorizations.remember(a_request(host))

    assert InvalidState.UNKNOWN == await store.authorizations.take("another state", "session")


async def test_a_session_can_have_several_trips_under_way(store: Store, host: Host) -> None:
    one, other = a_request(host, state="one"), a_request(host, state="other")
    await store.authorizations.remember(one)
    await store.authorizations.remember(other)

    assert other == await store.authorizations.take("other", "session")
    assert one == await store.authorizations.take("one", "session")
