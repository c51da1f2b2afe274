"""Runs the whole suite and says what was left out."""

import os
import sys

import pytest

from tests.support.machine import PARTS, Part, install


def main(arguments: list[str]) -> int:
    missing = _missing()
    if missing:
        install(missing)
        missing = _missing()

    # "auto" would count physical cores, which is half of them on many virtual machines.
    status = int(pytest.main(["-n", "logical", "--dist", "worksteal", *_without(missing), *arguments]))
    if not missing:
        return status

    _say_what_was_left_out(missing)
    if os.environ.get("CI") == "true":
        print("In CI, leaving something out is a failure.")
        return status or 1
    return status


def _missing() -> list[Part]:
    return [part for part in PARTS if part.find() is None]


def _without(parts: list[Part]) -> list[str]:
    return ["-m", " and ".join(f"not {part.marker}" for part in parts)] if parts else []


def _say_what_was_left_out(parts: list[Part]) -> None:
    print()
    for part in parts:
        packages = " ".join(part.debian_packages)
        print(f"Left out: the tests marked {part.marker}, because {part.name} is not on this machine.")
        print(f"  To run them: apt-get install {packages}   (Debian; make test does it by itself as root)")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
