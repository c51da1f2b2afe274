"""Tokens with which programs act for a host, and what each may do."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Literal, get_args

import msgspec

from domain.faults import InvalidValue, Repeated, Required
from domain.ids import ApiTokenId, HostId
from domain.limits import check_text

Scope = Literal[
    "bookings:read",
    "bookings:write",
    "pages:read",
    "pages:write",
    "account:read",
    "account:write",
    "webhooks",
]

GrantedScope = Literal["*", Scope]
"""`*` holds all scopes, and those that there will be."""

SCOPES: tuple[Scope, ...] = get_args(Scope)

LONGEST_TOKEN_NAME = 60
MOST_TOKENS = 50
"""Of a host; expired ones give way to new ones."""

WARNED_BEFORE = timedelta(days=7)
"""How long before its end a host hears of it."""

KEPT_EXPIRED_FOR = timedelta(days=90)
"""So that a program that still uses it is told why it is refused."""


class ApiToken(msgspec.Struct, frozen=True):
    """What can be told of a token once it was handed out.

    Attributes:
        expires_at: None lasts until it is revoked.
        last_used_at: right to the hour.
    """

    id: ApiTokenId
    host_id: HostId
    name: str
    scopes: tuple[GrantedScope, ...]
    created_at: datetime
    expires_at: datetime | None = None
    last_used_at: datetime | None = None

    def __post_init__(self) -> None:
        check_text(self.name, LONGEST_TOKEN_NAME, "name")
        if not self.scopes:
            raise InvalidValue(Required(), "scopes")
        if len(set(self.scopes)) < len(self.scopes):
            raise InvalidValue(Repeated(), "scopes")
        if self.expires_at is not None and self.expires_at <= self.created_at:
            raise ValueError("a token expires after it was made")

    def has_expired(self, now: datetime) -> bool:
        return self.expires_at is not None and self.expires_at <= now

    @property
    def warned_at(self) -> datetime | None:
        """When the host is to hear that it is going to end; None where it lasts, or was made for a shorter time."""
        if self.expires_at is None or self.expires_at - WARNED_BEFORE <= self.created_at:
            return None
        return self.expires_at - WARNED_BEFORE


def holds(held: Collection[GrantedScope], wanted: GrantedScope) -> bool:
    """Whether a scope is among those held; `…:write` includes `…:read`, and `*` everything."""
    return "*" in held or wanted in held or wanted.replace(":read", ":write") in held
