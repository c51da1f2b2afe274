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


# Whatever stands behind three quotes, of which some are those of a docstring.
_MAY_BE_SUMMARIES = re.compile(r'(?<=""")(?=\s*(.*?)(?:\n\s*\n|"""|\Z))', re.DOTALL)


def questions_in(file: Path, root: Path = ROOT) -> list[str]:
    # To parse every file takes seconds, and next to none has a question in it.
    if not any(map(is_question, _MAY_BE_SUMMARIES.findall(file.read_text(encoding="utf-8")))):
        return []
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    nodes = (node for node in ast.walk(ast.parse(file.read_bytes())) if isinstance(node, documented))
    summaries = ((ast.get_docstring(node) or "").partition("\n\n")[0] for node in nodes)
    return [f"{file.relative_to(root)}: {each}" for each in summaries if is_question(each)]


def is_question(summary: str) -> bool:
    return summary.rstrip().endswith("?") or re.search(r"\?\s", summary) is not None or asks(summary)


def asks(summary: str) -> bool:
    return _ASKS.match(summary) is not None


def test_a_verb_before_its_subject_asks() -> None:
    assert asks("How does a page learn of a change: by one held request.")
    assert asks("What would disconnecting a provider do: said before it is done.")
    assert not asks("What is true about bookings.")
    assert not asks("How mails reach a mail server.")


def test_a_question_is_found_wherever_a_docstring_asks_it(tmp_path: Path) -> None:
    file = tmp_path / "asking.py"
    file.write_text('X = """Is that one? No."""\n\n\ndef f():\n    """Do a thing.\n\n    Or two? """\n')
    assert [] == questions_in(file, tmp_path)
    file.write_text('X = """"""\n\n\nasync def f():\n    """Do a\n    thing? Yes.\n    """\n')
    assert ["asking.py: Do a\nthing? Yes."] == questions_in(file, tmp_path)


def test_no_docstring_asks_a_question() -> None:
    files = (file for package in PACKAGES for file in (ROOT / package).rglob("*.py"))

    assert [] == [question for file in files for question in questions_in(file)]
