"""What a stolen copy of the database gives away: no token of anybody, and no way into a calendar."""

from datetime import timedelta

from application.ports.accounts import AuthorizationRequest, ForMeetings
from application.ports.oauth import Grant
from domain.budgets import SIGN_INS
from tests.support.builders import NOW, a_connection, a_host
from tests.support.dump import dump
from tests.support.postgres import StoreInPostgres
from tests.support.store import keep
from tests.support.stored_connections import put
from tests.support.tokens import an_api_token
from tests.support.ways_in import SECRETS, keep_ways_in


async def test_a_dump_holds_the_accounts_and_none_of_their_secrets(postgres_store: StoreInPostgres) -> None:
    store, host = postgres_store, a_host(name="Hanne in plain")
    await keep(store, host)
    in_an_hour = NOW + timedelta(hours=1)
    await put(
        store,
        a_connection(host),
        Grant("the-access-token", "the-refresh-token", in_an_hour, frozenset({"meeting:write:meeting"})),
    )
    await store.authorizations.remember(
        AuthorizationRequest(
            state="the-state",
            purpose=ForMeetings("zoom"),
            host_id=host.id,
            session="the-browser-session",
            code_verifier="the-code-verifier",
            expires_at=in_an_hour,
        )
    )
    await keep_ways_in(store.begin, host)
    session = await store.sessions.open(host.id, in_an_hour)
    api_token = await an_api_token(store.begin, host.id, NOW, name="CI")
    await store.rate_limiter.count([SIGN_INS.of("192.0.2.7")], NOW)

    dumped = await dump(store)

    assert "Hanne in plain" in dumped
    assert "anna@example.com" in dumped
    for secret in (
        *("the-access-token", "the-refresh-token", "the-state", "the-browser-session", "the-code-verifier"),
        *(session, api_token, "192.0.2.7"),
        *SECRETS,
    ):
        assert secret not in dumped
        assert secret.encode().hex() not in dumped
