"""The deliveries of events to webhooks."""

from datetime import datetime
from random import getrandbits

from adapters.postgres.table import to_json
from adapters.postgres.tables import WEBHOOK_DELIVERIES, WEBHOOK_EVENTS
from adapters.postgres.transaction import Transaction
from application.ports.webhook_deliveries import DeliveryPage, TakenDelivery
from domain.errors import InvalidInput
from domain.faults import Malformed
from domain.ids import WebhookDeliveryId, WebhookId
from domain.webhook import Webhook
from domain.webhook_delivery import DeliveryState, WebhookDelivery
from domain.webhook_problem import WebhookProblem, WebhookWasPaused, result_of

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

_GET = f"select {WEBHOOK_DELIVERIES.select} from webhook_deliveries as d where d.id = $1"

_SAVE = f"""
    update webhook_deliveries set ({WEBHOOK_DELIVERIES.columns}, lane) = ({WEBHOOK_DELIVERIES.placeholders()}, null)
    where id = $1
"""

_SHARD_BITS = 4

_COUNT_ATTEMPT = """
    insert into webhook_attempt_counts as c (result, shard, count) values ($1, $2, 1)
    on conflict (result, shard) do update set count = c.count + 1
"""

_OF_WEBHOOK = f"""
    select {WEBHOOK_DELIVERIES.select} from webhook_deliveries as d
    where d.webhook_id = $1 and ($2::text is null or d.state = $2)
        and ($3::text is null or d.position < (select position from webhook_deliveries where id = $3))
    order by d.position desc limit $4
"""

_GIVE_UP = """
    update webhook_deliveries set state = 'failed', next_attempt_at = null, lane = null, given_up = $2
    where webhook_id = $1 and state = 'pending'
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


class PostgresWebhookDeliveries:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

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

    async def get(self, delivery_id: WebhookDeliveryId, /) -> WebhookDelivery | None:
        row = await self._transaction.read(_GET, delivery_id)
        return None if row is None else WEBHOOK_DELIVERIES.read(row)

    async def lock(self, delivery_id: WebhookDeliveryId, /) -> WebhookDelivery | None:
        row = await self._transaction.lock(f"{_GET} for no key update", delivery_id)
        return None if row is None else WEBHOOK_DELIVERIES.read(row)

    def save(self, delivery: WebhookDelivery) -> None:
        self._transaction.write(_SAVE, *WEBHOOK_DELIVERIES.args(delivery))

    def count_attempt(self, problem: WebhookProblem | None) -> None:
        self._transaction.write(_COUNT_ATTEMPT, result_of(problem), getrandbits(_SHARD_BITS))

    async def of(
        self, webhook_id: WebhookId, *, state: DeliveryState | None, cursor: str | None, limit: int
    ) -> DeliveryPage:
        if cursor is not None:
            known = "select from webhook_deliveries where id = $1 and webhook_id = $2"
            if await self._transaction.read(known, cursor, webhook_id) is None:
                raise InvalidInput.at("cursor", Malformed("cursor"))
        rows = await self._transaction.read_all(_OF_WEBHOOK, webhook_id, state, cursor, limit + 1)
        items = tuple(WEBHOOK_DELIVERIES.read(row) for row in rows[:limit])
        return DeliveryPage(items, items[-1].id if len(rows) > limit else None)

    def give_up(self, webhook_id: WebhookId) -> None:
        self._transaction.write(_GIVE_UP, webhook_id, to_json(WebhookWasPaused()))

    async def send_again(self, webhook: Webhook, since: datetime, now: datetime, /) -> int:
        args = webhook.id, webhook.host_id, since, now, list(webhook.events), webhook.page_id
        row = await self._transaction.lock(_SEND_AGAIN, *args)
        return 0 if row is None else int(row[0])
