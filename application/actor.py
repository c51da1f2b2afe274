"""Who asks for something, and what they may."""

from datetime import datetime
from typing import Literal, get_args

import msgspec

from application.ports.storage import IdempotencyKey
from domain.errors import Forbidden
from domain.ids import GuestToken, HostId, SessionId, SupportToken
from domain.origin import Origin

Scope = Literal[
    "bookings:read",
    "bookings:write",
    "pages:read",
    "pages:write",
    "account:read",
    "account:write",
    "webhooks",
]

ALL_SCOPES: frozenset[Scope] = frozenset(get_args(Scope))


class GuestActor(msgspec.Struct, frozen=True):
    """Whoever has the link to a booking."""

    token: GuestToken


class VisitorActor(msgspec.Struct, frozen=True):
    """Whoever has the link to a support conversation."""

    token: SupportToken


class OperatorActor(msgspec.Struct, frozen=True):
    """Whoever has a link from the mails to the operator."""

    link: str


class HostActor(msgspec.Struct, frozen=True):
    """A host in person, who may do everything with their own things, or a program with one of their API tokens.

    Attributes:
        origin: of the request, for the security log.
        session: of the host in person.
        confirmed_at: when a passkey last proved for this session that it is the host.
        submit: the program's name for this request, kept with the booking that the request changes.
    """

    host_id: HostId
    scopes: frozenset[Scope] = ALL_SCOPES
    origin: Origin | None = None
    session: SessionId | None = None
    confirmed_at: datetime | None = None
    submit: IdempotencyKey | None = None

    def may(self, scope: Scope) -> bool:
        """Whether the scope is among those held; `…:write` includes `…:read`."""
        return scope in self.scopes or scope.replace(":read", ":write") in self.scopes

    def require(self, scope: Scope) -> HostId:
        """Return the host whose things may be read or changed. Raises Forbidden without the scope."""
        if not self.may(scope):
            raise Forbidden(scope)
        return self.host_id

    def in_person(self) -> SessionId:
        """Return the session of the host's browser. Raises Forbidden for a program."""
        if self.session is None:
            raise Forbidden("session")
        return self.session


class System(msgspec.Struct, frozen=True):
    """TimeTuna itself, such as a job that finishes what somebody began."""


Actor = GuestActor | HostActor | System
