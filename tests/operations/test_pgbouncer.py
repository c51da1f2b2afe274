"""PgBouncer in transaction mode: whoever is lent a server's connection has it for one transaction."""

import asyncio
import os
import pwd
import shutil
import tempfile
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

import asyncpg
import pytest

from tests.faults.deployment.test_main_job import (
    test_of_fifty_guests_at_one_slot_exactly_one_gets_it,
    test_one_link_is_everywhere,
)
from tests.operations.test_crashes_and_stops import (
    test_two_web_processes_and_three_workers_behave_as_one_and_stop_without_losing_anything as test_processes_stop,
)
from tests.support.deployment import Deployment, deployed
from tests.support.machine import pgbouncer
from tests.support.processes import PATIENCE, free_port, start

pytestmark = [pytest.mark.pgbouncer, pytest.mark.redis]

__all__ = [
    "test_of_fifty_guests_at_one_slot_exactly_one_gets_it",
    "test_one_link_is_everywhere",
    "test_processes_stop",
]

SERVERS = 3
"""Fewer than any process holds connections, so that all of them go from hand to hand."""

# asyncpg has no types of its own.
_asyncpg = cast("Any", asyncpg)


@pytest.fixture
async def pooler_url(database_url: str) -> AsyncGenerator[str]:
    database, port = urlsplit(database_url), free_port()
    folder = Path(tempfile.mkdtemp(prefix="timetuna-pgbouncer-", dir="/var/tmp"))
    (folder / "users").write_text(f'"{database.username}" "{database.password}"\n')
    (folder / "pgbouncer.ini").write_text(
        f"""
[databases]
* = host={database.hostname} port={database.port}

[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = {folder}/users
pool_mode = transaction
default_pool_size = {SERVERS}
max_client_conn = 500
"""
    )
    binary = pgbouncer()
    assert binary is not None
    options: list[str] = []
    if os.geteuid() == 0:
        # It refuses to run as root.
        nobody = pwd.getpwnam("nobody")
        os.chown(folder, nobody.pw_uid, nobody.pw_gid)
        options = ["-u", "nobody"]
    running = await start(folder / "pgbouncer.log", binary, *options, str(folder / "pgbouncer.ini"))
    url = database._replace(netloc=f"{database.username}:{database.password}@127.0.0.1:{port}").geturl()
    try:
        async with asyncio.timeout(PATIENCE):
            while not await _answers(url):
                assert running.process.returncode is None, running.says()
                await asyncio.sleep(0.02)
        yield url
    finally:
        await running.kill()
        shutil.rmtree(folder)


@pytest.fixture
async def deployment(database_url: str, pooler_url: str, tmp_path: Path) -> AsyncGenerator[Deployment]:
    async with deployed(database_url, tmp_path) as running:
        running.environ["TIMETUNA_DATABASE_URL"] = pooler_url
        running.environ["TIMETUNA_DATABASE_DIRECT_URL"] = database_url
        yield running


async def test_each_process_listens_on_the_servers_own_address(deployment: Deployment) -> None:
    # The test itself has one more.
    await deployment.until(lambda: _listen(deployment, 1))
    await deployment.web()
    await deployment.until(lambda: _listen(deployment, 2))
    await deployment.workers()
    await deployment.until(lambda: _listen(deployment, 3))


async def test_doctor_names_the_pooler(deployment: Deployment) -> None:
    works = await deployment.command("doctor")
    deployment.environ["TIMETUNA_DATABASE_URL"] = "postgresql://timetuna@127.0.0.1:1/gone"
    fails = await deployment.command("doctor")

    assert "✓ pooler: gives out connections" in works.says()
    assert "✗ pooler: TIMETUNA_DATABASE_URL can’t be used: " in fails.says()


async def _listen(deployment: Deployment, count: int) -> bool:
    listening = "select count(*) from pg_stat_activity where datname = current_database() and query ilike 'listen %'"
    return count == await deployment.store.pool.fetchval(listening)


async def _answers(url: str) -> bool:
    try:
        connection = await _asyncpg.connect(url, statement_cache_size=0)
    except (OSError, asyncpg.PostgresError):
        return False
    await connection.close()
    return True
