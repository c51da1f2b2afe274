"""Booking pages and their event types."""

from datetime import datetime, timedelta
from functools import partial

from adapters.postgres.tables import EVENT_TYPES, PAGE, PAGE_PARTS, PAGES
from adapters.postgres.transaction import Refusals, Transaction, check_saved
from application.ports.conflicts import Taken
from application.ports.schedules import ScheduleGone
from domain.booking_page import SLUG_KEPT_FOR, BookingPage
from domain.ids import HostId, PageId

_REFUSAL_NOTICE_INTERVAL = timedelta(hours=1)

_REFUSALS: Refusals = {
    "booking_pages_slug_is_unique": partial(Taken, "slug"),
    "event_types_slug_is_unique": partial(Taken, "slug"),
    "booking_pages_schedule_is_theirs": ScheduleGone,
}

_ADD = f"insert into booking_pages ({PAGES.columns}) values ({PAGES.placeholders()})"

_SAVE = f"""
    update booking_pages set ({PAGES.columns}) = ({PAGES.placeholders()}), version = version + 1
    where id = $1 and version = ${PAGES.after}
    returning id
"""

_LEAVE_SLUG = """
    insert into former_page_slugs (host_id, slug, page_id, ends_at)
    select host_id, slug, id, now() + $3 from booking_pages where id = $1 and slug <> $2
    on conflict (host_id, slug) do update set page_id = excluded.page_id, ends_at = excluded.ends_at
"""

_LEAVE_EVENT_TYPE_SLUGS = """
    insert into former_event_type_slugs (page_id, slug, event_type_id, ends_at)
    select e.page_id, e.slug, e.id, now() + $4
    from event_types as e join unnest($2::text[], $3::text[]) as fresh (id, slug) on fresh.id = e.id
    where e.page_id = $1 and e.slug <> fresh.slug
    on conflict (page_id, slug) do update set event_type_id = excluded.event_type_id, ends_at = excluded.ends_at
"""

_ADD_EVENT_TYPE = f"""
    insert into event_types ({EVENT_TYPES.columns}, page_id, position)
    values ({EVENT_TYPES.placeholders(beside=2)})
"""

_MAY_TELL_REFUSAL = """
    update booking_pages set refusal_notified_at = $2
    where id = $1 and (refusal_notified_at is null or refusal_notified_at <= $3)
    returning id
"""


class PostgresPages:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def add(self, page: BookingPage) -> None:
        self._transaction.write(_ADD, *PAGES.args(page), refusals=_REFUSALS)
        self._put_event_types(page)

    async def get(self, page_id: PageId, /) -> BookingPage | None:
        row = await self._transaction.read(
            f"select {PAGE} from booking_pages as p {PAGE_PARTS} where p.id = $1", page_id
        )
        return None if row is None else PAGES.read(row)

    async def count(self, host_id: HostId, /) -> int:
        row = await self._transaction.read("select count(*) from booking_pages where host_id = $1", host_id)
        return 0 if row is None else int(row[0])

    async def lock(self, host_id: HostId, page_id: PageId, /) -> BookingPage | None:
        locked = await self._transaction.lock(
            "select id from booking_pages where host_id = $1 and id = $2 for no key update", host_id, page_id
        )
        # Only a statement of its own sees the event types as they are after waiting for the lock.
        return None if locked is None else await self.get(page_id)

    async def lock_all(self, host_id: HostId, /) -> list[BookingPage]:
        sql = "select id from booking_pages where host_id = $1 order by id for no key update"
        locked = await self._transaction.lock_all(sql, host_id)
        return [page for row in locked if (page := await self.get(row["id"])) is not None]

    def save(self, page: BookingPage) -> None:
        self._transaction.write(_LEAVE_SLUG, page.id, page.slug, SLUG_KEPT_FOR)
        ids, slugs = [each.id for each in page.event_types], [each.slug for each in page.event_types]
        self._transaction.write(_LEAVE_EVENT_TYPE_SLUGS, page.id, ids, slugs, SLUG_KEPT_FOR)
        self._transaction.write(_SAVE, *PAGES.args(page), page.version, refusals=_REFUSALS, check=check_saved)
        self._put_event_types(page)

    def remove(self, host_id: HostId, page_id: PageId) -> None:
        self._transaction.write("delete from booking_pages where host_id = $1 and id = $2", host_id, page_id)

    async def may_tell_refusal(self, page_id: PageId, now: datetime, /) -> bool:
        row = await self._transaction.lock(_MAY_TELL_REFUSAL, page_id, now, now - _REFUSAL_NOTICE_INTERVAL)
        return row is not None

    def _put_event_types(self, page: BookingPage) -> None:
        # All of them anew, so that two can swap their slugs.
        self._transaction.write("delete from event_types where page_id = $1", page.id)
        for position, each in enumerate(page.event_types, start=1):
            self._transaction.write(_ADD_EVENT_TYPE, *EVENT_TYPES.args(each), page.id, position, refusals=_REFUSALS)
