"""What can go wrong at a provider, and on which pages: the rows of the table."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet

import msgspec

from adapters.sandbox.google.switches import Endpoint as GoogleEndpoint
from adapters.sandbox.microsoft.switches import Endpoint as MicrosoftEndpoint
from adapters.sandbox.switches import AnyFailure
from adapters.sandbox.zoom.switches import Endpoint, Failure
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
    Failure.OWNER_GONE,
    Failure.REFRESH_NOT_FOUND,
    Failure.DISABLED_BY_ADMIN,
    Failure.TOO_OFTEN,
    Failure.NEWER_AUTHORIZATION,
}
OF_CREATION: dict[Kind, set[Failure]] = {
    Kind.PERMANENT: DEAD
    | {
        Failure.MISSING_SCOPE,
        Failure.USER_GONE,
        Failure.USER_MOVED,
        Failure.MAY_NOT_SCHEDULE,
        Failure.PAID_ONLY,
        Failure.NO_PERMISSION,
        Failure.BLOCKED_USER,
        Failure.PMI_USED,
    },
    Kind.TEMPORARY: {
        Failure.ACCESS_REFUSED,
        Failure.ACCESS_EXPIRED,
        Failure.STATUS_FALSE,
        Failure.QPS_LIMIT,
        Failure.QPS_LIMIT_ISO,
        Failure.QPS_LIMIT_DATE,
        Failure.QPS_LIMIT_SECONDS,
        Failure.SERVER_ERROR,
        Failure.UNAVAILABLE_HTML,
        Failure.REDIRECT,
    },
    Kind.DAILY: {Failure.DAILY_LIMIT, Failure.DAILY_LIMIT_OLD, Failure.ACCOUNT_DAILY_LIMIT},
    Kind.OURS: {Failure.ACCESS_EMPTY, Failure.VALIDATION},
    Kind.UNCLEAR: {
        Failure.OK_XML,
        Failure.OK_EMPTY,
        Failure.NO_JOIN_URL,
        Failure.HANG_BEFORE,
        Failure.HANG_AFTER,
        Failure.DROP_BEFORE,
        Failure.DROP_AFTER,
    },
    Kind.NONE: {Failure.SLOW},
}
OF_REFRESH: dict[Kind, set[Failure]] = {
    Kind.PERMANENT: DEAD
    | {
        Failure.SCOPES_CHANGED,
        Failure.INVALID_GRANT,
        Failure.INVALID_GRANT_BARE,
        Failure.INVALID_GRANT_401,
        Failure.INVALID_GRANT_OLD,
    },
    # A refresh whose answer gets lost leaves no meeting behind, so it may be repeated.
    Kind.TEMPORARY: {
        Failure.SERVER_ERROR,
        Failure.UNAVAILABLE_HTML,
        Failure.OK_XML,
        Failure.OK_EMPTY,
        Failure.REDIRECT,
        Failure.HANG_BEFORE,
        Failure.HANG_AFTER,
        Failure.DROP_BEFORE,
        Failure.DROP_AFTER,
    },
    Kind.OURS: {Failure.APP_DISABLED, Failure.INVALID_CLIENT},
    Kind.NONE: {Failure.SLOW},
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
        return self.on == Endpoint.REFRESH

    def __str__(self) -> str:
        return f"{self.failure} at {self.provider}'s {self.on}"


def _cases(provider: Provider, on: str, kinds: Mapping[Kind, AbstractSet[AnyFailure]]) -> list[Case]:
    return [Case(provider, kind, failure, on) for kind, failures in kinds.items() for failure in sorted(failures)]


CASES = [
    *_cases("zoom", Endpoint.MEETINGS, OF_CREATION),
    *_cases("zoom", Endpoint.REFRESH, OF_REFRESH),
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
    Setting("or phone with a number", (phone_by_host,), ana_with_a_number, phone_by_host, "+55 11 5550 1234"),
    IN_PERSON,
]
