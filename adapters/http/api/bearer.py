"""The host who calls the API: by the token in the header. A browser's session doesn't count here."""

from adapters.http.api.described import Call
from adapters.http.api.reading import ApiRequest
from adapters.http.origins import origin_of
from adapters.http.request_context import app_of
from application.actor import HostActor
from domain.errors import Unauthorized


async def bearer_actor(request: ApiRequest) -> HostActor:
    """Return who calls, with the scopes that the call needs.

    A program reads whether it may call at all before it reads what is wrong with its input.

    Raises:
        Unauthorized, Forbidden
    """
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Unauthorized("token-missing")
    actor = await app_of(request).identify_token(token.strip(), origin_of(request))
    described: Call | None = request.route_handler.opt.get("call")
    for scope in described.scopes if described else ():
        actor.require(scope)
    return actor
