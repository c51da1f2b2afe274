"""Bookings, their timelines and the mails about them."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from functools import partial

import msgspec

from adapters.postgres.changes import CHANNEL
from adapters.postgres.digests import digest_of
from adapters.postgres.guest_tokens import StoredBookings
from adapters.postgres.outbox import DUE_ROW, due_rows, leases_of
from adapters.postgres.pool import Row
from adapters.postgres.rate_limiter import count_parameters, spent_in
from adapters.postgres.table import to_json
from adapters.postgres.tables import BOOKINGS, event_from
from adapters.postgres.transaction import Transaction, check_saved
from application.jobs import Due
from application.ports.admission import UNLIMITED, Admission, Basis, OfferChanged
from application.ports.booking_search import BookedEntry
from application.ports.booking_views import UnknownEvent
from application.ports.idempotency_keys import IdempotencyKey, KeyTaken
from application.ports.leave_tokens import LeaveLink
from application.ports.mailed_revisions import MailState
from application.ports.vault import Vault
from domain.booking import Booking
from domain.calendar_entry import CalendarEntry
from domain.erasing import without_guest
from domain.errors import SlotTaken, TooManyBookings
from domain.events import EVENT_VERSION, PARTIES, Event, Recipient, what_of
from domain.ids import BookingId, CalendarId, GuestToken, HostId, LeaveToken, PageId
from domain.meeting_type import names_of
from domain.provider import Provider
from domain.slot import Slot

_NOTED = f"""
        insert into booking_events (booking_id, at, what, version, event)
        select stored.id, event.at, event.what, {EVENT_VERSION}, event.event
        from stored, rows from (
            jsonb_to_recordset($1::jsonb) as (at timestamptz, what text, event jsonb)
        ) with ordinality as event (at, what, event, position)
        order by event.position
"""

# A booking is stored with all that belongs to it: in one round trip it took 25 to 48 % less than in five.
# `insert … on conflict` never deadlocks with another one, as bare inserts that overlap do. The constraint is named, so
# that a conflict with any other is still an error.
_ADD = f"""
    with admitted as materialized (
        select is_as_offered, has_room, place, free_at
        from admit_booking(
            $8, $9, $10, $11::text::bytea[], $12::text::integer[], $13::text::interval[], $14,
            $15, $16, $17, $18, $19::text::text[], $20, $21
        )
    ),
    stored as (
        insert into bookings (token_digest, sealed_token, {BOOKINGS.columns})
        select $6, $7, {BOOKINGS.placeholders(first=22)} from admitted
        where has_room and place is null
        on conflict on constraint bookings_dont_overlap do nothing
        returning id
    ),
    uncounted as materialized (
        select uncount_uses($11::text::bytea[], $13::text::interval[]) from admitted
        where has_room and place is null and not exists (select from stored)
    ),
    noted as ({_NOTED}),
    keyed as (
        insert into idempotency_keys (scope, key, fingerprint, booking_id)
        select $2, $3, $4, stored.id from stored where $2::text is not null
    ),
    enqueued as (
        insert into outbox (job, key, payload, due_at, first_due_at, attempts, lease_id, lease)
        select due.job, due.key, due.payload, coalesce(now() + due.lease, due.at),
            case when due.lease is not null then due.at end, (due.lease is not null)::integer, due.lease_id, due.lease
        from stored, jsonb_to_recordset($5::jsonb) as due ({DUE_ROW})
    )
    select stored.id, admitted.is_as_offered, admitted.has_room, admitted.place, admitted.free_at
    from admitted left join stored on true left join uncounted on true
"""

_SAVE = f"""
    with stored as (
        update bookings set ({BOOKINGS.columns}) = ({BOOKINGS.placeholders(first=3)}), version = version + 1
        where id = $3 and version = $2
        returning id
    ),
    noted as ({_NOTED})
    select pg_notify('{CHANNEL}', id) from stored
"""

# Whoever locks a booking is about to change it, and so wants to know whether anybody listens.
_LOCK = f"""
    select {BOOKINGS.select}, (select records_events from hosts where id = b.host_id) as records_events
    from bookings as b
"""

_REMOVE = f"""
    with removed as (delete from bookings where id = $1 returning id)
    select pg_notify('{CHANNEL}', id) from removed
"""

# In one order, so that two that do this at once don't wait for each other.
_REMOVE_EXPIRED = """
    with expired as (
        select id from bookings where host_id = $1 and status = 'held' and held_until <= $2 order by id for update
    )
    delete from bookings using expired where bookings.id = expired.id returning true
"""

_LINK_TO_LEAVE = """
    insert into leave_links (token_digest, booking_id, place) values ($1, $2, $3) on conflict (token_digest) do nothing
"""

_MAILED = """
    insert into booking_mails (booking_id, party, revision, start_at, sent_at, state)
    values ($1, $2, $3, $4, $5, $6)
    on conflict (booking_id, party, revision) do update set sent_at = excluded.sent_at, state = excluded.state
"""

_MAIL_AGAIN = """
    update booking_mails set state = 'wanted'
    where booking_id = $1 and revision = $2 and party = any($3::text[]) and state = 'accepted'
"""

# The host's index holds the page: no other one leads to the bookings of a day.
_COUNT_STARTING = """
    select count(*) from bookings
    where host_id = (select host_id from booking_pages where id = $1) and page_id = $1 and status <> 'cancelled'
        and (held_until is null or held_until > $5)
        and start_at >= $2 and start_at < $3
        and occupied_from >= $2 - interval '1 day' and occupied_from < $3 and id is distinct from $4
"""

_EVENTS = "select sequence, what, version, event::text from booking_events where booking_id = $1 order by sequence"

_REPLACE_EVENTS = """
    update booking_events as e set event = fresh.event
    from unnest($2::bigint[], $3::jsonb[]) as fresh (sequence, event)
    where e.booking_id = $1 and e.sequence = fresh.sequence
"""

_WITH_OLD_GUESTS = """
    select array_agg(id) from (
        select id from bookings where guest_name is not null and end_at <= $1 order by end_at, id limit $2
    ) as due
"""

_WITHOUT_LINK = """
    select array_agg(id order by id) from bookings
    where host_id = $1 and status = 'confirmed' and end_at > $2 and meeting_type ->> 'type' = any($3::text[])
        and conference ->> 'status' in ('pending', 'failed')
"""

_IN_CALENDARS = """
    select array_agg(id order by id), array_agg(start_at order by id), array_agg(end_at order by id),
        array_agg(entry::text order by id)
    from bookings where entry_calendar_id = any($1::text[]) and end_at > $2 and held_until is null
"""

# Each half stays within its index.
_OF_HOST = """
    select array_agg(id) from (
        select id from bookings
        where host_id = $1 and status <> 'cancelled' and start_at > $2 and occupied_from >= $2 - interval '1 day'
        union all
        select id from bookings where host_id = $1 and status = 'cancelled' and start_at > $2
    ) as found
"""

_entry: msgspec.json.Decoder[CalendarEntry] = msgspec.json.Decoder(CalendarEntry)


class PostgresBookings:
    """Bookings in a unit of work.

    Args:
        lease: how long a due job of a new booking is leased to this process, which sends it after the commit.
    """

    def __init__(self, transaction: Transaction, vault: Vault, lease: timedelta | None = None) -> None:
        self._transaction = transaction
        self._lease = lease
        self._stored = StoredBookings(vault)
        self._occupied: dict[BookingId, Slot] = {}

    def add(
        self,
        booking: Booking,
        *events: Event,
        due: Sequence[Due] = (),
        key: IdempotencyKey | None = None,
        admission: Admission = UNLIMITED,
    ) -> None:
        leases = leases_of(due, booking.created_at) if self._lease else []
        self._transaction.write(
            _ADD,
            _event_rows(events),
            *((key.scope, key.key, key.fingerprint) if key else (None, None, None)),
            due_rows(due, leases, self._lease),
            *self._stored.token_columns(booking),
            *(booking.page_id, booking.guest.mailbox, admission.max_per_guest),
            *count_parameters(admission.buckets, booking.created_at),
            *_basis_parameters(booking, admission.basis),
            *BOOKINGS.args(booking),
            refusals={"idempotency_keys_are_unique": KeyTaken},
            check=partial(_check_added, booking, admission),
        )
        self._transaction.leased += filter(None, leases)

    def keep(self, key: IdempotencyKey, booking_id: BookingId) -> None:
        self._transaction.write(
            "insert into idempotency_keys (scope, key, fingerprint, booking_id) values ($1, $2, $3, $4)",
            *(key.scope, key.key, key.fingerprint, booking_id),
            refusals={"idempotency_keys_are_unique": KeyTaken},
        )

    async def get(self, booking_id: BookingId, /) -> Booking | None:
        row = await self._transaction.read(f"select {BOOKINGS.select} from bookings as b where b.id = $1", booking_id)
        return None if row is None else self._stored.read(row)

    async def lock(self, booking_id: BookingId, /) -> Booking | None:
        return self._locked(await self._transaction.lock(f"{_LOCK} where b.id = $1 for no key update", booking_id))

    async def lock_all(self, booking_ids: Collection[BookingId], /) -> tuple[Booking, ...]:
        sql = f"{_LOCK} where b.id = any($1::text[]) order by b.id for no key update"
        rows = await self._transaction.lock_all(sql, list(booking_ids))
        return tuple(booking for row in rows if (booking := self._locked(row)) is not None)

    async def of_guest(self, token: GuestToken, /) -> Booking | None:
        sql = f"select {BOOKINGS.select} from bookings as b where b.token_digest = $1"
        row = await self._transaction.read(sql, digest_of(token))
        return None if row is None else self._stored.read(row, token)

    async def lock_of_guest(self, token: GuestToken, /) -> Booking | None:
        row = await self._transaction.lock(f"{_LOCK} where b.token_digest = $1 for no key update", digest_of(token))
        return self._locked(row, token)

    def save(self, booking: Booking, *events: Event) -> None:
        if self._occupied.get(booking.id) != booking.occupied:
            # Two bookings that move to one time at once would each find the other in the index, and wait for its end.
            self._transaction.write("select pg_advisory_xact_lock(hashtextextended($1, 0))", booking.host_id)
        self._transaction.write(
            _SAVE,
            _event_rows(events),
            booking.version,
            *BOOKINGS.args(booking),
            refusals={"bookings_dont_overlap": SlotTaken},
            check=check_saved,
        )

    def remove(self, booking_id: BookingId) -> None:
        self._transaction.write(_REMOVE, booking_id)

    async def remove_expired(self, host_id: HostId, now: datetime, /) -> bool:
        return await self._transaction.lock(_REMOVE_EXPIRED, host_id, now) is not None

    def link_to_leave(self, token: LeaveToken, booking_id: BookingId, place: int) -> None:
        self._transaction.write(_LINK_TO_LEAVE, digest_of(token), booking_id, place)

    async def leaving(self, token: LeaveToken, /) -> LeaveLink | None:
        sql = "select booking_id, place from leave_links where token_digest = $1"
        row = await self._transaction.read(sql, digest_of(token))
        return None if row is None else LeaveLink(row["booking_id"], row["place"])

    def mailed(self, booking: Booking, recipient: Recipient, at: datetime, state: MailState = "accepted") -> None:
        args = booking.id, str(recipient), booking.revision, booking.slot.start, at, state
        self._transaction.write(_MAILED, *args)

    def mail_again(self, booking: Booking, recipients: tuple[Recipient, ...] = PARTIES) -> None:
        self._transaction.write(_MAIL_AGAIN, booking.id, booking.revision, [str(each) for each in recipients])

    async def forget_guest(self, booking_id: BookingId, /) -> None:
        stored = await self._transaction.lock_all(_EVENTS, booking_id)
        fresh: dict[int, str] = {}
        for row in stored:
            event = event_from(row["what"], row["version"], row["event"])
            if isinstance(event, UnknownEvent):
                fresh[row["sequence"]] = "{}"
            elif (cleaned := without_guest(event)) != event:
                fresh[row["sequence"]] = to_json(cleaned)
        if fresh:
            self._transaction.write(_REPLACE_EVENTS, booking_id, list(fresh), list(fresh.values()))
        self._transaction.write("delete from idempotency_keys where booking_id = $1", booking_id)
        self._transaction.write("delete from leave_links where booking_id = $1", booking_id)

    async def with_old_guests(self, ended_before: datetime, limit: int, /) -> tuple[BookingId, ...]:
        row = await self._transaction.read(_WITH_OLD_GUESTS, ended_before, limit)
        return () if row is None else tuple(row[0] or ())

    async def count_starting(self, page_id: PageId, within: Slot, but: BookingId | None, now: datetime, /) -> int:
        row = await self._transaction.read(_COUNT_STARTING, page_id, within.start, within.end, but, now)
        return 0 if row is None else int(row[0])

    async def in_calendars(
        self, calendar_ids: Collection[CalendarId], ending_after: datetime, /
    ) -> tuple[BookedEntry, ...]:
        row = await self._transaction.read(_IN_CALENDARS, list(calendar_ids), ending_after)
        found = zip(*(column or () for column in row), strict=True) if row else ()
        return tuple(BookedEntry(one, Slot(start, end), _entry.decode(entry)) for one, start, end, entry in found)

    async def of_host(self, host_id: HostId, starting_after: datetime, /) -> frozenset[BookingId]:
        row = await self._transaction.read(_OF_HOST, host_id, starting_after)
        return frozenset() if row is None else frozenset(row[0] or ())

    async def without_link(self, host_id: HostId, provider: Provider, now: datetime, /) -> tuple[BookingId, ...]:
        row = await self._transaction.read(_WITHOUT_LINK, host_id, now, names_of(provider))
        return () if row is None else tuple(row[0] or ())

    def _locked(self, row: Row | None, token: GuestToken | None = None) -> Booking | None:
        if row is None:
            return None
        booking = self._stored.read(row, token)
        self._occupied[booking.id] = booking.occupied
        if not row["records_events"]:
            self._transaction.unheard.add(booking.host_id)
        return booking


def _event_rows(events: Sequence[Event]) -> str:
    return to_json([{"at": event.at, "what": what_of(event), "event": event} for event in events])


def _basis_parameters(booking: Booking, basis: Basis | None) -> tuple[object, ...]:
    if basis is None:
        return (booking.host_id, *(None,) * 6)
    return booking.host_id, *basis.mark, basis.scarce, basis.first_kept


def _check_added(booking: Booking, admission: Admission, row: Row | None) -> None:
    if row is not None and not row["is_as_offered"]:
        raise OfferChanged
    if row is None or not row["has_room"]:
        raise TooManyBookings(admission.max_per_guest or 0)
    if spent := spent_in(admission.buckets, row, booking.created_at):
        raise spent.refusal
    if row["id"] is None:
        raise SlotTaken
