"""Email addresses as people type or paste them: any number in one text."""

import re

_ENTRY_ENDS = re.compile(r"[;；؛\n]")
_BETWEEN_ADDRESSES = re.compile(r"[\s,，،、]+")
_QUOTED_NAME = re.compile(r'"[^"<>]*"(?=\s*<)')
_IN_BRACKETS = re.compile(r"<([^<>]*)>")
_LOOKS_LIKE_AN_ADDRESS = re.compile(r"@|\.\w{2}")


def addresses_in(text: str) -> tuple[str, ...]:
    """The addresses in the order of the text, unchecked; the names that mail programs put before them are left out.

    Commas, semicolons, spaces and line ends separate addresses. Whatever else is there counts as an address, so that
    one with a mistake in it isn't passed over.
    """
    entries = _ENTRY_ENDS.split(_QUOTED_NAME.sub("", text))
    words = (word.strip('"<>') for entry in entries for word in _BETWEEN_ADDRESSES.split(_without_names(entry)))
    return tuple(word for word in words if word)


def _without_names(entry: str) -> str:
    """`Brito, Ana <ana@guests.example>` is one address where a semicolon or a line end follows."""
    *named, rest = _IN_BRACKETS.split(entry)
    kept = (f"{_without_last_name(before)} {address}" for before, address in zip(named[::2], named[1::2], strict=True))
    return " ".join((*kept, rest))


def _without_last_name(before: str) -> str:
    """What stands before an address in brackets, without the name that belongs to it."""
    if not _LOOKS_LIKE_AN_ADDRESS.search(before):
        return ""
    others, _, last = before.rpartition(",")
    return before if _LOOKS_LIKE_AN_ADDRESS.search(last) else others
