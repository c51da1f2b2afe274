"""The form of a new API token."""

from datetime import timedelta

from tests.support.builders import a_host
from tests.support.serving import API, Server
from tests.support.visiting import PASSWORD, Fields, Visitor, a_signed_in_host

PATH = "/settings/api-tokens"


async def a_host_in_berlin(server: Server) -> Visitor:
    _, visitor = await a_signed_in_host(server, a_host(timezone="Europe/Berlin"))
    return visitor


async def made(visitor: Visitor, **fields: str | list[str]) -> Visitor:
    form: Fields = {"name": "Backup", "scopes": "pages:read", "expires": "never", "password": PASSWORD}
    return await visitor.sends(PATH, {**form, **fields})


async def test_a_token_has_the_scopes_that_were_ticked(server: Server) -> None:
    visitor = await a_host_in_berlin(server)

    await (await made(visitor, scopes=["pages:write", "bookings:read", "nonsense"])).follows()

    [secret] = [each for each in visitor.html.split("<code>") if "</code> <button" in each]
    client = server.client(secret.partition("<")[0])
    assert 201 == (await client.post(f"{API}/booking-pages", json={"slug": "a", "title": "A"})).status_code
    assert 403 == (await client.get(f"{API}/me")).status_code
    assert "pages:write bookings:read Created on" in visitor.text


async def test_a_token_ends_after_the_chosen_days_after_the_chosen_day_or_never(server: Server) -> None:
    visitor = await a_host_in_berlin(server)

    await made(visitor, expires="30")
    await made(visitor, expires="date", expires_at="2026-03-20")
    await (await made(visitor, expires="never")).follows()

    for words in ("expires on Wednesday, 1 April 2026, 10:00", "expires on Saturday, 21 March 2026, 00:00"):
        assert words in visitor.text
    assert 1 == visitor.text.count("never expires")


async def test_a_day_that_is_none_or_over_is_refused_and_what_was_typed_stays(server: Server) -> None:
    visitor = await a_host_in_berlin(server)

    for day in ("", "soon", "9999-12-31", "2026-03-01"):
        await made(visitor, expires="date", expires_at=day)
        assert 400 == visitor.status
        assert 'href="#expires_at"' in visitor.html
        assert day == visitor.value("expires_at")
        assert "Backup" == visitor.value("name")


async def test_a_missing_day_hides_nothing_else_that_is_wrong(server: Server) -> None:
    visitor = await a_host_in_berlin(server)

    await made(visitor, name="", scopes=[], expires="date", password="wrong")

    assert all(f'href="#{each}"' in visitor.html for each in ("name", "scopes", "expires_at", "password"))


async def test_without_a_scope_no_token_is_made(server: Server) -> None:
    visitor = await a_host_in_berlin(server)

    await made(visitor, scopes=[])

    assert 400 == visitor.status
    assert 'href="#scopes"' in visitor.html
    assert "No tokens yet." in visitor.text


async def test_an_expired_token_is_shown_as_such(server: Server) -> None:
    visitor = await a_host_in_berlin(server)
    await made(visitor, expires="date", expires_at="2026-03-02")

    server.memory.clock.advance(timedelta(days=1))
    await visitor.opens(PATH)

    assert "Expired" in visitor.text
