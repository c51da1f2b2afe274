"""The preferences of an app for an answer, by the header `Prefer`."""

import re
from typing import Final
from zoneinfo import ZoneInfo

import msgspec

from adapters.sandbox.asgi import Request
from adapters.sandbox.microsoft.errors import GraphApiError
from adapters.sandbox.microsoft.timezones import zone

_TIMEZONE: Final = re.compile(r'outlook\.timezone\s*=\s*"([^"]*)"', re.IGNORECASE)
_IMMUTABLE: Final = re.compile(r'IdType\s*=\s*"ImmutableId"', re.IGNORECASE)


class Preferences(msgspec.Struct, frozen=True):
    """Attributes:
    timezone_name: as it was asked for.
    immutable: whether ids are wanted that stay when an event is moved.
    """

    timezone: ZoneInfo
    timezone_name: str
    immutable: bool

    @property
    def applied(self) -> str:
        """What the answer says of them."""
        named = f'outlook.timezone="{self.timezone_name}"'
        return f'{named}, IdType="ImmutableId"' if self.immutable else named


def preferences(request: Request) -> Preferences:
    """Raises GraphApiError for a zone that there isn't."""
    header = request.headers.get("prefer", "")
    asked = _TIMEZONE.search(header)
    name = asked[1] if asked else "UTC"
    found = zone(name)
    if found is None:
        raise GraphApiError(400, "TimeZoneNotSupportedException", f"The timezone '{name}' isn't supported.")
    return Preferences(found, name, _IMMUTABLE.search(header) is not None)
