"""A server whose sign-up is closed gets no account from strangers."""

import re

import pytest

from tests.support.builders import a_host
from tests.support.memory_app import MemoryApp
from tests.support.serving import Server
from tests.support.visiting import PASSWORD, Fields, Visitor

ANA: Fields = {
    "name": "Ana Brito",
    "email": "ana@hosts.example",
    "password": PASSWORD,
    "handle": "ana",
    "timezone": "America/Sao_Paulo",
}


@pytest.fixture
def server() -> Server:
    return Server(MemoryApp(sign_up_open=False))


async def test_the_page_says_so_and_has_no_form(server: Server) -> None:
    visitor = await Visitor(server).opens("/signup")

    assert 200 == visitor.status
    assert "Sign-up is closed" in visitor.text
    assert 'action="/signup"' not in visitor.html


async def test_a_form_that_comes_all_the_same_makes_no_account_and_sends_no_mail(server: Server) -> None:
    await server.memory.host(a_host(email="known@hosts.example"))

    for email in ("ana@hosts.example", "known@hosts.example"):
        answer = await server.client().post("/signup", data={**ANA, "email": email})

        assert 403 == answer.status_code
        assert "Sign-up is closed" in answer.text
        assert "set-cookie" not in answer.headers
    await server.memory.work_off()
    assert [] == server.memory.mailer.notices
    assert 404 == (await server.client().get("/ana")).status_code


@pytest.mark.parametrize(
    "path", ["/", "/signin", "/signup", "/signup/check-mail", "/support", "/help/zoom", "/api/docs"]
)
async def test_no_page_leads_to_it(server: Server, path: str) -> None:
    closed, opened = await Visitor(server).opens(path), await Visitor(Server()).opens(path)

    assert 200 == closed.status
    assert 'href="/signup"' not in closed.html
    assert re.search('href="/signup"|action="/signup"', opened.html)


async def test_who_has_an_account_signs_in_as_before(server: Server) -> None:
    host = await server.memory.host(a_host(), password=PASSWORD)

    await Visitor(server).signs_in(host)
