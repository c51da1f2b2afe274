"""What can go wrong at a provider, and on which pages: the rows of the table."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet

import msgspec

from adapters.sandbox.google.switches import GoogleEndpoint
from adapters.sandbox.microsoft.switches import MicrosoftEndpoint
from adapters.sandbox.switches import AnyFailure
from adapters.sandbox.zoom.switches import ZoomEndpoint, ZoomFailure
from domain.booking import Guest
from domain.meeting_type import MADE_BY, MeetingType
from domain.provider import Provider
from tests.application.failures_elsewhere import (
    GOOGLE_OF_CREATION,
    GOOGLE_OF_REFRESH,
    MICROSOFT_OF_CREATION,
    MICROSOFT_OF_REFRESH,
)
from tests.application.kinds import Kind
from tests.support.builders import ana, ana_with_a_number, at_the_harbour, phone_by_host

DEAD = {
    ZoomFailure.OWNER_GONE,
    ZoomFailure.REFRESH_NOT_FOUND,
    ZoomFailure.DISABLED_BY_ADMIN,
    ZoomFailure.TOO_OFTEN,
    ZoomFailure.NEWER_AUTHORIZATION,
}
OF_CREATION: dict[Kind, set[ZoomFailure]] = {
    Kind.PERMANENT: DEAD
    | {
        ZoomFailure.MISSING_SCOPE,
        ZoomFailure.USER_GONE,
        ZoomFailure.USER_MOVED,
        ZoomFailure.MAY_NOT_SCHEDULE,
        ZoomFailure.PAID_ONLY,
        ZoomFailure.NO_PERMISSION,
        ZoomFailure.BLOCKED_USER,
        ZoomFailure.PMI_USED,
    },
    Kind.TEMPORARY: {
        ZoomFailure.ACCESS_REFUSED,
        ZoomFailure.ACCESS_EXPIRED,
        ZoomFailure.STATUS_FALSE,
        ZoomFailure.QPS_LIMIT,
        ZoomFailure.QPS_LIMIT_ISO,
        ZoomFailure.QPS_LIMIT_DATE,
        ZoomFailure.QPS_LIMIT_SECONDS,
        ZoomFailure.SERVER_ERROR,
        ZoomFailure.UNAVAILABLE_HTML,
        ZoomFailure.REDIRECT,
    },
    Kind.DAILY: {ZoomFailure.DAILY_LIMIT, ZoomFailure.DAILY_LIMIT_OLD, ZoomFailure.ACCOUNT_DAILY_LIMIT},
    Kind.OURS: {ZoomFailure.ACCESS_EMPTY, ZoomFailure.VALIDATION},
    Kind.UNCLEAR: {
        ZoomFailure.OK_XML,
        ZoomFailure.OK_EMPTY,
        ZoomFailure.NO_JOIN_URL,
        ZoomFailure.HANG_BEFORE,
        ZoomFailure.HANG_AFTER,
        ZoomFailure.DROP_BEFORE,
        ZoomFailure.DROP_AFTER,
    },
    Kind.NONE: {ZoomFailure.SLOW},
}
OF_REFRESH: dict[Kind, set[ZoomFailure]] = {
    Kind.PERMANENT: DEAD
    | {
        ZoomFailure.SCOPES_CHANGED,
        ZoomFailure.INVALID_GRANT,
        ZoomFailure.INVALID_GRANT_BARE,
        ZoomFailure.INVALID_GRANT_401,
        ZoomFailure.INVALID_GRANT_OLD,
    },
    # A refresh whose answer gets lost leaves no meeting behind, so it may be repeated.
    Kind.TEMPORARY: {
        ZoomFailure.SERVER_ERROR,
        ZoomFailure.UNAVAILABLE_HTML,
        ZoomFailure.OK_XML,
        ZoomFailure.OK_EMPTY,
        ZoomFailure.REDIRECT,
        ZoomFailure.HANG_BEFORE,
        ZoomFailure.HANG_AFTER,
        ZoomFailure.DROP_BEFORE,
        ZoomFailure.DROP_AFTER,
    },
    Kind.OURS: {ZoomFailure.APP_DISABLED, ZoomFailure.INVALID_CLIENT},
    Kind.NONE: {ZoomFailure.SLOW},
}


TYPICAL = {
    "owner-gone", "may-not-schedule", "permission-denied", "forbidden", "invalid-grant", "server-error", "daily-limit",
    "validation", "invalid-argument", "bad-request", "invalid-client", "ok-empty", "slow",
}  # fmt: skip
"""Failures that stand for all of their kind where the page makes the difference."""


class Case(msgspec.Struct, frozen=True):
    """What goes wrong, and where."""

    provider: Provider
    kind: Kind
    failure: AnyFailure
    on: str

    @property
    def is_typical(self) -> bool:
        return self.failure in TYPICAL

    @property
    def is_of_refresh(self) -> bool:
        return self.on == ZoomEndpoint.REFRESH

    def __str__(self) -> str:
        return f"{self.failure} at {self.provider}'s {self.on}"


def _cases(provider: Provider, on: str, kinds: Mapping[Kind, AbstractSet[AnyFailure]]) -> list[Case]:
    return [Case(provider, kind, failure, on) for kind, failures in kinds.items() for failure in sorted(failures)]


CASES = [
    *_cases("zoom", ZoomEndpoint.MEETINGS, OF_CREATION),
    *_cases("zoom", ZoomEndpoint.REFRESH, OF_REFRESH),
    *_cases("google", GoogleEndpoint.SPACES, GOOGLE_OF_CREATION),
    *_cases("google", GoogleEndpoint.REFRESH, GOOGLE_OF_REFRESH),
    *_cases("microsoft", MicrosoftEndpoint.MEETINGS, MICROSOFT_OF_CREATION),
    *_cases("microsoft", MicrosoftEndpoint.REFRESH, MICROSOFT_OF_REFRESH),
]


class Setting(msgspec.Struct, frozen=True):
    """A page and a guest: the provider's meetings, then `others`; `falls_back_to` can take their place."""

    name: str
    others: tuple[MeetingType, ...]
    guest: Guest
    falls_back_to: MeetingType | None
    place: str = ""

    def order(self, provider: Provider) -> tuple[MeetingType, ...]:
        return MADE_BY[provider], *self.others

    def __str__(self) -> str:
        return self.name


NOTHING_ELSE = Setting("nothing else", (), ana, None)
IN_PERSON = Setting("or in person", (at_the_harbour,), ana, at_the_harbour, "Hafenstraße 1, 20457 Hamburg")
SETTINGS = [
    NOTHING_ELSE,
    Setting("or phone without a number", (phone_by_host,), ana, None),
    Setting("or phone with a number", (phone_by_host,), ana_with_a_number, phone_by_host, "+55 11 5550-1234"),
    IN_PERSON,
]
