"""How are bookings stored?"""

from datetime import datetime

from adapters.postgres.changes import CHANNEL
from adapters.postgres.rows import (
    AFTER_BOOKING,
    BOOKING,
    BOOKING_COLUMNS,
    BOOKING_PARAMETERS,
    booking_from,
    booking_parameters,
)
from adapters.postgres.statements import Write
from adapters.postgres.transaction import LazyTransaction
from application.booking.timeline import entry_for
from application.ports.storage import IdempotencyKey
from application.ports.views import MailState
from domain.booking import Booking
from domain.events import PARTIES, Event, Party
from domain.ids import BookingId, HostId, PageId
from domain.meeting_type import names_of
from domain.provider import Provider
from domain.slot import Slot

# `insert … on conflict` never deadlocks with another one, as bare inserts that overlap do. The constraint is named,
# so that a conflict with any other is still an error.
_ADD = f"""
    added as (
        insert into bookings ({BOOKING_COLUMNS}) values ({BOOKING_PARAMETERS})
        on conflict on constraint bookings_dont_overlap do nothing
        returning id
    )
"""

_ADD_WITH_KEY = f"""{_ADD},
    keyed as (
        insert into idempotency_keys (scope, key, fingerprint, booking_id)
        select ${AFTER_BOOKING}, ${AFTER_BOOKING + 1}, ${AFTER_BOOKING + 2}, id from added
    )
"""

_REFUSE = "case when not exists (select from added) then refuse_taken_slot(null, null) end"
_REFUSE_WITH_KEY = f"""
    case when not exists (select from added)
    then refuse_taken_slot(${AFTER_BOOKING}, ${AFTER_BOOKING + 1}) end
"""

_SAVE = f"""
    saved as (
        update bookings set ({BOOKING_COLUMNS}) = ({BOOKING_PARAMETERS}) where id = $1
    )
"""

# Two bookings that move to one time at once would each find the other in the index, and wait for its end.
_MOVE = f"""
    queue as materialized (
        select pg_advisory_xact_lock(hashtextextended($3, 0))
    ),
    saved as (
        update bookings set ({BOOKING_COLUMNS}) = ({BOOKING_PARAMETERS}) from queue where id = $1
    )
"""

_NOTE = """
    noted as (
        insert into booking_events (booking_id, at, what, detail)
        select * from unnest($1::text[], $2::timestamptz[], $3::text[], $4::text[])
    )
"""

_MAILED = """
    mailed as (
        insert into booking_mails (booking_id, party, revision, start_at, sent_at, state)
        values ($1, $2, $3, $4, $5, $6)
        on conflict (booking_id, party, revision) do update set sent_at = excluded.sent_at, state = excluded.state
    )
"""

_MAIL_AGAIN = """
    wanted_again as (
        update booking_mails set state = 'wanted'
        where booking_id = $1 and revision = $2 and party = any($3::text[]) and state = 'accepted'
    )
"""

# The host's index holds the page: no other one leads to the bookings of a day.
_COUNT_STARTING = """
    select count(*) from bookings
    where host_id = (select host_id from booking_pages where id = $1) and page_id = $1 and status = 'confirmed'
        and start_at >= $2 and start_at < $3
        and occupied_from >= $2 - interval '1 day' and occupied_from < $3 and id is distinct from $4
"""

_WITHOUT_LINK = """
    select array_agg(id order by id) from bookings
    where host_id = $1 and status = 'confirmed' and end_at > $2 and meeting_type ->> 'type' = any($3::text[])
        and conference ->> 'status' in ('pending', 'failed')
"""


class PostgresBookings:
    def __init__(self, transaction: LazyTransaction) -> None:
        self._transaction = transaction
        self._occupied: dict[BookingId, Slot] = {}

    def add(self, booking: Booking, *events: Event, key: IdempotencyKey | None = None) -> None:
        touches = frozenset({booking.id})
        args = booking_parameters(booking)
        if key is None:
            write = Write("added", _ADD, args, touches=touches, returns=_REFUSE)
        else:
            args = (*args, key.scope, key.key, key.fingerprint)
            write = Write("added", _ADD_WITH_KEY, args, touches=touches, returns=_REFUSE_WITH_KEY)
        self._transaction.write(write)
        self.note(*events)

    async def get(self, booking_id: BookingId, /) -> Booking | None:
        row = await self._transaction.read(f"select {BOOKING} from bookings as b where id = $1", booking_id)
        return None if row is None else booking_from(row)

    async def lock(self, booking_id: BookingId, /) -> Booking | None:
        row = await self._transaction.lock(
            f"select {BOOKING} from bookings as b where id = $1 for no key update", booking_id
        )
        if row is None:
            return None
        booking = booking_from(row)
        self._occupied[booking.id] = booking.occupied
        return booking

    def save(self, booking: Booking, *events: Event) -> None:
        stays = self._occupied.get(booking.id) == booking.occupied
        self._transaction.write(
            Write(
                "saved",
                _SAVE if stays else _MOVE,
                booking_parameters(booking),
                touches=frozenset({booking.id}),
                returns=f"pg_notify('{CHANNEL}', $1)",
            )
        )
        self.note(*events)

    def note(self, *events: Event) -> None:
        if not events:
            return
        entries = [entry_for(event) for event in events]
        args = (
            [event.booking_id for event in events],
            [entry.at for entry in entries],
            [entry.what for entry in entries],
            [entry.detail for entry in entries],
        )
        self._transaction.write(Write("noted", _NOTE, args, stacks=True))

    def mailed(self, booking: Booking, party: Party, at: datetime, state: MailState = "accepted") -> None:
        args = (booking.id, party, booking.revision, booking.slot.start, at, state)
        self._transaction.write(Write("mailed", _MAILED, args))

    def mail_again(self, booking: Booking, parties: tuple[Party, ...] = PARTIES) -> None:
        self._transaction.write(Write("wanted_again", _MAIL_AGAIN, (booking.id, booking.revision, list(parties))))

    async def count_starting(self, page_id: PageId, within: Slot, but: BookingId | None, /) -> int:
        row = await self._transaction.read(_COUNT_STARTING, page_id, within.start, within.end, but)
        return 0 if row is None else int(row[0])

    async def without_link(self, host_id: HostId, provider: Provider, now: datetime, /) -> tuple[BookingId, ...]:
        row = await self._transaction.read(_WITHOUT_LINK, host_id, now, names_of(provider))
        return () if row is None else tuple(row[0] or ())
