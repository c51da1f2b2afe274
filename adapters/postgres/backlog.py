"""Leases due rows of the outbox to the relay."""

from datetime import datetime, timedelta

from adapters.postgres.pool import Pool
from application.ports.owed import Claim


class PostgresBacklog:
    """Goes by the database's clock, which all relays share."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def claim(self, limit: int, lease: timedelta) -> list[Claim]:
        # A wish to do the work again is fulfilled by this claim, if the one before died without doing so.
        sql = """
            with due as (
                select job, subject, due_at as was_due_at from outbox
                where due_at <= now()
                order by due_at
                limit $1
                for update skip locked
            ),
            claimed as (
                update outbox as o
                set claim_id = nextval('claim_ids'),
                    due_at = now() + $2,
                    lease = $2,
                    taken = false,
                    attempts = attempts + 1,
                    again_at = case when again_at > now() then again_at end
                from due
                where o.job = due.job and o.subject = due.subject
                returning o.job, o.subject, o.claim_id, o.attempts - 1 as attempts, due.was_due_at
            )
            select job, subject, claim_id, attempts from claimed order by was_due_at, claim_id
        """
        rows = await self._pool.fetch(sql, limit, lease)
        return [Claim(row["job"], row["subject"], row["claim_id"], row["attempts"]) for row in rows]

    async def next_due_at(self) -> datetime | None:
        return await self._pool.fetchval("select min(due_at) from outbox")
