"""`timetuna backup` and `timetuna restore`: what was backed up goes on elsewhere, and nothing else is restored."""

import asyncio
import gzip
import os
import stat
import sys
from base64 import b64encode
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from errno import EPERM
from hashlib import sha256
from io import StringIO
from itertools import count
from pathlib import Path
from typing import Any, cast

import asyncpg
import httpx
import msgspec
import pytest

from adapters.postgres.backup import Manifest
from adapters.postgres.pool import open_pool
from adapters.postgres.unit_of_work import PostgresStore
from adapters.vault.tokens import TokenVault
from application.jobs import Due, MailAccountJob, ReadCalendarJob, RemindGuestJob
from domain.ids import BookingId, CalendarId
from entrypoints.backups import OldMails, back_up, restore
from entrypoints.errors import CommandError
from tests.support.builders import a_booking, a_host, a_page
from tests.support.deployment import Deployment
from tests.support.guests import books, free_times, ready, token_of
from tests.support.postgres import KEY, StoreInPostgres
from tests.support.postgres_servers import programs_of_debian, servers
from tests.support.processes import start
from tests.support.store import keep
from tests.support.ways_in import WAYS_IN, keep_ways_in, opened_ways_in

OTHER_KEY = bytes(range(32, 64))
A_DAY = timedelta(days=1)

# asyncpg has no types of its own.
_asyncpg = cast("Any", asyncpg)


@pytest.mark.redis
@pytest.mark.debian_postgres
async def test_what_was_backed_up_goes_on_under_another_version_of_postgresql(
    deployment: Deployment, client: httpx.AsyncClient, tmp_path: Path
) -> None:
    host = await deployment.host()
    await deployment.connect_zoom(host)
    path = await host.publishes(client)
    stored = a_host(handle="ben")
    await keep(deployment.store, stored)
    await keep_ways_in(deployment.store.begin, stored)
    first, second, third = await free_times(client, path, 3)
    worker = await deployment.workers()
    done = await ready(client, await books(client, path, first))
    await deployment.owes_nothing()
    await worker.stop()
    owed = await books(client, path, second)

    file = tmp_path / "backup"
    backup = await deployment.command("backup", str(file))
    with servers(programs_of_debian()) as others:
        server = others.add("restored")
        await asyncio.to_thread(server.create)
        await asyncio.to_thread(server.start)
        deployment.environ["TIMETUNA_DATABASE_URL"] = server.url
        restoring = await deployment.command("restore", str(file))
        # As if the lease that nobody holds any more had run out.
        async with await open_pool(server.url, min_size=1) as pool:
            await pool.execute("update outbox set due_at = now() where lease_id is not null")
            store = PostgresStore(pool, TokenVault([KEY]))
            assert WAYS_IN == await opened_ways_in(store.begin, stored)
        async with httpx.AsyncClient(base_url=await deployment.web(), timeout=30) as restored:
            await deployment.workers()
            await ready(restored, owed)
            new = await ready(restored, await books(restored, path, third))
            kept = await restored.get(f"/api/v1/public/bookings/{token_of(done)}")
            listed = await restored.get("/api/v1/bookings", headers=host.headers)
            cancelled = await restored.post(f"/api/v1/public/bookings/{token_of(done)}/cancel", json={})

    assert 0 == backup.process.returncode, backup.says()
    assert 0 == restoring.process.returncode, restoring.says()
    assert backup.says().startswith("Backed up 2 account(s) and 2 booking(s), ")
    assert restoring.says().startswith("Restored 2 account(s) and 2 booking(s), ")
    assert kept.json()["conference"]["join_url"] == done["conference"]["join_url"]
    assert {done["id"], owed["id"], new["id"]} == {each["id"] for each in listed.json()["items"]}
    assert cancelled.is_success, cancelled.text


async def test_a_backup_is_of_one_instant_however_much_is_booked_meanwhile(
    postgres_store: StoreInPostgres, database_url: str, empty_database: str, tmp_path: Path
) -> None:
    host = a_host()
    page = a_page(host)
    await keep(postgres_store, host, page)
    start = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) + A_DAY
    backed_up = asyncio.Event()

    async def books_on() -> int:
        for number in count():
            await keep(postgres_store, a_booking(page, start + number * timedelta(hours=1)), _a_job(number))
            if backed_up.is_set():
                return number + 1
        raise AssertionError

    booking = asyncio.create_task(books_on())
    await asyncio.sleep(0)
    for number in range(3):
        await back_up(database_url, [KEY], str(tmp_path / f"{number}"))
    backed_up.set()
    booked = await booking
    await restore(empty_database, [KEY], str(tmp_path / "2"), "send")

    async with await open_pool(empty_database, min_size=1) as pool:
        bookings = await pool.fetchval("select count(*) from bookings")
        assert bookings == await pool.fetchval("select count(*) from outbox")
        assert 0 < bookings <= booked
        # Sequences go on where they were.
        assert await pool.fetchval("select nextval('lease_ids')")


async def test_a_backup_is_for_its_owner_alone_and_replaces_nothing_unasked(
    postgres_store: StoreInPostgres, database_url: str, tmp_path: Path
) -> None:
    await keep(postgres_store, a_host())
    file = tmp_path / "backup"

    await back_up(database_url, [KEY], str(file))
    first = file.read_bytes()
    with pytest.raises(CommandError, match="exists already"):
        await back_up(database_url, [KEY], str(file))
    kept = file.read_bytes()
    await back_up(database_url, [KEY], str(file), overwrite=True)

    assert first == kept != file.read_bytes()
    assert 0o600 == stat.S_IMODE(file.stat().st_mode)
    assert [file] == await asyncio.to_thread(lambda: [*tmp_path.iterdir()])
    assert "Hanne Höst" in gzip.decompress(first).decode()


@pytest.mark.parametrize("overwrite", [False, True])
@pytest.mark.parametrize("kind", ["pipe", "folder", "link to a file", "link to nothing"])
async def test_a_backup_takes_the_place_of_nothing_but_a_file(kind: str, overwrite: bool, tmp_path: Path) -> None:
    elsewhere, named = tmp_path / "elsewhere", tmp_path / "named"
    match kind:
        case "pipe":
            os.mkfifo(named)
        case "folder":
            named.mkdir()
        case "link to a file":
            elsewhere.write_text("kept")
            named.symlink_to(elsewhere)
        case _:
            named.symlink_to(elsewhere)
    before = named.lstat()

    with pytest.raises(CommandError, match="no regular file"):
        await back_up("postgresql://db/never-asked", [KEY], str(named), overwrite=overwrite)

    assert before == named.lstat()
    assert not elsewhere.exists() or "kept" == elsewhere.read_text()


@pytest.mark.parametrize("has_come_meanwhile", [False, True])
async def test_a_disk_that_knows_no_links_takes_a_backup_too(
    has_come_meanwhile: bool, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def knows_none(named: Path, _target: object) -> None:
        if has_come_meanwhile:
            named.write_text("kept")
        raise PermissionError(EPERM, os.strerror(EPERM))

    monkeypatch.setattr(Path, "hardlink_to", knows_none)
    file = tmp_path / "backup"

    if has_come_meanwhile:
        with pytest.raises(CommandError, match="File exists"):
            await back_up(database_url, [KEY], str(file))
        assert "kept" == file.read_text()
    else:
        await back_up(database_url, [KEY], str(file))
        assert ("0001",) == _manifest(gzip.decompress(file.read_bytes())).schema[:1]
    assert [file] == await asyncio.to_thread(lambda: [*tmp_path.iterdir()])


async def test_its_second_line_says_what_it_is(
    postgres_store: StoreInPostgres, database_url: str, tmp_path: Path
) -> None:
    await keep(postgres_store, a_host())

    await back_up(database_url, [KEY], str(tmp_path / "backup"))

    manifest = _manifest(gzip.decompress((tmp_path / "backup").read_bytes()))
    assert ("0001",) == manifest.schema[:1]
    assert (TokenVault([KEY]).key_id,) == manifest.keys
    assert 1 == manifest.rows["hosts"]


async def test_keys_that_do_not_fit_are_refused_and_further_keys_are_not(
    postgres_store: StoreInPostgres, database_url: str, empty_database: str, tmp_path: Path
) -> None:
    host = a_host()
    await keep(postgres_store, host)
    await keep_ways_in(postgres_store.begin, host)
    file = str(tmp_path / "backup")
    # The first seals what is new, the other one what is there.
    told = await back_up(database_url, [OTHER_KEY], file)

    for keys in ([KEY], [OTHER_KEY]):
        with pytest.raises(CommandError, match="it lacks"):
            await restore(empty_database, keys, file)
        assert await _is_empty(empty_database)
    await restore(empty_database, [OTHER_KEY, KEY], file)

    assert told.endswith(f"sealed with keys that TIMETUNA_SECRET_KEYS lacks: {TokenVault([KEY]).key_id}.")


async def test_a_database_that_is_not_empty_is_left_as_it_is(
    postgres_store: StoreInPostgres, database_url: str, empty_database: str, tmp_path: Path
) -> None:
    await keep(postgres_store, a_host())
    file = str(tmp_path / "backup")
    await back_up(database_url, [KEY], file)
    await restore(empty_database, [KEY], file)

    with pytest.raises(CommandError, match="isn’t empty"):
        await restore(empty_database, [KEY], file)


def _damages(whole: bytes) -> Iterator[tuple[str, bytes]]:
    plain = gzip.decompress(whole)
    middle = len(whole) // 2
    yield "cut off", whole[:middle]
    yield "a byte changed", whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :]
    yield "no backup", b"hello"
    yield "something else", gzip.compress(b"hello\n")
    yield "without its last line", gzip.compress(plain[: plain.rindex(b"-- sha256")])
    yield "with more behind it", gzip.compress(plain + b"drop table hosts;\n")
    yield "edited", gzip.compress(plain.replace(b"Hanne", b"Irene"))
    yield "a row too many", gzip.compress(_signed(plain.replace(b'"hosts":1', b'"hosts":2')))
    yield "an unknown table", gzip.compress(_signed(plain.replace(b'copy "hosts"', b'copy "pg_authid"')))
    yield "of a newer program", gzip.compress(_signed(plain.replace(b'"schema":["', b'"schema":["9999","')))
    yield "of a newer form", gzip.compress(_signed(plain.replace(b'"format":1', b'"format":2')))


def _signed(plain: bytes) -> bytes:
    body = plain[: plain.rindex(b"-- sha256")]
    return body + f"-- sha256: {sha256(body).hexdigest()}\n".encode()


async def test_whatever_is_wrong_with_the_file_the_database_stays_empty(
    postgres_store: StoreInPostgres, database_url: str, empty_database: str, tmp_path: Path
) -> None:
    await keep(postgres_store, a_host())
    file = tmp_path / "backup"
    await back_up(database_url, [KEY], str(file))
    whole = file.read_bytes()

    for what, content in _damages(whole):
        file.write_bytes(content)
        with pytest.raises(CommandError):
            await restore(empty_database, [KEY], str(file))
        assert await _is_empty(empty_database), what
    file.write_bytes(whole)
    await restore(empty_database, [KEY], str(file))


@pytest.mark.parametrize(("old_mails", "left"), [("send", 3), ("drop", 2)])
async def test_mails_that_may_have_been_sent_since_wait_for_the_operators_word(
    postgres_store: StoreInPostgres,
    database_url: str,
    empty_database: str,
    tmp_path: Path,
    old_mails: OldMails,
    left: int,
) -> None:
    now = datetime.now(UTC)
    old = Due(RemindGuestJob(BookingId("b1"), now - A_DAY), now - A_DAY)
    young = Due(MailAccountJob("m1"), now)
    no_mail = Due(ReadCalendarJob(CalendarId("c1")), now - A_DAY)
    await keep(postgres_store, old)
    [lease] = await postgres_store.backlog.lease(1, A_DAY)
    async with postgres_store.begin() as uow:
        uow.outbox.reschedule(lease, now + A_DAY, failed=True)
    await keep(postgres_store, young, no_mail)
    file = str(tmp_path / "backup")
    await back_up(database_url, [KEY], file)

    with pytest.raises(CommandError, match=r"1 email\(s\) have been owed for more than an hour \(1 remind_guest\)"):
        await restore(empty_database, [KEY], file)
    assert await _is_empty(empty_database)
    await restore(empty_database, [KEY], file, old_mails)

    async with await open_pool(empty_database, min_size=1) as pool:
        assert left == await pool.fetchval("select count(*) from outbox")


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


async def test_on_a_terminal_the_operator_is_asked_and_only_a_clear_word_counts(
    postgres_store: StoreInPostgres,
    database_url: str,
    empty_database: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = datetime.now(UTC)
    old = Due(RemindGuestJob(BookingId("b1"), now - A_DAY), now - A_DAY)
    await keep(postgres_store, old, Due(MailAccountJob("m1"), now))
    file = str(tmp_path / "backup")
    await back_up(database_url, [KEY], file)

    monkeypatch.setattr(sys, "stdin", Terminal("y\n"))
    with pytest.raises(CommandError, match="Nothing was restored"):
        await restore(empty_database, [KEY], file)
    assert await _is_empty(empty_database)
    monkeypatch.setattr(sys, "stdin", Terminal("drop\n"))
    told = await restore(empty_database, [KEY], file)

    assert told.endswith("1 email(s) have been owed for more than an hour (1 remind_guest), and were dropped.")
    async with await open_pool(empty_database, min_size=1) as pool:
        assert "mail_account" == await pool.fetchval("select job from outbox")


@pytest.mark.redis
async def test_a_backup_goes_through_a_pipe(deployment: Deployment, empty_database: str) -> None:
    await keep(deployment.store, a_host())
    key = b64encode(KEY).decode()
    piped = (
        'python="$1"; "$python" -m entrypoints.cli backup - | '
        'TIMETUNA_DATABASE_URL="$2" "$python" -m entrypoints.cli restore -'
    )
    environ = deployment.environ | {"TIMETUNA_SECRET_KEYS": key}
    running = await start(
        deployment.folder / "piped.log", "sh", "-c", piped, "sh", sys.executable, empty_database, environ=environ
    )

    assert 0 == await running.process.wait(), running.says()
    assert "Backed up 1 account(s)" in running.says()
    assert "Restored 1 account(s)" in running.says()


async def test_what_a_backup_and_a_restore_take_of_memory_is_the_same_however_much_there_is(
    postgres_store: StoreInPostgres, database_url: str, empty_database: str, tmp_path: Path
) -> None:
    await keep(postgres_store, a_host())
    small = await _peak(tmp_path, database_url, "backup", "small")
    async with await open_pool(database_url, min_size=1) as pool:
        await pool.execute(
            "insert into heard_notices select sha256(n::text::bytea), now() from generate_series(1, 300000) as n"
        )
    large = await _peak(tmp_path, database_url, "backup", "large")
    restored = await _peak(tmp_path, empty_database, "restore", "large")

    size = len(gzip.decompress((tmp_path / "large").read_bytes())) // 1024
    assert size > 25_000
    assert large - small < size // 3
    assert restored - small < size // 3


async def _peak(folder: Path, url: str, *arguments: str) -> int:
    """The most memory that a command has had at once, in KiB."""
    command, name = arguments
    log = folder / f"{command}-{name}.log"
    environ = os.environ | {"TIMETUNA_DATABASE_URL": url, "TIMETUNA_SECRET_KEYS": b64encode(KEY).decode()}
    running = await start(log, sys.executable, "-c", _MEASURED, command, str(folder / name), environ=environ)
    assert 0 == await running.process.wait(), running.says()
    return int(running.says().splitlines()[-1])


# What the kernel counts for a process and its children goes on over `exec`; this begins anew.
_MEASURED = """
import atexit, pathlib
status = pathlib.Path("/proc/self/status")
atexit.register(lambda: print(status.read_text().partition("VmHWM:")[2].split()[0], flush=True))
from entrypoints.cli import main
main()
"""


def _a_job(number: int) -> Due:
    at = datetime.now(UTC) + A_DAY
    return Due(RemindGuestJob(BookingId(f"b{number}"), at), at)


def _manifest(plain: bytes) -> Manifest:
    return msgspec.json.decode(plain.splitlines()[1].removeprefix(b"-- "), type=Manifest)


async def _is_empty(url: str) -> bool:
    connection = await _asyncpg.connect(url)
    try:
        return not await connection.fetchval(
            "select count(*) from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'S')"
        )
    finally:
        await connection.close()
