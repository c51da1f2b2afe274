"""What the doctor says of each part that is broken; whole commands are in `test_commands`."""

import asyncio
import shutil
from datetime import datetime, timedelta, tzinfo
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest

from entrypoints import doctor
from entrypoints.doctor import checks, run
from entrypoints.settings import read_settings
from tests.support.postgres import StoreInPostgres


async def troubles(**settings: str) -> dict[str, str]:
    """Each part that something is wrong with, and what."""
    found = checks(read_settings({f"TIMETUNA_{name}": value for name, value in settings.items()}))
    return {part: trouble async for part, trouble, _ in found if trouble}


def test_a_malformed_setting_ends_the_check(capsys: pytest.CaptureFixture[str]) -> None:
    assert 1 == run({"TIMETUNA_PUBLIC_URL": "meet.example.com"})

    [line] = capsys.readouterr().out.splitlines()
    assert line.startswith("✗ settings: TIMETUNA_PUBLIC_URL")


async def test_parts_that_are_not_set_are_named() -> None:
    found = await troubles()

    assert {
        "secret keys": "TIMETUNA_SECRET_KEYS is not set",
        "database": "TIMETUNA_DATABASE_URL is not set",
        "mail": "TIMETUNA_SMTP_URL is not set",
    } == found


@pytest.mark.parametrize("setting", ["DATABASE_URL", "DATABASE_DIRECT_URL"])
async def test_the_address_at_which_no_database_answers_is_named(setting: str) -> None:
    away = dict.fromkeys(("DATABASE_URL", setting), "postgresql://u:sEcrEtpw@127.0.0.1:9/none")

    told = (await troubles(**away))["database"]

    assert told.startswith(f"TIMETUNA_{setting} can’t be used: ")
    assert "sEcrEtpw" not in told


@pytest.mark.parametrize(
    ("settings", "wrong"),
    [
        ({"SMTP_URL": "smtp://mail.example.com"}, True),
        ({"SMTP_URL": "smtp://mail.example.com", "MAIL_FROM": "us@localhost"}, True),
        ({"SMTP_URL": "smtp://mail.example.com", "MAIL_FROM": "us@example.com"}, False),
        ({"SMTP_URL": "smtp://127.0.0.1:1025?tls=none"}, False),
    ],
)
async def test_a_real_mail_server_wants_a_sender_that_others_take(
    settings: dict[str, str], wrong: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def takes_our_log_in(_mailer: object) -> None: ...

    monkeypatch.setattr(doctor.SmtpMailer, "check", takes_our_log_in)

    found = await troubles(**settings)

    assert wrong == ("sender" in found)


@pytest.mark.parametrize(
    "url",
    [
        "redis://:sEcrEtpw@broker?socket_timeout=sEcrEtpw",
        "redis://:sEcrEtpw@broker?unknown=1",
        "rediss://:sEcrEtpw@broker?ssl_cert_reqs=bogus",
        "amqp://u:sEcrEtpw@broker?heartbeat=bogus",
        "amqps://u:sEcrEtpw@broker?ssl_options={",
    ],
)
async def test_a_parameter_that_the_broker_does_not_know_is_told_without_a_secret(url: str) -> None:
    told = (await troubles(BROKER_URL=url))["broker"]

    assert told.startswith("TIMETUNA_BROKER_URL can’t be used: a parameter in it is unknown or malformed")
    assert "sEcrEtpw" not in told


async def test_a_database_without_the_schema_is_told_what_to_run(database_url: str) -> None:
    found = await troubles(DATABASE_URL=f"{database_url}{'&' if '?' in database_url else '?'}search_path=pg_temp")

    assert found["schema"].startswith("run “timetuna migrate”; missing: 0001")
    assert "unknown: the schema is missing or old" == found["jobs"]


async def test_a_schema_newer_than_this_version_is_named(postgres_store: StoreInPostgres, database_url: str) -> None:
    await postgres_store.pool.execute("insert into schema_migrations (version) values ('9999')")
    try:
        assert "9999" in (await troubles(DATABASE_URL=database_url))["schema"]
    finally:
        await postgres_store.pool.execute("delete from schema_migrations where version = '9999'")


async def test_a_postgresql_that_is_too_old_is_named(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "OLDEST_POSTGRES", 99_00_00)

    assert (await troubles(DATABASE_URL=database_url))["database"].startswith(
        "PostgreSQL 15 or newer is needed, this is"
    )


async def test_a_clock_that_differs_from_the_databases_is_named(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def an_hour_ago(zone: tzinfo) -> datetime:
        return datetime.now(zone) - timedelta(hours=1)

    monkeypatch.setattr(doctor, "datetime", SimpleNamespace(now=an_hour_ago))

    assert "differs from the database’s by 3600 seconds" in (await troubles(DATABASE_URL=database_url))["clock"]


async def test_the_disk_of_this_machine_is_not_taken_for_the_one_at_the_end_of_a_tunnel(database_url: str) -> None:
    parts = urlsplit(database_url)

    async def copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(1 << 16):
            writer.write(data)
        writer.close()

    async def tunnel(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there = await asyncio.open_connection(parts.hostname, parts.port)
        await asyncio.gather(copy(reader, there[1]), copy(there[0], writer))

    async with await asyncio.start_server(tunnel, "127.0.0.1") as server:
        here = parts.netloc.replace(f":{parts.port}", f":{server.sockets[0].getsockname()[1]}")
        url = parts._replace(netloc=here).geturl()

        found = [part async for part, *_ in checks(read_settings({"TIMETUNA_DATABASE_URL": url}))]

    assert "clock" in found
    assert "disk" not in found


@pytest.mark.parametrize(("free", "too_little"), [(5.0, False), (4.9, True)])
async def test_the_room_for_the_data_is_told_and_too_little_of_it_is_wrong(
    free: float, too_little: bool, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def disk_usage(_folder: str) -> SimpleNamespace:
        return SimpleNamespace(free=free * 1e9, total=50e9)

    monkeypatch.setattr(shutil, "disk_usage", disk_usage)

    found = {part: told async for part, *told in checks(read_settings({"TIMETUNA_DATABASE_URL": database_url}))}

    trouble, fine = found["disk"]
    assert f"{free} GB of 50.0 GB are free where the data is" == fine
    assert (f"only {fine}, less than 10%; make room" in (trouble or "")) == too_little == (trouble is not None)
