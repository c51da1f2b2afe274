"""Reads which sites may embed a page."""

import re
from ipaddress import IPv6Address
from socket import inet_aton, inet_ntoa
from urllib.parse import urlsplit

import idna

from domain.embedding import LONGEST_SITE, MOST_SITES, Embedding, is_numeric, is_site
from domain.errors import Checks, InvalidInput
from domain.faults import Malformed, Repeated, TooMany

_DEFAULT_PORTS = {"https": 443, "http": 80}
_NUMBERS = re.compile(r"[0-9a-fx.]+")


def checked_embedding(wished: Embedding) -> Embedding:
    """The choice with its origins as browsers write them; no site at all is nowhere.

    Raises:
        InvalidInput: names the entry by its place.
    """
    if isinstance(wished, str):
        return wished
    checks = Checks()
    if len(wished) > MOST_SITES:
        checks.note("embedding", TooMany(MOST_SITES))
    sites = [checks.run("", site, text, f"embedding.{place}") for place, text in enumerate(wished[:MOST_SITES])]
    for place, each in enumerate(sites):
        if each and each in sites[:place]:
            checks.note(f"embedding.{place}", Repeated())
    checks.done()
    return tuple(sites) or "nowhere"


def site(text: str, field: str) -> str:
    """Read the origin of a site: scheme, host and port, and nothing else.

    Raises:
        InvalidInput: it has a path, a user, a wildcard or anything else; goes by http over a network; or is an IPv6
            address, which no policy can name.
    """
    try:
        origin = _origin(text)
    except _ByIpv6:
        raise InvalidInput.at(field, Malformed("site-by-name")) from None
    except (OSError, UnicodeError, ValueError):
        origin = None
    if origin is None or not is_site(origin):
        raise InvalidInput.at(field, Malformed("site"))
    return origin


class _ByIpv6(Exception):
    """The host is an IPv6 address."""


def _origin(text: str) -> str | None:
    parts = urlsplit(text) if len(text) <= LONGEST_SITE else None
    # `urlsplit` drops line breaks and tabs, and takes much for a host: what it has left must be all there was.
    if parts is None or parts.netloc == "" or text != f"{text[: len(parts.scheme)]}://{parts.netloc}":
        return None
    if parts.hostname is None or "@" in parts.netloc:
        return None
    if "[" in parts.netloc:
        IPv6Address(parts.hostname)
        raise _ByIpv6
    port = "" if parts.port in {None, _DEFAULT_PORTS.get(parts.scheme)} else f":{parts.port}"
    return f"{parts.scheme}://{_host(parts.hostname)}{port}"


def _host(name: str) -> str:
    """The host as browsers write it: names in ASCII, numbers as an address of four."""
    name = name if name.isascii() else idna.encode(name, uts46=True).decode()
    if is_numeric(name) and _NUMBERS.fullmatch(name):
        return inet_ntoa(inet_aton(name))
    return name
