"""What the contract tests ask of a store, whatever it is made of."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from typing import Protocol, TypeVar

import msgspec

from application.jobs import Due
from application.ports.accounts import ApiTokens, Authorizations, Sessions
from application.ports.booking_changes import BookingChanges
from application.ports.outbox import Backlog
from application.ports.rate_limiter import RateLimiter
from application.ports.storage import Begin, UnitOfWork
from application.ports.views import Views
from domain.booking import Booking
from domain.booking_page import BookingPage
from domain.host import Host
from domain.ids import HostId

Stored = TypeVar("Stored", Booking, BookingPage)


class HasSessions(Protocol):
    @property
    def sessions(self) -> Sessions: ...


class Store(HasSessions, Protocol):
    @property
    def begin(self) -> Begin: ...
    @property
    def backlog(self) -> Backlog: ...
    @property
    def views(self) -> Views: ...
    @property
    def changes(self) -> BookingChanges: ...
    @property
    def api_tokens(self) -> ApiTokens: ...
    @property
    def authorizations(self) -> Authorizations: ...
    @property
    def rate_limiter(self) -> RateLimiter: ...


async def keep(store: Store, *things: Host | BookingPage | Booking | Due) -> None:
    """Store things, in one unit and in this order."""
    async with store.begin() as uow:
        for thing in things:
            match thing:
                case Host():
                    uow.hosts.add(thing, None)
                case BookingPage():
                    uow.pages.add(thing)
                case Booking():
                    uow.bookings.add(thing)
                case Due():
                    uow.outbox.enqueue(thing)


async def host_of_session(store: HasSessions, token: str, now: datetime) -> HostId | None:
    """Who is signed in with it then."""
    found = await store.sessions.find(token, now)
    return found.host.id if found else None


def once_saved(thing: Stored) -> Stored:
    """What is read of it after it was saved."""
    return msgspec.structs.replace(thing, version=thing.version + 1)


@asynccontextmanager
async def a_unit_that_fails(store: Store) -> AsyncGenerator[UnitOfWork]:
    """Open a unit of work that ends in an exception, after all that is done in it."""
    with suppress(_ChangedOurMind):
        async with store.begin() as uow:
            yield uow
            raise _ChangedOurMind


class _ChangedOurMind(Exception):
    pass
