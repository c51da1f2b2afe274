"""Documents name files that exist, and their tables list what the code has."""

import ast
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import get_args

import msgspec
from prometheus_client.parser import text_string_to_metric_families

from adapters.http.capabilities import CAPABILITIES as SECRET_PATHS
from adapters.http.metrics import Surroundings
from adapters.postgres.migrate import MIGRATIONS
from domain.events import Event, what_of
from domain.provider import PROVIDERS
from entrypoints.settings import read_settings
from tests.support.builders import NOW
from tests.support.memory_app import CAPABILITIES, IDEMPOTENT
from tests.support.serving import THIS_MACHINE, Server

ROOT = Path(__file__).parents[2]
DOCUMENTS = (*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"))

_IN_CODE = re.compile(r"`((?:domain|application|adapters|deploy|entrypoints|tests|docs)/[\w./-]+)`")
_IS_EXAMPLE = re.compile("NAME|TAG")
_LINK = re.compile(r"\]\((?!https?:)([\w./-]+)\)")


def test_every_path_in_a_document_exists() -> None:
    for document in DOCUMENTS:
        text = document.read_text()
        linked = [document.parent / path for path in _LINK.findall(text)]
        named = [ROOT / path for path in _IN_CODE.findall(text) if not _IS_EXAMPLE.search(path)]

        assert [] == [f"{document.name}: {path}" for path in (*linked, *named) if not path.exists()]


def test_the_newest_changes_are_those_of_this_version() -> None:
    versions = re.findall(r"^## (.*)$", (ROOT / "CHANGELOG.md").read_text(), flags=re.MULTILINE)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]

    assert project["version"] == versions[0]


def test_what_is_installed_is_this_version() -> None:
    install = re.findall(
        r"^## Install it$(.*?)^## ", (ROOT / "docs/operating.md").read_text(), re.DOTALL | re.MULTILINE
    )
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]

    assert {project["version"]} == {*re.findall(r"export VERSION=(\S+)", *install)}


def test_each_walk_names_each_file_once() -> None:
    walks = (ROOT / "docs/architecture.md").read_text().split("\n## ")[1:]

    for walk in walks:
        named = _IN_CODE.findall(walk)
        assert sorted(set(named)) == sorted(named)


def test_decisions_are_numbered_one_by_one_as_their_headings_say() -> None:
    decisions = sorted((ROOT / "docs/decisions").glob("*.md"))
    headings = [each.read_text().split(". ")[0] for each in decisions]

    assert [f"# {number:04}" for number in range(1, len(decisions) + 1)] == headings
    assert [f"# {each.name[:4]}" for each in decisions] == headings


def rows(document: str, section: str) -> list[list[str]]:
    """The cells of a section's table, without its head."""
    text = (ROOT / document).read_text().split(f"\n## {section}\n")[1].split("\n## ")[0]
    table = [line.strip("| ").split(" | ") for line in text.splitlines() if line.startswith("|")]
    return table[2:]


def in_code(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


class Unset(Mapping[str, str]):
    """An environment without any setting, which notes what is looked for."""

    def __init__(self) -> None:
        self.asked: set[str] = set()

    def __getitem__(self, name: str) -> str:
        self.asked.add(name)
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


def test_the_operators_guide_lists_the_settings_that_are_read() -> None:
    environ = Unset()
    read_settings(environ)

    assert environ.asked == {name for row in rows("docs/operating.md", "Settings") for name in in_code(row[0])}


async def test_the_operators_guide_lists_the_metrics_that_are_emitted() -> None:
    server = Server(surroundings=Surroundings(NOW, (1, 2)))
    scraped = await server.client(address=THIS_MACHINE).get("/metrics")
    families = {
        f"{each.name}_total" if each.type == "counter" else each.name
        for each in text_string_to_metric_families(scraped.text)
    }
    ours = {name for name in families if name.startswith("timetuna_") and not name.endswith("_created")}

    listed = {name for row in rows("docs/operating.md", "Metrics") for name in in_code(row[0])}

    assert ours | {"process_*"} == listed


def test_the_operators_guide_says_what_to_do_for_each_alert() -> None:
    rules = (ROOT / "deploy/prometheus/timetuna.rules.yml").read_text("utf-8")

    listed = {name for row in rows("docs/operating.md", "Alerts") for name in in_code(row[0])}

    assert set(re.findall(r"- alert: (\w+)", rules)) == listed


def test_the_operators_guide_names_events_that_there_are() -> None:
    [said] = [row[2] for row in rows("docs/operating.md", "Metrics") if "booking_events" in row[0]]

    assert set() == set(in_code(said)) - {what_of(each) for each in get_args(Event)}


def test_the_operators_guide_lists_the_lines_of_the_doctor() -> None:
    doctor = ast.parse((ROOT / "entrypoints/doctor.py").read_bytes())
    yielded = [
        each.value.elts[0]
        for each in ast.walk(doctor)
        if isinstance(each, ast.Yield) and isinstance(each.value, ast.Tuple)
    ]
    parts = {each.value for each in yielded if isinstance(each, ast.Constant)}

    listed = {name for row in rows("docs/operating.md", "Check it") for name in in_code(row[0])}

    assert parts | {"settings"} == listed


def columns() -> dict[str, str]:
    """What is said of each table where it is made, in the order of the schema."""
    schema = "".join(each.read_text(encoding="utf-8") for each in sorted(MIGRATIONS.glob("*.sql")))
    made = re.compile(r"^create (?:unlogged )?table (\w+) \((.*?)^\)", flags=re.MULTILINE | re.DOTALL)
    return dict(made.findall(schema))


def test_the_page_about_data_lists_the_tables() -> None:
    assert [*columns()] == [name for row in rows("docs/data.md", "Tables") for name in in_code(row[0])]


def test_the_page_about_data_lists_the_paths_that_hold_a_secret() -> None:
    [about_logs] = re.findall(r"below ((?:`/[\w/-]+/`(?:,|\sand)?\s+)+)", (ROOT / "docs/data.md").read_text())
    proxies = [(ROOT / "deploy" / each).read_text() for each in ("nginx.conf", "Caddyfile")]
    left_out = [re.findall(r"/\(\?:([\w|/-]+)\)/", each)[0].split("|") for each in proxies]

    listed = in_code(about_logs)

    assert [[each.removeprefix("/api/v1/").strip("/") for each in listed]] * 2 == left_out
    assert [] == [each for each in SECRET_PATHS if not each.startswith(tuple(listed))]


def test_the_page_about_scaling_says_of_each_table_where_it_goes() -> None:
    of = columns()
    by_host, with_another, *others = (in_code(row[0]) for row in rows("docs/scaling.md", "Several databases, by host"))

    assert sorted(of) == sorted([*by_host, *with_another, *(name for each in others for name in each)])
    assert [] == [name for name in by_host if "host_id text" not in of[name]]
    whole = "|".join(by_host)
    assert [] == [name for name in with_another if not re.search(rf"references (?:{whole})\b", of[name])]


def test_the_readme_lists_the_commands() -> None:
    commands = re.findall(r'add_parser\("([\w-]+)"', (ROOT / "entrypoints/cli.py").read_text())

    assert {f"timetuna {each}" for each in commands if each != "demo"} == {
        name for row in rows("README.md", "Run it for real") for name in in_code(row[0])
    }


def test_the_guide_to_providers_lists_their_capabilities() -> None:
    words = {True: "yes", False: "no", None: "–"}
    stated = [
        {**msgspec.structs.asdict(CAPABILITIES[each]), "idempotent_creation": IDEMPOTENT[each]} for each in PROVIDERS
    ]
    table = rows("docs/adding-a-provider.md", "Differences are capabilities")

    assert {name: [words.get(each[name], each[name]) for each in stated] for name in stated[0]} == {
        name: row[1:4] for row in table for name in in_code(row[0])
    }


SECTIONS_OF_ASVS = {
    "V1": 14, "V2": 10, "V3": 7, "V4": 3, "V5": 5, "V6": 4, "V7": 4, "V8": 3, "V9": 2, "V10": 3, "V11": 1, "V12": 6,
    "V13": 4, "V14": 5,
}  # fmt: skip
"""How many sections each chapter of version 4.0.3 has."""

_TEST = re.compile(r"`(tests/[\w/.-]+\.py)(?:::(\w+))?`")


def sections() -> list[list[str]]:
    """Every row about a section of ASVS: its number and title, the verdict, the words, and what shows it."""
    chapters = re.findall(r"^## (V\d+ .+)$", (ROOT / "docs/security.md").read_text(), flags=re.MULTILINE)
    return [row for chapter in chapters for row in rows("docs/security.md", chapter)]


def test_the_page_about_security_names_what_shows_that_each_attack_is_met() -> None:
    attacks = rows("docs/security.md", "Abuse")
    named = {path for *_, shown in attacks for path, _ in _TEST.findall(shown)}
    attacked = {str(each.relative_to(ROOT)) for each in (ROOT / "tests/security").glob("test_*.py")}

    assert 21 == len([shown for *_, shown in attacks if _TEST.search(shown)]) == len(attacks)
    assert attacked <= named | {path for *_, shown in sections() for path, _ in _TEST.findall(shown)}


def test_the_page_about_security_has_every_section_of_asvs_with_a_verdict() -> None:
    numbered = [f"{chapter}.{n}" for chapter, count in SECTIONS_OF_ASVS.items() for n in range(1, count + 1)]
    verdicts = {"holds", "holds in part", "doesn't hold", "not applicable"}

    assert numbered == [section.split(" ")[0] for section, *_ in sections()]
    assert [] == [section for section, verdict, *_ in sections() if verdict not in verdicts]


def test_what_holds_of_asvs_is_shown_by_tests() -> None:
    assert [] == [
        section for section, verdict, _, shown in sections() if verdict == "holds" and not _TEST.search(shown)
    ]


def test_the_page_about_security_names_tests_that_there_are() -> None:
    shown_by = [shown for *_, shown in (*sections(), *rows("docs/security.md", "Abuse"))]
    named = [test for shown in shown_by for test in _TEST.findall(shown)]
    missing = [path for path, _ in named if not (ROOT / path).is_file()]

    assert len(named) == sum(len(in_code(shown)) for shown in shown_by)
    assert [] == missing
    assert [] == [f"{path}::{test}" for path, test in named if test and f"def {test}(" not in (ROOT / path).read_text()]
