"""Every message is translated, and translations keep their placeholders."""

import ast
import re

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from adapters.locales.catalogues import FOLDER, languages
from adapters.presentation.language import Language
from tests.support.processes import ROOT
from tests.support.words import said_in_the_code

Forms = tuple[str, ...]
"""A message, or its singular and plurals."""

LOOKING_UP = {"_", "gettext", "ngettext", "marked"}
OTHERS = [each for each in languages().all if each.tag != "en"]


def translations(language: Language) -> dict[Forms, Forms]:
    with (FOLDER / f"{language.tag}.po").open("rb") as source:
        return messages(read_po(source, locale=language.tag))


def messages(catalogue: Catalog) -> dict[Forms, Forms]:
    """All that are looked up: what nobody has confirmed stays English."""
    return {forms(message.id): forms(message.string) for message in catalogue if message.id and not message.fuzzy}


def forms(text: object) -> Forms:
    match text:
        case str():
            return (text,)
        case tuple() | list():
            return tuple(str(each) for each in text)  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
        case _:
            return ()


def filled_in(text: str) -> list[str]:
    return sorted(re.findall(r"\{\w*\}|%\(\w+\)s|%%", text))


def edges(text: str) -> tuple[bool, bool, bool]:
    return text[:1].isspace(), text[-1:].isspace(), text.endswith((".", "?", ":"))


def test_english_and_german_are_spoken() -> None:
    assert ["en", "de"] == [each.tag for each in languages().all]


@pytest.mark.parametrize("language", OTHERS, ids=lambda each: each.tag)
def test_every_word_in_the_code_is_translated(language: Language) -> None:
    translated = {message for message, forms in translations(language).items() if forms and all(forms)}

    assert set() == messages(said_in_the_code()).keys() - translated, "Run make words, and translate what is new."


@pytest.mark.parametrize("language", OTHERS, ids=lambda each: each.tag)
def test_the_catalogue_has_nothing_that_is_no_longer_said(language: Language) -> None:
    assert set() == translations(language).keys() - messages(said_in_the_code()).keys(), "Run make words."


@pytest.mark.parametrize("language", OTHERS, ids=lambda each: each.tag)
def test_translations_keep_what_is_filled_in(language: Language) -> None:
    wrong = {
        message: form
        for message, translation in translations(language).items()
        for form in translation
        if filled_in(form) not in [filled_in(each) for each in message]
    }

    assert {} == wrong


@pytest.mark.parametrize("language", OTHERS, ids=lambda each: each.tag)
def test_translations_begin_and_end_as_the_original(language: Language) -> None:
    """Words are put beside others: a missing space or full stop shows."""
    wrong = {
        message: translation
        for message, translation in translations(language).items()
        if {edges(each) for each in message} != {edges(each) for each in translation}
    }

    assert {} == wrong


@pytest.mark.parametrize("folder", ["domain", "application", "adapters", "entrypoints"])
def test_no_word_is_looked_up_inside_an_f_string(folder: str) -> None:
    """Whoever collects the words doesn't see into those before Python 3.12."""
    found = [
        f"{path.name}:{node.lineno}"
        for path in (ROOT / folder).rglob("*.py")
        for string in ast.walk(ast.parse(path.read_text()))
        if isinstance(string, ast.JoinedStr)
        for node in ast.walk(string)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in LOOKING_UP
    ]

    assert [] == found


def test_no_message_goes_on_with_another() -> None:
    """Other languages decline what is filled in, and put it elsewhere in the sentence: each case is said as a whole."""
    joints = "and|at|by|for|from|in|into|of|on|or|than|the|to|until|with"
    part = re.compile(rf"(?:{joints}) .*[{{%].*", re.DOTALL)

    assert [] == [form for message in messages(said_in_the_code()) for form in message if part.fullmatch(form)]


def test_no_message_only_puts_others_together() -> None:
    """But the colon after a label, and the marks of a quotation, are other ones elsewhere."""
    label_and_sentence = r"\{\w+\}: \{\w+\}"
    filled = r"(?:\{\w*\}|%\(\w+\)s)"
    glue = re.compile(rf"(?!{label_and_sentence}$)[\W\d_]*?{filled}[\W\d_]*?(?:{filled}[\W\d_]*?)+")

    assert [] == [form for message in messages(said_in_the_code()) for form in message if glue.fullmatch(form)]


def test_no_hidden_words_go_on_with_those_that_are_seen() -> None:
    """What is called by more than it says has a label of its own; beside it stands at most a remark in brackets."""
    added = re.compile(r'<span class="hidden-text">\s(?!\()')

    assert [] == [
        str(path.relative_to(ROOT))
        for path in (ROOT / "adapters/http/web/templates").rglob("*.html")
        if added.search(path.read_text())
    ]
