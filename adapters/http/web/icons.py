"""The icons of pages, each in a file of its own; products’ marks are drawn by us after what people know them by."""

from functools import cache
from pathlib import Path

from markupsafe import Markup

_FOLDER = Path(__file__).parent / "icons"


@cache
def icon(name: str) -> Markup:
    """An icon to stand within a page, hidden from screen readers: words beside it or a label say the same."""
    return Markup((_FOLDER / f"{name}.svg").read_text(encoding="utf-8").strip())  # noqa: S704 - our own file
