"""Catalogues of translations.

The catalogues are gettext's `.po` files beside this module, read as they are: there is nothing to compile.
"""

from functools import cache
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
    """Read all catalogues, such as `de.po` and `pt_BR.po`, once a process: each takes 40 ms."""
    others = (_language(path) for path in sorted(folder.glob("*.po")))
    return Languages((ENGLISH, *others))


def _language(path: Path) -> Language:
    locale = Locale.parse(path.stem)
    with path.open("rb") as source:
        catalogue = read_po(source, locale=path.stem, abort_invalid=True)
    return Language(path.stem.replace("_", "-"), (locale.display_name or path.stem).capitalize(), _compiled(catalogue))


def _compiled(catalogue: Catalog) -> NullTranslations:
    compiled = BytesIO()
    # A guess that nobody has looked at is worse than the English that it came from.
    write_mo(compiled, catalogue, use_fuzzy=False)
    compiled.seek(0)
    return GNUTranslations(compiled)
