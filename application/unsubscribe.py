"""Stop all mail from this installation to an address, and allow it again, by the link in any mail to a guest."""

from dataclasses import dataclass
from datetime import datetime

from application.ports.clock import Clock
from application.ports.storage import Begin, UnitOfWork
from application.ports.suppressions import MailedTokens
from domain.booking import Booking
from domain.errors import NotFound


@dataclass(frozen=True)
class UnsubscribeLinks:
    """The links in mails to guests: one for all mails about a booking to one of them."""

    tokens: MailedTokens

    async def token_for(self, uow: UnitOfWork, booking: Booking, now: datetime, place: int | None = None) -> str | None:
        """The token of the link in a mail that is about to leave, good from then on; None where mails are stopped.

        Args:
            place: of the additional guest whom the mail is for.
        """
        email = booking.contact.email if place is None else booking.additional_guests[place].email
        if await uow.suppressions.holds(email):
            return None
        token = self.tokens.of(booking.id, place)
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
