"""The name of a job is written once, at its type."""

import re
from typing import get_args

from application.jobs import Job, tag_of
from tests.support.processes import ROOT

_NAMES = re.compile("|".join(rf"[\"']{tag_of(each)}[\"'/]" for each in get_args(Job)))


def test_no_adapter_repeats_it() -> None:
    found = {
        str(path.relative_to(ROOT)): _NAMES.findall(path.read_text()) for path in (ROOT / "adapters").rglob("*.py")
    }

    assert {} == {path: names for path, names in found.items() if names}
