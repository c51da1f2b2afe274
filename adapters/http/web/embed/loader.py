"""The script that other sites load to show a booking page."""

from typing import Final

from litestar import Response, get

from adapters.http.web.templating import STATIC

_LOADER: Final = (STATIC / "embed-v1.js").read_bytes()
_HEADERS: Final = {
    # Its address stays the same, and a mend has to reach the sites.
    "cache-control": "public, max-age=3600",
    # Sites that isolate themselves load only what says that it may be.
    "cross-origin-resource-policy": "cross-origin",
    "access-control-allow-origin": "*",
}


@get("/embed/v1.js", include_in_schema=False, sync_to_thread=False)
def loader() -> Response[bytes]:
    return Response(_LOADER, media_type="text/javascript", headers=_HEADERS)
