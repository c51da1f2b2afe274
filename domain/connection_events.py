"""Events of a host's connection to a provider that somebody has to act on, in the past tense."""

from datetime import datetime

import msgspec

from domain.ids import HostId
from domain.provider import Provider


class _ConnectionEvent(msgspec.Struct, frozen=True):
    host_id: HostId
    provider: Provider
    at: datetime


class ConnectionMade(_ConnectionEvent, frozen=True):
    """An account was connected, for the first time or again."""


class ConnectionDropped(_ConnectionEvent, frozen=True):
    """It was given up on our side: by the host, or together with what made it theirs."""


class ConnectionRevoked(_ConnectionEvent, frozen=True):
    """The app was taken off the account at the provider."""


class ConnectionBroke(_ConnectionEvent, frozen=True):
    """It worked before, and from now on only the host can mend it."""


ConnectionEvent = ConnectionMade | ConnectionDropped | ConnectionRevoked | ConnectionBroke
