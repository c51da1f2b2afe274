"""Who is signed in with a browser."""

from datetime import timedelta

import httpx
import pytest
from litestar import Response, get, post
from litestar.di import NamedDependency

from adapters.http.sessions import browser_cookies, clear_cookie
from adapters.http.settings import HttpSettings
from application.app import App
from domain.host import Host
from domain.session import LASTS
from tests.support.builders import a_host
from tests.support.serving import Server

PASSWORD = "tuna salad"


@get("/probe/visitor")
async def visitor_page(visitor: NamedDependency[Host | None]) -> str:
    return visitor.name if visitor else "nobody"


@get("/probe/host")
async def host_page(host: NamedDependency[Host]) -> str:
    return host.name


@get("/probe/session")
async def session_page(session: NamedDependency[str]) -> str:
    return session


@get("/probe/in")
async def enter(app: NamedDependency[App], settings: NamedDependency[HttpSettings]) -> Response[str]:
    browser = await app.sign_in("hanne@hosts.example", PASSWORD)
    return Response("in", cookies=browser_cookies(browser, settings))


@get("/probe/out")
async def leave(settings: NamedDependency[HttpSettings]) -> Response[str]:
    return Response("out", cookies=[clear_cookie(settings)])


@post("/api/probe")
async def host_form(host: NamedDependency[Host]) -> str:
    return host.name


PROBES = (visitor_page, host_page, session_page, enter, leave, host_form)


async def a_server(public_url: str = "http://timetuna.example") -> Server:
    server = Server(more=PROBES, public_url=public_url)
    await server.memory.host(a_host(name="Hanne", email="hanne@hosts.example"), password=PASSWORD)
    return server


async def signed_in(server: Server) -> httpx.AsyncClient:
    client = server.client()
    await client.get("/probe/in")
    return client


async def test_a_browser_that_signed_in_is_known() -> None:
    client = await signed_in(await a_server())

    assert "Hanne" == (await client.get("/probe/visitor")).text
    assert "Hanne" == (await client.get("/probe/host")).text
    assert client.cookies["timetuna_session"] == (await client.get("/probe/session")).text


@pytest.mark.parametrize("path", ["/probe/host", "/probe/session"])
async def test_anybody_else_is_sent_to_sign_in_and_back(path: str) -> None:
    client = (await a_server()).client()

    answer = await client.get(f"{path}?tab=hours&x=%C3%A9")

    assert 303 == answer.status_code
    assert f"/signin?next={path.replace('/', '%2F')}%3Ftab%3Dhours%26x%3D%25C3%25A9" == answer.headers["location"]


async def test_a_form_that_was_sent_signed_out_leads_to_sign_in_only() -> None:
    answer = await (await a_server()).client().post("/api/probe")

    assert 303 == answer.status_code
    assert "/signin" == answer.headers["location"]


@pytest.mark.parametrize("planted", ["made-up", "", "a" * 4000, "\xff\xfe", "%00"])
async def test_a_planted_cookie_stays_signed_out(planted: str) -> None:
    client = (await a_server()).client()

    answer = await client.get("/probe/visitor", headers=[(b"Cookie", b"timetuna_session=" + planted.encode("latin-1"))])

    assert "nobody" == answer.text


async def test_signing_in_over_a_planted_cookie_gives_a_new_one() -> None:
    server = await a_server()
    client = server.client()
    client.cookies.set("timetuna_session", "planted", domain="timetuna.example", path="/")

    await client.get("/probe/in")

    assert "planted" != client.cookies["timetuna_session"]
    planted = server.client()
    planted.cookies.set("timetuna_session", "planted")
    assert "nobody" == (await planted.get("/probe/visitor")).text


async def test_each_sign_in_is_a_session_of_its_own() -> None:
    server = await a_server()

    one, other = await signed_in(server), await signed_in(server)

    assert one.cookies["timetuna_session"] != other.cookies["timetuna_session"]


async def test_a_session_ends_by_itself() -> None:
    server = await a_server()
    client = await signed_in(server)

    server.memory.clock.advance(LASTS + timedelta(seconds=1))

    assert "nobody" == (await client.get("/probe/visitor")).text


async def test_an_api_token_is_no_session() -> None:
    server = await a_server()
    found = await server.memory.host()
    client = server.client()
    client.cookies.set("timetuna_session", await server.memory.token_of(found))

    assert "nobody" == (await client.get("/probe/visitor")).text


async def test_without_a_cookie_nothing_is_looked_up(monkeypatch: pytest.MonkeyPatch) -> None:
    server = await a_server()

    async def unwanted(*_: object) -> None:
        pytest.fail("the store was asked")

    monkeypatch.setattr(server.memory.store.sessions, "find", unwanted)

    assert "nobody" == (await server.client().get("/probe/visitor")).text


async def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites() -> None:
    answer = await (await a_server()).client().get("/probe/in")

    (cookie,) = [each for each in answer.headers.get_list("set-cookie") if "session" in each]
    assert cookie.startswith("timetuna_session=")
    parts = {each.strip().lower() for each in cookie.split(";")}
    assert {"httponly", "samesite=lax", "path=/", f"max-age={30 * 24 * 3600}"} <= parts
    assert "secure" not in parts


async def test_over_https_the_cookie_is_for_this_host_only() -> None:
    answer = await (await a_server("https://timetuna.example")).client().get("/probe/in")

    (cookie,) = [each for each in answer.headers.get_list("set-cookie") if "session" in each]
    assert cookie.startswith("__Host-timetuna_session=")
    parts = {each.strip().lower() for each in cookie.split(";")}
    assert {"secure", "httponly", "samesite=lax", "path=/"} <= parts
    assert not any(each.startswith("domain") for each in parts)


async def test_leaving_takes_the_cookie_away() -> None:
    client = await signed_in(await a_server())

    await client.get("/probe/out")

    assert "timetuna_session" not in client.cookies
