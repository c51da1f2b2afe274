"""Bring the catalogues up to date with the words in the code: `make words`.

New words come in without a translation, words that are no longer said go; tests/locales tells what is missing.
"""

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from adapters.locales.catalogues import FOLDER
from tests.support.processes import ROOT

_FOLDERS = ("domain", "application", "adapters", "entrypoints")
_METHODS = [("**.py", "python"), ("**.html", "jinja2"), ("**.txt", "jinja2")]
_JINJA = {"newstyle_gettext": "true", "trim_blocks": "true", "lstrip_blocks": "true", "silent": "false"}

_KEYWORDS = {
    "_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "marked": (1,),
}


def said_in_the_code() -> Catalog:
    """All words that a person may read, as a catalogue without translations."""
    found = Catalog(charset="utf-8")
    for folder in _FOLDERS:
        for _file, _line, message, comments, context in extract_from_dir(
            ROOT / folder, _METHODS, {"**.html": _JINJA, "**.txt": _JINJA}, keywords=_KEYWORDS
        ):
            found.add(message, None, auto_comments=comments, context=context)
    return found


def main() -> None:
    said = said_in_the_code()
    for path in sorted(FOLDER.glob("*.po")):
        with path.open("rb") as source:
            catalogue = read_po(source, locale=path.stem)
        catalogue.update(said, no_fuzzy_matching=True, update_header_comment=False, update_creation_date=False)
        catalogue.obsolete.clear()
        with path.open("wb") as target:
            write_po(target, catalogue, width=120, no_location=True, omit_header=False, sort_output=True)
        missing = sum(message.fuzzy or not message.string for message in catalogue if message.id)
        print(f"{path.name}: {len(catalogue)} messages, {missing} without a translation")


if __name__ == "__main__":
    main()
