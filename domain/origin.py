"""The origin of a request, as far as it is kept."""

import msgspec

from domain.network import UNKNOWN


class Origin(msgspec.Struct, frozen=True):
    """A network, and the browser by the names that it gives itself; empty ones aren't known.

    Attributes:
        network: an IPv4 address or an IPv6 /64.
        browser: such as `Firefox`.
        system: such as `Windows`.
    """

    network: str
    browser: str = ""
    system: str = ""


def counted_network(origin: Origin | None) -> str:
    """The network that limits count by; all requests of which nobody knows where they come from share one."""
    return UNKNOWN if origin is None else origin.network
