"""The fields of Google's answers that are read.

Source: Google Meet REST API v2, `Space`; OpenID Connect Core, UserInfo; google.rpc.Status; RFC 6749, 5.2.
"""

import re
from typing import Annotated, Final

import msgspec

from adapters.http_client.oauth_refusals import OAuthRefusal
from adapters.http_client.wire import Id

_MEETING_URI: Final = re.compile(r"https://meet\.google\.com(?::443)?/([\w-]+)(?:\?[\w\-.~%=&]*)?", re.ASCII)
_LONGEST_URI: Final = 2000


class GoogleUser(msgspec.Struct, frozen=True):
    """Who has connected: `sub` stays, the email address may change."""

    sub: Id
    email: Id
    name: str | None = None


class Space(msgspec.Struct, frozen=True, rename="camel"):
    """A space that was made; it takes no passcode."""

    name: Annotated[str, msgspec.Meta(pattern=r"^spaces/[!-~]{1,250}\Z")]
    meeting_uri: str
    meeting_code: str | None = None

    @property
    def code(self) -> str | None:
        """What people type to join; None where the link doesn't lead to Meet, as a browser reads it."""
        found = _MEETING_URI.fullmatch(self.meeting_uri) if len(self.meeting_uri) <= _LONGEST_URI else None
        return None if found is None else self.meeting_code or found[1]


class ErrorDetail(msgspec.Struct, frozen=True):
    """An ErrorInfo, or another detail without a reason."""

    reason: str = ""


class OlderError(msgspec.Struct, frozen=True):
    domain: str = ""
    reason: str = ""


class GoogleError(msgspec.Struct, frozen=True):
    status: str = ""
    details: list[ErrorDetail] = []
    errors: list[OlderError] = []


class GoogleApiRefusal(msgspec.Struct, frozen=True):
    error: GoogleError

    @property
    def reasons(self) -> frozenset[str]:
        return frozenset(detail.reason for detail in self.error.details if detail.reason)

    @property
    def is_about_usage(self) -> bool:
        return any(error.domain == "usageLimits" for error in self.error.errors)


class GoogleTokenRefusal(OAuthRefusal, frozen=True):
    error_subtype: str = ""
