"""Runs the drills: what operators rely on, with real servers and several processes."""

import sys

from tests.support.machine import OPERATIONS_PARTS
from tests.support.suite import run

if __name__ == "__main__":
    # A drill holds many processes: with more than two at once, each waits for the others.
    sys.exit(run(OPERATIONS_PARTS, "-n", "2", "tests/operations", *sys.argv[1:], target="make operations"))
