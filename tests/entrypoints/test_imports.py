"""What a process doesn't need isn't imported: it would take time at each start, and memory as long as it runs."""

import subprocess
import sys

import pytest

from tests.support.processes import ROOT

TELL = "import atexit, sys\natexit.register(lambda: print(*sys.modules, file=sys.stderr))\n"


def packages_after(program: str) -> set[str]:
    """The packages from elsewhere, and our own modules, that a new process has imported at its end."""
    ended = subprocess.run([sys.executable, "-c", TELL + program], cwd=ROOT, capture_output=True, text=True, check=True)
    ours = ("domain", "application", "adapters", "entrypoints")
    names = {name if name.startswith(ours) else name.partition(".")[0] for name in ended.stderr.split()}
    return names - sys.stdlib_module_names - {"__main__"}


@pytest.mark.parametrize("option", ["--help", "--version"])
def test_an_answer_about_the_command_line_itself_takes_nothing_else(option: str) -> None:
    imported = packages_after(f"from entrypoints.cli import main; main(['{option}'])")

    assert {"entrypoints", "entrypoints.cli", "entrypoints.concurrency", "entrypoints.errors"} == imported


def test_the_process_that_starts_worker_processes_holds_nothing_of_theirs() -> None:
    imported = packages_after("import entrypoints.settings, entrypoints.worker_processes")

    assert not imported & {"asyncpg", "babel", "httpx", "icalendar", "litestar", "redis", "structlog"}


def test_a_server_holds_nothing_of_other_processes_and_no_broker_but_its_own() -> None:
    imported = packages_after("import entrypoints.http")

    assert "litestar" in imported
    assert not imported & {"adapters.memory", "adapters.sandbox", "aiosmtpd", "entrypoints.demo", "entrypoints.doctor"}
    assert not imported & {"adapters.http.mcp.server", "bs4", "mcp", "starlette"}
    assert not imported & {"PIL", "fido2", "pika", "redis", "recurring_ical_events"}


def test_an_app_of_litestars_brings_nothing_that_others_need() -> None:
    imported = packages_after("from adapters.http.app import MsgspecLitestar; MsgspecLitestar([])")

    assert not imported & {"mcp", "opentelemetry", "pydantic"}


def test_a_worker_holds_no_server() -> None:
    imported = packages_after("import entrypoints.worker")

    assert "dramatiq" in imported
    assert not imported & {"adapters.http.app", "adapters.sandbox", "aiosmtpd", "litestar", "PIL", "uvicorn"}
