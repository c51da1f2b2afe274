"""An app that Graph notifies of changes."""

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from typing import Any

import msgspec

from adapters.sandbox.asgi import Reply, Request
from adapters.sandbox.serve import serving
from tests.support.stand_in import stand_in


class Listener:
    """Gives every validation token back, and keeps every notification.

    Attributes:
        handshakes: the paths at which a token came.
        heard: the path of each notification, and what it says.
        validates: makes the answer to a token.
    """

    def __init__(self) -> None:
        self.url = ""
        self.handshakes: list[str] = []
        self.heard: list[tuple[str, dict[str, Any]]] = []
        self.validates: Callable[[str], Reply] = gives_back

    async def answer(self, request: Request) -> Reply:
        token = request.query.get("validationToken")
        if token is not None:
            self.handshakes.append(request.path)
            return self.validates(token)
        self.heard += [(request.path, each) for each in msgspec.json.decode(request.body)["value"]]
        return Reply(202)


def gives_back(token: str, status: int = 200, content_type: str = "text/plain") -> Reply:
    return Reply(status, token.encode(), (("content-type", content_type),))


@asynccontextmanager
async def listening() -> AsyncGenerator[Listener]:
    listener = Listener()
    async with serving(stand_in(listener.answer)) as listener.url:
        yield listener
