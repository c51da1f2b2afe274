"""Store what was found in an account with calendars."""

from dataclasses import dataclass
from datetime import datetime

import msgspec

from application.actor import HostActor
from application.calendars.admit_account import check_room
from application.calendars.block_pages import block_on_all_pages
from application.calendars.calendar_id import calendar_id_of, second_calendar_id_of
from application.calendars.read_calendar import after_answer
from application.calendars.timings import CalendarTimings
from application.effects import calendars_connected, carry_out
from application.ports.calendar_reader import CalendarAccess, CalendarRead, CalendarUnreadable, RemoteCalendar, SignedIn
from application.ports.calendars import StoredCalendar
from application.ports.clock import Clock, Ids
from application.ports.conflicts import Conflict, Taken
from application.ports.unit_of_work import Begin, UnitOfWork
from application.still_in import check_still_in
from domain.calendar import LONGEST_CALENDAR_NAME, Calendar, CalendarConnection, CalendarKind, first_revision
from domain.calendar_problem import CalendarGone, CalendarPermission
from domain.errors import NotFound
from domain.host import Host
from domain.ids import CalendarConnectionId, CalendarId
from domain.security_events import CalendarsConnected


class FoundCalendar(msgspec.Struct, frozen=True):
    """A calendar that an account holds, and what came of reading it when it was asked; None where it wasn't read."""

    remote: RemoteCalendar
    asked_at: datetime
    answer: CalendarRead | CalendarUnreadable | None


class FoundCalendars(msgspec.Struct, frozen=True):
    """The calendars of an account that are read, and how many it holds beyond those."""

    read: tuple[FoundCalendar, ...]
    left_out: int = 0


class FoundAccount(msgspec.Struct, frozen=True):
    """An account that lets us in.

    Attributes:
        account, login, lacks: as of `CalendarConnection`.
    """

    kind: CalendarKind
    account: str
    login: str
    access: CalendarAccess
    calendars: FoundCalendars
    lacks: tuple[CalendarPermission, ...] = ()


class ConnectedCalendars(msgspec.Struct, frozen=True):
    connection: CalendarConnection
    calendars: tuple[Calendar, ...]


@dataclass(frozen=True)
class KeepAccount:
    """Store a connection with its calendars; the main ones of a new connection block on all pages from then on.

    An account that is connected already gets its new way in; its calendars keep their ids and rules, and pages stay as
    their host has set them. One that was disconnected has the calendars that it had, without their rules. All of it is
    one unit of work.
    """

    begin: Begin
    clock: Clock
    ids: Ids
    timings: CalendarTimings

    async def __call__(self, actor: HostActor, found: FoundAccount) -> ConnectedCalendars:
        """Keep it.

        Raises:
            NotFound
            InvalidInput: others have taken the room meanwhile.
            Unauthorized: who asks was locked out while the account was looked into.
        """
        try:
            return await self._kept(actor, found)
        except (Conflict, Taken):
            # The same account was connected at the same time, or a page was changed: once more, on what is stored now.
            return await self._kept(actor, found)

    async def _kept(self, actor: HostActor, found: FoundAccount) -> ConnectedCalendars:
        host_id, now = actor.host_id, self.clock()
        async with self.begin() as uow:
            # Locked, so that requests at once count one another.
            host = await uow.hosts.lock(host_id)
            if host is None:
                raise NotFound("account")
            await check_still_in(uow, actor)
            known = await uow.calendar_connections.of_login(host_id, found.kind, found.login) if found.login else None
            connection = await uow.calendar_connections.lock(host_id, known.id) if known else None
            if connection is None:
                connection, stored = await self._add(uow, host, found, now)
            else:
                connection, stored = await self._renew(uow, host, connection, found, now)
            made = CalendarsConnected(
                host_id=host_id, at=now, origin=actor.origin, kind=connection.kind, account=connection.account
            )
            uow.security_log.record(made)
            first_readings = [(each.calendar.id, self._next(each.calendar, now)) for each in stored]
            carry_out(uow, calendars_connected(first_readings, now, watched=isinstance(found.access, SignedIn)))
        return ConnectedCalendars(connection, tuple(each.calendar for each in stored))

    def _next(self, calendar: Calendar, now: datetime) -> datetime:
        if calendar.read_at is None or calendar.is_doubted or calendar.state(now) != "fresh":
            return now
        return max(now, calendar.read_at + self.timings.poll(calendar.kind))

    async def _add(
        self, uow: UnitOfWork, host: Host, found: FoundAccount, now: datetime
    ) -> tuple[CalendarConnection, list[StoredCalendar]]:
        check_room(await uow.calendar_connections.count(host.id))
        connection = CalendarConnection(
            CalendarConnectionId(self.ids.new_id()),
            host.id,
            found.kind,
            found.account,
            now,
            found.login,
            lacks=found.lacks,
            left_out=found.calendars.left_out,
        )
        taken = await uow.calendars.ids_of(host.id)
        stored = [self._new(host, connection, each, taken) for each in found.calendars.read]
        uow.calendar_connections.add(connection, found.access)
        uow.calendars.add(*stored)
        await block_on_all_pages(uow, host.id, [each.calendar.id for each in stored if each.calendar.is_main])
        return connection, stored

    async def _renew(
        self,
        uow: UnitOfWork,
        host: Host,
        connection: CalendarConnection,
        found: FoundAccount,
        now: datetime,
    ) -> tuple[CalendarConnection, list[StoredCalendar]]:
        connection = connection.was_reconnected(found.account, now, found.lacks, found.calendars.left_out)
        uow.calendar_connections.save(connection)
        uow.calendar_connections.put_access(connection.id, found.access)
        pages = await uow.pages.lock_all(host.id)
        taken = await uow.calendars.ids_of(host.id)
        before = {
            calendar_id_of(host.id, found.kind, found.login, each.calendar.remote_id): each
            for each in await uow.calendars.lock_all(connection.id)
        }
        after: list[StoredCalendar] = []
        for each in found.calendars.read:
            known = before.pop(calendar_id_of(host.id, found.kind, found.login, each.remote.id), None)
            if known is None:
                after.append(self._new(host, connection, each, taken))
                uow.calendars.add(after[-1])
            else:
                after.append(self._read(_as_listed(known, each.remote), host, each))
                uow.calendars.save(after[-1])
        used = {calendar_id for page in pages for calendar_id in (*page.calendars.blocking, page.calendars.writes_to)}
        for gone in before.values():
            # One that a page uses stays, and says that it is gone: it isn't taken for free in silence.
            if gone.calendar.id in used:
                problem = CalendarUnreadable(CalendarGone())
                after.append(after_answer(gone, host, problem, now, self.timings.grace_of(connection.kind)))
                uow.calendars.save(after[-1])
            else:
                uow.calendars.remove(gone.calendar.id)
        return connection, after

    def _new(
        self, host: Host, connection: CalendarConnection, found: FoundCalendar, taken: frozenset[CalendarId]
    ) -> StoredCalendar:
        name = found.remote.name
        if isinstance(found.answer, CalendarRead):
            name = name or found.answer.reading.name or ""
        remote = found.remote
        calendar = Calendar(
            id=self._calendar_id(connection, remote, taken),
            connection_id=connection.id,
            host_id=host.id,
            kind=connection.kind,
            name=(name or connection.account)[:LONGEST_CALENDAR_NAME],
            timezone=remote.timezone or host.timezone,
            host_timezone=host.timezone,
            remote_id=remote.id,
            is_main=remote.is_main,
            writable=remote.writable,
            rules_apply=remote.rules_apply,
            revision=first_revision(connection.connected_at),
        )
        return self._read(StoredCalendar(calendar), host, found)

    def _calendar_id(
        self, connection: CalendarConnection, remote: RemoteCalendar, taken: frozenset[CalendarId]
    ) -> CalendarId:
        """Of a feed, which is no account and is never written to, any that nobody else has."""
        if not connection.login:
            return CalendarId(self.ids.new_id())
        calendar = connection.host_id, connection.kind, connection.login, remote.id
        first = calendar_id_of(*calendar)
        return second_calendar_id_of(*calendar) if first in taken else first

    def _read(self, stored: StoredCalendar, host: Host, found: FoundCalendar) -> StoredCalendar:
        if found.answer is None:
            return msgspec.structs.replace(stored, calendar=stored.calendar.is_to_be_read())
        return after_answer(stored, host, found.answer, found.asked_at, self.timings.grace_of(stored.calendar.kind))


def _as_listed(stored: StoredCalendar, remote: RemoteCalendar) -> StoredCalendar:
    """What the account says about a calendar now; its name is the account's, too."""
    calendar = msgspec.structs.replace(
        stored.calendar,
        remote_id=remote.id,
        name=remote.name[:LONGEST_CALENDAR_NAME] or stored.calendar.name,
        is_main=remote.is_main,
        writable=remote.writable,
        rules_apply=remote.rules_apply,
    )
    return msgspec.structs.replace(stored, calendar=calendar)
