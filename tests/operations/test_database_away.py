"""Processes that start before their database is there: they end, and whatever started them tries again."""

import json
from base64 import b64encode
from pathlib import Path

import pytest

from tests.support.processes import free_port, start_timetuna

KEY = b64encode(bytes(range(32))).decode()


@pytest.mark.parametrize(
    "command",
    [("worker",), ("worker", "--processes", "2"), ("serve",), ("serve", "--workers", "2")],
    ids=" ".join,
)
async def test_a_process_that_finds_no_database_ends_and_names_the_setting(
    command: tuple[str, ...], tmp_path: Path
) -> None:
    nobody = f"127.0.0.1:{free_port()}"
    environ = {
        "PATH": "/usr/bin:/bin",
        "TIMETUNA_DATABASE_URL": f"postgresql://anna:s3cret@{nobody}/timetuna",
        "TIMETUNA_BROKER_URL": f"redis://{nobody}/0",
        "TIMETUNA_SECRET_KEYS": KEY,
        "TIMETUNA_SMTP_URL": f"smtp://{nobody}?tls=none",
    }
    port = ("--port", str(free_port())) if "serve" in command else ()

    running = await start_timetuna(tmp_path / "log", *command, *port, environ=environ)
    try:
        status = await running.ends()
    finally:
        await running.kill()

    told = [json.loads(line) for line in running.says().splitlines() if line.startswith("{")]
    assert status == 1, running.says()
    assert {"TIMETUNA_DATABASE_URL can’t be used: "} == {
        each["reason"][: each["reason"].index(":") + 2] for each in told if each["event"] == "start_failed"
    }
    assert "Traceback" not in running.says()
    assert "s3cret" not in running.says()
