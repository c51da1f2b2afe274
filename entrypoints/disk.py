"""The room that a disk has left, and how little of it is too little for a database."""

import shutil
from typing import NamedTuple

LEAST_FREE = 0.1
"""The share below which the alert `TimeTunaDatabaseDisk` is raised, too."""


class Disk(NamedTuple):
    """The bytes of one file system."""

    free: int
    size: int

    @property
    def is_full(self) -> bool:
        return self.free < LEAST_FREE * self.size


def disk_of(folder: str) -> Disk | None:
    """The disk that a folder is on; None where there is no such folder, or it can't be looked at."""
    try:
        usage = shutil.disk_usage(folder)
    except OSError:
        return None
    return Disk(usage.free, usage.total)
