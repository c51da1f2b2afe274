"""How docstrings read: declarative sentences, never questions."""

import ast
import re
from pathlib import Path

from tests.support.processes import ROOT

PACKAGES = ("domain", "application", "adapters", "entrypoints", "tests")

# A verb before its subject asks, whatever stands at the end.
_ASKS = re.compile(
    r"(?:What|Who|Which \w+(?: \w+)?) (?:do|does|did|would|can|may) (?:a|an|the|one|it|we|you|they)\b"
    r"|(?:What|Who|Which \w+(?: \w+)?) (?:does|did|would) \w+ing\b"
    r"|(?:How|When|Where|Why) (?:do|does|did|is|are|was|would|can|may) \w+"
)


def questions_in(file: Path) -> list[str]:
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    nodes = (node for node in ast.walk(ast.parse(file.read_bytes())) if isinstance(node, documented))
    summaries = ((ast.get_docstring(node) or "").partition("\n\n")[0] for node in nodes)
    return [
        f"{file.relative_to(ROOT)}: {each}" for each in summaries if each.endswith("?") or "? " in each or asks(each)
    ]


def asks(summary: str) -> bool:
    return _ASKS.match(summary) is not None


def test_a_verb_before_its_subject_asks() -> None:
    assert asks("How does a page learn of a change: by one held request.")
    assert asks("What would disconnecting a provider do: said before it is done.")
    assert not asks("What is true about bookings.")
    assert not asks("How mails reach a mail server.")


def test_no_docstring_asks_a_question() -> None:
    files = (file for package in PACKAGES for file in (ROOT / package).rglob("*.py"))

    assert [] == [question for file in files for question in questions_in(file)]
