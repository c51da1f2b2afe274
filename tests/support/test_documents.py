"""Documents name files that exist."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCUMENTS = (*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"))

_IN_CODE = re.compile(r"`((?:domain|application|adapters|entrypoints|tests|docs)/[\w./-]+)`")
_IS_EXAMPLE = re.compile("NAME|TAG")
_LINK = re.compile(r"\]\((?!https?:)([\w./-]+)\)")


def test_every_path_in_a_document_exists() -> None:
    for document in DOCUMENTS:
        text = document.read_text()
        linked = [document.parent / path for path in _LINK.findall(text)]
        named = [ROOT / path for path in _IN_CODE.findall(text) if not _IS_EXAMPLE.search(path)]

        assert [] == [f"{document.name}: {path}" for path in (*linked, *named) if not path.exists()]


def test_each_walk_names_each_file_once() -> None:
    walks = (ROOT / "docs/architecture.md").read_text().split("\n## ")[1:]

    for walk in walks:
        named = _IN_CODE.findall(walk)
        assert sorted(set(named)) == sorted(named)
