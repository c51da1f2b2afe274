"""The links in mails to additional guests, by which they leave."""

from dataclasses import dataclass

from application.ports.mail import Invitee
from application.ports.suppressions import MailedTokens
from application.ports.unit_of_work import UnitOfWork
from domain.booking import Booking
from domain.ids import LeaveToken


@dataclass(frozen=True)
class LeaveLinks:
    """Makes links by which additional guests leave; each is stored when the first mail with it leaves."""

    tokens: MailedTokens

    def invitee(self, uow: UnitOfWork, booking: Booking, place: int) -> Invitee:
        """Return the recipient of a mail that is about to leave; the link in it works from then on."""
        guest, token = booking.additional_guests[place], LeaveToken(self.tokens.of(booking.id, place))
        uow.leave_tokens.link_to_leave(token, booking.id, place)
        return Invitee(place, guest.email, token, guest.left_at)
