"""Forms that aren't ours change nothing."""

import re
from typing import Any

import pytest
from litestar import Request, get, post
from litestar.response import Template

from adapters.http.csrf import masked, unmasked
from tests.adapters.http.api.serving import Server

Form = Request[Any, Any, Any]


@get("/form")
async def form() -> Template:
    return Template(template_str="<form method=post>{{ csrf_input }}</form>")


@post("/form", status_code=200)
async def sent(request: Form) -> str:
    return f"Thank you, {(await request.form()).get('name')}"


@post("/api/form", status_code=200)
async def sent_by_a_program() -> str:
    return "Thank you"


FORMS = (form, sent, sent_by_a_program)


def token_in(page: str) -> str:
    found = re.search(r'name="_csrf_token" value="([0-9a-f]+)"', page.replace("&#34;", '"').replace("&#x27;", "'"))
    assert found
    return found[1]


async def test_a_form_of_ours_is_taken() -> None:
    client = Server(more=FORMS).client()
    token = token_in((await client.get("/form")).text)

    answer = await client.post("/form", data={"_csrf_token": token, "name": "Ana"})

    assert 200 == answer.status_code
    assert "Thank you, Ana" == answer.text


async def test_a_form_may_be_sent_twice_and_from_two_tabs() -> None:
    client = Server(more=FORMS).client()
    tokens = [token_in((await client.get("/form")).text) for _ in range(2)]

    for token in (*tokens, tokens[0]):
        assert 200 == (await client.post("/form", data={"_csrf_token": token})).status_code


async def test_a_script_may_send_the_token_in_a_header() -> None:
    client = Server(more=FORMS).client()
    token = token_in((await client.get("/form")).text)

    assert 200 == (await client.post("/form", headers={"X-CSRFToken": token})).status_code


@pytest.mark.parametrize("token", [None, "", "nonsense", "0" * 128, "é" * 128])
async def test_a_form_without_the_right_token_is_refused_kindly(token: str | None) -> None:
    client = Server(more=FORMS).client()
    await client.get("/form")

    answer = await client.post(
        "/form", data={"name": "Ana"} if token is None else {"name": "Ana", "_csrf_token": token}
    )

    assert 403 == answer.status_code
    assert answer.headers["content-type"].startswith("text/html")
    assert "Nothing was changed" in answer.text
    assert "reload" in answer.text
    assert "Ana" not in answer.text


async def test_a_token_without_its_cookie_is_refused() -> None:
    server = Server(more=FORMS)
    token = token_in((await server.client().get("/form")).text)

    assert 403 == (await server.client().post("/form", data={"_csrf_token": token})).status_code


async def test_somebody_elses_token_is_refused() -> None:
    server = Server(more=FORMS)
    theirs = token_in((await server.client().get("/form")).text)
    mine = server.client()
    await mine.get("/form")

    assert 403 == (await mine.post("/form", data={"_csrf_token": theirs})).status_code


@pytest.mark.parametrize("cookie", ["0" * 128, "of-an-old-secret", "%C3%A9" * 64])
async def test_a_cookie_that_is_none_of_ours_is_replaced(cookie: str) -> None:
    client = Server(more=FORMS).client()
    client.cookies.set("timetuna_csrf", cookie, domain="timetuna.example", path="/")
    assert 403 == (await client.post("/form", data={"_csrf_token": cookie})).status_code

    token = token_in((await client.get("/form")).text)
    assert 200 == (await client.post("/form", data={"_csrf_token": token})).status_code


async def test_the_api_takes_no_cookie_and_needs_no_token() -> None:
    assert 200 == (await Server(more=FORMS).client().post("/api/form")).status_code


async def test_the_cookie_is_for_this_host_over_https() -> None:
    plain = await Server(more=FORMS).client().get("/form")
    assert plain.headers["set-cookie"].startswith("timetuna_csrf=")
    assert "samesite=lax" in plain.headers["set-cookie"].lower()
    assert "secure" not in plain.headers["set-cookie"].lower()

    safe = await Server(public_url="https://timetuna.example", more=FORMS).client().get("/form")
    assert safe.headers["set-cookie"].startswith("__Host-timetuna_csrf=")
    assert "secure" in safe.headers["set-cookie"].lower()
    assert "domain" not in safe.headers["set-cookie"].lower()


@pytest.mark.parametrize("path", ["/apiary/form", "/form/healthz", "/x/integrations/zoom/deauthorized"])
async def test_only_the_very_paths_are_left_out(path: str) -> None:
    @post(path, status_code=200)
    async def other() -> str:
        return "Taken"

    assert 403 == (await Server(more=(other,)).client().post(path)).status_code


async def test_a_token_looks_different_on_every_page_so_that_compression_tells_nothing_of_it() -> None:
    client = Server(more=FORMS).client()
    pages = [(await client.get("/form")).text for _ in range(3)]
    [cookie] = client.cookies.jar

    tokens = [token_in(page) for page in pages]

    assert 3 == len(set(tokens))
    assert {cookie.value} == {unmasked(token) for token in tokens}
    assert not any((cookie.value or "")[:8] in page for page in pages)
    # A script that reads the cookie may send it as it is.
    assert 200 == (await client.post("/form", data={"_csrf_token": cookie.value})).status_code


async def test_a_mask_over_something_else_is_refused() -> None:
    client = Server(more=FORMS).client()
    token = token_in((await client.get("/form")).text)

    for made_up in (masked("0" * 128), token[:-1], token[::-1], token[:-1] + "g", token.upper(), token + token):
        assert 403 == (await client.post("/form", data={"_csrf_token": made_up})).status_code
