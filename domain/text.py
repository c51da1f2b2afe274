"""Rules for text from people."""

import re
import unicodedata

# A lone surrogate can't be encoded; overrides and isolates can make a name read as something else.
_DROPPED = re.compile("[\ud800-\udfff\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_DROPPED_BUT_ISOLATES = re.compile("[\ud800-\udfff\u061c\u200e\u200f\u202a-\u202e\u2066\u2067\ufeff]")
# Letters and a symbol that are drawn as nothing: Hangul's fillers, and Braille without a dot.
_BLANK = frozenset("\u115f\u1160\u3164\uffa0\u2800")
_SPACES = re.compile(r"\s+")
_MANY_BLANK_LINES = re.compile(r"\n{3,}")

ROOM = 4
"""So many times its limit a text may be long before it is cleaned: nobody types more white space than that."""


def without_invisible(text: str) -> str:
    """Text without what takes no room: marks of direction, zero-width spaces and joiners, soft hyphens."""
    if text.isascii():
        return text
    return "".join(char for char in text if unicodedata.category(char) != "Cf")


def one_line(text: str, limit: int = 200, *, isolates: bool = False) -> str:
    """Text without control, bidi or line-separating characters, white space collapsed, cut at `limit` characters.

    It is empty where nothing of it can be seen. What lies beyond `ROOM` times the limit isn't looked at.

    Args:
        isolates: keep first-strong isolates, which sentences have around what people typed.
    """
    looked_at = (_DROPPED_BUT_ISOLATES if isolates else _DROPPED).sub("", text[: ROOM * limit])
    if not looked_at.isprintable():
        looked_at = "".join(" " if unicodedata.category(char) in {"Cc", "Zl", "Zp"} else char for char in looked_at)
    line = _SPACES.sub(" ", looked_at).strip()[:limit].rstrip()
    return line if line.isascii() or any(map(_is_seen, line)) else ""


def several_lines(text: str, limit: int = 2000, *, isolates: bool = False) -> str:
    """The same with line breaks kept as LF, never more than one blank line in a row."""
    unified = text[: ROOM * limit].replace("\r\n", "\n").replace("\r", "\n")
    lines = [one_line(line, limit, isolates=isolates) for line in unified.split("\n")]
    return _MANY_BLANK_LINES.sub("\n\n", "\n".join(lines)).strip()[:limit].rstrip()


def _is_seen(char: str) -> bool:
    # A mark alone sits on nothing.
    return char not in _BLANK and unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Mn", "Me", "Zs", "Zl", "Zp"}
