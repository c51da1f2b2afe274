"""The description of an event of ours, and the notes that its host has made in it.

An event carries digests of the lines that are ours, where only programs look. When our text changes, the lines that are
still as we wrote them make room for the new ones, and all others stay: those that the host has typed before them, and,
after them, those from below and from between.
"""

import html
import re
from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import Final, Literal

import msgspec

_DIGEST: Final = 6
"""Hexadecimal digits of each line, which are enough for a few dozen lines."""

MOST_LINES: Final = 160
"""Google takes 1,024 characters; what is longer has its end taken for the host's."""

# Whoever can write the event chooses how long it is: all of this takes no more steps than there are signs.
_PART: Final = re.compile(r"<!--.*?(?:-->|\Z)|<[^<>]*>|[^<]+|<", re.DOTALL)
_TAG: Final = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)")
_BODY_BEGINS: Final = re.compile(r"<body\b[^<>]*>", re.IGNORECASE)
_BODY_ENDS: Final = re.compile(r"</body\s*>", re.IGNORECASE)
_INLINE: Final = frozenset(
    {"a", "abbr", "b", "code", "del", "em", "font", "i", "ins", "s", "span", "strong", "sub", "sup", "u"}
)
_SHOWN: Final = frozenset({"img", "input", "video", "object", "iframe"})
# What one program writes as an angle bracket another may have had to replace.
_ALIKE: Final = str.maketrans("<>", "‹›")


def marks_of(description: str) -> str:
    """What an event carries to tell our lines from its host's."""
    said = [line for line in description.split("\n") if line.strip()]
    return "".join(map(_digest, said[:MOST_LINES]))


def with_notes(held: str, marks: str | None, description: str) -> str:
    """Put a new description in the place of ours, in plain text.

    Args:
        held: what the event says now.
        marks: what it carries; None where that was lost.
    """
    lines = held.replace("\r\n", "\n").split("\n")
    whose = _whose(lines, marks, description)
    first = whose.index("ours") if "ours" in whose else 0
    theirs = [place for place, each in enumerate(whose) if each == "theirs"]
    above = "\n".join(lines[place] for place in theirs if place < first).strip("\n")
    below = "\n".join(lines[place] for place in theirs if place >= first).strip("\n")
    return "\n\n".join(each for each in (above, description, below) if each)


def with_notes_in_html(held: str, marks: str | None, description: str, *, breaks_at_newlines: bool) -> str | None:
    """Do the same in HTML; None where the host has written nothing, so that the new description is all there is.

    Args:
        breaks_at_newlines: a newline is shown as one, as if it were `<br>`.
    """
    head, inner, tail = _framed(held)
    lines = list(_lines(inner, breaks_at_newlines=breaks_at_newlines))
    whose = _whose([each.text for each in lines], marks, description)
    if "theirs" not in [each for each, line in zip(whose, lines, strict=True) if line.text]:
        return None
    block = "<br>".join(html.escape(line, quote=False) for line in description.split("\n"))
    first = whose.index("ours") if "ours" in whose else 0
    shown = [bool(line.text) and each == "theirs" for each, line in zip(whose, lines, strict=True)]
    before = "<br><br>" if any(shown[:first]) else ""
    after = "<br><br>" if any(shown[first:]) else ""
    written = [line.source if each == "theirs" else line.tags for each, line in zip(whose, lines, strict=True)]
    return "".join([head, *written[:first], before, block, after, *written[first:], tail])


def _framed(held: str) -> tuple[str, str, str]:
    """What stands before the body, in it, and behind it."""
    begin = _BODY_BEGINS.search(held)
    ends = list(_BODY_ENDS.finditer(held, begin.end())) if begin else []
    if begin is None or not ends:
        return "", held, ""
    return held[: begin.end()], held[begin.end() : ends[-1].start()], held[ends[-1].start() :]


class _Line(msgspec.Struct, frozen=True):
    """What is shown as one line.

    Attributes:
        text: what people read of it.
        source: all of it, with what ends it.
        tags: what has to stay of it without its text, so that what was opened is closed.
    """

    text: str
    source: str
    tags: str


def _lines(source: str, *, breaks_at_newlines: bool) -> Iterator[_Line]:
    parts: list[str] = []
    for part in _parts(source, breaks_at_newlines=breaks_at_newlines):
        if part == "\n" or _breaks(part):
            yield _line(parts, part)
            parts = []
        else:
            parts.append(part)
    if parts:
        yield _line(parts, "")


def _parts(source: str, *, breaks_at_newlines: bool) -> Iterator[str]:
    for part in _PART.findall(source):
        if breaks_at_newlines and not part.startswith("<"):
            yield from re.findall(r"\n|[^\n]+", part)
        else:
            yield part


def _breaks(part: str) -> bool:
    tag = _TAG.match(part)
    return tag is not None and tag[2].lower() not in _INLINE | _SHOWN


def _line(parts: Sequence[str], end: str) -> _Line:
    words = "".join("\N{OBJECT REPLACEMENT CHARACTER}" if _shows(each) else each for each in parts if _reads(each))
    tags = [_TAG.match(each) for each in parts]
    opened: list[str] = []
    is_whole = True
    for tag in filter(None, tags):
        if not tag[1]:
            opened.append(tag[2].lower())
        elif not opened or opened.pop() != tag[2].lower():
            is_whole = False
    kept = "" if is_whole and not opened else "".join(each for each, tag in zip(parts, tags, strict=True) if tag)
    is_break = end == "\n" or end.lower().startswith("<br")
    return _Line(" ".join(html.unescape(words).split()), "".join(parts) + end, kept + ("" if is_break else end))


def _shows(part: str) -> bool:
    tag = _TAG.match(part)
    return tag is not None and tag[2].lower() in _SHOWN


def _reads(part: str) -> bool:
    return _shows(part) or not (_TAG.match(part) or part.startswith("<!"))


Whose = Literal["ours", "theirs", "between"]


def _whose(lines: Sequence[str], marks: str | None, description: str) -> list[Whose]:
    """Tell whose each line is; blank ones beside ours are nobody's."""
    whose: list[Whose]
    if marks is None:
        # Our text ends with the link to the booking; what the host adds is mostly below.
        last = _digest(description.rsplit("\n", 1)[-1])
        ends = [place for place, line in enumerate(lines) if _digest(line) == last]
        below = ends[-1] + 1 if ends else len(lines)
        whose = ["ours" if place < below else "theirs" for place in range(len(lines))]
    else:
        known = {marks[place : place + _DIGEST] for place in range(0, len(marks), _DIGEST)}
        whose = ["ours" if line.strip() and _digest(line) in known else "theirs" for line in lines]
    above, below = _last_before(lines, whose), _last_before(lines[::-1], whose[::-1])[::-1]
    return [
        "between" if not line.strip() and "ours" in beside else each
        for line, each, *beside in zip(lines, whose, above, below, strict=True)
    ]


def _last_before(lines: Sequence[str], whose: Sequence[Whose]) -> list[Whose]:
    """For each line, whose the last one before it is that isn't blank."""
    found: list[Whose] = []
    last: Whose = "theirs"
    for line, each in zip(lines, whose, strict=True):
        found.append(last)
        if line.strip():
            last = each
    return found


def _digest(line: str) -> str:
    """Of what people read: programs change spaces, and write some signs otherwise."""
    return sha256(" ".join(line.translate(_ALIKE).split()).encode()).hexdigest()[:_DIGEST]
