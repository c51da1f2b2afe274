"""Mixed traffic: guests who look, book and move, and programs of hosts who list."""

import asyncio
import json
import random
import time
from collections import deque
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any, Literal

import msgspec

from tests.benchmarks.load import get, post
from tests.support.guests import submit, token_of

Kind = Literal["slots", "page", "booking", "move", "list"]

MIX: tuple[tuple[Kind, int], ...] = (("slots", 50), ("page", 30), ("booking", 10), ("move", 5), ("list", 5))
"""Of a hundred requests."""

ZOOM_EVERY = 50
"""Bookings: an account makes a hundred meetings a day."""

CONNECTIONS = 32
SHORT_WAIT = 0.2


class Made(msgspec.Struct, frozen=True):
    """A booking that was answered for."""

    id: str
    token: str
    start: datetime


class Answered(msgspec.Struct, frozen=True):
    """An answer to a request.

    Attributes:
        status: 0 is a broken connection.
        at: by `time.perf_counter`.
        seconds: from when the request was to be sent, not from when its turn came.
        says_when: it has `Retry-After`.
    """

    kind: Kind
    status: int
    at: float
    seconds: float
    says_when: bool

    @property
    def is_success(self) -> bool:
        return 200 <= self.status < 300


class Traffic:
    """Requests at a steady rate, or as fast as they are answered.

    Args:
        tokens: the API tokens of some hosts.

    Attributes:
        starts: when each booking that was answered for begins; after a move that failed, either of two.
    """

    def __init__(self, port: int, hosts: int, tokens: Sequence[str], lots: random.Random) -> None:
        self.answered: list[Answered] = []
        self.starts: dict[str, set[datetime]] = {}
        self._port = port
        self._hosts = hosts
        self._tokens = tokens
        self._lots = lots
        self._movable: deque[Made] = deque()
        self._numbers = count()
        self._times = self._free_times()

    async def run(self, seconds: float, rate: float | None = None) -> None:
        """Send `rate` requests a second; with None each connection sends the next one when it has an answer."""
        turns, began = count(), time.perf_counter()
        await asyncio.gather(*(self._connection(turns, began, began + seconds, rate) for _ in range(CONNECTIONS)))

    async def _connection(self, turns: Iterator[int], began: float, end: float, rate: float | None) -> None:
        caller = _Caller(self._port)
        while (due := began + next(turns) / rate if rate else time.perf_counter()) < end:
            await asyncio.sleep(max(0, due - time.perf_counter()))
            kind = self._kind()
            moved = self._movable.popleft() if kind == "move" else None
            head, body = await caller.ask(self._request(kind, moved))
            status, now = int(head[9:12] or 0), time.perf_counter()
            answered = Answered(kind, status, now, now - due, b"\r\nretry-after: " in head.lower())
            self.answered.append(answered)
            if moved:
                # Of a move that failed nobody knows whether it was stored.
                self.starts[moved.id] = {_later(moved)} if answered.is_success else {moved.start, _later(moved)}
            elif answered.is_success and kind == "booking":
                self._note(json.loads(body))
        caller.close()

    def _note(self, booking: dict[str, Any]) -> None:
        made = Made(booking["id"], token_of(booking), datetime.fromisoformat(booking["start"]))
        self.starts[made.id] = {made.start}
        self._movable.append(made)

    def _kind(self) -> Kind:
        kinds: list[Kind] = [kind for kind, _ in MIX]
        [kind] = self._lots.choices(kinds, [share for _, share in MIX])
        return "slots" if kind == "move" and not self._movable else kind

    def _request(self, kind: Kind, moved: Made | None) -> bytes:
        path = f"twin-{self._lots.randint(1, self._hosts)}/intro/call"
        match kind:
            case "slots":
                return get(f"/api/v1/public/{path}/slots?from=2027-03-01&to=2027-03-31&timezone=Europe/Berlin")
            case "page":
                return get(f"/{path}?month=2027-03&timezone=Europe/Berlin")
            case "booking":
                number, (host, start) = next(self._numbers), next(self._times)
                meeting_type = "phone" if number % ZOOM_EVERY else "zoom"
                body = json.dumps(submit(start.isoformat(), name=f"Guest-{number} Brito", meeting_type=meeting_type))
                return post(f"/api/v1/public/twin-{host}/intro/call/bookings", body.encode(), self._network())
            case "move":
                assert moved is not None
                body = json.dumps({"start": _later(moved).isoformat()})
                return post(f"/api/v1/public/bookings/{moved.token}/reschedule", body.encode(), self._network())
            case "list":
                return get("/api/v1/bookings?status=upcoming", self._lots.choice(self._tokens))

    def _network(self) -> str:
        """Each guest comes from elsewhere, for the limits are on."""
        number = self._lots.getrandbits(24)
        return f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}"

    def _free_times(self) -> Iterator[tuple[int, datetime]]:
        """Full hours, each host's once; the half hour behind is for moving there."""
        for hour in range(7, 15):
            for day in range(400):
                start = datetime(2027, 4, 1, hour, tzinfo=UTC) + timedelta(days=day)
                if start.weekday() < 5:
                    yield from ((host, start) for host in range(1, self._hosts + 1))


def _later(booking: Made) -> datetime:
    """Where a move puts it."""
    return booking.start + timedelta(minutes=30)


class _Caller:
    """A connection that is kept, and made anew when it breaks."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._open: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, request: bytes) -> tuple[bytes, bytes]:
        """Return the answer's head and its body, or nothing where the connection breaks."""
        try:
            reader, writer = self._open or await asyncio.open_connection("127.0.0.1", self._port)
            self._open = reader, writer
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r")[0])
            return head, await reader.readexactly(length)
        except (OSError, asyncio.IncompleteReadError):
            self.close()
            await asyncio.sleep(SHORT_WAIT)
            return b"", b""

    def close(self) -> None:
        if self._open is not None:
            self._open[1].close()
            self._open = None
