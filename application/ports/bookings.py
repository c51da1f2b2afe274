"""Bookings, with what happened to them."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol

from application.jobs import Due
from application.ports.admission import UNLIMITED, Admission
from application.ports.idempotency_keys import IdempotencyKey
from domain.booking import Booking
from domain.events import Event
from domain.ids import BookingId, GuestToken, HostId


class Bookings(Protocol):
    def add(
        self,
        booking: Booking,
        *events: Event,
        due: Sequence[Due] = (),
        key: IdempotencyKey | None = None,
        admission: Admission = UNLIMITED,
    ) -> None:
        """Store a new booking, what happened and its jobs, when the unit commits; its token only as digest and sealed.

        At the latest then it MUST raise OfferChanged if the admission's basis is no longer so; else SlotTaken if the
        host's occupied time overlaps that of another booking on any page, held or confirmed, KeyTaken if the
        idempotency key is stored already, TooManyBookings if the guest's mailbox has as many bookings on the page that
        aren't over, those left aside whose hold has expired, and TooManyRequests if one of the buckets is full; any one
        where several of these hold. Bookings at the same time MUST NOT get past a limit together. A booking that isn't
        stored has counted nothing.

        Args:
            due: jobs about this booking, which has none yet.
            admission: counted at the instant at which the booking was made.
        """
        ...

    def keep(self, key: IdempotencyKey, booking_id: BookingId) -> None:
        """Store the key of a submit that changes a locked booking; at the latest at the commit, MUST raise KeyTaken."""
        ...

    async def get(self, booking_id: BookingId, /) -> Booking | None: ...

    async def lock(self, booking_id: BookingId, /) -> Booking | None:
        """Read the booking and keep everybody else from locking it until the unit ends."""
        ...

    async def lock_all(self, booking_ids: Collection[BookingId], /) -> tuple[Booking, ...]:
        """Lock those of these bookings that there are, in the order of their ids, which no two units wait over."""
        ...

    async def of_guest(self, token: GuestToken, /) -> Booking | None:
        """The booking that a guest's link stands for. MUST find it by a digest, also where its key is lost."""
        ...

    async def lock_of_guest(self, token: GuestToken, /) -> Booking | None:
        """Find a booking like `of_guest` and lock it like `lock`, in one step."""
        ...

    def save(self, booking: Booking, *events: Event) -> None:
        """Store a booking's next state and what happened; whoever waits for a change is woken after the commit.

        `booking.version` is the one that was read; the stored one is the next. At the latest at the commit, MUST raise
        Conflict if the stored version is another, and SlotTaken if the new time overlaps another booking, held or
        confirmed.
        """
        ...

    def remove(self, booking_id: BookingId) -> None:
        """Delete a booking with all that belongs to it but its jobs; whoever waits for a change is woken after it."""
        ...

    async def remove_expired(self, host_id: HostId, now: datetime, /) -> bool:
        """Delete this host's held bookings that nobody has confirmed by now; false where there were none."""
        ...

    async def forget_guest(self, booking_id: BookingId, /) -> None:
        """Take the guest's words out of a locked booking's stored events, by `without_guest`.

        Its submits are forgotten, and the links that additional guests leave by.

        MUST empty events that can't be read: nobody knows what they hold.
        """
        ...
