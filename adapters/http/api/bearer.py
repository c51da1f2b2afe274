"""Which host calls? The one whose API token is in the header; the session of a browser doesn't count here."""

from adapters.http.api.reading import ApiRequest
from adapters.http.reach import app_of
from domain.errors import Unauthorized
from domain.host import Host


async def bearer_host(request: ApiRequest) -> Host:
    """Raises Unauthorized."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Unauthorized("Send a host’s API token in the header “Authorization: Bearer …”.")
    ports = app_of(request).ports
    host_id = await ports.api_tokens.host_of(token.strip(), ports.clock())
    if host_id is not None:
        async with ports.begin() as uow:
            host = await uow.hosts.get(host_id)
        if host is not None:
            return host
    raise Unauthorized("This API token is not known. It may have been withdrawn.")
