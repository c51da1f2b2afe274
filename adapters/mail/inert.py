"""Text that people typed, written so that no mail or calendar program makes a link of it."""

import re
from string import ascii_letters

from adapters.presentation.language import without_isolates

WORD_JOINER = "\u2060"
"""Of no width, and no part of a scheme, a host's name or an address for most programs."""

HAIR_SPACE = "\u200a"
"""The thinnest space. Android takes all else from U+00A0 on, a word joiner too, for letters of hosts' names."""

# The other periods are those that browsers read as one, by UTS 46.
_SIGNS = ".。．｡․@＠﹫:："
# No name of a host goes on over a comma, as in "Mo., 2. März"; only "www." may be followed by anything.
_ABBREVIATED = r"(?<!www)(?<!ftp)\.,"
_INSIDE = re.compile(rf"(?!{_ABBREVIATED})(?<=\S)[{_SIGNS}](?=\S)|[\\/](?=[\\/])", re.IGNORECASE)
_HOURS = re.compile(r"(?:^|\W)\d{1,2}$")
_SET_APART = re.compile(rf"(?<=[.@＠﹫]){HAIR_SPACE}+")


def inert(text: str) -> str:
    """The text without isolates, and without links."""
    return inert_sentence(without_isolates(text))


def inert_sentence(text: str) -> str:
    """Set the signs apart that links are told by; what is seen stays, but for a hair's breadth after some of them.

    Source: decision 0031, which says what programs look for.
    """
    plain = _SET_APART.sub("", text.replace(WORD_JOINER, ""))

    def apart(match: re.Match[str]) -> str:
        sign, before, after = match[0], plain[max(match.start() - 3, 0) : match.start()], plain[match.end()]
        # The next sign has a joiner before it, and two in a row could be a top-level domain on Android.
        joiner = "" if after in _SIGNS else WORD_JOINER
        match sign:
            case "/" | "\\":
                return f"{sign}{WORD_JOINER}"
            case ":" if _HOURS.search(before) and after.isdigit():
                return sign
            case "@" | "＠" | "﹫":
                return f"{WORD_JOINER}{sign}{HAIR_SPACE}"
            case "." if not after.isascii() or after in ascii_letters:
                return f"{WORD_JOINER}{sign}{HAIR_SPACE}"
            case _:
                return f"{WORD_JOINER}{sign}{joiner}"

    return _INSIDE.sub(apart, plain)
