"""Folders of tests don't know each other: what several of them use is in `tests/support`."""

import re
from collections.abc import Iterator
from functools import cache

from tests.support.processes import ROOT

# Drills run the programs of faults for a while, and programs that measure share how a database is filled.
WIDER = {
    "tests.operations": "tests.faults",
    "tests.load": "tests.benchmarks",
    "tests.scale": "tests.benchmarks",
    "tests.benchmarks": "tests.scale",
}
SHARED = "tests.support"


_IMPORT = re.compile(r"^ *from (tests\.[\w.]+) import (\([^)]*\)|[^(\n]*)$", re.MULTILINE)


def imported(text: str) -> Iterator[tuple[str, str]]:
    """The modules of tests that are imported, and what from each."""
    for folder, names in _IMPORT.findall(text):
        for each in re.findall(r"(\w+)(?: as \w+)?", names):
            module = f"{folder}.{each}"
            is_module = (ROOT / module.replace(".", "/")).with_suffix(".py").exists()
            yield (module, "") if is_module else (folder, each)


def may_import(importer: str, module: str) -> bool:
    """Whether a module is shared, or in the importer's own folder, in one around it or in one inside it."""
    here, there = importer.rpartition(".")[0], module.rpartition(".")[0]
    return any(_is_in(there, each) for each in (SHARED, here, WIDER.get(here, here))) or _is_in(here, there)


def _is_in(folder: str, another: str) -> bool:
    return f"{folder}.".startswith(f"{another}.")


@cache
def _found() -> tuple[tuple[str, str, str], ...]:
    return tuple(
        (".".join(file.relative_to(ROOT).with_suffix("").parts), *each)
        for file in (ROOT / "tests").rglob("*.py")
        for each in imported(file.read_text(encoding="utf-8"))
    )


def test_imports_are_found_however_they_are_written() -> None:
    text = "import re\nfrom tests.a import b as c, d\n    from tests.a.e import (\n    f,\n    g,\n)\n"

    assert [("tests.a", "b"), ("tests.a", "d"), ("tests.a.e", "f"), ("tests.a.e", "g")] == [*imported(text)]


def test_a_folder_of_tests_imports_from_itself_and_from_what_is_shared() -> None:
    # A drill runs a test of another folder once more, on other servers.
    found = ((importer, module) for importer, module, name in _found() if not name.startswith("test_"))

    assert [] == sorted({each for each in found if not may_import(*each)})


def test_a_module_of_tests_holds_nothing_that_others_use() -> None:
    tests = [
        (importer, module, name) for importer, module, name in _found() if module.rpartition(".")[2].startswith("test_")
    ]

    assert [] == sorted(each for each in tests if not each[2].startswith("test_"))
    assert {"tests.operations"} >= {importer.rpartition(".")[0] for importer, _, _ in tests}


def test_what_is_shared_knows_no_folder_of_tests() -> None:
    found = {(importer, module) for importer, module, _ in _found() if _is_in(importer, SHARED)}

    assert [] == sorted(each for each in found if not _is_in(each[1], SHARED))
