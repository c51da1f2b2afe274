"""Client addresses and their rate limits."""

from datetime import timedelta
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

import msgspec
from litestar.handlers import BaseRouteHandler

from adapters.http.request_context import HttpConnection, app_of, settings_of

MINUTE = timedelta(minutes=1)


def client_address(connection: HttpConnection) -> str:
    """The caller's address; what proxies add counts only if every hop after it is trusted."""
    address = connection.client.host if connection.client else "unknown"
    trusted = _networks(settings_of(connection).trusted_proxies)
    if not trusted:
        return address
    hops = ",".join(connection.headers.getall("x-forwarded-for", [])).split(",")
    for hop in reversed(hops):
        found = _parsed(hop)
        if not _is_trusted(address, trusted) or found is None:
            break
        address = found
    return address


class Limit(msgspec.Struct, frozen=True):
    """How often one address may do things of one kind in a while."""

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
        return f"{self.name}:{client_address(connection)}"


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
    try:
        parsed = _plain(ip_address(address))
    except ValueError:
        return False
    return any(parsed in network for network in trusted)


def _parsed(hop: str) -> str | None:
    try:
        return str(_plain(ip_address(hop.strip().removeprefix("[").removesuffix("]"))))
    except ValueError:
        return None


def _plain(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """A dual-stack socket shows IPv4 callers as IPv6."""
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address
