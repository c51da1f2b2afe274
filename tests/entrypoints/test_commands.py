"""The command line, as an operator types it."""

import json
import os
import socket
import sys
from base64 import b64encode
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from adapters.sandbox.mailbox import Mailbox
from application.jobs import CreateMeetingJob, DeleteAccountJob, Due, MailAccountJob
from domain.ids import BookingId, HostId
from domain.security_events import what_of
from entrypoints import migrations
from entrypoints.cli import main
from tests.support.builders import a_booking, a_host, a_page
from tests.support.postgres import store_in
from tests.support.processes import Running, start_timetuna
from tests.support.store import keep
from tests.support.tokens import host_of

KEY = b64encode(bytes(range(32))).decode()


DEPLOYED = {"DATABASE_URL": "postgresql://db/x", "SECRET_KEYS": KEY, "SMTP_URL": "smtp://mail?tls=none"}


async def run(folder: Path, *arguments: str, **settings: str) -> Running:
    """Run a command to its end, with nothing but these settings."""
    environ = {"PATH": "/usr/bin:/bin"} | {f"TIMETUNA_{name}": value for name, value in settings.items()}
    running = await start_timetuna(folder / arguments[0], *arguments, environ=environ)
    await running.process.wait()
    return running


Here = Callable[..., tuple[int, str]]


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Here:
    """Runs a command that ends before anything starts in this process, as another one costs a second."""

    monkeypatch.chdir(tmp_path)

    def run_here(*arguments: str, **settings: str) -> tuple[int, str]:
        monkeypatch.setattr(os, "environ", {f"TIMETUNA_{name}": value for name, value in settings.items()})
        return main(arguments), capsys.readouterr().err

    return run_here


@pytest.mark.parametrize(
    ("command", "settings", "missing"),
    [
        ("migrate", {}, "DATABASE_URL"),
        ("serve", {}, "DATABASE_URL"),
        ("worker", {}, "DATABASE_URL"),
        ("serve", {"DATABASE_URL": "postgresql://db/x"}, "SECRET_KEYS"),
        ("serve", {"DATABASE_URL": "postgresql://db/x", "SECRET_KEYS": KEY}, "SMTP_URL"),
        (
            "worker",
            {"DATABASE_URL": "postgresql://db/x", "SECRET_KEYS": KEY, "SMTP_URL": "smtp://mail?tls=none"},
            "BROKER_URL",
        ),
    ],
)
def test_a_missing_setting_stops_the_command_in_one_line_that_names_it(
    here: Here, command: str, settings: dict[str, str], missing: str
) -> None:
    status, said = here(command, **settings)

    assert 1 == status
    [line] = said.splitlines()
    assert line.startswith(f"TIMETUNA_{missing} is not set: ")


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7"])
def test_a_server_that_others_reach_does_not_start_without_its_public_address(here: Here, host: str) -> None:
    status, said = here("serve", "--host", host, **DEPLOYED)

    assert 1 == status
    [line] = said.splitlines()
    assert line.startswith("TIMETUNA_PUBLIC_URL is not set: ")


@pytest.mark.parametrize(
    ("host", "settings"), [("localhost", {}), ("0.0.0.0", {"PUBLIC_URL": "https://meet.example.com"})]
)
async def test_other_servers_start(tmp_path: Path, host: str, settings: dict[str, str]) -> None:
    with socket.create_server((host, 0)) as taken:
        port = str(taken.getsockname()[1])
        ended = await run(tmp_path, "serve", "--host", host, "--port", port, **DEPLOYED, **settings)

    # As far as that goes: somebody else has the port.
    assert f"Can’t listen on {host}:{port}: Address already in use.\n" == ended.says()


async def test_a_public_address_without_tls_is_warned_of_in_one_line(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        ended = await run(tmp_path, "serve", "--port", port, PUBLIC_URL="http://meet.example.com", **DEPLOYED)

    [warning, _] = ended.says().splitlines()
    told = json.loads(warning)
    assert ("public_url_is_plain_http", "warning") == (told["event"], told["level"])


ON_THE_DATABASE = [
    ("migrate",),
    ("rotate-keys",),
    ("backup", "written"),
    ("restore", "/dev/null"),
    ("list-hosts",),
    ("delete-host", "anna"),
]
STARTED_BY_ITS_SETTINGS = [
    ("serve",),
    ("worker",),
    ("create-host", "--email", "a@hosts.example", "--name", "A", "--handle", "a", "--timezone", "UTC"),
]


@pytest.mark.parametrize("command", [*ON_THE_DATABASE, *STARTED_BY_ITS_SETTINGS], ids=lambda command: command[0])
def test_a_malformed_database_url_stops_the_command_in_one_line_without_its_password(
    here: Here, command: tuple[str, ...]
) -> None:
    status, said = here(*command, **DEPLOYED | {"DATABASE_URL": "postgresql://u:sEcrEtpw,x/y@h1:5432/db"})

    assert 1 == status
    [line] = said.splitlines()
    assert line.startswith("TIMETUNA_DATABASE_URL can’t be used: write it like ")
    assert "sEcrEtpw" not in line


@pytest.mark.parametrize("command", ON_THE_DATABASE, ids=lambda command: command[0])
def test_a_database_that_is_away_stops_the_command_in_one_line(here: Here, command: tuple[str, ...]) -> None:
    status, said = here(*command, **DEPLOYED | {"DATABASE_URL": "postgresql://u:sEcrEtpw@127.0.0.1:9,localhost:9/none"})

    assert 1 == status
    [line] = said.splitlines()
    assert line.startswith("TIMETUNA_DATABASE_URL can’t be used: ")
    assert "sEcrEtpw" not in line


@pytest.mark.parametrize("command", ON_THE_DATABASE, ids=lambda command: command[0])
def test_a_server_that_is_away_behind_its_pooler_is_named_by_its_own_address(
    here: Here, command: tuple[str, ...], database_url: str
) -> None:
    away = "postgresql://u:sEcrEtpw@127.0.0.1:9/none"

    status, said = here(*command, **DEPLOYED | {"DATABASE_URL": database_url, "DATABASE_DIRECT_URL": away})

    assert 1 == status
    [line] = said.splitlines()
    assert line.startswith("TIMETUNA_DATABASE_DIRECT_URL can’t be used: ")


@pytest.mark.parametrize("command", ON_THE_DATABASE, ids=lambda command: command[0])
def test_servers_without_a_primary_stop_the_command_in_one_line(
    here: Here, command: tuple[str, ...], database_url: str
) -> None:
    # The test's server is a primary, so nothing is what this asks for, as with two standbys and “read-write”.
    url = f"{database_url}{'&' if '?' in database_url else '?'}target_session_attrs=standby"

    status, said = here(*command, **DEPLOYED | {"DATABASE_URL": url})

    assert 1 == status
    [line] = said.splitlines()
    assert line.startswith("TIMETUNA_DATABASE_URL can’t be used: ")


def test_a_database_that_goes_away_meanwhile_ends_the_command_in_one_line(
    here: Here, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def cut(connection: Any) -> list[str]:
        return await connection.fetch("select pg_terminate_backend(pg_backend_pid())")

    monkeypatch.setattr(migrations, "migrate", cut)

    status, said = here("migrate", DATABASE_URL=database_url)

    assert 1 == status
    [line] = said.splitlines()
    assert line.startswith("The database went away meanwhile: ")


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (asyncpg.UndefinedColumnError('column "x" does not exist'), "The database’s schema is missing, or older "),
        (asyncpg.UndefinedFunctionError("function x() does not exist"), "The database’s schema is missing, or older "),
        (asyncpg.InterfaceError("connection is closed"), "The database went away meanwhile: connection is closed. "),
        (asyncpg.InternalClientError("unexpected"), "The database went away meanwhile: unexpected. "),
        (asyncpg.DiskFullError("could not extend file"), "The database has too little room: could not extend file. "),
    ],
    ids=lambda each: type(each).__name__,
)
def test_what_a_database_fails_of_is_told_as_that(
    here: Here, database_url: str, monkeypatch: pytest.MonkeyPatch, error: Exception, words: str
) -> None:
    async def fail(_connection: Any) -> list[str]:
        raise error

    monkeypatch.setattr(migrations, "migrate", fail)

    status, said = here("migrate", DATABASE_URL=database_url)

    assert 1 == status
    [line] = said.splitlines()
    assert line.startswith(words)


def test_a_backup_that_nobody_takes_is_no_fault_of_the_database(
    here: Here, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w") as stdout:
        monkeypatch.setattr(sys, "stdout", stdout)

        ended = here("backup", "-", DATABASE_URL=database_url, SECRET_KEYS=KEY)

    assert (1, "Standard output can’t be written: Broken pipe.\n") == ended


def test_a_database_without_the_schema_tells_what_to_run(here: Here, database_url: str) -> None:
    url = f"{database_url}{'&' if '?' in database_url else '?'}search_path=pg_temp"

    assert (1, "The database’s schema is missing, or older than this version. Run “timetuna migrate”.\n") == here(
        "list-hosts", DATABASE_URL=url
    )


async def test_a_host_is_made_once_and_told_what_is_taken(tmp_path: Path, database_url: str) -> None:
    arguments = ("create-host", "--email", "anna@hosts.example", "--name", "Anna Höst", "--timezone", "Europe/Berlin")
    async with store_in(database_url) as store:
        made = await run(tmp_path, *arguments, "--handle", "anna", "--json", DATABASE_URL=database_url)
        logged, told = map(json.loads, made.says().splitlines())
        (tmp_path / "create-host").unlink()
        again = await run(tmp_path, *arguments, "--handle", "anna2", DATABASE_URL=database_url)

        assert {"id", "handle", "api_token"} == told.keys()
        assert told["id"] == await host_of(store.bearer_tokens, told["api_token"], datetime.now(UTC))
        async with store.begin() as uow:
            events = await uow.security_log.of(HostId(told["id"]), datetime.now(UTC) - timedelta(days=1), 9)
        assert ["token-made"] == [what_of(each) for each in events]
        assert ("security", "token-made", told["id"]) == (logged["event"], logged["what"], logged["account"])
    assert 1 == again.process.returncode
    assert again.says().startswith("email: Another account has this email address.")


async def test_accounts_are_listed_for_people_and_for_programs(tmp_path: Path, database_url: str) -> None:
    ana = a_host(handle="ana", name="Ana Höst", email="ana@hosts.example")
    async with store_in(database_url) as store:
        await keep(store, ana, page := a_page(ana), a_booking(page, datetime.now(UTC) + timedelta(days=1)))
        table = await run(tmp_path, "list-hosts", DATABASE_URL=database_url)
        (tmp_path / "list-hosts").rename(tmp_path / "table")
        told = await run(tmp_path, "list-hosts", "--json", DATABASE_URL=database_url)

    assert ["ana     ana@hosts.example  Ana Höst  1      1         address not confirmed"] == (
        (tmp_path / "table").read_text().splitlines()[1:]
    )
    assert 0 == table.process.returncode
    assert [
        {
            "id": ana.id,
            "handle": "ana",
            "email": "ana@hosts.example",
            "name": "Ana Höst",
            "timezone": ana.timezone,
            "email_confirmed": False,
            "being_deleted": False,
            "booking_pages": 1,
            "upcoming_bookings": 1,
        }
    ] == json.loads(told.says())


async def test_an_account_is_deleted_once_its_handle_is_typed(tmp_path: Path, database_url: str) -> None:
    async with store_in(database_url) as store:
        ana = a_host(handle="ana", email="ana@hosts.example")
        await keep(store, ana)
        async with store.begin() as uow:
            uow.accounts.confirm_email(ana.id, datetime.now(UTC))
        unsure = await run(tmp_path, "delete-host", "ana", DATABASE_URL=database_url)
        unsure_says = unsure.says()
        (tmp_path / "delete-host").unlink()
        [kept] = await store.views.account_summaries(datetime.now(UTC))
        sure = await run(tmp_path, "delete-host", "ANA@hosts.example", "--yes", DATABASE_URL=database_url)
        [closed] = await store.views.account_summaries(datetime.now(UTC))
        jobs = [type(lease.job) for lease in await store.backlog.lease(10, timedelta(minutes=1))]

    assert (1, None) == (unsure.process.returncode, kept.closed_at)
    assert "Nothing was deleted." in unsure_says
    assert 0 == sure.process.returncode, sure.says()
    assert closed.closed_at is not None
    assert '"what": "deletion"' in sure.says()
    assert "is being deleted: nobody can sign in any more." in sure.says()
    assert {DeleteAccountJob, MailAccountJob} == set(jobs)


async def test_an_account_that_nobody_has_is_named(tmp_path: Path, database_url: str) -> None:
    async with store_in(database_url):
        ended = await run(tmp_path, "delete-host", "nobody", "--yes", DATABASE_URL=database_url)

    assert (1, "No account has the handle or email address nobody.\n") == (ended.process.returncode, ended.says())


async def test_the_doctor_finds_a_good_installation_good(tmp_path: Path, database_url: str) -> None:
    async with store_in(database_url), Mailbox(tmp_path / "mailbox") as mailbox:
        ended = await run(tmp_path, "doctor", DATABASE_URL=database_url, SECRET_KEYS=KEY, SMTP_URL=mailbox.url)

    assert 0 == ended.process.returncode, ended.says()
    assert "✗" not in ended.says()


async def test_the_doctor_says_all_that_is_wrong(tmp_path: Path) -> None:
    ended = await run(
        tmp_path,
        "doctor",
        DATABASE_URL="postgresql://nobody@127.0.0.1:9/none",
        BROKER_URL="redis://127.0.0.1:9/0",
        SMTP_URL="smtp://127.0.0.1:9?tls=none",
    )

    assert 1 == ended.process.returncode
    for part in ("secret keys", "database", "broker", "mail"):
        assert f"✗ {part}: " in ended.says()
    assert "Traceback" not in ended.says()


async def test_the_doctor_names_settings_that_are_dangerous(tmp_path: Path) -> None:
    ended = await run(
        tmp_path,
        "doctor",
        PUBLIC_URL="http://meet.example.com",
        METRICS_TOKEN="guess-me",
        CALENDAR_POLL_SECONDS="3600",
    )

    assert 1 == ended.process.returncode
    assert "✗ public address: http://meet.example.com isn’t https" in ended.says()
    assert "✗ metrics: TIMETUNA_METRICS_TOKEN has fewer than 16 characters" in ended.says()
    assert "✗ calendars: a reading counts for 1800 s and the next one begins after 3600 s" in ended.says()


async def test_the_doctor_tells_when_nobody_does_the_work(tmp_path: Path, database_url: str) -> None:
    async with store_in(database_url) as store, Mailbox(tmp_path / "mailbox") as mailbox:
        async with store.begin() as uow:
            uow.outbox.enqueue(Due(CreateMeetingJob(BookingId("b1")), datetime.now(UTC) - timedelta(minutes=10)))
        # A relay without a worker leases it again and again, and nobody takes it.
        await store.backlog.lease(1, timedelta(seconds=-1))
        await store.backlog.lease(1, timedelta(minutes=1))
        ended = await run(tmp_path, "doctor", DATABASE_URL=database_url, SECRET_KEYS=KEY, SMTP_URL=mailbox.url)

    assert 1 == ended.process.returncode
    assert "✗ jobs: has been waiting since " in ended.says()
