"""One name means one thing."""

import ast
from collections import defaultdict

from tests.support.processes import ROOT


def test_no_two_public_classes_share_a_name() -> None:
    """An import says which one is meant, and so does every sentence about them."""
    defined: dict[str, list[str]] = defaultdict(list)
    for package in ("domain", "application", "adapters", "entrypoints"):
        for file in (ROOT / package).rglob("*.py"):
            for node in ast.parse(file.read_bytes()).body:
                if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                    defined[node.name].append(str(file.relative_to(ROOT)))

    assert {} == {name: files for name, files in defined.items() if len(files) > 1}
