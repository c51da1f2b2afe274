"""Where a request comes from, as far as it is kept."""

import msgspec


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
