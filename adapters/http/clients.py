"""Client addresses and their rate limits."""

import re
from datetime import timedelta
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_network

import msgspec
from litestar.handlers import BaseRouteHandler

from adapters.http.request_context import HttpConnection, app_of, settings_of
from domain.network import UNKNOWN, network_of, parsed_address

MINUTE = timedelta(minutes=1)


def client_network(connection: HttpConnection) -> str:
    """The network that the caller's limits are counted by."""
    return network_of(client_address(connection))


def client_address(connection: HttpConnection) -> str:
    """The caller's address: the last one in `X-Forwarded-For` that no trusted proxy has, as far as only those wrote it.

    `Forwarded` isn't read: a proxy that doesn't know it passes on what the caller wrote there.
    """
    address = connection.client.host if connection.client else UNKNOWN
    trusted = _networks(settings_of(connection).trusted_proxies)
    if not trusted:
        return address
    hops = ",".join(connection.headers.getall("x-forwarded-for", [])).split(",")
    for hop in filter(None, map(str.strip, reversed(hops))):
        found = _parsed(hop)
        if not _is_trusted(address, trusted) or found is None:
            break
        address = found
    return address


def is_loopback(connection: HttpConnection) -> bool:
    """Whether whoever is connected, a proxy maybe, is on this machine."""
    address = parsed_address(connection.client.host) if connection.client else None
    return address is not None and address.is_loopback


class Limit(msgspec.Struct, frozen=True):
    """How often one network may do things of one kind in a while."""

    name: str
    most: int
    window: timedelta = MINUTE

    async def count(self, connection: HttpConnection) -> None:
        """Count one more.

        Raises:
            TooManyRequests: says when to come back.
        """
        await app_of(connection).limit_rate(self._key(connection), self.most, self.window)

    async def check(self, connection: HttpConnection) -> None:
        """Count nothing.

        Raises:
            TooManyRequests: it was counted so often already.
        """
        await app_of(connection).limit_rate.check(self._key(connection), self.most, self.window)

    def _key(self, connection: HttpConnection) -> str:
        return f"{self.name}:{client_network(connection)}"


PUBLIC_WRITES = Limit("public-write", 60)
SIGN_INS = Limit("sign-in", 30)


async def limit_public_writes(connection: HttpConnection, _: BaseRouteHandler) -> None:
    """A guard for handlers; where every microsecond counts they call `PUBLIC_WRITES.count` themselves.

    Litestar copies the handler for each guard that it asks.
    """
    await PUBLIC_WRITES.count(connection)


async def limit_sign_ins(connection: HttpConnection, _: BaseRouteHandler) -> None:
    await SIGN_INS.count(connection)


_Network = IPv4Network | IPv6Network


@lru_cache(8)
def _networks(proxies: tuple[str, ...]) -> tuple[_Network, ...]:
    return tuple(ip_network(each, strict=False) for each in proxies)


def _is_trusted(address: str, trusted: tuple[_Network, ...]) -> bool:
    parsed = parsed_address(address)
    return parsed is not None and any(parsed in network for network in trusted)


_IN_BRACKETS_OR_WITH_A_PORT = re.compile(r"\[([^\]]*)\](?::[0-9]{1,5})?|([0-9.]+):[0-9]{1,5}")


def _parsed(hop: str) -> str | None:
    match = _IN_BRACKETS_OR_WITH_A_PORT.fullmatch(hop)
    address = parsed_address(match[1] or match[2] if match else hop)
    return None if address is None else str(address)
