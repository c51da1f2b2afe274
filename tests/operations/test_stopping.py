"""Processes and the service manager that starts and stops them: it tells every process of the service at once."""

import asyncio
import os
import re
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from adapters.sandbox.zoom.switches import ZoomEndpoint, ZoomFailure
from entrypoints.http import SERVER
from entrypoints.service_manager import ALIVE, READY, STOPPING
from entrypoints.stopping import ACCEPTS_FOR
from tests.support.deployment import Deployment
from tests.support.guests import books, free_times, ready
from tests.support.processes import PATIENCE, ROOT, children, is_alive, start
from tests.support.service_manager import Manager

pytestmark = pytest.mark.redis

BACKLOG = 40
THREADS = 4
ENDS_WITHIN = 15.0
"""Seconds, by the contract."""


@pytest.mark.parametrize("zoom_takes", [2, 60], ids=["the jobs under way end", "they outlast the worker"])
async def test_a_worker_with_a_backlog_ends_and_leaves_what_it_holds_to_the_next(
    deployment: Deployment, client: httpx.AsyncClient, zoom_takes: float
) -> None:
    host = await deployment.host()
    await deployment.connect_zoom(host)
    path = await host.publishes(client)
    bookings = [await books(client, path, start) for start in await free_times(client, path, BACKLOG)]
    deployment.sandbox.fail(ZoomFailure.SLOW, on=ZoomEndpoint.MEETINGS, seconds=zoom_takes, times=THREADS)
    worker = await deployment.workers(threads=THREADS)
    await deployment.sandbox.until(
        lambda: len(deployment.sandbox.arrived(ZoomEndpoint.MEETINGS)) == THREADS, within=PATIENCE
    )

    told = time.monotonic()
    os.killpg(worker.process.pid, signal.SIGTERM)
    status = await worker.stop()
    took = time.monotonic() - told
    # As if the leases of what it left had run out.
    await deployment.store.pool.execute("update outbox set due_at = now() where started")
    await deployment.workers()
    found = await asyncio.gather(*(ready(client, booking) for booking in bookings))

    assert 0 == status, worker.says()
    assert took < ENDS_WITHIN, worker.says()
    assert BACKLOG == len({each["conference"]["join_url"] for each in found})
    assert BACKLOG <= len(deployment.sandbox.meetings) <= BACKLOG + THREADS


@pytest.mark.parametrize("processes", ["1", "2"])
async def test_a_web_process_says_that_it_stops_while_it_still_accepts_and_then_refuses(
    deployment: Deployment, processes: str
) -> None:
    url = await deployment.web("--workers", processes)
    # One request that goes on for longer than the process accepts others.
    answer, unfinished = await asyncio.open_connection("127.0.0.1", urlsplit(url).port)
    unfinished.write(b"POST /api/v1/public/nobody/intro/call/bookings HTTP/1.1\r\nhost: timetuna.example\r\n")
    unfinished.write(b"content-type: application/json\r\ncontent-length: 2\r\n\r\n")
    answering = asyncio.create_task(answer.readline())

    os.killpg(deployment.webs[url].process.pid, signal.SIGTERM)

    await deployment.until(lambda: _says_that_it_stops(url))
    # That request, which keeps it alive for so long at most, isn't what it waited for.
    await deployment.until(lambda: _refuses(url), ACCEPTS_FOR + SERVER["timeout_graceful_shutdown"])
    assert not answering.done()
    unfinished.write(b"{}")
    status_line = await answering
    unfinished.close()
    assert status_line.startswith(b"HTTP/1.1 4"), status_line
    assert 0 == await deployment.webs[url].ends()


@pytest.mark.parametrize("processes", [1, 2])
async def test_a_service_manager_hears_that_they_are_ready_alive_and_stopping(
    deployment: Deployment, processes: int
) -> None:
    manager = Manager(None)
    # The first word of its being alive comes at once, and no other one while nobody listens.
    deployment.environ |= {"NOTIFY_SOCKET": manager.address, "WATCHDOG_USEC": "60000000"}
    url = await deployment.web("--workers", str(processes))
    of_web = await _heard(deployment, manager, READY, ALIVE)
    await deployment.webs[url].stop()
    when_it_stopped = manager.heard()
    await deployment.workers(processes)
    of_worker = await _heard(deployment, manager, READY, ALIVE)
    manager.close()

    assert [READY, ALIVE] == sorted(of_web)
    assert [STOPPING] == when_it_stopped
    assert [READY, ALIVE] == sorted(of_worker)


@pytest.mark.parametrize("service", ["web", "worker"])
async def test_processes_whose_parent_is_killed_end_too(deployment: Deployment, service: str) -> None:
    if service == "web":
        parent = deployment.webs[await deployment.web("--workers", "2")]
    else:
        parent = await deployment.workers(processes=2)
    orphans = children(parent.process.pid)

    parent.process.send_signal(signal.SIGKILL)

    async def all_have_ended() -> bool:
        return not any(map(is_alive, orphans))

    await deployment.until(all_have_ended)
    # What a worker says goes by way of its parent.
    assert parent.says().count("parent_is_gone") == (2 if service == "web" else 0)


A_PARENT = """
import multiprocessing, sys, time
from entrypoints.stopping import stop_with_parent

def child():
    stop_with_parent()
    print("child is there", file=sys.stderr, flush=True)
    time.sleep(600)

if __name__ == "__main__":
    multiprocessing.set_start_method(sys.argv[1])
    children = [multiprocessing.Process(target=child) for _ in range(2)]
    for each in children:
        each.start()
    print("pids", *[each.pid for each in children], file=sys.stderr, flush=True)
    time.sleep(600)
"""


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
async def test_however_processes_are_started_they_end_with_their_parent_and_not_before(
    method: str, tmp_path: Path
) -> None:
    program = tmp_path / "parent.py"
    program.write_text(A_PARENT)
    environ = os.environ | {"PYTHONPATH": str(ROOT)}
    running = await start(tmp_path / "log", sys.executable, str(program), method, environ=environ)
    try:
        async with asyncio.timeout(PATIENCE):
            while running.says().count("child is there") < 2 or "pids" not in running.says():
                await asyncio.sleep(0.02)
            [pids] = re.findall(r"^pids (\d+) (\d+)$", running.says(), re.MULTILINE)
            # Longer than from one look for the parent to the next.
            await asyncio.sleep(1.5)
            before = [is_alive(int(each)) for each in pids]
            running.process.send_signal(signal.SIGKILL)
            while any(is_alive(int(each)) for each in pids):
                await asyncio.sleep(0.02)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(running.process.pid, signal.SIGKILL)
        await running.process.wait()

    assert [True, True] == before


async def test_one_process_that_hangs_ends_the_pulse_of_all(deployment: Deployment) -> None:
    manager = Manager(None)
    deployment.environ |= {"NOTIFY_SOCKET": manager.address, "WATCHDOG_USEC": "200000"}
    worker = await deployment.workers(processes=2)
    hanging, _ = children(worker.process.pid)
    await _heard(deployment, manager, ALIVE)

    os.kill(hanging, signal.SIGSTOP)
    # Five times as long as it has; what was on its way is still told.
    await _hears_nothing_for(1, deployment, manager)
    os.kill(hanging, signal.SIGCONT)
    recovered = await _heard(deployment, manager, ALIVE)
    manager.close()

    assert {ALIVE} == {*recovered}


async def _heard(deployment: Deployment, manager: Manager, *states: str) -> list[str]:
    """All that is said until these have been."""
    told: list[str] = []

    async def all_said() -> bool:
        told.extend(manager.heard())
        return {*told} >= {*states}

    await deployment.until(all_said)
    return told


async def _hears_nothing_for(seconds: float, deployment: Deployment, manager: Manager) -> None:
    last = time.monotonic()

    async def has_been_silent() -> bool:
        nonlocal last
        if manager.heard():
            last = time.monotonic()
        return time.monotonic() - last > seconds

    await deployment.until(has_been_silent)


async def _says_that_it_stops(url: str) -> bool:
    # Over a new connection, as load balancers ask.
    async with httpx.AsyncClient(base_url=url) as asking:
        answer = await asking.get("/readyz")
    if answer.is_success:
        return False
    assert {"process": "is stopping"} == answer.json()
    assert "close" == answer.headers["connection"]
    return True


async def _refuses(url: str) -> bool:
    try:
        _, connected = await asyncio.open_connection("127.0.0.1", urlsplit(url).port)
    except ConnectionRefusedError:
        return True
    connected.close()
    return False
