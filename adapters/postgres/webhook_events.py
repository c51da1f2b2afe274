"""The events that webhooks are told."""

from collections.abc import Callable
from datetime import datetime

from adapters.postgres.table import to_json
from adapters.postgres.tables import WEBHOOK_EVENTS, WEBHOOKS
from adapters.postgres.transaction import Transaction
from domain.ids import BookingId, HostId, WebhookEventId
from domain.webhook import Webhook
from domain.webhook_delivery import WebhookDelivery
from domain.webhook_event import WebhookEvent
from domain.webhook_problem import GuestWasErased

# One row more than there are webhooks tells a host without any from one whose events aren't recorded.
_LISTENING = f"""
    select {WEBHOOKS.select} from hosts as h left join webhooks as w on w.host_id = h.id
    where h.id = $1 and h.records_events order by w.created_at, w.id
"""

# The lock makes positions be given in the order of the commits, so that whoever reads on from the last one misses none.
# A webhook that goes at this moment is waited for, and left out.
_RECORD = f"""
    with in_order as materialized (
        select pg_advisory_xact_lock(hashtextextended($2 || ' webhook events', 0))
    ),
    stored as (
        insert into webhook_events ({WEBHOOK_EVENTS.columns})
        select {WEBHOOK_EVENTS.placeholders()} from in_order
        returning id
    ),
    there as (
        select id from webhooks where id = any(${WEBHOOK_EVENTS.after + 1}::text[]) order by id for key share
    )
    insert into webhook_deliveries
        (id, webhook_id, event_id, type, state, tries, is_repeat, created_at, next_attempt_at, attempts)
    select owed.id, owed.webhook_id, stored.id, $3, 'pending', 0, false, $4, $4, '[]'
    from stored, unnest(${WEBHOOK_EVENTS.after}::text[], ${WEBHOOK_EVENTS.after + 1}::text[]) as owed (id, webhook_id)
    where owed.webhook_id in (select id from there)
"""

_RECORD_PAST = f"""
    with in_order as materialized (
        select pg_advisory_xact_lock(hashtextextended(($2::text[])[1] || ' webhook events', 0))
    )
    insert into webhook_events ({WEBHOOK_EVENTS.columns})
    select {WEBHOOK_EVENTS.columns} from in_order, unnest(
        $1::text[], $2::text[], $3::text[], $4::timestamptz[], $5::bytea[], $6::text[], $7::text[], $8::boolean[]
    ) with ordinality as past ({WEBHOOK_EVENTS.columns}, place)
    order by place
    on conflict (id) do nothing
"""

_OF_HOST = f"""
    select {WEBHOOK_EVENTS.select} from webhook_events as v
    where v.host_id = $1 and v.at > $2
        and v.position > coalesce((select position from webhook_events where id = $3), 0)
    order by v.position limit $4
"""

_OF_BOOKING = "select id, body from webhook_events where booking_id = $1 and not is_erased order by id for update"

_ERASE = """
    with erased as (
        update webhook_events as v set body = fresh.body, is_erased = true
        from unnest($1::text[], $2::bytea[]) as fresh (id, body) where v.id = fresh.id
    )
    update webhook_deliveries as d set
        attempts = (
            select coalesce(jsonb_agg(each.value - 'response' order by each.ordinality), '[]')
            from jsonb_array_elements(d.attempts) with ordinality as each
        ),
        given_up = case when d.state = 'pending' then $3 else d.given_up end,
        state = case when d.state = 'pending' then 'failed' else d.state end,
        next_attempt_at = null,
        lane = null
    where d.event_id = any($1::text[])
"""


class PostgresWebhookEvents:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def listening(self, host_id: HostId, /) -> tuple[Webhook, ...] | None:
        if host_id in self._transaction.unheard:
            return None
        rows = await self._transaction.read_all(_LISTENING, host_id)
        return tuple(WEBHOOKS.read(row) for row in rows if row["w_id"] is not None) if rows else None

    def keep(self, host_id: HostId) -> None:
        sql = "update hosts set records_events = true where id = $1 and not records_events and closed_at is null"
        self._transaction.write(sql, host_id)

    def record(self, event: WebhookEvent, *deliveries: WebhookDelivery) -> None:
        owed = [each.id for each in deliveries], [each.webhook_id for each in deliveries]
        self._transaction.write(_RECORD, *WEBHOOK_EVENTS.args(event), *owed)

    def record_past(self, *events: WebhookEvent) -> None:
        if events:
            self._transaction.write(_RECORD_PAST, *map(list, zip(*map(WEBHOOK_EVENTS.args, events), strict=True)))

    async def of(
        self, host_id: HostId, after: WebhookEventId | None, since: datetime, limit: int, /
    ) -> tuple[WebhookEvent, ...] | None:
        if after is not None:
            known = "select from webhook_events where id = $1 and host_id = $2"
            if await self._transaction.read(known, after, host_id) is None:
                return None
        rows = await self._transaction.read_all(_OF_HOST, host_id, since, after, limit)
        return tuple(WEBHOOK_EVENTS.read(row) for row in rows)

    async def last_at(self, host_id: HostId, /) -> datetime | None:
        row = await self._transaction.read("select max(at) from webhook_events where host_id = $1", host_id)
        return None if row is None else row[0]

    async def get(self, event_id: WebhookEventId, /) -> WebhookEvent | None:
        sql = f"select {WEBHOOK_EVENTS.select} from webhook_events as v where v.id = $1"
        row = await self._transaction.read(sql, event_id)
        return None if row is None else WEBHOOK_EVENTS.read(row)

    async def forget_guest(self, booking_id: BookingId, without_guest: Callable[[bytes], bytes], /) -> None:
        rows = await self._transaction.lock_all(_OF_BOOKING, booking_id)
        if rows:
            ids, bodies = [row["id"] for row in rows], [without_guest(row["body"]) for row in rows]
            self._transaction.write(_ERASE, ids, bodies, to_json(GuestWasErased()))
