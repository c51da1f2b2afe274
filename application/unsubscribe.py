"""Stop all mail from this installation to an address, and allow it again, by the link in a mail."""

from dataclasses import dataclass
from datetime import datetime

from application.ports.clock import Clock
from application.ports.suppressions import MailedTokens
from application.ports.unit_of_work import Begin, UnitOfWork
from domain.booking import Booking
from domain.errors import NotFound
from domain.support_thread import SupportThread


@dataclass(frozen=True)
class UnsubscribeLinks:
    """The links in mails to guests and to visitors who wrote to support.

    All mails about a booking to one of its guests have the same, and so have all of a conversation.
    """

    tokens: MailedTokens

    async def token_for(self, uow: UnitOfWork, booking: Booking, now: datetime, place: int | None = None) -> str | None:
        """The token of the link in a mail that is about to leave, good from then on; None where mails are stopped.

        Args:
            place: of the additional guest whom the mail is for.
        """
        email = booking.contact.email if place is None else booking.additional_guests[place].email
        if await uow.suppressions.holds(email):
            return None
        return self._token(uow, self.tokens.of(booking.id, place), email, now)

    async def token_for_visitor(self, uow: UnitOfWork, thread: SupportThread, now: datetime) -> str | None:
        """Do the same for a mail to whoever wrote to support."""
        if await uow.suppressions.holds(thread.email):
            return None
        return self._token(uow, self.tokens.of(thread.id), thread.email, now)

    def _token(self, uow: UnitOfWork, token: str, email: str, now: datetime) -> str:
        uow.suppressions.link(token, email, now)
        return token


@dataclass(frozen=True)
class ShowSuppression:
    begin: Begin

    async def __call__(self, token: str) -> bool:
        """Whether the address that the link was mailed to is on the suppression list. Raises NotFound."""
        async with self.begin() as uow:
            suppressed = await uow.suppressions.is_suppressed(token)
        if suppressed is None:
            raise NotFound("mail-link")
        return suppressed


@dataclass(frozen=True)
class Unsubscribe:
    begin: Begin
    show: ShowSuppression
    clock: Clock

    async def __call__(self, token: str) -> None:
        """Put the address that the link was mailed to on the suppression list, once or again. Raises NotFound."""
        await self.show(token)
        async with self.begin() as uow:
            uow.suppressions.suppress(token, self.clock())


@dataclass(frozen=True)
class Resubscribe:
    begin: Begin
    show: ShowSuppression

    async def __call__(self, token: str) -> None:
        """Take the address off the list. Raises NotFound."""
        await self.show(token)
        async with self.begin() as uow:
            uow.suppressions.lift(token)
