"""Security events, kept for their hosts' lists."""

from datetime import datetime

import msgspec

from adapters.postgres.table import to_json
from adapters.postgres.transaction import Transaction
from domain.ids import HostId
from domain.security_events import MOST_FAILURES, SecurityEvent, SignInFailed, SignInLocked, what_of

# Somebody may fail to sign in while the account is being erased.
_RECORD = """
    insert into security_events (host_id, at, what, event)
    select $1::text, $2::timestamptz, $3::text, $4::jsonb where exists (select from hosts where id = $1)
"""

# Nobody may learn from the time that the disk takes whether there is an account, so this commit doesn't wait for it.
_RECORD_FAILURE = f"""
    insert into security_events (host_id, at, what, event)
    select $1::text, $2::timestamptz, $3::text, $4::jsonb
    where set_config('synchronous_commit', 'off', true) = 'off'
        and exists (select from hosts where id = $1)
        and (
            select count(*) from security_events
            where host_id = $1 and what = $3 and at > $2::timestamptz - interval '1 day'
        ) < {MOST_FAILURES}
"""

_OF = """
    select array_agg(event::text) as events from (
        select event from security_events
        where host_id = $1 and at > $2 and at <= coalesce($4::timestamptz, 'infinity')
        order by at desc, sequence desc limit $3
    ) as latest
"""

_event: msgspec.json.Decoder[SecurityEvent] = msgspec.json.Decoder(SecurityEvent)


class PostgresSecurityLog:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._recorded: list[SecurityEvent] = []

    @property
    def recorded(self) -> tuple[SecurityEvent, ...]:
        """What was recorded in this unit."""
        return tuple(self._recorded)

    def record(self, event: SecurityEvent) -> None:
        self._recorded.append(event)
        sql = _RECORD_FAILURE if isinstance(event, SignInFailed | SignInLocked) else _RECORD
        self._transaction.write(sql, event.host_id, event.at, what_of(event), to_json(event))

    async def of(
        self, host_id: HostId, since: datetime, limit: int | None, until: datetime | None = None, /
    ) -> tuple[SecurityEvent, ...]:
        row = await self._transaction.read(_OF, host_id, since, limit, until)
        return tuple(_event.decode(each) for each in (row["events"] if row else None) or ())
