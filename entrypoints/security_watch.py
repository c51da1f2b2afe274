"""Logs each security event in a line, and counts them for `/metrics`."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import get_args

import structlog

from domain.security_events import SecurityEvent, what_of

log: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger("timetuna.security")


class SecurityWatch:
    """Called with each event once it is stored.

    The line names the account by its id: what else an event holds is the host's own, such as the name of a token.
    """

    def __init__(self) -> None:
        self._counts = {str(each.__struct_config__.tag): 0 for each in get_args(SecurityEvent)}

    @property
    def counts(self) -> Mapping[str, int]:
        """How often each has happened in this process, those that never did included; it goes on counting."""
        return MappingProxyType(self._counts)

    def __call__(self, event: SecurityEvent) -> None:
        what = what_of(event)
        self._counts[what] += 1
        log.info("security", what=what, account=event.host_id, network=event.origin and event.origin.network)
