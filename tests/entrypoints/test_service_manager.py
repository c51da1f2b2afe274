"""A service manager is told what a process is doing, as sd_notify(3) has it."""

import asyncio
import os
import signal
import socket
import threading
import time
from collections.abc import Generator
from pathlib import Path

import pytest

from entrypoints.service_manager import ALIVE, READY, STOPPING, Barrier, said_to_be_alive, speaking_for, tell
from tests.support.service_manager import Manager


@pytest.fixture(params=["a file", "abstract"])
def manager(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Generator[Manager]:
    manager = Manager(tmp_path / "notify" if request.param == "a file" else None)
    monkeypatch.setenv("NOTIFY_SOCKET", manager.address)
    yield manager
    manager.close()


def test_it_hears_that_a_process_is_ready(manager: Manager) -> None:
    tell(READY)

    assert ["READY=1"] == manager.heard()


def test_nobody_has_to_listen(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "nobody"))
    tell(READY)

    monkeypatch.delenv("NOTIFY_SOCKET")
    tell(READY)


async def test_an_event_loop_that_hangs_says_no_more_that_it_is_alive(
    manager: Manager, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WATCHDOG_USEC", "2000")
    async with said_to_be_alive():
        alive = await _heard_again_and_again(manager)
        manager.heard()
        # Ten times as long as it has.
        time.sleep(0.02)  # noqa: ASYNC251 - to hang is what is tried
        while_it_hung = manager.heard()
        recovered = await _heard_again_and_again(manager)

    assert (ALIVE, [], ALIVE) == (alive, while_it_hung, recovered)


async def test_nothing_is_said_where_nobody_watches(manager: Manager, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WATCHDOG_USEC", raising=False)
    async with said_to_be_alive():
        await asyncio.sleep(0)

    assert [] == manager.heard()


def test_several_processes_say_something_once_each_of_them_has_said_it() -> None:
    barrier = Barrier(2)

    heard = [barrier.passes(ALIVE, process) for process in (1, 1, 2, 2, 2, 1)]

    assert [False, False, True, False, False, True] == heard


def test_of_several_processes_each_says_on_its_own_that_it_is_ready() -> None:
    barrier = Barrier(2)

    assert [False, False, True] == [barrier.passes(*said) for said in ((READY, 1), (ALIVE, 2), (READY, 2))]


def test_the_first_process_speaks_for_its_children(manager: Manager) -> None:
    with speaking_for(1) as tell_manager:
        # As its children do, and only some of it is passed on.
        tell(STOPPING)
        tell(READY)
        tell("MAINPID=1")
        tell(ALIVE)
    passed_on = manager.heard()
    tell_manager(STOPPING)

    assert [READY, ALIVE] == passed_on
    assert [STOPPING] == manager.heard()
    assert manager.address == os.environ["NOTIFY_SOCKET"]


@pytest.mark.parametrize("said", [b"", b"\xff"], ids=["nothing", "no text"])
def test_who_says_nothing_or_nonsense_ends_nobodys_pulse(manager: Manager, said: bytes) -> None:
    with speaking_for(1), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as stranger:
        stranger.connect("\0" + os.environ["NOTIFY_SOCKET"][1:])
        stranger.send(said)
        socket.send_fds(stranger, [said], [stranger.fileno()])
        tell(ALIVE)

    assert [ALIVE] == manager.heard()


@pytest.mark.usefixtures("manager")
def test_signals_are_left_to_the_thread_that_handles_them() -> None:
    others = {*threading.enumerate()}
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ())

    with speaking_for(1):
        [thread] = {*threading.enumerate()} - others
        status = Path(f"/proc/self/task/{thread.native_id}/status").read_text()

    blocked = int(status.partition("SigBlk:")[2].split()[0], 16)
    assert [signal.SIGHUP, signal.SIGINT, signal.SIGTERM] == [
        each for each in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM) if blocked >> (each - 1) & 1
    ]
    assert before == signal.pthread_sigmask(signal.SIG_BLOCK, ())


async def _heard_again_and_again(manager: Manager) -> str:
    told: list[str] = []
    while len(told) < 3:
        await asyncio.sleep(0)
        told += manager.heard()
    [state] = set(told)
    return state
