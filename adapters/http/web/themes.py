"""Light and dark, for pages in frames: the site around them may say which it is."""

from typing import Literal

Theme = Literal["auto", "light", "dark"]
"""`auto` follows the browser."""

_PREFERRED = "@media (prefers-color-scheme: dark)"
_BOTH = "color-scheme: light dark"


def in_theme(styles: str, theme: Theme) -> str:
    """The styles as they are in a browser that prefers the theme."""
    if theme == "auto":
        return styles
    media = "@media all" if theme == "dark" else "@media not all"
    return styles.replace(_PREFERRED, media).replace(_BOTH, f"color-scheme: {theme}")


def themed(name: str, theme: Theme) -> str:
    """The name of a style sheet in a theme."""
    return name if theme == "auto" else name.replace(".css", f"-{theme}.css")


def theme_of(name: str) -> tuple[str, Theme]:
    """The name of the style sheet that a themed one is made of, and the theme."""
    for theme in ("light", "dark"):
        if name.endswith(f"-{theme}.css"):
            return name.replace(f"-{theme}.css", ".css"), theme
    return name, "auto"
