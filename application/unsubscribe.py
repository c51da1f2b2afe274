"""Stop all mail from this installation to an address, and allow it again, by the link in any mail to a guest."""

from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from application.ports.clock import Clock
from application.ports.storage import Begin, UnitOfWork
from domain.booking import Booking
from domain.errors import NotFound
from domain.ids import GuestToken


def unsubscribe_token(guest: GuestToken) -> str:
    """The token of the link in all mails about one booking to its guest.

    It follows from the guest's own token, which it doesn't tell, and from no key: so it can't be guessed, a repeated
    mail has the same bytes, and it stays good when keys change.
    """
    return urlsafe_b64encode(sha256(b"unsubscribe " + guest.encode()).digest()).decode().rstrip("=")


async def mails_stopped(uow: UnitOfWork, booking: Booking, now: datetime) -> bool:
    """Whether the guest wants no mail; if they may have some, the link in it is made good."""
    if await uow.suppressions.holds(booking.contact.email):
        return True
    if booking.token is not None:
        uow.suppressions.link(unsubscribe_token(booking.token), booking.contact.email, now)
    return False


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
