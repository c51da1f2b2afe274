"""The style sheet of all pages in one theme."""

from litestar import MediaType, Response, get

from adapters.http.web.forms import Visit
from adapters.http.web.templating import STATIC, STATIC_PATH
from adapters.http.web.themes import in_theme, theme_of, themed

KEPT_FOREVER = {"cache-control": "public, max-age=31536000, immutable"}

_STYLES = "timetuna.css"


@get(
    [f"{STATIC_PATH}/{themed(_STYLES, 'light')}", f"{STATIC_PATH}/{themed(_STYLES, 'dark')}"], media_type=MediaType.CSS
)
async def themed_styles(request: Visit) -> Response[str]:
    name, theme = theme_of(request.url.path.rpartition("/")[2])
    styles = in_theme((STATIC / name).read_text("utf-8"), theme)
    return Response(styles, media_type=MediaType.CSS, headers=KEPT_FOREVER)
