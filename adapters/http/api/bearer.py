"""The host who calls the API: by the token in the header. A browser's session doesn't count here."""

from adapters.http.api.reading import ApiRequest
from adapters.http.origins import origin_of
from adapters.http.request_context import app_of
from application.actor import HostActor
from domain.errors import Unauthorized


async def bearer_actor(request: ApiRequest) -> HostActor:
    """Raises Unauthorized."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Unauthorized("token-missing")
    return await app_of(request).identify_token(token.strip(), origin_of(request))
