"""The process that starts worker processes, and ends with the first. It imports nothing that only they need."""

from argparse import Namespace
from collections.abc import Callable
from typing import cast

from dramatiq import cli as dramatiq_cli

from entrypoints.collector import hold
from entrypoints.concurrency import STOP_WITHIN_MS
from entrypoints.service_manager import speaking_for


def run_workers(processes: int, threads: int) -> int:
    """Run worker processes until SIGTERM; each finishes what it holds. Returns the exit status."""
    arguments = ["entrypoints.worker_processes:prepare", "--processes", str(processes), "--threads", str(threads)]
    arguments += ["--skip-logging", "--worker-shutdown-timeout", str(STOP_WITHIN_MS)]
    parsed = dramatiq_cli.make_argument_parser().parse_args(arguments)
    run = cast("Callable[[Namespace], int]", dramatiq_cli.main)  # pyright: ignore[reportUnknownMemberType] - untyped
    if processes == 1:
        return run(parsed)
    with speaking_for(processes):
        return run(parsed)


def prepare() -> None:
    """Make a worker process ready; Dramatiq calls it in each."""
    hold()
    from entrypoints import worker

    worker.prepare()
