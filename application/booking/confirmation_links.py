"""Proofs in links: whoever has one has read the mail that went to a guest's address."""

from base64 import b32decode, b32encode
from binascii import Error as NotBase32
from dataclasses import dataclass
from datetime import datetime

import msgspec

from application.ports.vault import Unopenable, Vault
from domain.booking import Booking
from domain.ids import EventTypeId, GuestToken, HostId, PageId


class BookedAt(msgspec.Struct, frozen=True):
    """What was booked, in the guest's time zone, so that a link still leads somewhere once the booking is gone."""

    host_id: HostId
    page_id: PageId
    event_type_id: EventTypeId
    start: datetime
    timezone: str


_B32_GROUP = 8


@dataclass(frozen=True)
class ConfirmationLinks:
    """Seals proofs instead of storing them: each mail has its own, none is in the database, and all are good."""

    vault: Vault

    def proof_for(self, booking: Booking, token: GuestToken) -> str:
        """Make a proof that is good for this booking alone, and only beside its guest's `token`."""
        of = booking.host_id, booking.page_id, booking.event_type_id
        booked = BookedAt(*of, booking.slot.start, booking.guest.timezone)
        sealed = self.vault.seal(msgspec.json.encode(booked), _context(token))
        return b32encode(sealed).decode().rstrip("=")

    def read(self, token: GuestToken, proof: str) -> BookedAt | None:
        """What a proof was made for; None where it was not made here, or for another booking."""
        try:
            sealed = b32decode(proof.encode() + b"=" * (-len(proof) % _B32_GROUP))
            return msgspec.json.decode(self.vault.open(sealed, _context(token)), type=BookedAt)
        except (NotBase32, Unopenable):
            return None


def _context(token: GuestToken) -> str:
    return f"confirm:{token}"
