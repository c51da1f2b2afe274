"""The layout of a letter as plain text and as HTML."""

from pathlib import Path
from typing import Any, cast

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from adapters.mail.inert import inert_sentence
from adapters.mail.letter import Detail, Emblem, Exact, Letter, Link
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
    return _templates.get_template("letter.txt").render(letter=_inert(letter)).strip() + "\n"


def as_html(letter: Letter) -> str:
    page = _templates.get_template("letter.html")
    return page.render(letter=_inert(letter), brand=letter.brand, language=spoken().tag).strip() + "\n"


def _inert(letter: Letter) -> Letter:
    return Letter(
        subject=inert_sentence(letter.subject),
        headline=inert_sentence(letter.headline),
        about=inert_sentence(letter.about),
        time=inert_sentence(letter.time),
        paragraphs=tuple(map(inert_sentence, letter.paragraphs)),
        action=_inert_label(letter.action),
        choices=tuple(Link(inert_sentence(each.label), each.url) for each in letter.choices),
        details=tuple(
            Detail(inert_sentence(each.label), tuple(map(_inert_line, each.lines))) for each in letter.details
        ),
        page=_inert_label(letter.page),
        closing=tuple(map(inert_sentence, letter.closing)),
        stop=_inert_label(letter.stop),
        cancelled=letter.cancelled,
        brand=letter.brand,
        emblem=letter.emblem and Emblem(letter.emblem.url, inert_sentence(letter.emblem.words)),
    )


def _inert_label(link: Link | None) -> Link | None:
    return None if link is None else Link(inert_sentence(link.label), link.url)


def _inert_line(line: str | Exact) -> str:
    return line.text if isinstance(line, Exact) else inert_sentence(line)
