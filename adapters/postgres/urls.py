"""Reads the URL of a database as asyncpg does, before anything connects to it."""

from inspect import signature
from pathlib import Path
from typing import Any, cast
from urllib.parse import parse_qsl, urlencode, urlsplit

from asyncpg import connect_utils

from adapters.postgres.pool import hosts_of
from domain.text import one_line

# asyncpg parses when it connects, and by no name that it promises to keep.
_parse = cast("Any", connect_utils)._parse_connect_dsn_and_args  # noqa: SLF001
_SESSION_ATTRIBUTES = ", ".join(each.value for each in cast("Any", connect_utils).SessionAttribute)

# What else may be given to it.
_UNSET = dict.fromkeys(set(signature(_parse).parameters) - {"dsn"})

_FILES = {"sslcert", "sslkey", "sslrootcert", "sslcrl"}
_PORTS = range(1, 65536)

_PATTERN = "write it like postgresql://user:password@host:5432/database; escape special characters"


def check_url(url: str) -> None:
    """Check that `connect` can read it.

    Raises ValueError: says what is wrong, and quotes nothing but names of parameters and files: what looks like a host
    or a port may be a piece of a password that isn't escaped.
    """
    try:
        parts = urlsplit(url)
        query = parse_qsl(parts.query, strict_parsing=bool(parts.query))
    except ValueError:
        raise ValueError(_PATTERN) from None
    login, _, hosts = parts.netloc.rpartition("@")
    is_named = all(hosts.split(",")) or (not hosts and "host" in dict(query))
    # An @ behind the host is most likely the one of a login whose password has a / or a ? in it.
    is_unescaped = "@" in login or "@" in parts.path or parts.fragment
    bare = parts._replace(query="").geturl()
    if not is_named or is_unescaped or _error_in(bare):
        raise ValueError(_PATTERN)
    if "@" in parts.query:
        raise ValueError("there is an @ behind its ?; write it as %40, or that ? as %3F if both are in the password")
    if _error_in(url) is None:
        return
    for name, value in query:
        if name in _FILES and not Path(value).is_file():
            raise ValueError(f"its parameter {name} is wrong: there is no such file")
    for count, (name, _) in enumerate(query, 1):
        if error := _error_in(f"{bare}?{urlencode(query[:count])}"):
            raise ValueError(f"its parameter {name} is wrong{_why(name, error)}")


def _error_in(url: str) -> Exception | None:
    try:
        for each in hosts_of(url):
            addresses, _ = _parse(dsn=each, **_UNSET)
            if any(address[1] not in _PORTS for address in addresses if isinstance(address, tuple)):
                return ValueError("not a port")
    except (ValueError, LookupError, OSError) as error:
        return error
    return None


def _why(name: str, error: Exception) -> str:
    if name == "target_session_attrs":
        return f": choose one of {_SESSION_ATTRIBUTES}"
    # Of these asyncpg quotes no secrets.
    return f": {one_line(str(error), 300)}" if name.startswith("ssl") else ""
