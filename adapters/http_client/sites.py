"""The rule for hosts that are one site, by the Public Suffix List."""

from functools import cache
from ipaddress import ip_address

from publicsuffixlist import PublicSuffixList


def same_site(one: str, other: str) -> bool:
    """Whether two hosts are the same, or lie in a domain that somebody has registered as a whole."""
    one, other = one.lower().rstrip("."), other.lower().rstrip(".")
    if one == other:
        return True
    registered = _registered(one)
    return registered is not None and registered == _registered(other)


def _registered(host: str) -> str | None:
    """`example.co.uk` of `www.example.co.uk`; None of an address, and of a name that anybody can have one below."""
    try:
        ip_address(host.strip("[]"))
    except ValueError:
        return _suffixes().privatesuffix(host)
    return None


@cache
def _suffixes() -> PublicSuffixList:
    """Read at the first need: it is a big list, and hardly any process needs it."""
    return PublicSuffixList()
