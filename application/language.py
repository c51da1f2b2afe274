"""In which language is a person spoken to right now?

All words are written in English and looked up in the catalogue of whoever reads them: the edge that knows the reader
says so by `speaking`, for as long as its words are being made. Nobody said so: English.
"""

from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from gettext import NullTranslations

from domain.words import Words

_catalogue: ContextVar[NullTranslations] = ContextVar("catalogue", default=NullTranslations())  # noqa: B039 - it has no state


@contextmanager
def speaking(catalogue: NullTranslations) -> Generator[None]:
    """Speak the language of a catalogue until the block ends."""
    token = _catalogue.set(catalogue)
    try:
        yield
    finally:
        _catalogue.reset(token)


def gettext(message: str, /) -> str:
    """The reader's words for a literal; parameters are filled in afterwards: `_("Hello {name}").format(name=name)`."""
    # An empty message would bring the catalogue's own header.
    return _catalogue.get().gettext(message) if message else ""


def ngettext(one: str, many: str, number: int, /) -> str:
    return _catalogue.get().ngettext(one, many, number)


def marked(message: str, /) -> str:
    """Mark a literal for the catalogue where it can't be looked up yet, such as in a constant."""
    return message


def said(words: str, /) -> str:
    """The reader's words for what the domain said, such as a refusal. Never for what a person typed."""
    if not isinstance(words, Words):
        return gettext(words)
    parts = {name: said(part) if isinstance(part, Words) else part for name, part in words.parts.items()}
    return gettext(words.template).format(**parts) if parts else gettext(words.template)
