"""The API keeps to its own description, whatever is sent."""

import asyncio
from importlib import import_module
from typing import Any, cast

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from litestar.handlers import HTTPRouteHandler
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi import checks

from adapters.http.api.described import Call
from adapters.http.api.routes import FOR_HOSTS, PUBLIC
from tests.adapters.http.api.calls import CALLS
from tests.support.serving import API, Server, an_open_page

# Its first import can take longer than schemathesis waits for an answer.
import_module("holidays")

FEW = settings(
    max_examples=10,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
)

# A schema can't say what a time zone or a free slug is, so what it allows may still be refused.
_checks = cast("Any", checks)
UNFAIR = [_checks.positive_data_acceptance]


def address_of(handler: HTTPRouteHandler) -> tuple[str, str]:
    """Method and path, as the description has them."""
    ([method], [path]) = handler.http_methods, handler.paths
    return method.lower(), API + path.replace(":str}", "}")


def takes_more(handler: HTTPRouteHandler) -> bool:
    call: Call = handler.opt["call"]
    return bool(call.body or call.query)


@pytest.mark.parametrize(("method", "path"), sorted(CALLS))
def test_what_is_right_is_answered_as_described(method: str, path: str) -> None:
    keeps_to_its_description(method, path, GenerationMode.POSITIVE)


# Any text is a fine name in a path, so only a body or a query can be wrong.
@pytest.mark.parametrize(("method", "path"), sorted(map(address_of, filter(takes_more, (*PUBLIC, *FOR_HOSTS)))))
def test_what_is_wrong_is_refused_as_described(method: str, path: str) -> None:
    keeps_to_its_description(method, path, GenerationMode.NEGATIVE)


def keeps_to_its_description(method: str, path: str, mode: GenerationMode) -> None:
    server = Server(rate_limit=False)

    async def prepared() -> str:
        host, _ = await an_open_page(server)
        return await server.memory.token_of(host)

    headers = {"Authorization": f"Bearer {asyncio.run(prepared())}"}
    # Schemathesis makes its types from the schema, so there are none to check here.
    described: Any = schemathesis.openapi.from_asgi("/api/openapi.json", server.litestar)

    @FEW
    @given(case=described[path][method].as_strategy(generation_mode=mode))
    def keeps_to_it(case: Any) -> None:
        case.call_and_validate(headers=headers, excluded_checks=UNFAIR)

    keeps_to_it()
