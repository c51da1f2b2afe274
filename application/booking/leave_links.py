"""The links in mails to additional guests, by which they leave."""

from dataclasses import dataclass

from application.ports.mail import Invitee
from application.ports.storage import UnitOfWork
from application.ports.suppressions import MailedTokens
from domain.booking import Booking
from domain.ids import LeaveToken


@dataclass(frozen=True)
class LeaveLinks:
    """Nothing is stored of a link before the first mail with it leaves."""

    tokens: MailedTokens

    def invitee(self, uow: UnitOfWork, booking: Booking, place: int) -> Invitee:
        """Whom a mail that is about to leave is for; the link in it is good from then on."""
        guest, token = booking.additional_guests[place], LeaveToken(self.tokens.of(booking.id, place))
        uow.leave_tokens.link_to_leave(token, booking.id, place)
        return Invitee(place, guest.email, token, guest.left_at)
