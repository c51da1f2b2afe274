"""Fetching from addresses that people typed, over real sockets."""

import asyncio
import gzip
import socket
import ssl
import zlib
from collections.abc import AsyncGenerator, Awaitable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from adapters.http_client.addresses import Reachable
from adapters.http_client.fetching import LARGEST, BoundedFetcher
from adapters.http_client.pinned import PinnedTransport, resolve
from application.ports.safe_fetcher import Fetched, FetchFailed, NotModified, Validators
from domain.calendar_problem import (
    AddressNotAllowed,
    CalendarProblem,
    CalendarTooLarge,
    NotACalendar,
    ServerBusy,
    ServerRefused,
    ServerTooSlow,
    ServerUnreachable,
)
from tests.support.certificates import tls_contexts

NOW = datetime(2026, 12, 1, tzinfo=UTC)
LOCAL = Reachable(["127.0.0.0/8"])
OK = b"HTTP/1.1 200 OK\r\nConnection: close\r\n"


class Site:
    """A server of a few lines that says what it is told to, and remembers what it was asked."""

    def __init__(self) -> None:
        self.port = 0
        self.asked: list[str] = []
        self.replies: dict[str, bytes] = {}
        self.drips = False

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # A client that refuses the certificate is gone after the handshake.
        with suppress(OSError, EOFError):
            await self._answer((await reader.readuntil(b"\r\n\r\n")).decode(), writer)
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()

    async def _answer(self, head: str, writer: asyncio.StreamWriter) -> None:
        self.asked.append(head)
        reply = self.replies[head.split(" ")[1]]
        for part in [reply[n : n + 1] for n in range(len(reply))] if self.drips else [reply]:
            writer.write(part)
            await writer.drain()
            if self.drips:
                await asyncio.sleep(0.01)


@asynccontextmanager
async def a_site(tls: ssl.SSLContext | None = None) -> AsyncGenerator[Site]:
    site = Site()
    open_lines: set[asyncio.Task[None]] = set()

    def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        open_lines.add(asyncio.create_task(site.serve(reader, writer)))

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=tls)
    site.port = server.sockets[0].getsockname()[1]
    async with server:
        yield site
    await asyncio.gather(*open_lines)


@asynccontextmanager
async def fetching(
    names: dict[str, list[str]] | None = None, reachable: Reachable = LOCAL, *, seconds: float = 5, largest: int = 1000
) -> AsyncGenerator[BoundedFetcher]:
    async def lookup(host: str, port: int) -> list[str]:
        return names[host] if names and host in names else await resolve(host, port)

    fetcher = BoundedFetcher(
        PinnedTransport(reachable, lookup), lambda: NOW, longest=timedelta(seconds=seconds), largest=largest
    )
    try:
        yield fetcher
    finally:
        await fetcher.aclose()


async def problem_of(fetch: Awaitable[object]) -> CalendarProblem:
    with pytest.raises(FetchFailed) as failed:
        await fetch
    assert failed.value.__cause__ is None
    assert failed.value.__context__ is None or "example" not in str(failed.value.__context__)
    return failed.value.problem


async def test_a_body_comes_with_what_the_server_says_about_it_and_is_asked_for_again_with_that() -> None:
    async with a_site() as site, fetching({"site.example": ["127.0.0.1"]}) as fetcher:
        site.replies["/feed"] = OK + b'ETag: "7"\r\nLast-Modified: Tue, 01 Dec 2026 00:00:00 GMT\r\n\r\nBEGIN'
        fetched = await fetcher.fetch(f"http://site.example:{site.port}/feed")
        known = Validators('"7"', "Tue, 01 Dec 2026 00:00:00 GMT")
        site.replies["/feed"] = b"HTTP/1.1 304 Not Modified\r\n\r\n"
        again = await fetcher.fetch(f"http://site.example:{site.port}/feed", known)

    assert Fetched(b"BEGIN", known) == fetched
    assert NotModified() == again
    assert f"host: site.example:{site.port}" in site.asked[0].lower()
    assert 'if-none-match: "7"\r\nif-modified-since: tue, 01 dec 2026 00:00:00 gmt' in site.asked[1].lower()


@pytest.mark.parametrize(
    "etag", [b'"\xc3\xa9"', b'"\xe9"', b'"' + b"x" * 1000 + b'"'], ids=["UTF-8", "Latin-1", "long"]
)
async def test_a_body_whose_etag_cannot_be_sent_back_is_fetched_again_as_a_whole(etag: bytes) -> None:
    async with a_site() as site, fetching({"site.example": ["127.0.0.1"]}) as fetcher:
        site.replies["/feed"] = OK + b"ETag: " + etag + b"\r\n\r\nBEGIN"
        fetched = await fetcher.fetch(f"http://site.example:{site.port}/feed")
        assert isinstance(fetched, Fetched)
        again = await fetcher.fetch(f"http://site.example:{site.port}/feed", fetched.validators)

    assert Fetched(b"BEGIN") == fetched == again


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "2130706433", "0x7f000001", "0177.0.0.1", "127.1", "[::1]", "[::ffff:127.0.0.1]", "localhost"],
)
async def test_no_way_of_writing_an_address_leads_inside(host: str) -> None:
    async with a_site() as site, fetching(reachable=Reachable()) as fetcher:
        for scheme in ("https", "http", "webcal"):
            # Some forms are no host at all for httpx.
            problem = await problem_of(fetcher.fetch(f"{scheme}://{host}:{site.port}/feed"))
            assert problem in (AddressNotAllowed(), ServerUnreachable())

    assert [] == site.asked


async def test_a_name_with_one_address_inside_is_refused_as_a_whole() -> None:
    names = {"mixed.example": ["93.184.215.14", "127.0.0.1"]}
    async with a_site() as site, fetching(names, Reachable()) as fetcher:
        assert AddressNotAllowed() == await problem_of(fetcher.fetch(f"https://mixed.example:{site.port}/feed"))

    assert [] == site.asked


async def test_a_name_is_looked_up_once_so_that_it_cannot_lead_elsewhere_after_the_check() -> None:
    answers = iter([["127.0.0.1"], ["10.0.0.1"]])

    async def rebinds(_host: str, _port: int) -> list[str]:
        return next(answers)

    async with a_site() as site:
        site.replies["/feed"] = OK + b"\r\nBEGIN"
        fetcher = BoundedFetcher(PinnedTransport(LOCAL, rebinds), lambda: NOW)
        fetched = await fetcher.fetch(f"http://rebinds.example:{site.port}/feed")
        await fetcher.aclose()

    assert Fetched(b"BEGIN") == fetched


async def test_redirects_are_followed_with_a_check_of_their_own_and_without_what_was_for_another_site() -> None:
    names = {"one.example": ["127.0.0.1"], "two.example": ["127.0.0.1"]}
    async with a_site() as site, fetching(names) as fetcher:
        there = f"http://two.example:{site.port}/there".encode()
        site.replies["/here"] = b"HTTP/1.1 302 Found\r\nConnection: close\r\nLocation: " + there + b"\r\n\r\n"
        site.replies["/there"] = OK + b"\r\nBEGIN"
        fetched = await fetcher.fetch(f"http://ana:secret@one.example:{site.port}/here")

    assert Fetched(b"BEGIN") == fetched
    assert "authorization: basic" in site.asked[0].lower()
    assert "authorization" not in site.asked[1].lower()


async def test_no_cookie_that_one_fetch_was_given_goes_along_with_the_next() -> None:
    async with a_site() as site, fetching() as fetcher:
        site.replies["/"] = OK + b"Set-Cookie: session=anna\r\n\r\nBEGIN"
        for _ in range(2):
            await fetcher.fetch(f"http://127.0.0.1:{site.port}/")

    assert "cookie" not in site.asked[1].lower()


@pytest.mark.parametrize(
    "onward", ["http://10.0.0.1/", "https://169.254.169.254/", "file:///etc/passwd", "gopher://x/"]
)
async def test_no_redirect_leads_inside(onward: str) -> None:
    async with a_site() as site, fetching({"one.example": ["127.0.0.1"]}) as fetcher:
        site.replies["/"] = f"HTTP/1.1 302 Found\r\nConnection: close\r\nLocation: {onward}\r\n\r\n".encode()

        assert AddressNotAllowed() == await problem_of(fetcher.fetch(f"http://one.example:{site.port}/"))


async def test_a_circle_of_redirects_ends() -> None:
    async with a_site() as site, fetching() as fetcher:
        site.replies["/"] = b"HTTP/1.1 302 Found\r\nConnection: close\r\nLocation: /\r\n\r\n"

        assert ServerUnreachable() == await problem_of(fetcher.fetch(f"http://127.0.0.1:{site.port}/"))

    assert len(site.asked) == 6


@pytest.mark.parametrize(("beyond", "is_read"), [(0, True), (1, False)])
async def test_a_feed_may_have_twenty_megabytes_and_no_byte_more(beyond: int, is_read: bool) -> None:
    body = bytes(20 * 2**20 + beyond)
    async with a_site() as site, fetching(largest=LARGEST) as fetcher:
        site.replies["/"] = OK + b"\r\n" + body
        fetch = fetcher.fetch(f"http://127.0.0.1:{site.port}/")
        if is_read:
            assert Fetched(body) == await fetch
        else:
            assert CalendarTooLarge(20) == await problem_of(fetch)


BOMB = gzip.compress(bytes(16 * 2**20), mtime=0)


@pytest.mark.parametrize(
    ("reply", "problem"),
    [
        (OK + b"\r\n" + bytes(1001), CalendarTooLarge(0)),
        (OK + b"Content-Encoding: gzip\r\n\r\n" + BOMB, CalendarTooLarge(0)),
        (OK + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(b"BEGIN", mtime=0)[:-9], NotACalendar()),
        (OK + b"Content-Encoding: gzip\r\n\r\nBEGIN", NotACalendar()),
        (OK + b"Content-Encoding: br\r\n\r\nBEGIN", NotACalendar()),
        (OK + b"Content-Length: 100\r\n\r\nBEGIN", ServerUnreachable()),
        (b"HTTP/1.1 404 Not Found\r\n\r\n", ServerRefused(404)),
        (b"HTTP/1.1 204 No Content\r\n\r\n", ServerRefused(204)),
        (b"HTTP/1.1 503 Service Unavailable\r\n\r\n", ServerBusy()),
        (b"not http", ServerUnreachable()),
        (b"", ServerUnreachable()),
    ],
    ids=(
        "too large",
        "a bomb",
        "half a file",
        "not compressed",
        "unknown compression",
        "cut off",
        "not found",
        "nothing",
        "out of order",
        "not http",
        "closed",
    ),
)
async def test_what_is_no_whole_body_is_a_failure_and_never_an_empty_calendar(
    reply: bytes, problem: CalendarProblem
) -> None:
    async with a_site() as site, fetching() as fetcher:
        site.replies["/"] = reply

        assert problem == await problem_of(fetcher.fetch(f"http://127.0.0.1:{site.port}/"))


@pytest.mark.parametrize(
    ("encoding", "body"), [("gzip", gzip.compress(b"BEGIN", mtime=0)), ("deflate", zlib.compress(b"BEGIN"))]
)
async def test_a_compressed_body_is_inflated(encoding: str, body: bytes) -> None:
    async with a_site() as site, fetching() as fetcher:
        site.replies["/"] = OK + f"Content-Encoding: {encoding}\r\n\r\n".encode() + body

        assert Fetched(b"BEGIN") == await fetcher.fetch(f"http://127.0.0.1:{site.port}/")


async def test_a_server_says_when_it_wants_to_be_asked_again() -> None:
    async with a_site() as site, fetching() as fetcher:
        site.replies["/"] = b"HTTP/1.1 429 Too Many Requests\r\nRetry-After: 90\r\n\r\n"
        with pytest.raises(FetchFailed) as failed:
            await fetcher.fetch(f"http://127.0.0.1:{site.port}/")

    assert (ServerBusy(), NOW + timedelta(seconds=90)) == (failed.value.problem, failed.value.not_before)


async def test_a_body_that_drips_ends_with_the_time_for_the_whole() -> None:
    async with a_site() as site, fetching(seconds=0.2) as fetcher:
        site.replies["/"] = OK + b"\r\n" + bytes(900)
        site.drips = True

        assert ServerTooSlow() == await problem_of(fetcher.fetch(f"http://127.0.0.1:{site.port}/"))


async def test_a_server_that_is_not_there_or_has_no_name_is_unreachable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    async with fetching() as fetcher:
        for url in (f"http://127.0.0.1:{port}/", "http://nowhere.invalid/", "http://[/"):
            assert ServerUnreachable() == await problem_of(fetcher.fetch(url))


async def test_the_certificate_has_to_be_that_of_the_name_and_not_of_its_address(tmp_path: Path) -> None:
    of_server, of_client = tls_contexts(tmp_path, "site.example")

    async def leads_here(_host: str, _port: int) -> list[str]:
        return ["127.0.0.1"]

    async with a_site(of_server) as site:
        site.replies["/"] = OK + b"\r\nBEGIN"
        fetcher = BoundedFetcher(PinnedTransport(LOCAL, leads_here, trusts=of_client), lambda: NOW)
        fetched = await fetcher.fetch(f"webcal://site.example:{site.port}/")
        refused = await problem_of(fetcher.fetch(f"https://other.example:{site.port}/"))
        await fetcher.aclose()

    assert (Fetched(b"BEGIN"), ServerUnreachable()) == (fetched, refused)
