"""The sites that may show a booking page in a frame."""

import re
from ipaddress import IPv4Address
from typing import Literal, get_args

from domain.faults import InvalidValue, Malformed, Repeated, Required, TooMany

Everybody = Literal["nowhere", "anywhere"]
Embedding = Everybody | tuple[str, ...]
"""Nobody, everybody, or the sites with these origins, such as `https://example.com:8443`."""

MOST_SITES = 20
LONGEST_SITE = 300

_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_HOST = rf"(?=.{{1,253}}(?::|$)){_LABEL}(?:\.{_LABEL})*"
# Neither a wildcard nor an IPv6 address: browsers match the latter with no source of a policy.
_ORIGIN = re.compile(rf"(?P<scheme>https?)://(?P<host>{_HOST})(?::(?P<port>[1-9][0-9]{{0,4}}))?")
_PORTS = {"https": 443, "http": 80}
_LAST_PORT = 65535

# What browsers take for an IPv4 address, and nothing else: its last part is a number.
_NUMERIC = re.compile(r"(?:.*\.)?(?:[0-9]+|0x[0-9a-f]*)")


def is_site(origin: str) -> bool:
    """Whether this is an origin as browsers write it (RFC 6454, section 6), by https or on this very machine."""
    match = _ORIGIN.fullmatch(origin)
    if match is None:
        return False
    scheme, host, port = match["scheme"], match["host"], int(match["port"] or 0)
    if is_numeric(host) and not _is_address(host):
        return False
    return port <= _LAST_PORT and port != _PORTS[scheme] and (scheme == "https" or _is_loopback(host))


def is_numeric(host: str) -> bool:
    """Whether browsers read a host as an IPv4 address, however it is written."""
    return _NUMERIC.fullmatch(host) is not None


def _is_loopback(host: str) -> bool:
    if is_numeric(host):
        return IPv4Address(host).is_loopback
    return host == "localhost" or host.endswith(".localhost")


def _is_address(host: str) -> bool:
    try:
        return str(IPv4Address(host)) == host
    except ValueError:
        return False


def check_embedding(embedding: Embedding) -> None:
    """Raises InvalidValue."""
    if embedding in get_args(Everybody):
        return
    if not embedding:
        raise InvalidValue(Required(), "embedding")
    if len(embedding) > MOST_SITES:
        raise InvalidValue(TooMany(MOST_SITES), "embedding")
    if len(set(embedding)) < len(embedding):
        raise InvalidValue(Repeated(), "embedding")
    if not all(is_site(each) for each in embedding):
        raise InvalidValue(Malformed("site"), "embedding")
