"""Webhooks with their sealed secrets, the events that they are told, and the deliveries of those."""

from collections.abc import Callable
from datetime import datetime
from random import getrandbits

import msgspec

from adapters.postgres.table import to_json
from adapters.postgres.tables import WEBHOOK_DELIVERIES, WEBHOOK_EVENTS, WEBHOOKS
from adapters.postgres.transaction import Transaction
from application.ports.vault import Vault
from application.ports.webhooks import DeliveryPage, TakenDelivery
from domain.errors import InvalidInput
from domain.faults import Malformed
from domain.ids import BookingId, HostId, WebhookDeliveryId, WebhookEventId, WebhookId
from domain.webhook import Webhook, WebhookSecrets
from domain.webhook_delivery import DeliveryState, WebhookDelivery
from domain.webhook_event import WebhookEvent
from domain.webhook_problem import GuestWasErased, WebhookProblem, WebhookWasPaused, result_of

_ADD = f"""
    with recording as (update hosts set records_events = true where id = $2 and not records_events)
    insert into webhooks ({WEBHOOKS.columns}, sealed_secrets) values ({WEBHOOKS.placeholders(beside=1)})
"""

_SAVE = f"update webhooks set ({WEBHOOKS.columns}) = ({WEBHOOKS.placeholders()}) where id = $1"

_REMOVE = """
    with removed as (delete from webhooks where id = $1)
    update hosts set records_events = false
    where id = $2 and not exists (select from webhooks where host_id = $2 and id <> $1)
"""

_OF_HOST = f"select {WEBHOOKS.select} from webhooks as w where w.host_id = $1 order by w.created_at, w.id"

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

_EVENTS = f"""
    select {WEBHOOK_EVENTS.select} from webhook_events as v
    where v.host_id = $1 and v.at > $2
        and v.position > coalesce((select position from webhook_events where id = $3), 0)
    order by v.position limit $4
"""

_GIVE_UP = """
    update webhook_deliveries set state = 'failed', next_attempt_at = null, lane = null, given_up = $2
    where webhook_id = $1 and state = 'pending'
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

# Each is sought only where there was none before it, by an index that holds it: thousands may be pending.
_TAKE = f"""
    with taken as (
        update webhook_deliveries set lane = $2 where id = coalesce(
            (
                select id from webhook_deliveries
                where webhook_id = $1 and state = 'pending' and lane = $2 and id is distinct from $4
                limit 1 for update skip locked
            ),
            (
                select id from webhook_deliveries
                where webhook_id = $1 and state = 'pending' and not is_repeat and next_attempt_at <= $3
                    and lane is null
                order by next_attempt_at, position limit 1 for update skip locked
            ),
            (
                select id from webhook_deliveries
                where webhook_id = $1 and state = 'pending' and is_repeat and next_attempt_at <= $3 and lane is null
                order by next_attempt_at, position limit 1 for update skip locked
            )
        )
        returning *
    )
    select {WEBHOOK_DELIVERIES.select}, {WEBHOOK_EVENTS.select},
        exists (
            select from unnest('{{f,t}}'::boolean[]) as kind (is_repeat), lateral (
                select from webhook_deliveries as o
                where o.webhook_id = d.webhook_id and o.state = 'pending' and o.is_repeat = kind.is_repeat
                    and o.next_attempt_at <= $3 and o.lane is null and o.id <> d.id
                order by o.next_attempt_at limit 1
            ) as due
        ) as more_due
    from taken as d join webhook_events as v on v.id = d.event_id
"""

# By the index, the earliest of either kind: ten thousand may be pending.
_NEXT_DUE = """
    select min(earliest.next_attempt_at) from unnest('{f,t}'::boolean[]) as kind (is_repeat), lateral (
        select next_attempt_at from webhook_deliveries as d
        where d.webhook_id = $1 and d.state = 'pending' and d.is_repeat = kind.is_repeat and d.lane is null
            and d.id <> all($2::text[])
        order by next_attempt_at limit 1
    ) as earliest
"""

_DELIVERY = f"select {WEBHOOK_DELIVERIES.select} from webhook_deliveries as d where d.id = $1"

_SAVE_DELIVERY = f"""
    update webhook_deliveries set ({WEBHOOK_DELIVERIES.columns}, lane) = ({WEBHOOK_DELIVERIES.placeholders()}, null)
    where id = $1
"""

_SHARD_BITS = 4

_COUNT_ATTEMPT = """
    insert into webhook_attempt_counts as c (result, shard, count) values ($1, $2, 1)
    on conflict (result, shard) do update set count = c.count + 1
"""

_DELIVERIES = f"""
    select {WEBHOOK_DELIVERIES.select} from webhook_deliveries as d
    where d.webhook_id = $1 and ($2::text is null or d.state = $2)
        and ($3::text is null or d.position < (select position from webhook_deliveries where id = $3))
    order by d.position desc limit $4
"""

# In one order, as everybody locks several deliveries.
_SEND_AGAIN = """
    with wanted as (
        select v.id, v.type from webhook_events as v
        where v.host_id = $2 and v.at >= $3 and v.at <= $4 and v.type = any($5::text[]) and not v.is_erased
            and ($6::text is null or v.page_id is null or v.page_id = $6)
    ),
    again as (
        update webhook_deliveries as d set
            state = 'pending', tries = 0, is_repeat = true, next_attempt_at = $4, given_up = null, lane = null
        from wanted where d.event_id = wanted.id and d.webhook_id = $1 and d.state <> 'delivered'
        returning d.id
    ),
    new as (
        insert into webhook_deliveries
            (id, webhook_id, event_id, type, state, tries, is_repeat, created_at, next_attempt_at, attempts)
        select 'dlv_' || left(encode(sha256(convert_to('dlv/' || wanted.id || '/' || $1, 'utf8')), 'hex'), 32),
            $1, wanted.id, wanted.type, 'pending', 0, true, $4, $4, '[]'
        from wanted
        where not exists (select from webhook_deliveries where event_id = wanted.id and webhook_id = $1)
        order by wanted.id
        on conflict do nothing
        returning id
    )
    select (select count(*) from again) + (select count(*) from new)
"""


class PostgresWebhooks:
    def __init__(self, transaction: Transaction, vault: Vault) -> None:
        self._transaction = transaction
        self._vault = vault

    def add(self, webhook: Webhook, secrets: WebhookSecrets) -> None:
        self._transaction.write(_ADD, *WEBHOOKS.args(webhook), self._sealed(webhook.id, secrets))

    async def of(self, host_id: HostId, /) -> tuple[Webhook, ...]:
        return tuple(WEBHOOKS.read(row) for row in await self._transaction.read_all(_OF_HOST, host_id))

    async def get(self, webhook_id: WebhookId, /) -> Webhook | None:
        row = await self._transaction.read(f"select {WEBHOOKS.select} from webhooks as w where w.id = $1", webhook_id)
        return None if row is None else WEBHOOKS.read(row)

    async def lock(self, webhook_id: WebhookId, /) -> Webhook | None:
        sql = f"select {WEBHOOKS.select} from webhooks as w where w.id = $1 for no key update"
        row = await self._transaction.lock(sql, webhook_id)
        return None if row is None else WEBHOOKS.read(row)

    def save(self, webhook: Webhook) -> None:
        self._transaction.write(_SAVE, *WEBHOOKS.args(webhook))

    def remove(self, webhook: Webhook) -> None:
        self._transaction.write(_REMOVE, webhook.id, webhook.host_id)

    def forget_host(self, host_id: HostId) -> None:
        self._transaction.write("update hosts set records_events = false where id = $1", host_id)
        self._transaction.write("delete from webhooks where host_id = $1", host_id)
        self._transaction.write("delete from webhook_events where host_id = $1", host_id)

    async def secrets(self, webhook_id: WebhookId, /) -> WebhookSecrets | None:
        row = await self._transaction.read("select sealed_secrets from webhooks where id = $1", webhook_id)
        if row is None:
            return None
        return msgspec.json.decode(self._vault.open(row[0], secrets_identity(webhook_id)), type=WebhookSecrets)

    def put_secrets(self, webhook_id: WebhookId, secrets: WebhookSecrets) -> None:
        sealed = self._sealed(webhook_id, secrets)
        self._transaction.write("update webhooks set sealed_secrets = $2 where id = $1", webhook_id, sealed)

    async def listening(self, host_id: HostId, /) -> tuple[Webhook, ...] | None:
        if host_id in self._transaction.unheard:
            return None
        rows = await self._transaction.read_all(_LISTENING, host_id)
        return tuple(WEBHOOKS.read(row) for row in rows if row["w_id"] is not None) if rows else None

    def keep_events(self, host_id: HostId) -> None:
        sql = "update hosts set records_events = true where id = $1 and not records_events and closed_at is null"
        self._transaction.write(sql, host_id)

    def record(self, event: WebhookEvent, *deliveries: WebhookDelivery) -> None:
        owed = [each.id for each in deliveries], [each.webhook_id for each in deliveries]
        self._transaction.write(_RECORD, *WEBHOOK_EVENTS.args(event), *owed)

    def record_past(self, *events: WebhookEvent) -> None:
        if events:
            self._transaction.write(_RECORD_PAST, *map(list, zip(*map(WEBHOOK_EVENTS.args, events), strict=True)))

    async def events(
        self, host_id: HostId, after: WebhookEventId | None, since: datetime, limit: int, /
    ) -> tuple[WebhookEvent, ...] | None:
        if after is not None:
            known = "select from webhook_events where id = $1 and host_id = $2"
            if await self._transaction.read(known, after, host_id) is None:
                return None
        rows = await self._transaction.read_all(_EVENTS, host_id, since, after, limit)
        return tuple(WEBHOOK_EVENTS.read(row) for row in rows)

    async def last_event_at(self, host_id: HostId, /) -> datetime | None:
        row = await self._transaction.read("select max(at) from webhook_events where host_id = $1", host_id)
        return None if row is None else row[0]

    async def event(self, event_id: WebhookEventId, /) -> WebhookEvent | None:
        sql = f"select {WEBHOOK_EVENTS.select} from webhook_events as v where v.id = $1"
        row = await self._transaction.read(sql, event_id)
        return None if row is None else WEBHOOK_EVENTS.read(row)

    async def forget_guest(self, booking_id: BookingId, without_guest: Callable[[bytes], bytes], /) -> None:
        rows = await self._transaction.lock_all(_OF_BOOKING, booking_id)
        if rows:
            ids, bodies = [row["id"] for row in rows], [without_guest(row["body"]) for row in rows]
            self._transaction.write(_ERASE, ids, bodies, to_json(GuestWasErased()))

    async def take(
        self, webhook_id: WebhookId, lane: int, now: datetime, but: WebhookDeliveryId | None = None, /
    ) -> TakenDelivery | None:
        row = await self._transaction.lock(_TAKE, webhook_id, lane, now, but)
        if row is None:
            return None
        return TakenDelivery(WEBHOOK_DELIVERIES.read(row), WEBHOOK_EVENTS.read(row), row["more_due"])

    async def next_due_at(self, webhook_id: WebhookId, /, *but: WebhookDeliveryId) -> datetime | None:
        row = await self._transaction.read(_NEXT_DUE, webhook_id, but)
        return None if row is None else row[0]

    async def delivery(self, delivery_id: WebhookDeliveryId, /) -> WebhookDelivery | None:
        row = await self._transaction.read(_DELIVERY, delivery_id)
        return None if row is None else WEBHOOK_DELIVERIES.read(row)

    async def lock_delivery(self, delivery_id: WebhookDeliveryId, /) -> WebhookDelivery | None:
        row = await self._transaction.lock(f"{_DELIVERY} for no key update", delivery_id)
        return None if row is None else WEBHOOK_DELIVERIES.read(row)

    def save_delivery(self, delivery: WebhookDelivery) -> None:
        self._transaction.write(_SAVE_DELIVERY, *WEBHOOK_DELIVERIES.args(delivery))

    def count_attempt(self, problem: WebhookProblem | None) -> None:
        self._transaction.write(_COUNT_ATTEMPT, result_of(problem), getrandbits(_SHARD_BITS))

    async def deliveries(
        self, webhook_id: WebhookId, *, state: DeliveryState | None, cursor: str | None, limit: int
    ) -> DeliveryPage:
        if cursor is not None:
            known = "select from webhook_deliveries where id = $1 and webhook_id = $2"
            if await self._transaction.read(known, cursor, webhook_id) is None:
                raise InvalidInput.at("cursor", Malformed("cursor"))
        rows = await self._transaction.read_all(_DELIVERIES, webhook_id, state, cursor, limit + 1)
        items = tuple(WEBHOOK_DELIVERIES.read(row) for row in rows[:limit])
        return DeliveryPage(items, items[-1].id if len(rows) > limit else None)

    def give_up(self, webhook_id: WebhookId) -> None:
        self._transaction.write(_GIVE_UP, webhook_id, to_json(WebhookWasPaused()))

    async def send_again(self, webhook: Webhook, since: datetime, now: datetime, /) -> int:
        args = webhook.id, webhook.host_id, since, now, list(webhook.events), webhook.page_id
        row = await self._transaction.lock(_SEND_AGAIN, *args)
        return 0 if row is None else int(row[0])

    def _sealed(self, webhook_id: WebhookId, secrets: WebhookSecrets) -> bytes:
        return self._vault.seal(to_json(secrets).encode(), secrets_identity(webhook_id))


def secrets_identity(webhook_id: WebhookId) -> str:
    """The row that sealed secrets belong to; they can't be opened as another's."""
    return f"webhooks:{webhook_id}"
