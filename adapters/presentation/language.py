"""The language that a person is spoken to in right now.

All words are written in English and looked up in the catalogue of whoever reads them: the edge that knows the reader
says so by `speaking`, for as long as its words are being made. Nobody said so: English.
"""

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import lru_cache
from gettext import NullTranslations

from babel import Locale, UnknownLocaleError
from babel.core import get_global, get_locale_identifier, parse_locale


@dataclass(frozen=True)
class Language:
    """A language that TimeTuna speaks.

    Attributes:
        tag: as in BCP 47, such as `de`.
        name: what its speakers call it.
    """

    tag: str
    name: str
    catalogue: NullTranslations = field(default_factory=NullTranslations, repr=False, compare=False)

    @property
    def locale(self) -> str:
        """The same tag as Babel writes it, such as `pt_BR`."""
        return self.tag.replace("-", "_")


ENGLISH = Language("en", "English")

LONGEST_TAG = 64
"""No registered combination of subtags is half as long; looking for a wider tag takes a step for each subtag."""


@dataclass(frozen=True)
class Languages:
    """All languages that can be spoken, English first."""

    all: tuple[Language, ...] = (ENGLISH,)

    def of(self, *wanted: str) -> Language:
        """The first of the wanted tags that can be spoken; none of them: English.

        A tag finds its own catalogue, else that of a wider one (RFC 4647, section 3.4: `de-AT` is spoken as `de`), else
        another region's in the same script: `pt-PT` as `pt-BR`, `zh-TW` as `zh-Hant`, never as `zh-Hans`.
        """
        usable = (tag for tag in wanted if len(tag) <= LONGEST_TAG)
        return next((found for tag in usable if (found := self._nearest(tag))), ENGLISH)

    def _nearest(self, tag: str) -> Language | None:
        spoken = {each.tag.lower(): each for each in reversed(self.all)}
        scripts = {_language_and_script(each.tag): each for each in reversed(self.all)}
        wider = (spoken[each] for each in _wider(tag.lower()) if each in spoken)
        own_script = scripts.get(_language_and_script(tag))
        found = next(wider, None)
        if found is None or own_script is None:
            return found or own_script
        # The bare language may be written in another script than the one wanted.
        return found if _language_and_script(found.tag) == _language_and_script(tag) else own_script


ENGLISH_ALONE = Languages()

_spoken: ContextVar[Language] = ContextVar("spoken", default=ENGLISH)


def _wider(tag: str) -> Iterator[str]:
    """The tag, and what is left of it subtag by subtag."""
    while tag:
        yield tag
        tag = tag.rpartition("-")[0]


@lru_cache(256)
def _language_and_script(tag: str) -> str:
    """The language with the script that it is most likely written in, such as `zh_Hant` for `zh-TW`."""
    try:
        locale = Locale.parse(get_locale_identifier(parse_locale(tag, sep="-")))
    except (ValueError, UnknownLocaleError):
        return tag.partition("-")[0].lower()
    likely = get_global("likely_subtags")
    keys = (
        get_locale_identifier((locale.language, locale.territory, locale.script)),
        get_locale_identifier((locale.language, locale.territory)),
        locale.language,
    )
    widest = next((likely[each] for each in keys if each in likely), None)
    script = locale.script or (parse_locale(widest)[2] if widest else None)
    return f"{locale.language}_{script}" if script else locale.language


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
