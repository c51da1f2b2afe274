"""The context of a guest's steps: a page on its own or in the frame of another site, and the parameters to hand on."""

import re
from collections.abc import Hashable, Iterable
from typing import Literal

import msgspec

from adapters.http.web.public.carried import carried_in, is_personal
from adapters.http.web.query import Pairs
from adapters.http.web.themes import Theme
from domain.booking_page import rgb
from domain.errors import InvalidInput

Mode = Literal["", "inline", "popup"]

LANGUAGE = "lang"
"""The parameter of a frame's address that names the language: no cookie does."""

_TAG = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})?")
_SIGNED = re.compile(r"[0-9]{1,12}\.[0-9a-f]{64}")
_THEMES: dict[str, Theme] = {"light": "light", "dark": "dark"}
_MODES: dict[str, Mode] = {"inline": "inline", "popup": "popup"}


class Frame(msgspec.Struct, frozen=True):
    """What the address of a frame asks for; what can't be used of it is left out without a word.

    Attributes:
        theme: `auto` follows the browser.
        accent: as `#rrggbb`, where it isn't the page's own.
        mode: how the loader shows it: `inline` as high as it is, `popup` over the site's page; empty without one.
        language: as a tag; empty follows the browser.
        preview: signed by the editor, which may show a page that no other site may.
    """

    theme: Theme = "auto"
    accent: str | None = None
    mode: Mode = ""
    language: str = ""
    preview: str = ""

    @classmethod
    def of(cls, query: Iterable[tuple[str, str]]) -> "Frame":
        asked = dict(query)
        language, preview = asked.get(LANGUAGE, ""), asked.get("preview", "")
        return cls(
            theme=_THEMES.get(asked.get("theme", ""), "auto"),
            accent=_color(asked.get("accent", "")),
            mode=_MODES.get(asked.get("mode", ""), ""),
            language=language if _TAG.fullmatch(language) else "",
            preview=preview if _SIGNED.fullmatch(preview) else "",
        )

    @property
    def pairs(self) -> Pairs:
        """The same as parameters of an address."""
        pairs = (
            ("theme", "" if self.theme == "auto" else self.theme),
            ("accent", (self.accent or "").removeprefix("#")),
            ("mode", self.mode),
            (LANGUAGE, self.language),
            ("preview", self.preview),
        )
        return tuple(pair for pair in pairs if pair[1])


class Way(msgspec.Struct, frozen=True):
    """Where the steps lie, and what their addresses hand on.

    Attributes:
        frame: None for a page on its own.
        carried: parameters of every address.
    """

    frame: Frame | None = None
    carried: Pairs = ()

    @classmethod
    def alone(cls, query: Iterable[tuple[str, str]]) -> "Way":
        return cls(None, carried_in(query))

    @classmethod
    def framed(cls, query: list[tuple[str, str]]) -> "Way":
        frame = Frame.of(query)
        return cls(frame, (*frame.pairs, *carried_in(query)))

    @property
    def is_personal(self) -> bool:
        return is_personal(self.carried)

    @property
    def link(self) -> str | None:
        """What names the single-use link that the guest came by."""
        return dict(self.carried).get("link")

    @property
    def begins(self) -> str:
        """What the address of every step begins with."""
        return "/embed" if self.frame else ""

    @property
    def context(self) -> dict[str, Hashable]:
        """What the templates of every step need."""
        return {"begins": self.begins, "carried": self.carried, "frame": self.frame}


def _color(text: str) -> str | None:
    try:
        return rgb(f"#{text.removeprefix('#')}", "accent")
    except InvalidInput:
        return None
