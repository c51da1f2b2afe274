"""A language that shows what can't be translated: each Latin letter of a translated message becomes a wide one.

What is still in ordinary Latin letters on a page was never looked up in the catalogue, or comes from a person.
Days and months, which come from elsewhere, are Greek.
"""

import re
from gettext import NullTranslations
from html.parser import HTMLParser
from zoneinfo import available_timezones

from adapters.presentation.language import ENGLISH, Language, Languages
from tests.support.words import said_in_the_code

_KEPT = re.compile(r"(<[^>]*>|&\w+;|%\(\w+\)s|\{\w*\})")
_WIDE = {code: code + 0xFEE0 for code in range(ord("!"), ord("~") + 1) if chr(code).isalpha()}

# Names, whatever the language; addresses; what scripts fill in.
_NO_WORDS = re.compile(
    r"\{\w+\}|https?://\S+|\S+@\S+|\b[\w.-]+\.(?:example|com|us)\b\S*|/[\w/.-]+|\b[0-9][\w:.-]*|\bhost-[0-9]+\b"
    r"|Hanne Höst|\b(?:TimeTuna|Zoom|Google Meet|Google Calendar|Google|Outlook\.com|Outlook)\b"
    r"|\b(?:Microsoft Teams|Microsoft|Teams|English|Ελληνικά|UTC)\b"
)
_WORD = re.compile(r"[A-Za-z]{2,}(?:[ ’'-]+[A-Za-z]+)*")
_SHOWN_ATTRIBUTES = {"alt", "aria-label", "aria-description", "aria-roledescription", "placeholder", "title"}
_FOR_MACHINES = {f"data-{each}" for each in ("around", "copy", "day", "grid", "in", "keep", "start", "url", "zone")}
_ZONES = available_timezones()


class _Wide(NullTranslations):
    """Knows the messages in the code, and nothing else."""

    def __init__(self, messages: frozenset[str]) -> None:
        super().__init__()
        self._messages = messages

    def gettext(self, message: str) -> str:
        return widened(message) if message in self._messages else message

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1) if n == 1 else widened(msgid2)


def _messages() -> frozenset[str]:
    return frozenset(each.id if isinstance(each.id, str) else each.id[0] for each in said_in_the_code() if each.id)


_IN_THE_CODE = _messages()
PSEUDO = Language("el", "Ελληνικά", _Wide(_IN_THE_CODE))
PSEUDO_ALONE = Languages((ENGLISH, PSEUDO))


def widened(message: str) -> str:
    pieces = _KEPT.split(message)
    return "".join(piece if place % 2 else piece.translate(_WIDE) for place, piece in enumerate(pieces))


def english_in(text: str) -> list[str]:
    """The words of a text that no catalogue was asked for."""
    for zone in re.findall(r"[A-Z][\w+-]+(?:/[\w+-]+)*", text):
        text = text.replace(zone, " ") if zone in _ZONES else text
    return _WORD.findall(_NO_WORDS.sub(" ", text))


def english_on(page: str) -> list[str]:
    """The words of a page that no catalogue was asked for: of its text, its title, its labels and its scripts."""
    reading = _Reading()
    reading.feed(page)
    return [word for text in reading.texts for word in english_in(text)]


class _Reading(HTMLParser):
    """Collects what a page says; not what is code, and not what is typed into its fields."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._silent: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        # Zones are named by CLDR, which knows no Greek name for some.
        if tag in {"script", "style", "code", "pre", "textarea"} or (tag == "option" and given.get("value") in _ZONES):
            self._silent.append(tag)
        self.texts += [value for name, value in given.items() if name in _SHOWN_ATTRIBUTES or _for_scripts(name, value)]
        if tag == "input" and given.get("type") in {"submit", "button"}:
            self.texts.append(given.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if self._silent and self._silent[-1] == tag:
            self._silent.pop()

    def handle_data(self, data: str) -> None:
        if not self._silent and data.strip():
            self.texts.append(data)


def _for_scripts(name: str, value: str) -> bool:
    """Whether an attribute is one that a script shows: names of things are in lower case, sentences aren't."""
    return name.startswith("data-") and name not in _FOR_MACHINES and (" " in value or value[:1].isupper())
