"""The conference of a booking: none online, being made, ready, or given up on."""

from datetime import datetime
from typing import Literal

import msgspec

from domain.faults import InvalidValue, Malformed
from domain.link import is_link
from domain.provider import Provider
from domain.provider_problem import ProviderProblem

FailureType = Literal["not-connected", "not-permitted", "try-later", "daily-limit", "misconfigured", "unclear"]


class Failure(msgspec.Struct, frozen=True):
    """Why no meeting was made."""

    type: FailureType
    problem: ProviderProblem


class NoConference(msgspec.Struct, frozen=True, tag_field="status", tag="none"):
    """Phone and in person need none."""


class DelayAnnounced(msgspec.Struct, frozen=True, tag_field="announced", tag="delay"):
    """The last mails said that the link follows, and the host's why it isn't there."""

    failure: Failure


class GivingUpAnnounced(msgspec.Struct, frozen=True, tag_field="announced", tag="giving_up"):
    """The last mails said that the host will send the link; another attempt is no news by itself."""

    failure: Failure


class Pending(msgspec.Struct, frozen=True, tag_field="status", tag="pending"):
    """The meeting is being made, or tried again.

    Attributes:
        unclear: how many requests may have arrived although they failed.
        open_attempt_at: set while a request to the provider may be on its way: found set by the next attempt, it means
            that the process died in between, and that a meeting may have been left behind.
        announced: the failure that the last mails told of.
    """

    provider: Provider
    attempts: int = 0
    unclear: int = 0
    open_attempt_at: datetime | None = None
    failure: Failure | None = None
    announced: DelayAnnounced | GivingUpAnnounced | None = None

    def __post_init__(self) -> None:
        # More requests may have arrived than were counted: the count begins anew where a booking is switched away from
        # the provider and back while one is on its way.
        if self.attempts < 0 or self.unclear < 0:
            raise ValueError("requests are counted from 0")
        if self.open_attempt_at is not None and not self.attempts:
            raise ValueError("a request that is on its way was counted")


class Ready(msgspec.Struct, frozen=True, tag_field="status", tag="ready"):
    """Guests join at `join_url`, used exactly as the provider gave it.

    Attributes:
        provider: whose meeting it is; none for a link that the host pasted.
        made_for: the end of the time that the provider knows, wherever the booking has been moved to since.
    """

    join_url: str
    meeting_id: str | None = None
    passcode: str | None = None
    provider: Provider | None = None
    made_for: datetime | None = None

    def __post_init__(self) -> None:
        if self.provider is None and (self.meeting_id or self.passcode or self.made_for):
            raise ValueError("of a link that the host pasted nothing else is known")
        if not is_link(self.join_url):
            raise InvalidValue(Malformed("whole-link"), "join_url")


class Failed(msgspec.Struct, frozen=True, tag_field="status", tag="failed"):
    """No way is left but the host's own."""

    failure: Failure


def delay_announced(waiting: Pending) -> DelayAnnounced | None:
    """What mails that leave now tell of the link that isn't there; None where nothing has failed yet."""
    return None if waiting.failure is None else DelayAnnounced(waiting.failure)


Conference = NoConference | Pending | Ready | Failed
