"""Deletes expired rows and seals secrets again."""

from collections.abc import Callable
from datetime import datetime, timedelta

import msgspec

from adapters.postgres.calendar_connections import access_identity
from adapters.postgres.connections import grant_identity
from adapters.postgres.guest_tokens import token_identity
from adapters.postgres.pool import Pool, Row, open_pool
from adapters.postgres.support import thread_identity
from adapters.postgres.webhooks import secrets_identity
from application.ports.vault import Unopenable, Vault
from application.webhooks.record_past import EVENTS_KEPT_FOR
from domain import security_events
from domain.api_token import KEPT_EXPIRED_FOR
from domain.session import LASTS_UNUSED
from domain.support_thread import CLOSES_AFTER, KEPT_CLOSED_FOR

_BATCH = 500

_NEXT_TOKENS = "select id, sealed_token from bookings where id > $1 order by id limit $2"

# In the order of ids, as everybody locks several bookings.
_STORE_TOKENS = """
    with locked as (
        select b.id, fresh.sealed from bookings as b
        join unnest($1::text[], $2::bytea[]) as fresh (id, sealed) on fresh.id = b.id
        order by b.id for no key update of b
    )
    update bookings as b set sealed_token = locked.sealed from locked where b.id = locked.id
"""

_KEPT_FOR = timedelta(days=1)
"""Whoever comes back late from a provider is told so, and not that the request is unknown."""

_NOTICES_KEPT_FOR = timedelta(days=7)
"""As long as Zoom itself keeps what it has sent; it repeats a notice for little more than an hour."""

_SUBMITS_KEPT_FOR = timedelta(days=7)
"""Longer than anybody repeats a submit on purpose; after that its time is taken by its own booking."""


_UNSUBSCRIBE_LINKS_KEPT_FOR = timedelta(days=400)
"""Mail is looked up again after a year; what is older than that has no meeting left to be about."""


_SWEEP_THREADS = "delete from support_threads where closed_at <= $1 or last_at <= $2"


async def sweep(pool: Pool, now: datetime) -> None:
    """Delete what has ended, such as sessions, links, challenges, handles, tries, notices, submits and conversations.

    Events for webhooks go after 30 days, security events and expired API tokens after 90. To be called every hour.
    """
    await pool.execute("delete from sessions where expires_at <= $1 or last_active_at <= $2", now, now - LASTS_UNUSED)
    await pool.execute("delete from mail_tokens where expires_at <= $1", now)
    await pool.execute("delete from passkey_challenges where expires_at <= $1", now)
    await pool.execute("delete from api_tokens where expires_at <= $1", now - KEPT_EXPIRED_FOR)
    await pool.execute("delete from former_handles where ends_at <= $1", now)
    await pool.execute("delete from former_page_slugs where ends_at <= $1", now)
    await pool.execute("delete from former_event_type_slugs where ends_at <= $1", now)
    await pool.execute("delete from authorizations where expires_at <= $1", now - _KEPT_FOR)
    await pool.execute("delete from rate_limits where ends_at <= $1", now)
    await pool.execute("delete from heard_notices where heard_at <= $1", now - _NOTICES_KEPT_FOR)
    await pool.execute(_SWEEP_THREADS, now - KEPT_CLOSED_FOR, now - KEPT_CLOSED_FOR - CLOSES_AFTER)
    await pool.execute("delete from security_events where at <= $1", now - security_events.KEPT_FOR)
    await pool.execute("delete from unsubscribe_links where made_at <= $1", now - _UNSUBSCRIBE_LINKS_KEPT_FOR)
    await pool.execute("delete from webhook_events where at <= $1", now - EVENTS_KEPT_FOR)
    await pool.execute("delete from idempotency_keys where stored_at <= $1", now - _SUBMITS_KEPT_FOR)


class Resealed(msgspec.Struct, frozen=True):
    """How many of each were sealed again; `lost` says of each that couldn't be opened why not."""

    grants: int
    calendars: int
    webhooks: int
    tokens: int
    lost_grants: tuple[str, ...] = ()
    lost_calendars: tuple[str, ...] = ()
    lost_webhooks: tuple[str, ...] = ()
    lost_tokens: tuple[str, ...] = ()


class _Kept(msgspec.Struct, frozen=True):
    """Where sealed secrets are kept: all of them with the `id` of each, and how one takes the place of another."""

    all: str
    replace: str
    identity: Callable[[Row], str]


_GRANTS = _Kept(
    "select array[host_id, provider] as id, sealed_grant as sealed from provider_connections",
    """
    update provider_connections set sealed_grant = $3
    where array[host_id, provider] = $1::text[] and sealed_grant = $2
    returning true
    """,
    lambda row: grant_identity(*row["id"]),
)

_THREADS = _Kept(
    "select id, sealed_token as sealed from support_threads",
    "update support_threads set sealed_token = $3 where id = $1 and sealed_token = $2 returning true",
    lambda row: thread_identity(row["id"]),
)

_CALENDARS = _Kept(
    "select id, sealed_access as sealed from calendar_connections",
    "update calendar_connections set sealed_access = $3 where id = $1 and sealed_access = $2 returning true",
    lambda row: access_identity(row["id"]),
)


_WEBHOOKS = _Kept(
    "select id, sealed_secrets as sealed from webhooks",
    "update webhooks set sealed_secrets = $3 where id = $1 and sealed_secrets = $2 returning true",
    lambda row: secrets_identity(row["id"]),
)


async def reseal(pool: Pool, vault: Vault) -> Resealed:
    """Seal everything with the vault's present key that is sealed with another one.

    That is grants, ways into calendars, webhooks' secrets, and the tokens of guests and of visitors of support.

    Safe to stop, and to run again, while everything else runs. Authorization requests are left as they are: they
    end before anybody drops a key.

    What can't be opened is left as it is; the others are sealed all the same.
    """
    grants, lost_grants = await _reseal_changing(pool, vault, _GRANTS)
    calendars, lost_calendars = await _reseal_changing(pool, vault, _CALENDARS)
    webhooks, lost_webhooks = await _reseal_changing(pool, vault, _WEBHOOKS)
    tokens, lost_tokens = await _reseal_tokens(pool, vault)
    threads, lost_threads = await _reseal_changing(pool, vault, _THREADS)
    return Resealed(
        grants,
        calendars,
        webhooks,
        tokens + threads,
        lost_grants,
        lost_calendars,
        lost_webhooks,
        (*lost_tokens, *lost_threads),
    )


async def _reseal_changing(pool: Pool, vault: Vault, kept: "_Kept") -> tuple[int, tuple[str, ...]]:
    """Seal what is replaced now and then, such as grants that are refreshed."""
    count = 0
    problems: dict[str, str] = {}
    # What a process that doesn't have the new key yet has sealed in between is found in the next round.
    while old := [
        row
        for row in await pool.fetch(kept.all)
        if not vault.is_current(row["sealed"]) and kept.identity(row) not in problems
    ]:
        for row in old:
            identity = kept.identity(row)
            try:
                plain = vault.open(row["sealed"], identity)
            except Unopenable as error:
                problems[identity] = str(error)
            else:
                fresh = vault.seal(plain, identity)
                # None where it was replaced or removed in between.
                count += bool(await pool.fetchval(kept.replace, row["id"], row["sealed"], fresh))
    return count, tuple(problems.values())


async def _reseal_tokens(pool: Pool, vault: Vault) -> tuple[int, tuple[str, ...]]:
    """Go through the bookings by id; a token never changes, so that only new ones can be missed.

    Those are found by the next run, and their key is the present one wherever this one is.
    """
    count, last, problems = 0, "", list[str]()
    while rows := await pool.fetch(_NEXT_TOKENS, last, _BATCH):
        last = rows[-1]["id"]
        sealed: dict[str, bytes] = {}
        for row in rows:
            if vault.is_current(row["sealed_token"]):
                continue
            try:
                plain = vault.open(row["sealed_token"], token_identity(row["id"]))
            except Unopenable as error:
                problems.append(str(error))
            else:
                sealed[row["id"]] = vault.seal(plain, token_identity(row["id"]))
        if sealed:
            await pool.execute(_STORE_TOKENS, list(sealed), list(sealed.values()))
        count += len(sealed)
    return count, tuple(problems)


async def end_leases(url: str) -> None:
    """Let jobs that a dead process had leased run now; only for where no other process can be at work."""
    async with await open_pool(url, min_size=1, max_size=1) as pool:
        await pool.execute("update outbox set due_at = now() where lease_id is not null")
