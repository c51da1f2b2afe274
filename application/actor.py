"""Actors: who asks for something, and what they may."""

from datetime import datetime

import msgspec

from application.ports.idempotency_keys import IdempotencyKey
from domain.api_token import GrantedScope, holds
from domain.errors import Forbidden
from domain.ids import ApiTokenId, GuestToken, HostId, SessionId, SupportToken
from domain.origin import Origin

EVERYTHING: frozenset[GrantedScope] = frozenset({"*"})


class GuestActor(msgspec.Struct, frozen=True):
    """Whoever has the link to a booking."""

    token: GuestToken


class VisitorActor(msgspec.Struct, frozen=True):
    """Whoever has the link to a support conversation."""

    token: SupportToken


class OperatorActor(msgspec.Struct, frozen=True):
    """Whoever has a link from the mails to the operator."""

    link: str


class Program(msgspec.Struct, frozen=True):
    """Whoever has an API token; `until` is when the token expires, if it does."""

    token_id: ApiTokenId
    until: datetime | None = None


class HostActor(msgspec.Struct, frozen=True):
    """A host in person, who may do everything with their own things, or a program with one of their API tokens.

    Attributes:
        origin: of the request, for the security log.
        session: of the host in person.
        confirmed_at: when a passkey last proved for this session that it is the host.
        submit: the program's name for this request, kept with the booking that the request changes.
        program: None where it is the host in person.
    """

    host_id: HostId
    scopes: frozenset[GrantedScope] = EVERYTHING
    origin: Origin | None = None
    session: SessionId | None = None
    confirmed_at: datetime | None = None
    submit: IdempotencyKey | None = None
    program: Program | None = None

    def may(self, scope: GrantedScope) -> bool:
        """Whether the scope is among those held."""
        return holds(self.scopes, scope)

    def require(self, scope: GrantedScope) -> HostId:
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
