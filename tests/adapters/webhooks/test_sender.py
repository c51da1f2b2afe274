"""Signed requests to endpoints over real sockets, checked by an independent implementation of the standard."""

import asyncio
import json
import random
import socket
import ssl
from base64 import b64encode
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address, IPv4Network, IPv6Address, ip_address
from pathlib import Path

import httpx
import pytest
from standardwebhooks import Webhook as Referee
from standardwebhooks import WebhookVerificationError

from adapters.http_client.addresses import Reachable
from adapters.http_client.pinned import AddressRefused, PinnedTransport, Resolve, resolve
from adapters.webhooks.sender import SignedWebhookSender
from domain.faults import InvalidValue
from domain.ids import HostId, WebhookEventId
from domain.webhook import check_webhook_url
from domain.webhook_event import WebhookEvent
from domain.webhook_problem import (
    EndpointAnswered,
    EndpointNotAllowed,
    EndpointTooSlow,
    EndpointUnreachable,
    EndpointUntrusted,
    WebhookProblem,
)
from tests.support.certificates import tls_contexts

LOCAL = Reachable(["127.0.0.0/8"])
NEW, OLD = (f"whsec_{b64encode(32 * each).decode()}" for each in (b"n", b"o"))
BODY = json.dumps({"type": "ping", "timestamp": "2026-12-01T00:00:00Z", "data": {"name": "Zoë 王小明"}}).encode()
EVENT = WebhookEvent(
    id=WebhookEventId("evt_1"), host_id=HostId("h1"), type="ping", at=datetime(2026, 12, 1, tzinfo=UTC), body=BODY
)


class Endpoint:
    """Answers as it is told, and remembers what came."""

    def __init__(self, answer: bytes) -> None:
        self.answer = answer
        self.heads: list[str] = []
        self.bodies: list[bytes] = []
        self.port = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # A client that refuses the certificate is gone after the handshake.
        with suppress(OSError, EOFError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            self.heads.append(head)
            self.bodies.append(await reader.readexactly(len(BODY)))
            writer.write(self.answer)
            await writer.drain()
            if not self.answer:
                await reader.read()
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()

    @property
    def headers(self) -> dict[str, str]:
        lines = self.heads[-1].split("\r\n")[1:]
        return {name.lower(): value for name, _, value in (line.partition(": ") for line in lines if line)}


@asynccontextmanager
async def an_endpoint(answer: bytes, tls: ssl.SSLContext | None = None) -> AsyncGenerator[Endpoint]:
    endpoint = Endpoint(answer)
    open_lines: set[asyncio.Task[None]] = set()

    def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        open_lines.add(asyncio.create_task(endpoint.serve(reader, writer)))

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=tls)
    endpoint.port = server.sockets[0].getsockname()[1]
    async with server:
        yield endpoint
    await asyncio.gather(*open_lines)


@asynccontextmanager
async def a_sender(
    reachable: Reachable = LOCAL,
    lookup: Resolve = resolve,
    *,
    longest: timedelta = timedelta(seconds=15),
    trusts: ssl.SSLContext | None = None,
) -> AsyncGenerator[SignedWebhookSender]:
    sender = SignedWebhookSender(reachable, lambda: datetime.now(UTC), lookup, longest=longest, trusts=trusts)
    yield sender
    await sender.aclose()


def an_answer(status: str, body: bytes = b"", **headers: str) -> bytes:
    more = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    return f"HTTP/1.1 {status}\r\nConnection: close\r\n{more}\r\n".encode() + body


async def test_what_arrives_is_verified_by_an_independent_implementation() -> None:
    async with an_endpoint(an_answer("204 No Content")) as endpoint, a_sender() as sender:
        sent = await sender.send(f"http://127.0.0.1:{endpoint.port}/hooks?a=b", EVENT, [NEW, OLD], datetime.now(UTC))

    assert (204, None) == (sent.status, sent.problem)
    assert endpoint.heads[0].startswith("POST /hooks?a=b HTTP/1.1\r\n")
    assert ("evt_1", "application/json") == (endpoint.headers["webhook-id"], endpoint.headers["content-type"])
    for secret in (NEW, OLD):
        assert json.loads(BODY) == Referee(secret).verify(endpoint.bodies[0], endpoint.headers)
    stranger = f"whsec_{b64encode(32 * b's').decode()}"
    with pytest.raises(WebhookVerificationError):
        Referee(stranger).verify(endpoint.bodies[0], endpoint.headers)


@pytest.mark.parametrize("status", ["301 Moved", "404 Not Found", "500 Oops"])
async def test_only_2xx_counts_and_no_redirect_is_followed(status: str) -> None:
    async with an_endpoint(an_answer(status, location="/elsewhere")) as endpoint, a_sender() as sender:
        sent = await sender.send(f"http://127.0.0.1:{endpoint.port}/", EVENT, [NEW], datetime.now(UTC))

    assert EndpointAnswered(int(status[:3])) == sent.problem
    assert 1 == len(endpoint.heads)


async def test_the_beginning_of_an_answer_is_kept_and_its_wish_to_be_left_alone() -> None:
    answer = an_answer("429 Slow down", "ä".encode() * 5000 + b"\0", retry_after="3600")
    async with an_endpoint(answer) as endpoint, a_sender() as sender:
        sent = await sender.send(f"http://127.0.0.1:{endpoint.port}/", EVENT, [NEW], datetime.now(UTC))

    assert 500 * "ä" == sent.response
    assert sent.not_before
    assert timedelta(minutes=59) < sent.not_before - datetime.now(UTC) <= timedelta(hours=1)


async def test_an_answer_that_does_not_come_is_waited_for_within_bounds() -> None:
    async with an_endpoint(b"") as endpoint, a_sender(longest=timedelta(milliseconds=50)) as sender:
        sent = await sender.send(f"http://127.0.0.1:{endpoint.port}/", EVENT, [NEW], datetime.now(UTC))

    assert EndpointTooSlow() == sent.problem


async def test_a_certificate_of_another_name_is_refused(tmp_path: Path) -> None:
    server, client = tls_contexts(tmp_path, "elsewhere.example")
    async with an_endpoint(an_answer("200 OK"), server) as endpoint, a_sender(trusts=client) as sender:
        sent = await sender.send(f"https://127.0.0.1:{endpoint.port}/", EVENT, [NEW], datetime.now(UTC))

    assert EndpointUntrusted() == sent.problem
    assert [] == endpoint.heads


@pytest.mark.parametrize(
    ("addresses", "problem"),
    [
        ([], EndpointUnreachable()),
        (["127.0.0.1"], EndpointNotAllowed()),
        (["8.8.8.8", "10.0.0.1"], EndpointNotAllowed()),
    ],
)
async def test_a_name_is_judged_by_where_it_leads_at_each_connection(
    addresses: list[str], problem: WebhookProblem
) -> None:
    async def lookup(_host: str, _port: int) -> list[str]:
        if not addresses:
            raise OSError
        return addresses

    async with an_endpoint(an_answer("200 OK")) as endpoint, a_sender(Reachable(), lookup) as sender:
        sent = await sender.send(f"https://hooks.example:{endpoint.port}/", EVENT, [NEW], datetime.now(UTC))
        assert bool(addresses) == await sender.leads_inside("https://hooks.example/")
        assert await sender.leads_inside("http://hooks.example/")

    assert problem == sent.problem
    assert [] == endpoint.heads


BLOCKED = [
    IPv4Network(each)
    for each in (
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24"),
        *("192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24"),
        *("224.0.0.0/4", "240.0.0.0/4"),
    )
]


def a_blocked_host(chance: random.Random) -> str:
    """A blocked address as somebody would write it who wants it to pass."""
    network = chance.choice(BLOCKED)
    number = int(network.network_address) + chance.randrange(network.num_addresses)
    first, *rest = str(IPv4Address(number)).split(".")
    tail = number & 0xFFFFFF
    six = chance.choice(
        (0xFFFF << 32 | number, 0x64FF9B << 96 | number, 0x2002 << 112 | number << 80, 0xFFFF << 48 | number, number)
    )
    return chance.choice(
        (
            str(IPv4Address(number)),
            str(number),
            hex(number),
            f"0{number:o}",
            f"{int(first):#x}.{tail}",
            f"0{int(first):o}.{'.'.join(rest)}",
            f"{first}.{tail:#x}",
            f"[{IPv6Address(six)}]",
            f"[{IPv6Address(six).exploded}]",
            f"[fe80::{number & 0xFFFF:x}]",
            f"[fd00::{number & 0xFFFF:x}]",
            f"[ff02::{number & 0xFFFF:x}]",
            f"[5f00::{number & 0xFFFF:x}]",
        )
    )


async def test_no_connection_into_a_blocked_range_however_its_address_is_written(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    connections: list[str] = []

    async def connect(_transport: httpx.AsyncHTTPTransport, request: httpx.Request) -> httpx.Response:
        connections.append(str(request.url))
        raise httpx.ConnectError("", request=request)

    monkeypatch.setattr(httpx.AsyncHTTPTransport, "handle_async_request", connect)

    async def lookup(host: str, _port: int) -> list[str]:
        # What the system's resolver makes of numbers, without asking anybody.
        with suppress(ValueError):
            return [str(ip_address(host.strip("[]")))]
        return [socket.inet_ntoa(socket.inet_aton(host))]

    chance, tried, transport = random.Random(14), 0, PinnedTransport(Reachable(), lookup)
    async with a_sender(Reachable(), lookup) as sender:
        while tried < 10_000:
            scheme, port = chance.choice(("https", "HTTPS", "http")), chance.choice(("", ":443", ":8443", ":22"))
            url = f"{scheme}://{a_blocked_host(chance)}{port}/{chance.choice(('', 'a?b=c', '#x'))}"
            with suppress(InvalidValue):
                check_webhook_url(url)
                tried += 1
                assert await sender.leads_inside(url), url
                with suppress(AddressRefused, httpx.InvalidURL):
                    await transport.handle_async_request(httpx.Request("POST", url))

    assert [] == connections
