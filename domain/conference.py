"""Where a booking's meeting happens: nowhere online, being made, ready, or given up on."""

from datetime import datetime
from typing import Literal

import msgspec

from domain.connection import Provider

FailureType = Literal["not-connected", "not-permitted", "try-later", "daily-limit", "misconfigured", "unclear"]


class Failure(msgspec.Struct, frozen=True):
    """Why no meeting was made, in words for the host."""

    type: FailureType
    message: str


class NoConference(msgspec.Struct, frozen=True, tag_field="status", tag="none"):
    """Phone and in person need none."""


class Pending(msgspec.Struct, frozen=True, tag_field="status", tag="pending"):
    """The meeting is being made, or tried again.

    `open_attempt_at` is set while a request to the provider may be on its way: found set by the next attempt, it means
    that the process died in between, and that a meeting may have been left behind.
    """

    provider: Provider
    attempts: int = 0
    unclear: int = 0
    open_attempt_at: datetime | None = None
    failure: Failure | None = None


class Ready(msgspec.Struct, frozen=True, tag_field="status", tag="ready"):
    """Guests join at `join_url`, used exactly as the provider gave it."""

    join_url: str
    meeting_id: str | None = None
    passcode: str | None = None
    provider: Provider | None = None


class Failed(msgspec.Struct, frozen=True, tag_field="status", tag="failed"):
    """No way is left but the host's own."""

    failure: Failure


Conference = NoConference | Pending | Ready | Failed
