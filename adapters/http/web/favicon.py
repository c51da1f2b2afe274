"""The icon that browsers and other programs ask for without looking at a page."""

from typing import Final

from litestar import Response, get

from adapters.http.web.templating import STATIC

_ICON: Final = (STATIC / "favicon.ico").read_bytes()
_FOR_A_DAY: Final = "public, max-age=86400"


@get("/favicon.ico", include_in_schema=False, sync_to_thread=False)
def favicon() -> Response[bytes]:
    return Response(_ICON, media_type="image/vnd.microsoft.icon", headers={"cache-control": _FOR_A_DAY})
