"""Reads which sites may embed a page."""

from urllib.parse import urlsplit

import idna

from domain.embedding import LONGEST_SITE, MOST_SITES, Embedding, is_site
from domain.errors import Checks, InvalidInput
from domain.faults import Malformed, Repeated, TooMany

_DEFAULT_PORTS = {"https": 443, "http": 80}


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
        InvalidInput: it has a path, a user, a wildcard or anything else; or goes by http over a network.
    """
    try:
        origin = _origin(text)
    except (UnicodeError, ValueError):
        origin = None
    if origin is None or not is_site(origin):
        raise InvalidInput.at(field, Malformed("site"))
    return origin


def _origin(text: str) -> str | None:
    parts = urlsplit(text) if len(text) <= LONGEST_SITE else None
    # `urlsplit` drops line breaks and tabs, and takes much for a host: what it has left must be all there was.
    if parts is None or parts.netloc == "" or text != f"{text[: len(parts.scheme)]}://{parts.netloc}":
        return None
    if parts.hostname is None or "@" in parts.netloc:
        return None
    host = parts.hostname if parts.hostname.isascii() else idna.encode(parts.hostname, uts46=True).decode()
    port = "" if parts.port in {None, _DEFAULT_PORTS.get(parts.scheme)} else f":{parts.port}"
    return f"{parts.scheme}://{host}{port}"
