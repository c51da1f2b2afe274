"""Each request is a trace, or the beginning of one that jobs go on with."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from adapters.tracing.trace import begin_trace

Scope = MutableMapping[str, Any]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
AsgiApp = Callable[[Any, Any, Any], Awaitable[None]]

_METHODS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"})
_SERVER_ERROR = 500


def traced(app: AsgiApp) -> AsgiApp:
    """Begin a trace for each request. A caller's own `traceparent` isn't taken over: anybody could make them meet."""

    async def app_in_trace(scope: Scope, receive: Any, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        method = scope["method"] if scope["method"] in _METHODS else "_OTHER"
        with begin_trace(method, "server") as span:

            async def noted(message: MutableMapping[str, Any]) -> None:
                if message["type"] == "http.response.start":
                    status = message["status"]
                    span.note("http.request.method", method)
                    span.note("http.response.status_code", status)
                    # The template of the path, not the path: a guest's address is a capability.
                    if route := scope.get("path_template"):
                        span.note("http.route", route)
                        span.rename(f"{method} {route}")
                    if status >= _SERVER_ERROR:
                        span.failed(str(status))
                await send(message)

            await app(scope, receive, noted)

    return app_in_trace
