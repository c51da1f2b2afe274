"""Liveness and readiness endpoints."""

from collections.abc import Awaitable, Callable

from litestar import Response, get
from litestar.handlers import HTTPRouteHandler

IsReady = Callable[[], Awaitable[dict[str, str]]]
"""Tells each part's state in words; a part that is fine says `ok`, and nothing else counts as ready."""

ELSEWHERE = frozenset({"worker"})
"""Parts that are other processes: this one answers requests without them, and is ready."""

OK = "ok"
STOPPING = "is stopping"


@get("/healthz", media_type="text/plain", sync_to_thread=False, include_in_schema=False)
def healthz() -> str:
    return OK


def process_readiness(is_stopping: Callable[[], bool]) -> HTTPRouteHandler:
    """What a load balancer asks to leave out a process that stops, and no process for what all of them miss."""

    @get("/readyz/process", sync_to_thread=False, include_in_schema=False)
    def readyz_process() -> Response[dict[str, str]]:
        stopping = is_stopping()
        return Response({"process": STOPPING if stopping else OK}, status_code=503 if stopping else 200)

    return readyz_process


def readiness(is_ready: IsReady) -> HTTPRouteHandler:
    @get("/readyz", include_in_schema=False)
    async def readyz() -> Response[dict[str, str]]:
        parts = await is_ready()
        ready = all(words == OK for name, words in parts.items() if name not in ELSEWHERE)
        return Response(parts, status_code=200 if ready else 503)

    return readyz
