"""How docstrings read: declarative sentences, never questions."""

import ast
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("domain", "application", "adapters", "entrypoints", "tests")


def questions_in(file: Path) -> list[str]:
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    nodes = (node for node in ast.walk(ast.parse(file.read_bytes())) if isinstance(node, documented))
    summaries = ((ast.get_docstring(node) or "").partition("\n\n")[0] for node in nodes)
    return [f"{file.relative_to(ROOT)}: {each}" for each in summaries if each.endswith("?") or "? " in each]


def test_no_docstring_asks_a_question() -> None:
    files = (file for package in PACKAGES for file in (ROOT / package).rglob("*.py"))

    assert [] == [question for file in files for question in questions_in(file)]
