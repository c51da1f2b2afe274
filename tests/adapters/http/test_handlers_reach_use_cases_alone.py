import re
from pathlib import Path

import adapters.http
from tests.support.memory_app import MemoryApp

HTTP = Path(adapters.http.__file__).parent
BEHIND_THE_USE_CASES = re.compile(r"^(?!from |import ).*(\.ports\b|\bbegin\(\))", re.MULTILINE)


def test_no_handler_reaches_behind_the_use_cases() -> None:
    assert [] == [path.name for path in HTTP.rglob("*.py") if BEHIND_THE_USE_CASES.search(path.read_text())]


def test_the_application_shows_its_ports_to_nobody() -> None:
    assert not hasattr(MemoryApp().app, "ports")
