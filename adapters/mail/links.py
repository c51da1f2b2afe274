"""What is said about a join link."""

import re

from domain.conference import Ready
from domain.text import one_line

_LINK = re.compile(r"https?://[\x21-\x7e]{1,2000}")
_ZOOM_GROUPS = {9: (3, 6), 10: (3, 6), 11: (3, 7)}


def is_link(url: str) -> bool:
    """Whether an address may become something to click on."""
    return _LINK.fullmatch(url) is not None


def join_words(ready: Ready) -> str:
    """What the button says; a link that the host added by hand may lead anywhere."""
    match ready.provider:
        case "zoom":
            return "Join Zoom meeting"
        case "google":
            return "Join Google Meet"
        case "microsoft":
            return "Join Microsoft Teams meeting"
        case None:
            return "Join meeting"


def meeting_id_words(ready: Ready) -> str:
    """The meeting ID grouped as Zoom shows it (812 3456 7890), another provider's as it is, or nothing."""
    number = one_line(ready.meeting_id or "", 100)
    if ready.provider != "zoom" or not (number.isascii() and number.isdigit()) or len(number) not in _ZOOM_GROUPS:
        return number
    first, second = _ZOOM_GROUPS[len(number)]
    return f"{number[:first]} {number[first:second]} {number[second:]}"
