"""One name means one thing."""

import re
from collections import defaultdict

from tests.support.processes import ROOT


def test_no_two_public_classes_share_a_name() -> None:
    """An import says which one is meant, and so does every sentence about them."""
    defined: dict[str, list[str]] = defaultdict(list)
    for package in ("domain", "application", "adapters", "entrypoints"):
        for file in (ROOT / package).rglob("*.py"):
            for name in re.findall(r"^class ([A-Z]\w*)", file.read_text(encoding="utf-8"), re.MULTILINE):
                defined[name].append(str(file.relative_to(ROOT)))

    assert {} == {name: files for name, files in defined.items() if len(files) > 1}
