"""How a letter looks: as plain text, and as HTML."""

from pathlib import Path
from typing import Any, cast

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from adapters.mail.letter import Letter
from adapters.presentation.language import gettext, ngettext, spoken

_templates = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=select_autoescape(("html",)),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    auto_reload=False,
    extensions=["jinja2.ext.i18n"],
)
cast("Any", _templates).install_gettext_callables(gettext, ngettext, newstyle=True)


def as_text(letter: Letter) -> str:
    return _templates.get_template("letter.txt").render(letter=letter).strip() + "\n"


def as_html(letter: Letter) -> str:
    page = _templates.get_template("letter.html").render(letter=letter, brand=letter.brand, language=spoken().tag)
    return page.strip() + "\n"
