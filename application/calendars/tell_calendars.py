"""Tell a host by mail which calendars can't be read, and what that means for which pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import msgspec

from application.deliver import deliver
from application.job_runner import Backoff, Done, Outcome, Outside, Record, recorded
from application.jobs import TellCalendarsJob
from application.ports.calendars import HostCalendars
from application.ports.clock import Clock
from application.ports.host_views import HostPages
from application.ports.mail import Mailer, Notice
from application.ports.notices import CalendarsUnread
from application.ports.unit_of_work import Begin, UnitOfWork
from domain.booking_page import BookingPage
from domain.calendar import Calendar, CalendarConnection
from domain.calendar_problem import CalendarServerProblem, NeedsReconnecting
from domain.host import Host
from domain.ids import CalendarId


@dataclass(frozen=True)
class TellCalendars:
    """Send one mail for all calendars of a connection, once until they can be read again."""

    begin: Begin
    calendars: HostCalendars
    pages: HostPages
    mailer: Mailer
    clock: Clock
    backoff: Backoff

    async def __call__(self, _uow: UnitOfWork, job: TellCalendarsJob, attempts: int, /) -> Outside:
        return Outside(partial(self._call, job, attempts))

    async def _call(self, job: TellCalendarsJob, attempts: int) -> Record:
        unread = _unread(await self._calendars_of(job))
        if not unread:
            return recorded(Done())
        async with self.begin() as uow:
            account = await uow.accounts.get(job.host_id)
            connection = await uow.calendar_connections.get(job.host_id, job.connection_id)
        if account is None or account.email_confirmed_at is None or connection is None:
            return recorded(Done())
        notice = self._notice(account.host, connection, unread, await self.pages.pages(job.host_id))
        noted = partial(_note_notice, ids=sorted(each.id for each in unread))
        return await deliver(self.mailer, notice, noted, self.backoff(attempts))

    async def _calendars_of(self, job: TellCalendarsJob) -> list[Calendar]:
        found = await self.calendars.calendars(job.host_id)
        return [each for each in found if each.connection_id == job.connection_id]

    def _notice(
        self, host: Host, connection: CalendarConnection, unread: Sequence[Calendar], pages: Sequence[BookingPage]
    ) -> Notice:
        since = min(each.failing_since for each in unread if each.failing_since)
        ids, now = {each.id for each in unread}, self.clock()
        blocked = [each for each in pages if not ids.isdisjoint(each.calendars.blocking)]
        closing = [each for each in blocked if each.calendars.when_unreadable == "close"]
        blocking = {calendar for each in closing for calendar in each.calendars.blocking}
        until = [each.readable_until for each in unread if each.id in blocking]
        closes_at = min((each for each in until if each is not None), default=None)
        problems = [each.problem for each in unread if each.problem]
        about = CalendarsUnread(
            names=tuple(each.name for each in unread),
            account=connection.account,
            since=since,
            timezone=host.timezone,
            problems=tuple(dict.fromkeys(problems)),
            reconnecting_helps=any(isinstance(each, NeedsReconnecting) for each in problems),
            closing=tuple(each.title for each in closing),
            closes_at=closes_at if closes_at is not None and closes_at > now and None not in until else None,
            trusting=tuple(each.title for each in blocked if each not in closing),
        )
        # Whoever failed first makes the Message-ID, so that a repeat is the same mail.
        return Notice(f"calendars.{connection.id}.{since:%Y%m%dT%H%M%S}", since.replace(microsecond=0), host, about)


def _unread(calendars: Sequence[Calendar]) -> list[Calendar]:
    """Those to be told of, and with them those that the same trouble is going to reach."""
    sure = [each for each in calendars if each.needs_notice]
    if any(isinstance(each.problem, CalendarServerProblem) for each in sure):
        return [each for each in calendars if not each.host_notified]
    return sure


async def _note_notice(uow: UnitOfWork, ids: Sequence[CalendarId]) -> Outcome:
    for each in ids:
        stored = await uow.calendars.lock(each)
        if stored is not None:
            notified = msgspec.structs.replace(stored.calendar, host_notified=True)
            uow.calendars.save(msgspec.structs.replace(stored, calendar=notified))
    return Done()
