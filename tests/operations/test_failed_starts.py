"""Processes that can't start: they end in words, and whatever started them tries again."""

import json
from base64 import b64encode
from pathlib import Path

import pytest

from tests.support.processes import free_port, start_timetuna

KEY = b64encode(bytes(range(32))).decode()


@pytest.mark.parametrize(
    ("command", "parameter", "setting"),
    [
        (("worker",), "", "DATABASE_URL"),
        (("worker", "--processes", "2"), "", "DATABASE_URL"),
        (("serve",), "", "DATABASE_URL"),
        (("serve", "--workers", "2"), "", "DATABASE_URL"),
        (("worker",), "?unknown=1", "BROKER_URL"),
        (("serve",), "?unknown=1", "BROKER_URL"),
    ],
)
async def test_a_process_whose_database_is_away_or_whose_broker_is_misspelt_ends_and_names_the_setting(
    command: tuple[str, ...], parameter: str, setting: str, tmp_path: Path
) -> None:
    nobody = f"127.0.0.1:{free_port()}"
    environ = {
        "PATH": "/usr/bin:/bin",
        "TIMETUNA_DATABASE_URL": f"postgresql://anna:s3cret@{nobody}/timetuna",
        "TIMETUNA_BROKER_URL": f"redis://:s3cret@{nobody}/0{parameter}",
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
    reasons = [each["reason"] for each in told if each["event"] == "start_failed"]
    assert status == 1, running.says()
    assert {f"TIMETUNA_{setting} can’t be used"} == {reason.partition(": ")[0] for reason in reasons}
    assert "Traceback" not in running.says()
    assert "s3cret" not in running.says()
