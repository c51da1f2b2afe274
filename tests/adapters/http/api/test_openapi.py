"""What the API says about itself."""

import re
from typing import Any

import msgspec
import pytest
from litestar.handlers import HTTPRouteHandler

from adapters.http.api.described import Call
from adapters.http.api.examples import examples_of
from adapters.http.api.routes import FOR_HOSTS, PUBLIC
from adapters.http.problems import STATUS
from tests.adapters.http.api.calls import CALLS
from tests.support.serving import PUBLIC_URL, Server


async def described(server: Server) -> dict[str, Any]:
    return (await server.client().get("/api/openapi.json")).json()


async def test_every_call_is_described_and_nothing_else(server: Server) -> None:
    told = await described(server)

    assert "3.1.0" == told["openapi"]
    assert [{"url": PUBLIC_URL}] == told["servers"]
    assert {(method, path) for path, operations in told["paths"].items() for method in operations} == CALLS


async def test_every_route_under_api_is_described(server: Server) -> None:
    told = await described(server)

    served = {
        re.sub(r":str\}", "}", route.path) for route in server.litestar.routes if route.path.startswith("/api/v1")
    }
    assert set(told["paths"]) == served


async def test_every_call_has_a_name_words_and_its_problems(server: Server) -> None:
    told = await described(server)
    operations = [each for path in told["paths"].values() for each in path.values()]

    assert len(operations) == len({each["operationId"] for each in operations})
    for operation in operations:
        assert operation["summary"]
        for status, response in operation["responses"].items():
            assert response["description"]
            if int(status) >= 400:
                named = re.findall(r"`([a-z-]+)`", response["description"])
                assert named
                assert {int(status)} == {STATUS[name] for name in named}


async def test_whoever_has_to_wait_is_told_how_long(server: Server) -> None:
    told = await described(server)
    answers = [
        (status, answer)
        for operations in told["paths"].values()
        for operation in operations.values()
        for status, answer in operation["responses"].items()
    ]

    assert {"429", "503"} == {status for status, answer in answers if "Retry-After" in answer.get("headers", ())}
    assert all("Retry-After" in answer["headers"] for status, answer in answers if status in {"429", "503"})


async def test_hosts_need_a_token_and_guests_none(server: Server) -> None:
    told = await described(server)

    for path, operations in told["paths"].items():
        for operation in operations.values():
            assert ("/public/" in path) == (operation["security"] == [])


async def test_every_reference_leads_somewhere(server: Server) -> None:
    told = await described(server)

    referred = set(re.findall(r"#/components/schemas/(\w+)", str(told)))
    assert referred
    assert referred <= told["components"]["schemas"].keys()


async def test_people_read_the_same_on_a_page_that_loads_nothing_from_elsewhere(server: Server) -> None:
    client = server.client()

    page = await client.get("/api/docs")

    assert page.headers["content-type"].startswith("text/html")
    for _, path in CALLS:
        assert path in page.text
    addresses = set(re.findall(r'(?:href|src)="([^#"]+)"', page.text))
    assert "/api/openapi.json" in addresses
    assert [] == [each for each in addresses if not each.startswith("/") or each.startswith("//")]
    loaded = re.findall(r'<(?:link|script)[^>]* (?:href|src)="([^"]+)"', page.text)
    assert 3 <= len(loaded)
    for each in loaded:
        assert 200 == (await client.get(each)).status_code, each


async def test_the_page_is_english_from_its_header_to_its_footer_whoever_reads_it(server: Server) -> None:
    german = await server.client().get("/api/docs", headers={"accept-language": "de"})

    assert (await server.client().get("/api/docs")).text == german.text
    assert 'lang="en"' in german.text
    assert 1 == german.text.count(" lang=")


async def test_the_page_says_how_to_get_in_and_shows_two_calls(server: Server) -> None:
    page = (await server.client().get("/api/docs")).text

    assert '<a href="/settings/api-tokens">' in page
    assert "Authorization: Bearer YOUR_TOKEN" in page
    assert f"curl '{PUBLIC_URL}/api/v1/bookings?status=upcoming" in page
    assert "/api/v1/public/HANDLE/PAGE/EVENT_TYPE/bookings" in page


async def test_every_parameter_in_a_query_has_words_and_the_page_its_values(server: Server) -> None:
    told = await described(server)
    page = (await server.client().get("/api/docs")).text
    parameters = {each["name"]: each for each in told["paths"]["/api/v1/bookings"]["get"]["parameters"]}

    assert {"status", "search", "cursor", "limit"} == parameters.keys()
    assert all(each["description"] for each in parameters.values())
    assert "<code>needs_attention</code>" in page
    assert "whole number from 1 to 200; <code>50</code> unless told" in page


async def test_no_docstring_of_ours_leaks_and_members_are_described(server: Server) -> None:
    told = await described(server)

    assert "Attributes:" not in str(told)
    page = told["components"]["schemas"]["HostBooking"]["properties"]["page"]
    assert "the page's slug, null once the page is gone; likewise `event_type`." == page["description"]
    language = told["components"]["schemas"]["Host"]["properties"]["language"]
    assert "the BCP 47 tag of the language that emails are in." == language["description"]


async def test_every_good_answer_says_what_comes(server: Server) -> None:
    told = await described(server)

    answers = told["paths"]["/api/v1/bookings"]["get"]["responses"], told["paths"]["/api/v1/me"]["get"]["responses"]
    assert answers[0]["200"]["description"].startswith("Some bookings of a list;")
    assert "Your account." == answers[1]["200"]["description"]
    assert "As asked for." not in str(told)


async def test_every_call_has_an_example_of_its_body_its_answer_and_each_problem(server: Server) -> None:
    told = await described(server)
    without: list[str] = []
    for path, operations in told["paths"].items():
        for method, operation in operations.items():
            answers = [
                (f"{status} {name}", body["examples"], re.findall(r"`([a-z-]+)`", answer["description"]))
                for status, answer in operation["responses"].items()
                for name, body in answer.get("content", {}).items()
            ]
            bodies: list[Any] = list(operation.get("requestBody", {}).get("content", {}).values())
            asked = [("body", body["examples"], list[str]()) for body in bodies]
            without += [
                f"{method} {path}: {what}"
                for what, examples, problems in (*asked, *answers)
                if not examples or (what[0] in "45" and set(problems) != set(examples))
            ]
            without += [
                f"{method} {path}: {each['name']}"
                for each in operation["parameters"]
                if each["in"] == "path" and "example" not in each
            ]

    assert [] == without


@pytest.mark.parametrize("handler", [*PUBLIC, *FOR_HOSTS], ids=lambda handler: handler.opt["call"].id)
def test_examples_are_what_they_are_examples_of(handler: HTTPRouteHandler) -> None:
    call: Call = handler.opt["call"]

    for each in filter(None, (call.body, call.result)):
        for example in examples_of(each).values():
            msgspec.convert(example, each)


async def test_what_was_made_leads_to_the_calls_about_it(server: Server) -> None:
    told = await described(server)
    links = {
        operation["operationId"]: set(answer["links"])
        for operations in told["paths"].values()
        for operation in operations.values()
        for answer in operation["responses"].values()
        if "links" in answer
    }

    assert {"getBooking", "cancelBooking", "rescheduleBooking"} <= links["bookForGuest"]
    assert {"getBookingPage", "addEventType"} <= links["createBookingPage"]
    assert {"bookForGuest", "explainTime"} <= links["addEventType"]
    assert {"createSchedule", "addWebhook"} <= links.keys()
    assert {"listSlots", "createBooking"} == links["getPublicPage"]
    assert {"removeBookingLink"} == links["makeBookingLink"]
    assert {"disconnectCalendar", "getCalendar", "changeCalendar", "readCalendar"} == links["connectCalendar"]


async def test_the_example_of_a_problem_is_of_that_problem(server: Server) -> None:
    examples = (await described(server))["components"]["examples"]

    assert {} == {
        name: value["type"]
        for name, example in examples.items()
        if name in STATUS and not (value := example["value"])["type"].endswith(f"/problems/{name}")
    }
