"""Forms that another site makes a browser send change nothing."""

from typing import Any

import pytest
from litestar import Request, post

from tests.support.serving import API, PUBLIC_URL, Server
from tests.support.visiting import a_signed_in_host

Form = Request[Any, Any, Any]


@post("/form", status_code=200)
async def sent(request: Form) -> str:
    return f"Thank you, {(await request.form()).get('name')}"


@post("/api/form", status_code=200)
async def sent_by_a_program() -> str:
    return "Thank you"


FORMS = (sent, sent_by_a_program)

OURS = [
    {"Sec-Fetch-Site": "same-origin", "Origin": PUBLIC_URL},
    {"Sec-Fetch-Site": "same-origin", "Origin": "null"},
    {"Sec-Fetch-Site": "none"},
    {"Origin": PUBLIC_URL},
    {"Origin": "http://TimeTuna.example:80"},
    {},
]
THEIRS = [
    {"Sec-Fetch-Site": "cross-site", "Origin": "https://elsewhere.example"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "null"},
    {"Sec-Fetch-Site": "same-site", "Origin": "https://neighbour.timetuna.example"},
    {"Origin": "https://elsewhere.example"},
    {"Origin": f"{PUBLIC_URL}.elsewhere.example"},
    {"Origin": "https://timetuna.example"},
    {"Origin": "http://timetuna.example:81"},
    {"Origin": "http://timetuna.example:port"},
    {"Origin": "null"},
    {"Origin": "file://"},
    {"Origin": ""},
]


@pytest.mark.parametrize("headers", OURS)
async def test_a_form_of_ours_is_taken_without_any_cookie(headers: dict[str, str]) -> None:
    answer = await Server(more=FORMS).client().post("/form", data={"name": "Ana"}, headers=headers)

    assert "Thank you, Ana" == answer.text
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("headers", THEIRS)
async def test_a_form_of_another_site_is_refused_kindly(headers: dict[str, str]) -> None:
    answer = await Server(more=FORMS).client().post("/form", data={"name": "Ana"}, headers=headers)

    assert 403 == answer.status_code
    assert answer.headers["content-type"].startswith("text/html")
    assert "Nothing changed" in answer.text
    assert "Ana" not in answer.text


@pytest.mark.parametrize(
    "path", ["/signin", "/signup", "/signout", "/settings/profile", "/b/a-token/cancel", "/language"]
)
async def test_another_site_signs_nobody_in_or_out_and_changes_nothing(server: Server, path: str) -> None:
    answer = await server.client().post(path, data={"email": "eve@elsewhere.example"}, headers=THEIRS[0])

    assert 403 == answer.status_code
    assert "set-cookie" not in answer.headers


async def test_behind_a_proxy_the_public_address_is_ours() -> None:
    client = Server(public_url="https://timetuna.example", more=FORMS).client()

    answer = await client.post("/form", headers={"Host": "10.0.0.7:8000", "Origin": "https://timetuna.example"})

    assert 200 == answer.status_code


async def test_the_address_that_was_asked_is_ours_under_the_scheme_that_was_asked() -> None:
    client = Server(public_url="https://timetuna.example", more=FORMS).client()

    answers = [
        await client.post("/form", headers={"Host": "10.0.0.7:8000", "Origin": f"{scheme}://10.0.0.7:8000"})
        for scheme in ("http", "https")
    ]

    assert [403, 200] == [each.status_code for each in answers]


async def test_the_api_takes_no_cookie_and_answers_every_site() -> None:
    server = Server(more=FORMS)
    _, signed_in = await a_signed_in_host(server)

    assert 200 == (await server.client().post("/api/form", headers=THEIRS[0])).status_code
    assert (200, 401) == ((await signed_in.opens("/dashboard")).status, (await signed_in.opens(f"{API}/me")).status)
