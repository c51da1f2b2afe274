"""Tell a host that a guest couldn't book because no meeting type can be used."""

from dataclasses import dataclass
from functools import partial

from application.deliver import deliver
from application.job_runner import Backoff, Done, Outside, Record, recorded
from application.jobs import TellRefusalJob
from application.ports.host_views import HostConnections
from application.ports.mail import Mailer, Notice
from application.ports.notices import GuestCouldNotBook, MeetingTypeStatus
from application.ports.unit_of_work import Begin, UnitOfWork
from domain.booking_page import BookingPage
from domain.connection import statuses_of
from domain.meeting_type import name_of, obstacle
from domain.provider import Provider


@dataclass(frozen=True)
class TellRefusal:
    begin: Begin
    connections: HostConnections
    mailer: Mailer
    configured: frozenset[Provider]
    backoff: Backoff

    async def __call__(self, _uow: UnitOfWork, job: TellRefusalJob, attempts: int, /) -> Outside:
        return Outside(partial(self._call, job, attempts))

    async def _call(self, job: TellRefusalJob, attempts: int) -> Record:
        notice = await self._notice(job)
        if notice is None:
            return recorded(Done())
        return await deliver(self.mailer, notice, recorded(Done()), self.backoff(attempts))

    async def _notice(self, job: TellRefusalJob) -> Notice | None:
        """What to say now; nothing if the page is gone."""
        async with self.begin() as uow:
            page = await uow.pages.get(job.page_id)
            host = await uow.hosts.get(page.host_id) if page else None
        if page is None or host is None:
            return None
        return Notice(
            id=f"refusal.{job.page_id}.{job.at:%Y%m%dT%H%M%S}",
            at=job.at.replace(microsecond=0),
            to=host,
            about=GuestCouldNotBook(page.title, await self._statuses(page)),
        )

    async def _statuses(self, page: BookingPage) -> tuple[MeetingTypeStatus, ...]:
        providers = statuses_of(self.configured, await self.connections.connections(page.host_id))
        return tuple(MeetingTypeStatus(name_of(each), obstacle(each, providers, None)) for each in page.meeting_types)
