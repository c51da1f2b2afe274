"""Deletes expired rows and seals secrets again."""

from datetime import datetime, timedelta

import msgspec

from adapters.postgres.calendars import access_identity
from adapters.postgres.connections import grant_identity
from adapters.postgres.guest_tokens import token_identity
from adapters.postgres.pool import Pool, Row, open_pool
from application.ports.vault import Unopenable, Vault
from domain import security_events
from domain.session import LASTS_UNUSED

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

_SUPPORT_KEPT_FOR = timedelta(days=30)
"""A message that no mail server has taken by then has lost its point, and it is about somebody."""


_UNSUBSCRIBE_LINKS_KEPT_FOR = timedelta(days=400)
"""Mail is looked up again after a year; what is older than that has no meeting left to be about."""


async def sweep(pool: Pool, now: datetime) -> None:
    """Delete what has ended, such as sessions, links, challenges, handles, tries, notices, submits and messages.

    Security events as well, after 90 days. To be called every hour.
    """
    await pool.execute("delete from sessions where expires_at <= $1 or last_active_at <= $2", now, now - LASTS_UNUSED)
    await pool.execute("delete from mail_tokens where expires_at <= $1", now)
    await pool.execute("delete from passkey_challenges where expires_at <= $1", now)
    await pool.execute("delete from former_handles where ends_at <= $1", now)
    await pool.execute("delete from authorizations where expires_at <= $1", now - _KEPT_FOR)
    await pool.execute("delete from rate_limits where ends_at <= $1", now)
    await pool.execute("delete from heard_notices where heard_at <= $1", now - _NOTICES_KEPT_FOR)
    await pool.execute("delete from support_requests where sent_at <= $1", now - _SUPPORT_KEPT_FOR)
    await pool.execute("delete from security_events where at <= $1", now - security_events.KEPT_FOR)
    await pool.execute("delete from unsubscribe_links where made_at <= $1", now - _UNSUBSCRIBE_LINKS_KEPT_FOR)
    await pool.execute("delete from idempotency_keys where stored_at <= $1", now - _SUBMITS_KEPT_FOR)


class Resealed(msgspec.Struct, frozen=True):
    """How many of each were sealed again; `lost` says of each that couldn't be opened why not."""

    grants: int
    calendars: int
    tokens: int
    lost_grants: tuple[str, ...] = ()
    lost_calendars: tuple[str, ...] = ()
    lost_tokens: tuple[str, ...] = ()


async def reseal(pool: Pool, vault: Vault) -> Resealed:
    """Seal everything with the vault's present key that is sealed with another one.

    That is grants, ways into calendars, and guests' tokens.

    Safe to stop, and to run again, while everything else runs. Authorization requests are left as they are: they
    end before anybody drops a key.

    What can't be opened is left as it is; the others are sealed all the same.
    """
    grants, lost_grants = await _reseal_grants(pool, vault)
    calendars, lost_calendars = await _reseal_calendars(pool, vault)
    tokens, lost_tokens = await _reseal_tokens(pool, vault)
    return Resealed(grants, calendars, tokens, lost_grants, lost_calendars, lost_tokens)


async def _reseal_grants(pool: Pool, vault: Vault) -> tuple[int, tuple[str, ...]]:
    count = 0
    problems: dict[str, str] = {}
    # What a process that doesn't have the new key yet has sealed in between is found in the next round.
    while old := [row for row in await _grants(pool, vault) if _identity(row) not in problems]:
        for row in old:
            try:
                plain = vault.open(row["sealed_grant"], _identity(row))
            except Unopenable as error:
                problems[_identity(row)] = str(error)
            else:
                count += await _replaced(pool, row, vault.seal(plain, _identity(row)))
    return count, tuple(problems.values())


async def _reseal_calendars(pool: Pool, vault: Vault) -> tuple[int, tuple[str, ...]]:
    """What it takes to get in never changes, so that only new connections can be missed, as with tokens."""
    count, problems = 0, list[str]()
    for row in await pool.fetch("select id, sealed_access from calendar_connections"):
        if vault.is_current(row["sealed_access"]):
            continue
        try:
            plain = vault.open(row["sealed_access"], access_identity(row["id"]))
        except Unopenable as error:
            problems.append(str(error))
        else:
            sql = "update calendar_connections set sealed_access = $2 where id = $1 returning true"
            count += bool(await pool.fetchval(sql, row["id"], vault.seal(plain, access_identity(row["id"]))))
    return count, tuple(problems)


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


async def _grants(pool: Pool, vault: Vault) -> list[Row]:
    rows = await pool.fetch("select host_id, provider, sealed_grant from provider_connections")
    return [row for row in rows if not vault.is_current(row["sealed_grant"])]


async def _replaced(pool: Pool, row: Row, sealed: bytes) -> bool:
    """Store it, unless the grant was refreshed or removed in between."""
    sql = """
        update provider_connections set sealed_grant = $3
        where host_id = $1 and provider = $2 and sealed_grant = $4
        returning true
    """
    return bool(await pool.fetchval(sql, row["host_id"], row["provider"], sealed, row["sealed_grant"]))


def _identity(row: Row) -> str:
    return grant_identity(row["host_id"], row["provider"])
