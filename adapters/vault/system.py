"""The system's clock, ids and secrets."""

from datetime import UTC, datetime
from secrets import randbits, token_urlsafe
from threading import Lock
from typing import Final

from application.ports.clock import Clock

_RANDOM_BITS: Final = 80
_TOKEN_BYTES: Final = 24


def utc_now() -> datetime:
    return datetime.now(UTC)


class SystemIds:
    """Ids of 32 hexadecimal digits: 48 bits of milliseconds, then 80 random ones.

    In one process they only ever grow, also within a millisecond and when the clock is set back.
    """

    def __init__(self, clock: Clock = utc_now) -> None:
        self._clock = clock
        self._latest = 0
        self._lock = Lock()

    def new_id(self) -> str:
        milliseconds = int(self._clock().timestamp() * 1000)
        candidate = milliseconds << _RANDOM_BITS | randbits(_RANDOM_BITS)
        with self._lock:
            self._latest = max(candidate, self._latest + 1)
            return f"{self._latest:032x}"

    def new_token(self) -> str:
        # One of three has neither of the other two characters; little is lost of its 192 bits.
        while not (token := token_urlsafe(_TOKEN_BYTES)).isalnum():
            pass
        return token
