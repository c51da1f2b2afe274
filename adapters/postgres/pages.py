"""How are booking pages and their event types stored?"""

from datetime import datetime, timedelta

from adapters.postgres.rows import (
    EVENT_TYPES,
    PAGE,
    PAGE_COLUMNS,
    PAGE_PARAMETERS,
    page_from,
    page_parameters,
    to_json,
)
from adapters.postgres.statements import Write
from adapters.postgres.transaction import LazyTransaction
from domain.booking_page import BookingPage
from domain.ids import HostId, PageId

REFUSAL_TOLD_EVERY = timedelta(hours=1)

_ADD = f"""
    page_added as (
        insert into booking_pages ({PAGE_COLUMNS}) values ({PAGE_PARAMETERS})
    )
"""

_SAVE = f"""
    page_saved as (
        update booking_pages
        set ({PAGE_COLUMNS}) = ({PAGE_PARAMETERS})
        where id = $1
    )
"""

_REMOVE = """
    page_removed as (
        delete from booking_pages where host_id = $1 and id = $2
    )
"""

_KEEP_EVENT_TYPES = """
    event_types_removed as (
        delete from event_types where page_id = $1 and id <> all($2::text[])
    ),
    event_types_kept as (
        insert into event_types (page_id, id, slug, title, duration, meeting_types, questions, position)
        select $1, * from unnest($2::text[], $3::text[], $4::text[], $5::interval[], $6::jsonb[], $7::jsonb[])
            with ordinality
        on conflict (id) do update set (slug, title, duration, meeting_types, questions, position) =
            (excluded.slug, excluded.title, excluded.duration, excluded.meeting_types, excluded.questions,
             excluded.position)
    )
"""

_MAY_TELL_REFUSAL = """
    update booking_pages set refusal_told_at = $2
    where id = $1 and (refusal_told_at is null or refusal_told_at <= $3)
    returning id
"""


class PostgresPages:
    def __init__(self, transaction: LazyTransaction) -> None:
        self._transaction = transaction

    def add(self, page: BookingPage) -> None:
        self._transaction.write(Write("page_added", _ADD, page_parameters(page), touches=frozenset({page.id})))
        self._keep_event_types(page)

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
        self._transaction.write(Write("page_saved", _SAVE, page_parameters(page), touches=frozenset({page.id})))
        self._keep_event_types(page)

    def remove(self, host_id: HostId, page_id: PageId) -> None:
        self._transaction.write(Write("page_removed", _REMOVE, (host_id, page_id), touches=frozenset({page_id})))

    async def may_tell_refusal(self, page_id: PageId, now: datetime, /) -> bool:
        row = await self._transaction.lock(_MAY_TELL_REFUSAL, page_id, now, now - REFUSAL_TOLD_EVERY)
        return row is not None

    def _keep_event_types(self, page: BookingPage) -> None:
        each = page.event_types
        args = (
            page.id,
            [one.id for one in each],
            [one.slug for one in each],
            [one.title for one in each],
            [one.duration for one in each],
            [None if one.meeting_types is None else to_json(one.meeting_types) for one in each],
            [to_json(one.questions) for one in each],
        )
        self._transaction.write(Write("event_types_kept", _KEEP_EVENT_TYPES, args))
