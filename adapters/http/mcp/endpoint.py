"""`/mcp`: a host's tools for AI assistants, by the Model Context Protocol over streamable HTTP."""

import asyncio
from collections.abc import Callable

from litestar import Router, post
from litestar.di import NamedDependency, Provide
from litestar.types import ASGIApp

from adapters.http.api.bearer import bearer_actor
from adapters.http.api.reading import ApiRequest
from adapters.http.cross_site import ANSWERS_OTHER_SITES
from adapters.http.mcp.caller import Caller
from adapters.http.request_context import app_of, settings_of
from application.actor import HostActor


# Without a state there is nothing to GET, which would wait for what the server has to say, and no session to DELETE.
# What other sites send is refused by the SDK.
@post("/mcp", status_code=200, opt={ANSWERS_OTHER_SITES: True})
async def mcp_endpoint(
    request: ApiRequest, actor: NamedDependency[HostActor], network: NamedDependency[str]
) -> ASGIApp:
    answering = await asyncio.to_thread(_load)
    return answering(Caller(app_of(request), settings_of(request), actor, network))


def _load() -> Callable[[Caller], ASGIApp]:
    # The SDK takes half a second and some 25 MB: a process has it once a host with a token has asked for it.
    from adapters.http.mcp.server import answering  # noqa: PLC0415

    return answering


MCP = Router("/", route_handlers=[mcp_endpoint], dependencies={"actor": Provide(bearer_actor)})
