"""Callers who send half of a request, or too much, or take no answer: raw sockets against the server as it runs."""

import asyncio
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, ClassVar

import pytest
import uvicorn

from entrypoints.http import SERVER, listen
from entrypoints.http_protocol import LARGEST_HEADERS, LARGEST_REQUEST, MOST_HEADERS, Deadlines, GuardedHttp
from tests.support.processes import PATIENCE

SOON = 0.3
GET = b"GET / HTTP/1.1\r\nhost: timetuna.example\r\n"
POST = b"POST / HTTP/1.1\r\nhost: timetuna.example\r\ncontent-length: 100\r\n\r\n"
LARGE_ANSWER = bytes(20_000_000)


class Impatient(GuardedHttp):
    deadlines: ClassVar = Deadlines(headers=SOON, body=SOON, answer=SOON)


@dataclass
class Echo:
    """Answers with how many bytes came: `/slow` takes a while, `/large` says more.

    Attributes:
        left: paths whose caller was gone before all had come.
    """

    left: list[str] = field(default_factory=list[str])

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await _lifespan(receive, send)
            return
        length = 0
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                self.left.append(scope["path"])
                return
            length += len(message["body"])
            if not message["more_body"]:
                break
        if scope["path"] == "/slow":
            await asyncio.sleep(2 * SOON)
        body = LARGE_ANSWER if scope["path"] == "/large" else b"%d bytes" % length
        headers = [(b"content-length", b"%d" % len(body))]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})


async def _lifespan(receive: Any, send: Any) -> None:
    await receive()
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await send({"type": "lifespan.shutdown.complete"})


class Caller:
    """One connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    async def sends(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    async def status(self) -> int:
        async with asyncio.timeout(PATIENCE):
            return int((await self.reader.readuntil(b"\r\n\r\n")).split()[1])

    async def answer(self) -> tuple[int, bytes]:
        status = await self.status()
        async with asyncio.timeout(PATIENCE):
            return status, await self.reader.read(1000)

    async def rest(self) -> bytes:
        """What comes until the server closes."""
        async with asyncio.timeout(PATIENCE):
            try:
                return await self.reader.read()
            except ConnectionError:
                return b""

    async def drips(self, data: bytes) -> None:
        """Send byte for byte, until it is done or the server closes."""
        try:
            for byte in data:
                await self.sends(bytes([byte]))
                await asyncio.sleep(SOON / 20)
        except ConnectionError:
            pass


@dataclass(frozen=True)
class Site:
    port: int
    app: Echo

    @asynccontextmanager
    async def caller(self, *, takes: int | None = None) -> AsyncGenerator[Caller]:
        connection = socket.socket()
        connection.setblocking(False)
        if takes is not None:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, takes)
        await asyncio.get_running_loop().sock_connect(connection, ("127.0.0.1", self.port))
        reader, writer = await asyncio.open_connection(sock=connection, limit=takes or 2**16)
        try:
            yield Caller(reader, writer)
        finally:
            writer.close()


@pytest.fixture
async def site() -> AsyncGenerator[Site]:
    app = Echo()
    listener = listen("127.0.0.1", 0)
    settings: dict[str, Any] = {**SERVER, "loop": "none", "http": Impatient}
    server = uvicorn.Server(uvicorn.Config(app, **settings))
    with listener:
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        async with asyncio.timeout(PATIENCE):
            while not server.started:
                await asyncio.sleep(0.01)
        yield Site(listener.getsockname()[1], app)
        server.should_exit = True
        await serving


def test_the_server_that_runs_has_deadlines() -> None:
    assert SERVER["http"] is GuardedHttp
    assert Deadlines() == GuardedHttp.deadlines


@pytest.mark.parametrize("start", [b"", b"\r\n", b"GET", GET, GET + b"cookie: a"])
async def test_headers_that_do_not_end_are_closed(site: Site, start: bytes) -> None:
    async with site.caller() as caller:
        await caller.sends(start)

        told = await caller.rest()

    assert told.startswith(b"HTTP/1.1 408 ") if start else told == b""


@pytest.mark.parametrize("drops", [GET + b"a: " + 500 * b"a", 500 * b"\r\n"])
async def test_headers_that_drip_are_closed(site: Site, drops: bytes) -> None:
    async with site.caller() as caller:
        async with asyncio.timeout(PATIENCE):
            await caller.drips(drops)

        assert b"200" not in await caller.rest()


async def test_a_body_that_does_not_end_is_closed_and_its_handler_told(site: Site) -> None:
    async with site.caller() as caller:
        await caller.sends(POST + b"half")

        assert (await caller.rest()).startswith(b"HTTP/1.1 408 ")
    assert ["/"] == site.app.left


async def test_a_body_that_drips_is_closed(site: Site) -> None:
    async with site.caller() as caller:
        await caller.sends(POST.replace(b"100", b"1000"))
        async with asyncio.timeout(PATIENCE):
            await caller.drips(500 * b"a")

        assert b"200" not in await caller.rest()


async def test_whoever_sends_what_was_announced_is_answered_however_slow_the_handler(site: Site) -> None:
    async with site.caller() as caller:
        await caller.sends(POST.replace(b"/ ", b"/slow ") + 60 * b"a")
        await caller.sends(40 * b"a")

        assert (200, b"100 bytes") == await caller.answer()


async def test_a_connection_is_good_for_several_requests(site: Site) -> None:
    async with site.caller() as caller:
        for _ in range(3):
            await caller.sends(GET + b"\r\n")
            assert (200, b"0 bytes") == await caller.answer()
            await asyncio.sleep(SOON)
        await caller.sends(GET)

        assert (await caller.rest()).startswith(b"HTTP/1.1 408 ")


async def test_the_answer_to_an_earlier_request_is_not_mixed_up_with_a_refusal(site: Site) -> None:
    async with site.caller() as caller:
        await caller.sends(GET.replace(b"/ ", b"/slow ") + b"\r\n" + GET)

        assert b"" == await caller.rest()


@pytest.mark.parametrize(
    "headers",
    [
        GET + b"cookie: " + LARGEST_HEADERS * b"a",
        GET + b"cookie: " + LARGEST_HEADERS * b"a" + b"\r\n\r\n",
        b"GET /" + LARGEST_HEADERS * b"a" + b" HTTP/1.1\r\nhost: timetuna.example\r\n\r\n",
        GET + MOST_HEADERS * b"a: b\r\n" + b"\r\n",
    ],
    ids=["unfinished", "one-header", "address", "many-headers"],
)
async def test_large_headers_are_refused(site: Site, headers: bytes) -> None:
    async with site.caller() as caller:
        await caller.sends(headers)

        assert 431 == await caller.status()


async def test_a_large_request_with_small_headers_is_taken_in_one_piece(site: Site) -> None:
    length = 2 * LARGEST_HEADERS
    async with site.caller() as caller:
        await caller.sends(POST.replace(b"100", b"%d" % length) + length * b"a")

        assert (200, b"%d bytes" % length) == await caller.answer()


async def test_sixty_megabytes_in_one_header_are_not_read(site: Site) -> None:
    assert await read_of(site, GET + b"cookie: ") < 8_000_000


async def test_a_body_without_end_is_not_read(site: Site) -> None:
    announced = POST.replace(b"100", b"1000000000")

    assert LARGEST_REQUEST / 2 < await read_of(site, announced) < 2 * LARGEST_REQUEST


async def read_of(site: Site, start: bytes) -> int:
    """How much of sixty megabytes a caller gets rid of."""
    sent, piece = 0, bytes(100_000).replace(b"\0", b"a")
    async with site.caller() as caller:
        try:
            async with asyncio.timeout(PATIENCE):
                await caller.sends(start)
                while sent < 60_000_000:
                    await caller.sends(piece)
                    sent += len(piece)
        except ConnectionError:
            pass
    return sent


async def test_whoever_does_not_take_the_answer_is_cut_off(site: Site) -> None:
    async with site.caller(takes=4096) as caller:
        await caller.sends(GET.replace(b"/ ", b"/large ") + b"\r\n")
        await asyncio.sleep(4 * SOON)

        assert len(await caller.rest()) < len(LARGE_ANSWER)


async def test_whoever_takes_it_gets_all_of_it(site: Site) -> None:
    async with site.caller() as caller:
        await caller.sends(GET.replace(b"/ ", b"/large ") + b"connection: close\r\n\r\n")

        assert (await caller.rest()).endswith(LARGE_ANSWER)
