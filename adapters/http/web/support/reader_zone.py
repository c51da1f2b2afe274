"""The time zone in which somebody reads a conversation with support."""

from adapters.http.web.forms import Visit
from adapters.http.web.zones import ZONE_COOKIE, known_zone
from domain.host import Host


def reader_zone(request: Visit, visitor: Host | None = None) -> str | None:
    """The zone of a signed-in host, else the one chosen in this browser, else the browser's own, as the address has it.

    None until a script has told the browser's own.
    """
    if visitor is not None:
        return visitor.timezone
    return known_zone(request.cookies.get(ZONE_COOKIE)) or known_zone(request.query_params.get("timezone"))
