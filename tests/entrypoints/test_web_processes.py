"""Several web processes are one service: which of them are started anew, and when all of them end."""

import time
from collections.abc import Callable

import pytest

from entrypoints.web_processes import START_FAILED, STARTS_AGAIN_AFTER, ServerStartFailedError, WebProcesses


class StandInProcess:
    """One that becomes ready and ends as a test has it."""

    def __init__(self, *, ready: bool = True, exitcode: int | None = None) -> None:
        self.ready = ready
        self.exitcode = exitcode
        self.started_at = time.monotonic()

    def is_ready(self) -> bool:
        return self.ready

    def ends(self, status: int) -> None:
        """End long after its start."""
        self.exitcode = status
        self.started_at -= STARTS_AGAIN_AFTER

    def terminate(self) -> None:
        self.exitcode = self.exitcode or 0

    def join(self) -> None:
        assert self.exitcode is not None


def starting(*processes: StandInProcess) -> Callable[[], StandInProcess]:
    return iter(processes).__next__


def test_they_are_ready_once_all_of_them_are() -> None:
    told: list[str] = []
    first, second = StandInProcess(), StandInProcess(ready=False)
    together = WebProcesses(starting(first, second), 2, lambda: told.append("ready"))
    together.look_after()
    before = [*told]

    second.ready = True
    together.look_after()
    together.look_after()

    assert ([], ["ready"]) == (before, told)


def test_one_that_cannot_start_at_first_ends_the_service() -> None:
    together = WebProcesses(
        starting(StandInProcess(), StandInProcess(ready=False, exitcode=START_FAILED)), 2, lambda: None
    )

    with pytest.raises(ServerStartFailedError):
        together.look_after()


def test_one_that_cannot_start_again_is_tried_after_a_pause_and_the_others_serve_on() -> None:
    sibling, died, failed, recovered = StandInProcess(), StandInProcess(), StandInProcess(ready=False), StandInProcess()
    # A further start would raise StopIteration.
    together = WebProcesses(starting(sibling, died, failed, recovered), 2, lambda: None)
    together.look_after()

    died.ends(-9)
    together.look_after()
    failed.exitcode = START_FAILED
    together.look_after()
    failed.ends(START_FAILED)
    together.look_after()
    together.stop()

    assert [0, -9, START_FAILED, 0] == [each.exitcode for each in (sibling, died, failed, recovered)]


def test_one_that_ends_at_once_is_left_for_a_while() -> None:
    ended = StandInProcess(ready=False, exitcode=1)

    WebProcesses(starting(ended), 1, lambda: None).look_after()
