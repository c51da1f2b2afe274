"""Works out the busy times of an iCalendar file in a child process."""

import asyncio
import sys
from collections.abc import Mapping
from datetime import timedelta
from math import ceil
from typing import Final

import msgspec

from adapters.recurrence.child import NO_CALENDAR, ExpansionAnswer, ExpansionRequest
from adapters.recurrence.turns import Turns
from domain.busy import BusyTime
from domain.calendar import Reading
from domain.ids import BookingId
from domain.invitation_uid import invitation_uids
from domain.slot import Slot

LONGEST: Final = timedelta(seconds=12)
"""Of processor time for a file: on a busy machine, the clock says nothing about a file."""
PATIENCE: Final = timedelta(seconds=2)
"""What the clock may show beyond that, waiting for a turn included; with the fetching, a reading ends within 30 s."""
_SMALL: Final = 256 * 2**10
"""Most calendars of a season: they never wait for big ones, and big ones never for many small ones."""
_LONGEST_SMALL: Final = timedelta(seconds=5)
MEMORY: Final = 600 * 2**20
"""Of addresses, which is more than the process ever holds."""


class NotACalendarFile(Exception):
    """The bytes aren't a whole iCalendar file."""


class TooMuchWork(Exception):
    """The file took more processor time or memory than there is for it."""


class NoTurn(Exception):
    """Others' work took the time that there was for this file."""


class WorkOut:
    """Runs one child for big files at a time, which would need the memory of both, and two for small ones.

    Args:
        longest: of processor time.
        patience: what the clock may show beyond that, waiting for a turn included.
        invited_from: the domain of our invitations.
    """

    def __init__(
        self,
        longest: timedelta = LONGEST,
        memory: int = MEMORY,
        *,
        patience: timedelta = PATIENCE,
        invited_from: str = "",
    ) -> None:
        self._longest = longest
        self._clock = (longest + patience).total_seconds()
        self._memory = memory
        self._invited_from = invited_from
        self._small, self._big = Turns(2), Turns(1)

    async def __call__(
        self,
        data: bytes | tuple[bytes, ...],
        span: Slot,
        zone: str,
        owners: frozenset[str] = frozenset(),
        host_id: str = "",
        invited: frozenset[BookingId] = frozenset(),
        ours: Mapping[str, tuple[Slot, ...]] | None = None,
    ) -> Reading:
        """Read the busy times of a file within a span.

        Args:
            data: the file, or the files of a collection, among which those that are no calendars are counted only.
            zone: IANA name of the zone of all-day events and of times without one, unless the file names its own.
            owners: addresses of the calendar's owner, in lower case.
            host_id: whose turn it takes.
            invited: bookings, copies of whose invitations are left out.
            ours: times that are left out of events in a collection, by their UIDs.

        Raises:
            NotACalendarFile, TooMuchWork, NoTurn
        """
        copies = invitation_uids(invited, self._invited_from)
        asked = msgspec.msgpack.encode(ExpansionRequest(data, span, zone, owners, copies, dict(ours or {})))
        is_small = len(asked) <= _SMALL
        longest = min(self._longest, _LONGEST_SMALL) if is_small else self._longest
        turns = self._small if is_small else self._big
        try:
            async with asyncio.timeout(self._clock), turns.of(host_id):
                status, output = await self._run(asked, longest)
        except TimeoutError as error:
            raise NoTurn from error
        if status == NO_CALENDAR:
            raise NotACalendarFile
        if status:
            raise TooMuchWork
        return await _decoded(output)

    async def _run(self, asked: bytes, longest: timedelta) -> tuple[int | None, bytes]:
        child = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "adapters.recurrence.child",
            str(ceil(longest.total_seconds())),
            str(self._memory),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
        try:
            output, _ = await child.communicate(asked)
        finally:
            if child.returncode is None:
                child.kill()
                await child.wait()
        return child.returncode, output


async def _decoded(output: bytes) -> Reading:
    """Piece by piece, with room for others in between."""
    answer = msgspec.msgpack.decode(output, type=ExpansionAnswer)
    times: list[BusyTime] = []
    for piece in answer.pieces:
        times += msgspec.msgpack.decode(piece, type=tuple[BusyTime, ...])
        await asyncio.sleep(0)
    return msgspec.structs.replace(answer.reading, times=tuple(times))
