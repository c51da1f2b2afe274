"""Works out the busy times of an iCalendar file in a child process."""

import asyncio
import sys
from datetime import timedelta
from math import ceil
from typing import Final

import msgspec

from adapters.recurrence.child import NO_CALENDAR, ExpansionRequest
from domain.calendar import Reading
from domain.slot import Slot

LONGEST: Final = timedelta(seconds=18)
MEMORY: Final = 600 * 2**20
"""Of addresses, which is more than the process ever holds."""


class NotACalendarFile(Exception):
    """The bytes aren't a whole iCalendar file."""


class TooMuchWork(Exception):
    """The file took more time or memory than there is for it."""


class WorkOut:
    """Runs one child at a time: two big files at once would need the memory of both.

    Args:
        invited_from: the domain of our invitations, copies of which are left out.
    """

    def __init__(self, longest: timedelta = LONGEST, memory: int = MEMORY, *, invited_from: str = "") -> None:
        self._longest = longest.total_seconds()
        self._limits = str(ceil(self._longest)), str(memory)
        self._invited_from = invited_from
        self._one = asyncio.Semaphore(1)

    async def __call__(
        self, data: bytes | tuple[bytes, ...], span: Slot, zone: str, owners: frozenset[str] = frozenset()
    ) -> Reading:
        """Read the busy times of a file within a span.

        Args:
            data: the file, or the files of a collection, among which those that are no calendars are counted only.
            zone: IANA name of the zone of all-day events and of times without one, unless the file names its own.
            owners: addresses of the calendar's owner, in lower case.

        Raises:
            NotACalendarFile, TooMuchWork
        """
        asked = msgspec.msgpack.encode(ExpansionRequest(data, span, zone, owners, self._invited_from))
        async with self._one:
            status, told = await self._run(asked)
        if status == NO_CALENDAR:
            raise NotACalendarFile
        if status:
            raise TooMuchWork
        return msgspec.msgpack.decode(told, type=Reading)

    async def _run(self, asked: bytes) -> tuple[int | None, bytes]:
        child = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "adapters.recurrence.child",
            *self._limits,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
        try:
            async with asyncio.timeout(self._longest):
                told, _ = await child.communicate(asked)
        except TimeoutError as error:
            raise TooMuchWork from error
        finally:
            if child.returncode is None:
                child.kill()
                await child.wait()
        return child.returncode, told
