"""Lets no answer pass that the API's description doesn't tell of."""

from collections.abc import MutableMapping
from typing import Any

import msgspec

from adapters.http.api.routes import FOR_HOSTS, PUBLIC
from adapters.http.errors import PROBLEM_JSON
from adapters.http.traced import AsgiApp, Scope, Send

IN_TROUBLE = frozenset({"internal-error", "unavailable", "overloaded"})
"""What the description says of all calls at once."""

DESCRIBED: dict[str, frozenset[str]] = {
    handler.opt["call"].id: handler.opt["call"].every_problem(for_hosts=for_hosts)
    for handlers, for_hosts in ((PUBLIC, False), (FOR_HOSTS, True))
    for handler in handlers
}
"""By the names of calls: the problems that each may answer with."""


class _Problem(msgspec.Struct):
    type: str


def keeping_to_its_description(app: AsgiApp) -> AsgiApp:
    """Fail the test in which a call answers with a problem that isn't described."""

    async def kept(scope: Scope, receive: Any, send: Send) -> None:
        is_problem, body = False, bytearray()

        async def noted(message: MutableMapping[str, Any]) -> None:
            nonlocal is_problem
            if message["type"] == "http.response.start":
                is_problem = (b"content-type", PROBLEM_JSON.encode()) in message["headers"]
            elif is_problem:
                body.extend(message["body"])
            await send(message)

        await app(scope, receive, noted)
        # What no handler was found for is no call.
        handler = scope.get("route_handler")
        if is_problem and handler is not None and "call" in handler.opt:
            call = handler.opt["call"].id
            problem = msgspec.json.decode(body, type=_Problem).type.rpartition("/")[2].partition("#")[0]
            assert problem in DESCRIBED[call] | IN_TROUBLE, f"{call} isn't described to answer {problem}"

    return kept
