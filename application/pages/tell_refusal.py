"""Tell a host that a guest couldn't book because no meeting type can be used."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from application.booking.offering import statuses_of
from application.ports.clock import Clock
from application.ports.mail import Mailer, MailError, Notice, RecipientRefused
from application.ports.notices import GuestCouldNotBook, Way
from application.ports.owed import Claim
from application.ports.storage import Begin
from application.ports.views import Views
from domain.booking_page import BookingPage
from domain.ids import PageId
from domain.meeting_type import name_of, obstacle
from domain.provider import Provider
from domain.retry import next_try_at

_INSTANT = "%Y%m%dT%H%M%S"


def refusal_of(page_id: PageId, at: datetime) -> str:
    """What the work is about: with its instant, so that a repeat of the mail is the same mail."""
    return f"{page_id}/{at:{_INSTANT}}"


@dataclass(frozen=True)
class TellRefusal:
    begin: Begin
    views: Views
    mailer: Mailer
    configured: frozenset[Provider]
    clock: Clock
    jitter: Callable[[], float]

    async def __call__(self, claim: Claim) -> None:
        async with self.begin() as uow:
            if not await uow.owed.take(claim):
                return
        notice = await self._notice(claim.subject)
        try:
            if notice is not None:
                await self.mailer.send(notice)
        except RecipientRefused:
            pass
        except MailError:
            async with self.begin() as uow:
                uow.owed.postpone(claim, next_try_at(claim.attempts + 1, self.clock(), jitter=self.jitter()))
            return
        async with self.begin() as uow:
            uow.owed.settle(claim)

    async def _notice(self, subject: str) -> Notice | None:
        """What to say now; nothing if the page is gone."""
        page_id, at = subject.split("/")
        async with self.begin() as uow:
            page = await uow.pages.get(PageId(page_id))
            host = await uow.hosts.get(page.host_id) if page else None
        if page is None or host is None:
            return None
        return Notice(
            id=f"refusal.{page_id}.{at}",
            at=datetime.strptime(at, _INSTANT).replace(tzinfo=UTC),
            to=host,
            about=GuestCouldNotBook(page.title, await self._ways(page)),
        )

    async def _ways(self, page: BookingPage) -> tuple[Way, ...]:
        providers = statuses_of(self.configured, await self.views.connections(page.host_id))
        return tuple(Way(name_of(each), obstacle(each, providers, None)) for each in page.meeting_types)
