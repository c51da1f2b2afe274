"""Work that is owed.

A claimed row has a `claim_id`, and its `due_at` is the end of the lease. Leases go by the database's clock, due work by
the application's: the two are expected to agree within a second or so, and nothing worse than that follows if not.
"""

from datetime import datetime

from adapters.postgres.pool import Row
from adapters.postgres.transaction import Transaction
from application.ports.owed import Claim, JobName, Work

# Work that somebody has a claim on is left alone, and wanted again afterwards. Everybody takes rows in the same order,
# so nobody waits in a circle.
_OWE = """
    insert into outbox as o (job, subject, due_at)
    select job, subject, min(due_at)
    from unnest($1::text[], $2::text[], $3::timestamptz[]) as work (job, subject, due_at)
    group by job, subject order by job collate "C", subject collate "C"
    on conflict (job, subject) do update set
        due_at = case when o.claim_id is null then least(o.due_at, excluded.due_at) else o.due_at end,
        attempts = case when o.claim_id is null and excluded.due_at < o.due_at then 0 else o.attempts end,
        again_at = case when o.claim_id is not null then least(o.again_at, excluded.due_at) end
"""

# The lease starts again, so that a message's way through the broker doesn't shorten it.
_TAKE = """
    update outbox set taken = true, due_at = clock_timestamp() + lease
    where job = $1 and subject = $2 and claim_id = $3 and not taken and due_at > clock_timestamp()
    returning job
"""

# Locked first: whoever owes the work again in this moment is seen either here or by nobody's claim.
_SETTLE = """
    with settling as (
        select again_at from outbox where job = $1 and subject = $2 and claim_id = $3 for update
    ),
    settled as (
        delete from outbox using settling
        where job = $1 and subject = $2 and claim_id = $3 and settling.again_at is null
    ),
    resumed as (
        update outbox
        set due_at = settling.again_at, again_at = null, attempts = 0, claim_id = null, taken = false
        from settling
        where job = $1 and subject = $2 and claim_id = $3 and settling.again_at is not null
    )
    select exists (select from settling where again_at is not null) as is_resumed
"""

_POSTPONE = """
    update outbox set due_at = least($4, again_at), again_at = null, claim_id = null, taken = false
    where job = $1 and subject = $2 and claim_id = $3
"""


class PostgresOwed:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def owe(self, *work: Work) -> None:
        if not work:
            return
        jobs, subjects = [each.job for each in work], [each.subject for each in work]
        self._transaction.write(_OWE, jobs, subjects, [each.due_at for each in work])
        self._transaction.makes_work_due = True

    async def take(self, claim: Claim, /) -> bool:
        return await self._transaction.lock(_TAKE, claim.job, claim.subject, claim.id) is not None

    def settle(self, claim: Claim, /) -> None:
        self._transaction.write(_SETTLE, claim.job, claim.subject, claim.id, check=self._note_resumed)

    def postpone(self, claim: Claim, due_at: datetime, /) -> None:
        self._transaction.write(_POSTPONE, claim.job, claim.subject, claim.id, due_at)
        self._transaction.makes_work_due = True

    def forgo(self, job: JobName, subject: str) -> None:
        self._transaction.write("delete from outbox where job = $1 and subject = $2", job, subject)

    def _note_resumed(self, row: Row | None) -> None:
        self._transaction.makes_work_due |= row is not None and row["is_resumed"]
