"""Sentences for people are made where they are read: domain and application hold none."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.processes import ROOT

_SEVERAL_WORDS = re.compile(r"[A-Za-zÀ-ÿ’']{2,} [A-Za-zÀ-ÿ’']{2,}")

# For programmers, who read them in a traceback.
_FOR_PROGRAMMERS = {"AssertionError", "RuntimeError", "TypeError", "ValueError"}

MODULES = [path for folder in ("domain", "application") for path in sorted((ROOT / folder).rglob("*.py"))]


def sentences(source: str) -> Iterator[str]:
    tree = ast.parse(source)
    apart = {id(each) for node in ast.walk(tree) for each in _not_for_people(node)}
    for node in ast.walk(tree):
        match node:
            case ast.Constant(value=str() as text) if id(node) not in apart and _SEVERAL_WORDS.search(text):
                yield text
            case _:
                pass


def _not_for_people(node: ast.AST) -> Iterator[ast.AST]:
    match node:
        case ast.Expr(value=ast.Constant() as docstring):
            yield docstring
        case ast.Raise(exc=ast.Call(func=ast.Name(id=name)) as raised) if name in _FOR_PROGRAMMERS:
            yield from ast.walk(raised)
        case _:
            pass


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_sentence_is_made_there(path: Path) -> None:
    assert [] == list(sentences(path.read_text()))


def test_a_sentence_is_found_and_a_docstring_is_none() -> None:
    source = '"""It is so."""\nreason = "The host left."\nraise ValueError("an address is needed")'

    assert ["The host left."] == list(sentences(source))
