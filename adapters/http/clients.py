"""Client addresses and their rate limits."""

import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_network

from litestar.handlers import BaseRouteHandler

from adapters.http.connection import HttpConnection
from adapters.http.request_context import app_of, settings_of
from domain.budgets import PASSKEY_CHALLENGES, PUBLIC_WRITES, SIGN_INS, Budget
from domain.network import UNKNOWN, network_of, parsed_address


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


async def spend(connection: HttpConnection, budget: Budget) -> None:
    """Count one more use by the caller's network. Raises TooManyRequests."""
    await app_of(connection).spend(budget.of(client_network(connection)))


@asynccontextmanager
async def counting_cancellation(connection: HttpConnection) -> AsyncGenerator[None]:
    """Count one more public write: a cancellation is never refused, only what comes to none.

    Raises:
        TooManyRequests: in place of what went wrong.
    """
    try:
        yield
    except Exception:
        await spend(connection, PUBLIC_WRITES)
        raise
    await app_of(connection).spend.fits(PUBLIC_WRITES.of(client_network(connection)))


async def limit_public_writes(connection: HttpConnection, _: BaseRouteHandler) -> None:
    """A guard for handlers; where every microsecond counts they call `spend` themselves.

    Litestar copies the handler for each guard that it asks.
    """
    await spend(connection, PUBLIC_WRITES)


async def limit_challenges(connection: HttpConnection, _: BaseRouteHandler) -> None:
    await spend(connection, PASSKEY_CHALLENGES)


async def limit_sign_ins(connection: HttpConnection, _: BaseRouteHandler) -> None:
    await spend(connection, SIGN_INS)


_Network = IPv4Network | IPv6Network


@lru_cache(8)
def _networks(proxies: tuple[str, ...]) -> tuple[_Network, ...]:
    return tuple(ip_network(each, strict=False) for each in proxies)


# The same few proxies come with every request.
@lru_cache(256)
def _is_trusted(address: str, trusted: tuple[_Network, ...]) -> bool:
    parsed = parsed_address(address)
    return parsed is not None and any(parsed in network for network in trusted)


_IN_BRACKETS_OR_WITH_A_PORT = re.compile(r"\[([^\]]+)\](?::[0-9]{1,5})?|([0-9.]+):[0-9]{1,5}")


def _parsed(hop: str) -> str | None:
    match = _IN_BRACKETS_OR_WITH_A_PORT.fullmatch(hop)
    address = parsed_address(match[1] or match[2] if match else hop)
    return None if address is None else str(address)
