"""Serves a host's colours as a style sheet, since the policy allows no inline styles.

By a small stylesheet for each colour, linked after the base's: it sets the base's custom properties anew.
"""

from hashlib import sha256

from litestar import MediaType, Response, get
from litestar.params import FromPath

from adapters.http.web.themes import Theme, in_theme, theme_of, themed
from adapters.presentation.brand import Brand
from domain.booking_page import rgb
from domain.errors import InvalidInput, NotFound

_STYLES = """:root {{
  --brand: {brand.color};
  --on-brand: {brand.on_color};
  --brand-pressed: {brand.pressed};
  --accent: {brand.on_light};
  --accent-strong: {brand.strong_on_light};
  --accent-soft: {brand.tint_on_light};
  --on-accent: #ffffff;
}}
@media (prefers-color-scheme: dark) {{
  :root {{
    --accent: {brand.on_dark};
    --accent-strong: {brand.strong_on_dark};
    --accent-soft: {brand.tint_on_dark};
    --on-accent: #000000;
  }}
}}
.button:not(.quiet, .danger) {{ background: var(--brand); color: var(--on-brand); border-color: var(--accent); }}
.button:not(.quiet, .danger):hover {{ background: var(--brand-pressed); }}
"""

_PATH = f"/static/brand-{sha256(_STYLES.encode()).hexdigest()[:8]}"
"""Another one for every wording of the styles, so that browsers may keep them forever."""


def brand_style(color: str, theme: Theme = "auto") -> str:
    """The address of the stylesheet for a colour, given as `#rrggbb`."""
    return f"{_PATH}/{themed(color.removeprefix('#') + '.css', theme)}"


@get(f"{_PATH}/{{name:str}}", media_type=MediaType.CSS)
async def brand_styles(name: FromPath[str]) -> Response[str]:
    name, theme = theme_of(name)
    try:
        color = rgb(f"#{name.removesuffix('.css')}")
    except InvalidInput:
        raise NotFound("colour") from None
    return Response(
        in_theme(_STYLES.format(brand=Brand(color)), theme),
        media_type=MediaType.CSS,
        headers={"cache-control": "public, max-age=31536000, immutable"},
    )
