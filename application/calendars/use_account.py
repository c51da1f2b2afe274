"""Read an account's calendars, with a grant that is refreshed when it has to be."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

from application.ports.calendar_reader import CalendarAccess, CalendarReader, CalendarUnreadable, SignedIn
from application.ports.clock import Clock
from application.ports.conflicts import Busy
from application.ports.oauth import AccountClient, Grant
from application.ports.provider import AccessTokenExpired, NotConnected, NotPermitted, ProviderError, TryLater
from application.ports.unit_of_work import Begin, UnitOfWork
from application.ports.vault import Unopenable
from domain.calendar import CalendarConnection, CalendarKind
from domain.calendar_problem import (
    AccessLost,
    CalendarPermissionMissing,
    CalendarProblem,
    CalendarsBlockedByAdmin,
    CalendarsNotSetUp,
    ServerBusy,
    ServerTooSlow,
    SignInEnded,
)

T = TypeVar("T")


@dataclass(frozen=True)
class UseCalendarAccount:
    """Call the reader of an account with what it takes to get in."""

    begin: Begin
    readers: Mapping[CalendarKind, CalendarReader]
    accounts: Mapping[CalendarKind, AccountClient]
    clock: Clock
    running: set[asyncio.Task[CalendarAccess]] = field(default_factory=set[asyncio.Task[CalendarAccess]])
    """The event loop itself holds on to no task."""

    async def __call__(
        self, connection: CalendarConnection, call: Callable[[CalendarReader, CalendarAccess], Awaitable[T]]
    ) -> T:
        """Call once, and once more where the access token had ended before its time.

        Raises:
            CalendarUnreadable: what the call raised, or there is no way in.
        """
        reader = self.readers.get(connection.kind)
        if reader is None:
            raise CalendarUnreadable(CalendarsNotSetUp())
        return await self.within(connection, partial(call, reader))

    async def within(self, connection: CalendarConnection, call: Callable[[CalendarAccess], Awaitable[T]]) -> T:
        """The same for who needs no reader."""
        access = await self._open(connection, None)
        try:
            return await call(access)
        except AccessTokenExpired:
            access = await self._open(connection, access)
        try:
            return await call(access)
        except AccessTokenExpired as error:
            raise CalendarUnreadable(SignInEnded()) from error

    async def _open(self, connection: CalendarConnection, refused: CalendarAccess | None) -> CalendarAccess:
        async with self.begin() as uow:
            access = await _opened(uow, connection)
        if not isinstance(access, SignedIn) or self._is_good(access.grant, refused):
            return access
        client = self.accounts.get(connection.kind)
        if client is None:
            raise CalendarUnreadable(CalendarsNotSetUp())
        try:
            return await self._to_its_end(self._refreshed(connection, client, refused))
        except ProviderError as error:
            raise _unreadable(error) from error

    async def _refreshed(
        self, connection: CalendarConnection, client: AccountClient, refused: CalendarAccess | None
    ) -> CalendarAccess:
        """Refresh under the row's lock, so that nobody else spends the same refresh token.

        It is a network call inside a unit of work, as for meetings: the new grant is committed before it is used.
        """
        async with self.begin() as uow:
            try:
                locked = await uow.calendar_connections.lock(connection.host_id, connection.id)
            except Busy as error:
                raise CalendarUnreadable(ServerTooSlow()) from error
            if locked is None:
                raise CalendarUnreadable(SignInEnded())
            access = await _opened(uow, locked)
            if not isinstance(access, SignedIn) or self._is_good(access.grant, refused):
                return access
            grant = await client.refresh(access.grant)
            if not client.scopes <= grant.scopes:
                raise CalendarUnreadable(CalendarPermissionMissing(("read",)))
            fresh = SignedIn(grant)
            uow.calendar_connections.put_access(connection.id, fresh)
        return fresh

    async def _to_its_end(self, work: Coroutine[None, None, CalendarAccess]) -> CalendarAccess:
        """Await it; who is cancelled leaves it running, so that no answer with a new refresh token gets lost."""
        task = asyncio.create_task(work)
        self.running.add(task)
        task.add_done_callback(self.running.discard)
        return await asyncio.shield(task)

    def _is_good(self, grant: Grant, refused: CalendarAccess | None) -> bool:
        if isinstance(refused, SignedIn) and grant.access_token == refused.grant.access_token:
            return False
        return grant.works_at(self.clock())


async def _opened(uow: UnitOfWork, connection: CalendarConnection) -> CalendarAccess:
    try:
        access = await uow.calendar_connections.access(connection.id)
    except Unopenable as error:
        raise CalendarUnreadable(AccessLost()) from error
    if access is None:
        raise CalendarUnreadable(AccessLost())
    return access


def _unreadable(error: ProviderError) -> CalendarUnreadable:
    problem: CalendarProblem
    match error:
        case NotConnected():
            problem = SignInEnded()
        case NotPermitted():
            problem = CalendarsBlockedByAdmin()
        case TryLater(at=at):
            return CalendarUnreadable(ServerBusy(), at)
        case _:
            problem = CalendarsNotSetUp()
    return CalendarUnreadable(problem)
