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
from application.ports.storage import IdempotencyKey
from application.timeline import entry_for
from domain.booking import Booking
from domain.events import Event, Party
from domain.ids import BookingId
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
        insert into booking_mails (booking_id, party, revision, start_at, sent_at)
        values ($1, $2, $3, $4, $5)
        on conflict (booking_id, party, revision) do nothing
    )
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

    def mailed(self, booking: Booking, party: Party, at: datetime) -> None:
        args = (booking.id, party, booking.revision, booking.slot.start, at)
        self._transaction.write(Write("mailed", _MAILED, args))
