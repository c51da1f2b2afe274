"""Catalogues of translations.

The catalogues are gettext's `.po` files beside this module, read as they are: there is nothing to compile.
"""

from functools import cache, cached_property
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from adapters.presentation.language import ENGLISH, Language, Languages

FOLDER = Path(__file__).parent


@cache
def languages(folder: Path = FOLDER) -> Languages:
    """List the languages that there are catalogues for, such as `de.po` and `pt_BR.po`."""
    others = (_language(path) for path in sorted(folder.glob("*.po")))
    return Languages((ENGLISH, *others))


def _language(path: Path) -> Language:
    locale = Locale.parse(path.stem)
    name = (locale.display_name or path.stem).capitalize()
    return Language(path.stem.replace("_", "-"), name, _Catalogue(path))


class _Catalogue(NullTranslations):
    """Reads its file when its first message is asked for, which takes 40 ms and 6 MiB."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path

    def gettext(self, message: str) -> str:
        return self._read.gettext(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self._read.ngettext(msgid1, msgid2, n)

    @cached_property
    def _read(self) -> NullTranslations:
        with self._path.open("rb") as source:
            return _compiled(read_po(source, locale=self._path.stem, abort_invalid=True))


def _compiled(catalogue: Catalog) -> NullTranslations:
    compiled = BytesIO()
    # A guess that nobody has looked at is worse than the English that it came from.
    write_mo(compiled, catalogue, use_fuzzy=False)
    compiled.seek(0)
    return GNUTranslations(compiled)
