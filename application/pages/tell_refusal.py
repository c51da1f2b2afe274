"""Tell a host that a guest couldn't book because no meeting type can be used."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from application.booking.offering import statuses_of
from application.ports.clock import Clock
from application.ports.mail import Mailer, MailError, Notice, RecipientRefused
from application.ports.owed import Claim
from application.ports.storage import Begin
from application.ports.views import Views
from domain.booking_page import BookingPage
from domain.ids import PageId
from domain.meeting_type import MeetingType, Obstacle, label_of, name_of, obstacle
from domain.provider import Provider
from domain.retry import next_try_at
from domain.words import Words

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
            subject=Words("Action needed: a guest couldn’t book on “{page}”", page=page.title),
            paragraphs=(
                Words(
                    "A guest tried to book on “{page}”, and no way to meet could be used. Nothing was booked.",
                    page=page.title,
                ),
                *await self._reasons(page),
                Words(
                    "Connect the account again, or switch on another meeting type; it counts from the next booking on."
                ),
            ),
            action=Words("Open Connected providers"),
            path="/settings/providers",
        )

    async def _reasons(self, page: BookingPage) -> tuple[str, ...]:
        providers = statuses_of(self.configured, await self.views.connections(page.host_id))
        return tuple(_standing(each, obstacle(each, providers, None)) for each in page.meeting_types)


def _standing(meeting_type: MeetingType, why: Obstacle | None) -> str:
    label = Words(label_of(name_of(meeting_type)))
    if why is None:
        return Words("{meeting_type}: it can be used.", meeting_type=label)
    return Words("{meeting_type}: {reason}", meeting_type=label, reason=why.words)
