"""The language that a person is spoken to in right now.

All words are written in English and looked up in the catalogue of whoever reads them: the edge that knows the reader
says so by `speaking`, for as long as its words are being made. Nobody said so: English.
"""

import re
from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import lru_cache
from gettext import NullTranslations

from domain.words import Words


@dataclass(frozen=True)
class Language:
    """A language that TimeTuna speaks.

    Attributes:
        tag: as in BCP 47, such as `de`.
        name: what its speakers call it.
        templates: the sentences of the catalogue in which something is filled in, in English.
    """

    tag: str
    name: str
    catalogue: NullTranslations = field(default_factory=NullTranslations, repr=False, compare=False)
    templates: tuple[str, ...] = field(default=(), repr=False, compare=False)


ENGLISH = Language("en", "English")


@dataclass(frozen=True)
class Languages:
    """All languages that can be spoken, English first."""

    all: tuple[Language, ...] = (ENGLISH,)

    def of(self, *wanted: str) -> Language:
        """The first of the wanted tags that can be spoken, `de-AT` by `de`; none of them: English."""
        spoken = {each.tag: each for each in self.all}
        known = (tag.partition("-")[0].lower() for tag in wanted)
        return next((spoken[tag] for tag in known if tag in spoken), ENGLISH)


ENGLISH_ALONE = Languages()

_PART = re.compile(r"\{(\w+)\}")
_ENOUGH = 11

_spoken: ContextVar[Language] = ContextVar("spoken", default=ENGLISH)


@contextmanager
def speaking(language: Language) -> Generator[None]:
    """Speak a language until the block ends."""
    token = _spoken.set(language)
    try:
        yield
    finally:
        _spoken.reset(token)


def spoken() -> Language:
    return _spoken.get()


def gettext(message: str, /) -> str:
    """The reader's words for a literal; parameters are filled in afterwards: `_("Hello {name}").format(name=name)`."""
    # The empty message has the catalogue's own header as its translation.
    return spoken().catalogue.gettext(message) if message else ""


def ngettext(one: str, many: str, number: int, /) -> str:
    return spoken().catalogue.ngettext(one, many, number)


def marked(message: str, /) -> str:
    """Mark a literal for the catalogue where it can't be looked up yet, such as in a constant."""
    return message


def said(words: str, /) -> str:
    """The reader's words for what the domain said, such as a refusal; never for what a person typed.

    What was stored has lost its parts: they are found again by the sentence that they were filled into.
    """
    if isinstance(words, Words) and words.parts:
        parts = {name: said(part) if isinstance(part, Words) else part for name, part in words.parts.items()}
        return gettext(words.template).format(**parts)
    translated = gettext(words)
    return translated if translated != words else _said_of_old(words)


def _said_of_old(words: str) -> str:
    for template, pattern in _patterns(spoken().templates):
        if found := pattern.fullmatch(words):
            parts = {name: said(part) if part.endswith(".") else part for name, part in found.groupdict().items()}
            return gettext(template).format(**parts)
    return words


@lru_cache(8)
def _patterns(templates: tuple[str, ...]) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Whole sentences alone, those with the most words of their own first: “{a} to {b}” would fit too much."""
    own_words = {each: len(_PART.sub("", each)) for each in templates if each.endswith((".", " was refused:"))}
    sentences = sorted((each for each, own in own_words.items() if own >= _ENOUGH), key=lambda each: -own_words[each])
    return tuple((each, _pattern(each)) for each in sentences)


def _pattern(template: str) -> re.Pattern[str]:
    pieces = _PART.split(template)
    seen: set[str] = set()
    made = ""
    for place, piece in enumerate(pieces):
        if place % 2 == 0:
            made += re.escape(piece)
        else:
            made += f"(?P={piece})" if piece in seen else f"(?P<{piece}>.+?)"
            seen.add(piece)
    return re.compile(made, re.DOTALL)
