"""Answers HEAD as GET without its body (RFC 9110 §9.3.2)."""

from typing import Any

from litestar.types import ASGIApp, Message, Receive, Scope, Send


def answers_head(app: ASGIApp) -> ASGIApp:
    """Let an app that knows only GET answer HEAD too: uptime monitors and link checkers ask so."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await app(scope, receive, send)
            return

        async def without_body(message: Message) -> None:
            if message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        # The server still has to see HEAD, or it would miss the body that the headers announce.
        asked: Any = {**scope, "method": "GET"}
        await app(asked, receive, without_body)

    return answer
