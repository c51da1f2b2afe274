"""Runs the whole suite and says what was left out."""

import os
import sys
from collections.abc import Sequence

import pytest

from tests.support.machine import PARTS, Part, install


def run(parts: Sequence[Part], *arguments: str, target: str) -> int:
    """Run pytest; tests whose parts can't be had on this machine are left out, which CI takes for a failure."""
    missing = _missing(parts)
    if missing:
        install(missing)
        missing = _missing(parts)

    status = int(pytest.main(["--dist", "worksteal", *_without(missing), *arguments]))
    if not missing:
        return status

    _say_what_was_left_out(missing, target)
    if os.environ.get("CI") == "true":
        print("In CI, leaving something out is a failure.")
        return status or 1
    return status


def _missing(parts: Sequence[Part]) -> list[Part]:
    return [part for part in parts if part.find() is None]


def _without(parts: list[Part]) -> list[str]:
    return ["-m", " and ".join(f"not {part.marker}" for part in parts)] if parts else []


def _say_what_was_left_out(parts: list[Part], target: str) -> None:
    print()
    for part in parts:
        packages = " ".join(part.debian_packages)
        print(f"Left out: the tests marked {part.marker}, because {part.name} is not on this machine.")
        print(f"  To run them: apt-get install {packages}   (Debian; {target} does it by itself as root)")


if __name__ == "__main__":
    # "auto" would count physical cores, which is half of them on many virtual machines.
    sys.exit(run(PARTS, "-n", "logical", *sys.argv[1:], target="make test"))
