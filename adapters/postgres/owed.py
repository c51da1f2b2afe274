"""How is owed work written down, taken and struck off?

A claimed row has a `claim_id`, and its `due_at` is the end of the lease. Leases go by the database's clock, due work by
the application's: the two are expected to agree within a second or so, and nothing worse than that follows if not.
"""

from datetime import datetime

from adapters.postgres.statements import Write
from adapters.postgres.transaction import LazyTransaction
from application.ports.owed import Claim, JobName, Work

# Work that somebody has a claim on is left alone, and wanted again afterwards.
_OWE = """
    owed as (
        insert into outbox as o (job, subject, due_at)
        select * from unnest($1::text[], $2::text[], $3::timestamptz[])
        on conflict (job, subject) do update set
            due_at = case when o.claim_id is null then least(o.due_at, excluded.due_at) else o.due_at end,
            attempts = case when o.claim_id is null and excluded.due_at < o.due_at then 0 else o.attempts end,
            again_at = case when o.claim_id is not null then least(o.again_at, excluded.due_at) end
    )
"""

# The lease starts again, so that a message's way through the broker doesn't shorten it.
_TAKE = """
    update outbox set taken = true, due_at = clock_timestamp() + lease
    where job = $1 and subject = $2 and claim_id = $3 and not taken and due_at > clock_timestamp()
    returning job
"""

# Locked first: whoever owes the work again in this moment is seen either here or by nobody's claim.
_SETTLE = """
    settling as (
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
"""

_POSTPONE = """
    postponed as (
        update outbox
        set due_at = least($4, again_at), again_at = null, claim_id = null, taken = false
        where job = $1 and subject = $2 and claim_id = $3
    )
"""

_FORGO = """
    forgone as (
        delete from outbox using unnest($1::text[], $2::text[]) as pointless (job, subject)
        where outbox.job = pointless.job and outbox.subject = pointless.subject
    )
"""


class PostgresOwed:
    def __init__(self, transaction: LazyTransaction) -> None:
        self._transaction = transaction

    def owe(self, *work: Work) -> None:
        earliest: dict[tuple[str, str], datetime] = {}
        for each in work:
            name = (each.job, each.subject)
            earliest[name] = min(each.due_at, earliest.get(name, each.due_at))
        if not earliest:
            return
        # Everybody takes rows in the same order, so nobody waits in a circle.
        in_order = sorted(earliest.items())
        args = (
            [job for (job, _), _ in in_order],
            [subject for (_, subject), _ in in_order],
            [at for _, at in in_order],
        )
        touches = frozenset(_row(job, subject) for job, subject in earliest)
        self._transaction.write(Write("owed", _OWE, args, stacks=True, touches=touches, brings_work=True))

    async def take(self, claim: Claim, /) -> bool:
        return await self._transaction.lock(_TAKE, claim.job, claim.subject, claim.id) is not None

    def settle(self, claim: Claim, /) -> None:
        self._transaction.write(
            Write(
                "settled",
                _SETTLE,
                (claim.job, claim.subject, claim.id),
                touches=frozenset({_row(claim.job, claim.subject)}),
                returns="exists (select from settling where again_at is not null)",
            )
        )

    def postpone(self, claim: Claim, due_at: datetime, /) -> None:
        self._transaction.write(
            Write(
                "postponed",
                _POSTPONE,
                (claim.job, claim.subject, claim.id, due_at),
                touches=frozenset({_row(claim.job, claim.subject)}),
                brings_work=True,
            )
        )

    def forgo(self, job: JobName, subject: str) -> None:
        touches = frozenset({_row(job, subject)})
        self._transaction.write(Write("forgone", _FORGO, ([job], [subject]), stacks=True, touches=touches))


def _row(job: str, subject: str) -> str:
    return f"outbox:{job}:{subject}"
