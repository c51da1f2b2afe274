"""The child process: reads one request from standard input, writes the reading to standard output.

`python -m adapters.recurrence.child SECONDS BYTES`, of processor time and of memory
"""

import resource
import sys

import msgspec

from domain.calendar import Reading
from domain.slot import Slot

SECONDS_A_SERIES = 1.0

NO_CALENDAR = 3
"""The exit status for bytes that are no calendar."""

TOO_COMPLEX = 4
"""The exit status for a file that isn't worked out to its end."""

_PIECE = 500


class ExpansionRequest(msgspec.Struct, frozen=True):
    """What `expand` takes, or `expand_all` where `data` is a collection."""

    data: bytes | tuple[bytes, ...]
    span: Slot
    zone: str
    owners: frozenset[str]
    copies: frozenset[str] = frozenset()
    ours: dict[str, tuple[Slot, ...]] = {}


class ExpansionAnswer(msgspec.Struct, frozen=True):
    """A reading whose times come in pieces, each of which is read without holding up others."""

    reading: Reading
    pieces: tuple[bytes, ...]


def main() -> int:
    seconds, memory = int(sys.argv[1]), int(sys.argv[2])
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # After the limits, so that they hold for what the packages do, too.
    from adapters.recurrence.expansion import TooComplex, expand, expand_all  # noqa: PLC0415
    from adapters.recurrence.scan import NoCalendar  # noqa: PLC0415

    asked = msgspec.msgpack.decode(sys.stdin.buffer.read(), type=ExpansionRequest)
    about = asked.span, asked.zone, asked.owners, asked.copies
    try:
        match asked.data:
            case bytes() as data:
                reading = expand(data, *about, seconds=SECONDS_A_SERIES)
            case files:
                reading = expand_all(files, *about, ours=asked.ours, seconds=SECONDS_A_SERIES)
    except NoCalendar:
        return NO_CALENDAR
    except TooComplex:
        return TOO_COMPLEX
    times = reading.times
    pieces = tuple(msgspec.msgpack.encode(times[at : at + _PIECE]) for at in range(0, len(times), _PIECE))
    answer = ExpansionAnswer(msgspec.structs.replace(reading, times=()), pieces)
    sys.stdout.buffer.write(msgspec.msgpack.encode(answer))
    return 0


if __name__ == "__main__":
    sys.exit(main())
