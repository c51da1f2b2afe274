"""How a benchmark puts load on a server: keep-alive connections, each with one request under way."""

import asyncio
import statistics
import time
from array import array
from collections.abc import Iterator
from typing import cast

import msgspec


class Load(msgspec.Struct, frozen=True):
    """What came of it: `rate` in requests a second, over all connections; one of a hundred took longer than `slow`."""

    requests: int
    seconds: float
    slow: float

    @property
    def rate(self) -> float:
        return self.requests / self.seconds


async def put_load(port: int, requests: Iterator[bytes], *, connections: int, seconds: float) -> Load:
    """Send requests until the time is over or they run out; every answer has to be a success.

    Raises:
        RuntimeError: an answer that isn't, with its text.
    """
    loop = asyncio.get_running_loop()
    deadline = time.perf_counter() + seconds
    started = time.perf_counter()
    clients = [_Client(requests, deadline) for _ in range(connections)]
    for client in clients:
        await loop.create_connection(lambda client=client: client, "127.0.0.1", port)
    await asyncio.gather(*(client.done for client in clients))
    took = time.perf_counter() - started
    count = sum(len(client.took) for client in clients)
    slow = statistics.quantiles((each for client in clients for each in client.took), n=100)[-1]
    return Load(count, took, slow)


def get(path: str, token: str | None = None) -> bytes:
    authorization = f"authorization: Bearer {token}\r\n" if token else ""
    return f"GET {path} HTTP/1.1\r\nhost: 127.0.0.1\r\n{authorization}\r\n".encode()


def post(path: str, body: bytes, network: str) -> bytes:
    head = (
        f"POST {path} HTTP/1.1\r\nhost: 127.0.0.1\r\nx-forwarded-for: {network}\r\n"
        f"content-type: application/json\r\ncontent-length: {len(body)}"
    )
    return head.encode() + b"\r\n\r\n" + body


class _Client(asyncio.Protocol):
    """As little work as an HTTP client can do: it shares the processor with the server that it measures."""

    def __init__(self, requests: Iterator[bytes], deadline: float) -> None:
        self._requests = requests
        self._deadline = deadline
        self._buffer = b""
        self._sent_at = 0.0
        self.took = array("d")
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports are none of asyncio's by class.
        self._transport = cast("asyncio.Transport", transport)
        self._next()

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, found, body = self._buffer.partition(b"\r\n\r\n")
        if not found:
            return
        length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r")[0])
        if len(body) < length:
            return
        if head[9:10] != b"2":
            self._end(RuntimeError(self._buffer.decode(errors="replace")))
            return
        self.took.append(time.perf_counter() - self._sent_at)
        self._buffer = b""
        self._next()

    def connection_lost(self, exc: Exception | None) -> None:
        self._end(exc or RuntimeError("The server closed the connection."))

    def _next(self) -> None:
        self._sent_at = time.perf_counter()
        request = next(self._requests, None) if self._sent_at < self._deadline else None
        if request is None:
            self._end(None)
        else:
            self._transport.write(request)

    def _end(self, error: Exception | None) -> None:
        if self.done.done():
            return
        if error is None:
            self.done.set_result(None)
        else:
            self.done.set_exception(error)
        self._transport.abort()
