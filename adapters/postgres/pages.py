"""Booking pages and their event types."""

from datetime import datetime, timedelta
from functools import partial

from adapters.postgres.rows import (
    EVENT_TYPES,
    PAGE,
    PAGE_COLUMNS,
    PAGE_PARAMETERS,
    PAGE_VERSION,
    page_from,
    page_parameters,
    to_json,
)
from adapters.postgres.transaction import Refusals, Transaction, check_saved
from application.ports.storage import Taken
from domain.booking_page import BookingPage
from domain.ids import HostId, PageId

REFUSAL_TOLD_EVERY = timedelta(hours=1)

_REFUSALS: Refusals = {
    "booking_pages_slug_is_unique": partial(Taken, "slug"),
    "event_types_slug_is_unique": partial(Taken, "slug"),
}

_ADD = f"insert into booking_pages ({PAGE_COLUMNS}) values ({PAGE_PARAMETERS})"

_SAVE = f"""
    update booking_pages set ({PAGE_COLUMNS}) = ({PAGE_PARAMETERS} + 1) where id = $1 and version = ${PAGE_VERSION}
    returning id
"""

_REMOVE_EVENT_TYPES = "delete from event_types where page_id = $1 and id <> all($2::text[])"

_PUT_EVENT_TYPES = """
    insert into event_types (page_id, id, slug, title, duration, meeting_types, questions, position)
    select $1, * from unnest($2::text[], $3::text[], $4::text[], $5::interval[], $6::jsonb[], $7::jsonb[])
        with ordinality
    on conflict (id) do update set (slug, title, duration, meeting_types, questions, position) =
        (excluded.slug, excluded.title, excluded.duration, excluded.meeting_types, excluded.questions,
         excluded.position)
"""

_MAY_TELL_REFUSAL = """
    update booking_pages set refusal_told_at = $2
    where id = $1 and (refusal_told_at is null or refusal_told_at <= $3)
    returning id
"""


class PostgresPages:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def add(self, page: BookingPage) -> None:
        self._transaction.write(_ADD, *page_parameters(page), refusals=_REFUSALS)
        self._put_event_types(page)

    async def get(self, page_id: PageId, /) -> BookingPage | None:
        row = await self._transaction.read(
            f"select {PAGE} from booking_pages as p cross join {EVENT_TYPES} where p.id = $1", page_id
        )
        return None if row is None else page_from(row)

    async def lock(self, host_id: HostId, page_id: PageId, /) -> BookingPage | None:
        locked = await self._transaction.lock(
            "select id from booking_pages where host_id = $1 and id = $2 for no key update", host_id, page_id
        )
        # Only a statement of its own sees the event types as they are after waiting for the lock.
        return None if locked is None else await self.get(page_id)

    def save(self, page: BookingPage) -> None:
        self._transaction.write(_SAVE, *page_parameters(page), refusals=_REFUSALS, check=check_saved)
        self._put_event_types(page)

    def remove(self, host_id: HostId, page_id: PageId) -> None:
        self._transaction.write("delete from booking_pages where host_id = $1 and id = $2", host_id, page_id)

    async def may_tell_refusal(self, page_id: PageId, now: datetime, /) -> bool:
        row = await self._transaction.lock(_MAY_TELL_REFUSAL, page_id, now, now - REFUSAL_TOLD_EVERY)
        return row is not None

    def _put_event_types(self, page: BookingPage) -> None:
        each = page.event_types
        ids = [one.id for one in each]
        self._transaction.write(_REMOVE_EVENT_TYPES, page.id, ids)
        self._transaction.write(
            _PUT_EVENT_TYPES,
            page.id,
            ids,
            [one.slug for one in each],
            [one.title for one in each],
            [one.duration for one in each],
            [None if one.meeting_types is None else to_json(one.meeting_types) for one in each],
            [to_json(one.questions) for one in each],
            refusals=_REFUSALS,
        )
