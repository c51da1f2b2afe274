"""The language that a person is spoken to in right now, and the conventions of their region.

All words are written in English and looked up in the catalogue of whoever reads them: the edge that knows the reader
says so by `speaking`, for as long as its words are being made. Nobody said so: English.
"""

import re
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from gettext import NullTranslations
from typing import Literal
from unicodedata import bidirectional

from babel import Locale
from babel.core import get_global, get_locale_identifier, parse_locale
from babel.localedata import locale_identifiers

HourCycle = Literal["h12", "h23"]
"""How the hours of a day are counted, as in Unicode's locale extension `hc`."""


@dataclass(frozen=True)
class Language:
    """A language that TimeTuna speaks, and how its reader writes dates and times.

    Attributes:
        tag: as in BCP 47, such as `de`.
        name: what its speakers call it.
        region: the reader's, such as `AT`; None where nobody told it.
        hours: as the reader has chosen; None as the region has them.
    """

    tag: str
    name: str
    catalogue: NullTranslations = field(default_factory=NullTranslations, repr=False, compare=False)
    region: str | None = None
    hours: HourCycle | None = None

    @property
    def locale(self) -> Locale:
        """The conventions of the region, else of the language."""
        return _locale(self.tag, self.region)

    @property
    def reader_tag(self) -> str:
        """What `Languages.of` takes for the same language, region and hours, such as `en-US-u-hc-h23`."""
        regional = _in_region(self.tag, self.region) if self.region else self.tag
        return f"{regional}{_HOURS}{self.hours}" if self.hours else regional


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
        another region's in the same script: `pt-PT` as `pt-BR`, `zh-TW` as `zh-Hant`, never as `zh-Hans`. The region is
        that of the tag, else the first that any other tag names; the hours are those that the first tag with an opinion
        names.
        """
        usable = [tag for tag in wanted if len(tag) <= LONGEST_TAG]
        plain = [tag.partition("-u-")[0] for tag in usable]
        found, own = next(((found, tag) for tag in plain if (found := self._nearest(tag))), (ENGLISH, ""))
        region = next((region for tag in (own, *plain) if (region := _region(tag))), None)
        return replace(found, region=region, hours=next((hours for tag in usable if (hours := _hours(tag))), None))

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

_FIRST_STRONG_ISOLATE, _POP_ISOLATE = "\u2068", "\u2069"

_spoken: ContextVar[Language] = ContextVar("spoken", default=ENGLISH)


_HOURS = "-u-hc-"
_REGION = re.compile(r"-([A-Za-z]{2}|[0-9]{3})(?![A-Za-z0-9])")


@cache
def _locale(tag: str, region: str | None) -> Locale:
    language, written = tag.partition("-")[0], _language_and_script(tag)
    names = (
        f"{written}_{region}",
        f"{language}_{region}",
        # English of nowhere is the world's: a reader whose region nobody knows can't take 3/4 for the wrong month.
        "en_150" if tag == "en" else tag.replace("-", "_"),
        written,
        language,
    )
    return next(Locale.parse(name) for name in names if name in _known())


@cache
def _known() -> frozenset[str]:
    return frozenset(locale_identifiers())


@cache
def _in_region(tag: str, region: str) -> str:
    """The tag in another region, with its script where readers of that region write in another one."""
    regional = f"{_REGION.sub('', tag, count=1)}-{region}"
    written = _language_and_script(tag)
    return regional if _language_and_script(regional) == written else f"{written.replace('_', '-')}-{region}"


@lru_cache(256)
def _region(tag: str) -> str | None:
    found = _REGION.search(tag)
    region = found and found[1].upper()
    return region if region in Locale("en").territories else None


def _hours(tag: str) -> HourCycle | None:
    match tag.partition(_HOURS)[2]:
        case "h12" | "h23" as hours:
            return hours
        case _:
            return None


def _wider(tag: str) -> Iterator[str]:
    """The tag, and what is left of it subtag by subtag."""
    while tag:
        yield tag
        tag = tag.rpartition("-")[0]


@lru_cache(256)
def _language_and_script(tag: str) -> str:
    """The language with the script that it is most likely written in, such as `zh_Hant` for `zh-TW`."""
    try:
        language, region, script = parse_locale(tag, sep="-")[:3]
    except ValueError:
        return tag.partition("-")[0].lower()
    language, likely = get_global("language_aliases").get(language, language), get_global("likely_subtags")
    keys = ((language, region, script), (language, region), (language,))
    widest = next((likely[name] for each in keys if (name := get_locale_identifier(each)) in likely), None)
    script = script or (parse_locale(widest)[2] if widest else None)
    return f"{language}_{script}" if script else language


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


class Sentence(str):
    """A sentence whose parameters keep their own direction."""

    __slots__ = ()

    def format(self, *args: object, **parameters: object) -> str:
        return str.format(self, *map(isolated, args), **{name: isolated(each) for name, each in parameters.items()})


def isolated(value: object) -> object:
    """Text with letters that run from right to left, set apart so that it doesn't turn what stands around it.

    Source: Unicode Standard Annex 9, section 2.4; as characters, since sentences also stand in attributes.
    """
    if isinstance(value, str) and not value.isascii() and any(bidirectional(each) in {"R", "AL"} for each in value):
        return type(value)(f"{_FIRST_STRONG_ISOLATE}{value}{_POP_ISOLATE}")
    return value


def without_isolates(text: str) -> str:
    """Where such characters have no place: in headers, calendars and tables, where programs look for tricks."""
    return text.replace(_FIRST_STRONG_ISOLATE, "").replace(_POP_ISOLATE, "")


def gettext(message: str, /) -> str:
    """The reader's words for a literal; parameters are filled in afterwards: `_("Hello {name}").format(name=name)`."""
    # The empty message has the catalogue's own header as its translation.
    return Sentence(spoken().catalogue.gettext(message)) if message else ""


def ngettext(one: str, many: str, number: int, /) -> str:
    return Sentence(spoken().catalogue.ngettext(one, many, number))


def marked(message: str, /) -> str:
    """Mark a literal for the catalogue where it can't be looked up yet, such as in a constant."""
    return message
