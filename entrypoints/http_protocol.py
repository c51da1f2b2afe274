"""HTTP/1.1 for slow and hostile callers: uvicorn's protocol with deadlines and sizes, of which it has none."""

import asyncio
from typing import ClassVar, Literal

import msgspec
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

LARGEST_HEADERS = 64 * 1024
MOST_HEADERS = 128

LARGEST_REQUEST = 16 * 1024 * 1024
"""Larger than any body that is taken. Handlers refuse what is too large for them; beyond this it isn't even skipped."""

LEAST_TAKEN = 16 * 1024


class Deadlines(msgspec.Struct, frozen=True):
    """How long a caller may take, in seconds.

    Attributes:
        headers: from connecting, or from the first byte of a later request, to the end of its headers.
        body: from there to its end.
        answer: to take the next `LEAST_TAKEN` bytes of an answer that the network doesn't hold.
    """

    headers: float = 10
    body: float = 120
    answer: float = 30


class GuardedHttp(HttpToolsProtocol):
    """One connection. No timer runs for a request that comes in one piece, as nearly all do."""

    deadlines: ClassVar = Deadlines()

    _part: Literal["headers", "body", "none"] = "none"
    _received = 0
    _ended = False
    _too_large = False
    _deadline: asyncio.TimerHandle | None = None
    _deadline_of: Literal["headers", "body"] = "headers"
    _reading: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:
        super().connection_made(transport)
        self._expect("headers", self.deadlines.headers)

    def connection_lost(self, exc: Exception | None) -> None:
        self._expect_nothing()
        self.resume_writing()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        self._received += len(data)
        self._ended = False
        super().data_received(data)
        if self.transport.is_closing():
            return
        if self._received > (LARGEST_REQUEST if self._part == "body" else LARGEST_HEADERS):
            self._refuse(413 if self._part == "body" else 431)
        elif self._part == "body":
            self._expect("body", self.deadlines.body)
        elif self._part == "headers" or not self._ended:
            # Line breaks before a request begin none, and mustn't keep a connection open either.
            self._expect("headers", self.deadlines.headers)
        else:
            self._expect_nothing()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._part = "headers"

    def on_header(self, name: bytes, value: bytes) -> None:
        super().on_header(name, value)
        if len(self.headers) > MOST_HEADERS:
            self._give_up()

    def on_headers_complete(self) -> None:
        if self._received > LARGEST_HEADERS:
            # What came in one piece may hold a body, too.
            size = len(self.url) + sum(len(name) + len(value) for name, value in self.headers)
            if size > LARGEST_HEADERS:
                self._give_up()
        self._part, self._received = "body", 0
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._part, self._received, self._ended = "none", 0, True
        super().on_message_complete()

    def send_400_response(self, msg: str) -> None:
        if self._too_large:
            self._refuse(431)
        elif self._may_answer():
            super().send_400_response(msg)
        else:
            self.transport.close()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._watch_reading(self.transport.get_write_buffer_size())

    def resume_writing(self) -> None:
        super().resume_writing()
        if self._reading is not None:
            self._reading.cancel()
            self._reading = None

    def _watch_reading(self, unsent: int) -> None:
        self._reading = self.loop.call_later(self.deadlines.answer, self._look_at_reading, unsent)

    def _look_at_reading(self, unsent: int) -> None:
        left = self.transport.get_write_buffer_size()
        if unsent - left < LEAST_TAKEN:
            self.transport.abort()
        else:
            self._watch_reading(left)

    def _expect(self, part: Literal["headers", "body"], seconds: float) -> None:
        if self._deadline is not None and self._deadline_of == part:
            return
        self._expect_nothing()
        self._deadline, self._deadline_of = self.loop.call_later(seconds, self._refuse, 408), part

    def _expect_nothing(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _give_up(self) -> None:
        """Stop parsing. What is raised in a callback reaches `send_400_response`."""
        self._too_large = True
        raise ValueError

    def _refuse(self, status: int) -> None:
        """Say why, where nothing else is being said on this connection, and close it."""
        if self.transport.is_closing():
            self.transport.abort()
            return
        if self._may_answer():
            self.transport.write(b"%bconnection: close\r\ncontent-length: 0\r\n\r\n" % STATUS_LINE[status])
        if self.cycle and not self.cycle.response_complete:
            # The handler learns that its caller is gone.
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        self.transport.close()

    def _may_answer(self) -> bool:
        if self._part == "body":
            return not self.cycle.response_started and not self.pipeline
        # Browsers connect ahead of need, and would take an answer for that of their next request.
        return self._received > 0 and (not self.cycle or self.cycle.response_complete)
