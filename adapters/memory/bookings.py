"""Bookings in memory: no two that occupy their time overlap, and an idempotency key is stored once."""

from collections.abc import Collection, Sequence
from datetime import datetime

import msgspec

from adapters.memory.locks import RowKey
from adapters.memory.offer_marks import is_as_offered
from adapters.memory.outbox import enqueue
from adapters.memory.rate_limiter import longest_wait, rows_of, use
from adapters.memory.state import Tables
from adapters.memory.transaction import MemoryTransaction
from application.jobs import Due
from application.ports.admission import UNLIMITED, Admission, OfferChanged
from application.ports.booking_search import BookedEntry
from application.ports.booking_views import TimelineEntry, UnknownEvent
from application.ports.conflicts import Conflict
from application.ports.idempotency_keys import IdempotencyKey, KeyTaken
from application.ports.leave_tokens import LeaveLink
from application.ports.mailed_revisions import Mailed, MailState
from domain.booking import Booking, Guest
from domain.conference import Failed, Pending
from domain.erasing import without_guest
from domain.errors import SlotTaken, TooManyBookings
from domain.events import PARTIES, Event, Recipient
from domain.ids import BookingId, CalendarId, GuestToken, HostId, LeaveToken, PageId
from domain.meeting_type import provider_of
from domain.provider import Provider
from domain.slot import Slot


class MemoryBookings:
    def __init__(self, transaction: MemoryTransaction) -> None:
        self._transaction = transaction

    def add(
        self,
        booking: Booking,
        *events: Event,
        due: Sequence[Due] = (),
        key: IdempotencyKey | None = None,
        admission: Admission = UNLIMITED,
    ) -> None:
        token = booking.token
        if token is None:
            raise ValueError("a new booking has a token")

        def change(tables: Tables) -> None:
            _admit(booking, admission, tables)
            if key is not None:
                _keep(key, booking.id, tables)
            _refuse_overlap(booking, tables)
            tables.bookings[booking.id] = booking
            tables.guest_tokens[token] = booking.id
            _note(events, tables)
            enqueue(due, tables)

        self._transaction.stage(change, *rows_of(admission.buckets))

    def keep(self, key: IdempotencyKey, booking_id: BookingId) -> None:
        self._transaction.stage(lambda tables: _keep(key, booking_id, tables), _row(booking_id))

    async def get(self, booking_id: BookingId, /) -> Booking | None:
        return (await self._transaction.read()).bookings.get(booking_id)

    async def lock(self, booking_id: BookingId, /) -> Booking | None:
        await self._transaction.lock(_row(booking_id))
        booking = await self.get(booking_id)
        if booking is None:
            self._transaction.unlock(_row(booking_id))
        return booking

    async def lock_all(self, booking_ids: Collection[BookingId], /) -> tuple[Booking, ...]:
        return tuple([found for each in sorted(booking_ids) if (found := await self.lock(each)) is not None])

    async def of_guest(self, token: GuestToken, /) -> Booking | None:
        return booking_of_guest(token, await self._transaction.read())

    async def lock_of_guest(self, token: GuestToken, /) -> Booking | None:
        found = await self.of_guest(token)
        if found is None:
            return None
        await self._transaction.lock(_row(found.id))
        return await self.of_guest(token)

    def save(self, booking: Booking, *events: Event) -> None:
        def change(tables: Tables) -> None:
            stored = tables.bookings.get(booking.id)
            if stored is None or stored.version != booking.version:
                raise Conflict
            _refuse_overlap(booking, tables)
            tables.bookings[booking.id] = msgspec.structs.replace(booking, version=booking.version + 1)
            _note(events, tables)

        self._transaction.stage(change, _row(booking.id))
        self._transaction.wake(booking.id)

    def remove(self, booking_id: BookingId) -> None:
        self._transaction.stage(lambda tables: _remove(booking_id, tables), _row(booking_id))
        self._transaction.wake(booking_id)

    async def remove_expired(self, host_id: HostId, now: datetime, /) -> bool:
        stored = (await self._transaction.read()).bookings.values()
        expired = [each.id for each in stored if each.host_id == host_id and each.is_expired(now)]
        for each in expired:
            self.remove(each)
        return bool(expired)

    def link_to_leave(self, token: LeaveToken, booking_id: BookingId, place: int) -> None:
        def change(tables: Tables) -> None:
            tables.leave_links.setdefault(token, LeaveLink(booking_id, place))

        self._transaction.stage(change)

    async def leaving(self, token: LeaveToken, /) -> LeaveLink | None:
        return (await self._transaction.read()).leave_links.get(token)

    def mailed(self, booking: Booking, recipient: Recipient, at: datetime, state: MailState = "accepted") -> None:
        def change(tables: Tables) -> None:
            before = tables.mailed.get((booking.id, recipient), {})
            tables.mailed[booking.id, recipient] = {
                **before,
                booking.revision: Mailed(booking.revision, booking.slot.start, at, state),
            }

        self._transaction.stage(change)

    def mail_again(self, booking: Booking, recipients: tuple[Recipient, ...] = PARTIES) -> None:
        def change(tables: Tables) -> None:
            for recipient in recipients:
                mailed = tables.mailed.get((booking.id, recipient), {})
                if booking.revision in mailed and mailed[booking.revision].state == "accepted":
                    again = msgspec.structs.replace(mailed[booking.revision], state="wanted")
                    tables.mailed[booking.id, recipient] = {**mailed, booking.revision: again}

        self._transaction.stage(change)

    async def forget_guest(self, booking_id: BookingId, /) -> None:
        def change(tables: Tables) -> None:
            tables.timeline[booking_id] = tuple(_without_guest(each) for each in tables.timeline.get(booking_id, ()))
            tables.keys = {key: stored for key, stored in tables.keys.items() if stored[0] != booking_id}
            _forget_leave_links(booking_id, tables)

        self._transaction.stage(change)

    async def with_old_guests(self, ended_before: datetime, limit: int, /) -> tuple[BookingId, ...]:
        bookings = (await self._transaction.read()).bookings.values()
        old = [each for each in bookings if isinstance(each.guest, Guest) and each.slot.end <= ended_before]
        old.sort(key=lambda each: (each.slot.end, each.id))
        return tuple(each.id for each in old[:limit])

    async def count_starting(self, page_id: PageId, within: Slot, but: BookingId | None, now: datetime, /) -> int:
        return sum(
            each.page_id == page_id
            and each.occupies(now)
            and within.start <= each.slot.start < within.end
            and each.id != but
            for each in (await self._transaction.read()).bookings.values()
        )

    async def in_calendars(
        self, calendar_ids: Collection[CalendarId], ending_after: datetime, /
    ) -> tuple[BookedEntry, ...]:
        found = sorted((await self._transaction.read()).bookings.items())
        return tuple(
            BookedEntry(booking_id, each.slot, each.entry)
            for booking_id, each in found
            if each.entry is not None
            and each.entry.calendar_id in calendar_ids
            and each.slot.end > ending_after
            and each.held_until is None
        )

    async def of_host(self, host_id: HostId, starting_after: datetime, /) -> frozenset[BookingId]:
        bookings = (await self._transaction.read()).bookings.values()
        return frozenset(each.id for each in bookings if each.host_id == host_id and each.slot.start > starting_after)

    async def without_link(self, host_id: HostId, provider: Provider, now: datetime, /) -> tuple[BookingId, ...]:
        bookings = (await self._transaction.read()).bookings.values()
        return tuple(
            sorted(
                each.id
                for each in bookings
                if each.host_id == host_id
                and each.is_open(now)
                and isinstance(each.conference, Pending | Failed)
                and provider_of(each.meeting_type) == provider
            )
        )


def booking_of_guest(token: GuestToken, tables: Tables) -> Booking | None:
    """The booking as whoever has the link sees it, whether or not its stored token can be opened."""
    booking_id = tables.guest_tokens.get(token)
    return None if booking_id is None else msgspec.structs.replace(tables.bookings[booking_id], token=token)


def _without_guest(entry: TimelineEntry) -> TimelineEntry:
    if isinstance(entry.event, UnknownEvent):
        return entry
    return TimelineEntry(entry.at, without_guest(entry.event))


def _row(booking_id: BookingId) -> RowKey:
    return ("booking", booking_id)


def _admit(booking: Booking, admission: Admission, tables: Tables) -> None:
    now, most, basis = booking.created_at, admission.max_per_guest, admission.basis
    if basis is not None and not is_as_offered(basis, booking.page_id, tables, now):
        raise OfferChanged
    if most is not None:
        coming = sum(
            each.page_id == booking.page_id
            and each.guest.mailbox == booking.guest.mailbox
            and each.slot.end > now
            and each.occupies(now)
            for each in tables.bookings.values()
        )
        if coming >= most:
            raise TooManyBookings(most)
    if spent := longest_wait(tables, admission.buckets, now):
        raise spent.refusal
    use(tables, admission.buckets, now)


def _keep(key: IdempotencyKey, booking_id: BookingId, tables: Tables) -> None:
    if (key.scope, key.key) in tables.keys:
        raise KeyTaken
    tables.keys[key.scope, key.key] = (booking_id, key.fingerprint)


def _refuse_overlap(booking: Booking, tables: Tables) -> None:
    if booking.status == "cancelled":
        return
    for other in tables.bookings.values():
        if (
            other.host_id == booking.host_id
            and other.id != booking.id
            and other.status != "cancelled"
            and other.occupied.overlaps(booking.occupied)
        ):
            raise SlotTaken


def _remove(booking_id: BookingId, tables: Tables) -> None:
    removed = tables.bookings.pop(booking_id, None)
    if removed is None:
        return
    for token in [token for token, stored in tables.guest_tokens.items() if stored == booking_id]:
        del tables.guest_tokens[token]
    tables.timeline.pop(booking_id, None)
    for mailed in [mailed for mailed in tables.mailed if mailed[0] == booking_id]:
        del tables.mailed[mailed]
    _forget_leave_links(booking_id, tables)
    for key in [key for key, (stored, _) in tables.keys.items() if stored == booking_id]:
        del tables.keys[key]


def _forget_leave_links(booking_id: BookingId, tables: Tables) -> None:
    tables.leave_links = {token: link for token, link in tables.leave_links.items() if link.booking_id != booking_id}


def _note(events: tuple[Event, ...], tables: Tables) -> None:
    for event in events:
        tables.timeline[event.booking_id] = (*tables.timeline.get(event.booking_id, ()), TimelineEntry.of(event))
