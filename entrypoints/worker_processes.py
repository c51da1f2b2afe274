"""The process that starts worker processes, and another for each that dies. It imports nothing that only they need."""

from argparse import Namespace
from collections.abc import Callable
from typing import cast

from dramatiq import cli as dramatiq_cli

STOP_WITHIN_MS = 9_000
"""For the jobs under way, and once more for what fetches new ones. Those that take longer are left to their lease."""


def run_workers(processes: int, threads: int) -> int:
    """Run worker processes until SIGTERM; each finishes what it holds. Returns the exit status."""
    arguments = ["entrypoints.worker:prepare", "--processes", str(processes), "--threads", str(threads)]
    arguments += ["--skip-logging", "--worker-shutdown-timeout", str(STOP_WITHIN_MS)]
    parsed = dramatiq_cli.make_argument_parser().parse_args(arguments)
    run = cast("Callable[[Namespace], int]", dramatiq_cli.main)  # pyright: ignore[reportUnknownMemberType] - untyped
    return run(parsed)
