"""Which other sites may show a booking page in a frame."""

import re
from typing import Literal, get_args

from domain.faults import InvalidValue, Malformed, Repeated, Required, TooMany

Everybody = Literal["nowhere", "anywhere"]
Embedding = Everybody | tuple[str, ...]
"""Nobody, everybody, or the sites with these origins, such as `https://example.com:8443`."""

MOST_SITES = 20
LONGEST_SITE = 300

_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_HOST = rf"(?=.{{1,253}}(?::|$)){_LABEL}(?:\.{_LABEL})*"
_LOOPBACK = r"(?:localhost|127\.0\.0\.1)"
# Neither a wildcard nor an IPv6 address: browsers match the latter with no source of a policy.
_ORIGIN = re.compile(rf"(?:https://{_HOST}|http://{_LOOPBACK})(?::(?P<port>[1-9][0-9]{{0,4}}))?")
_PORTS = {"https": 443, "http": 80}
_LAST_PORT = 65535


def is_site(origin: str) -> bool:
    """Whether this is an origin as browsers write it (RFC 6454, section 6), by https or on this very machine."""
    match = _ORIGIN.fullmatch(origin)
    if match is None:
        return False
    port = int(match["port"] or 0)
    return port <= _LAST_PORT and port != _PORTS[origin.partition(":")[0]]


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
