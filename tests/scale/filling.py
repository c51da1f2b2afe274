"""How a database is filled as if an installation had grown: hosts with pages, accounts and calendars, and bookings."""

import sys
from datetime import date

import asyncpg
import msgspec

from tests.benchmarks.filling import add_twins

MARCH = date(2027, 3, 1), date(2027, 3, 31)

_AT_ONCE = 500
"""Hosts a statement, so that one stays within memory."""

# Ninety-eight in the past, and two to come with a reminder each.
_BOOKINGS = """
    with host as (select 'twin' || h as id from generate_series($1::integer, $2) as h),
    made as (
        select
            id, n, md5(id || '/' || n) as booking,
            date_trunc('day', now()) + interval '9 hours' + (n - $3 + 3) * interval '1 day' as at
        from host, generate_series(1, $3) as n
    ),
    stored as (
        insert into bookings (
            id, token_digest, sealed_token, host_id, page_id, event_type_id, title, start_at, end_at, occupied_from,
            occupied_until, guest_name, guest_email, guest_mailbox, guest_timezone, guest_phone, guest_language,
            host_timezone, requested, meeting_type, fallback, conference, answers, announced, revision, created_at,
            changed_at, last_change, unreached, reminders
        )
        select
            booking, sha256(booking::bytea), sha256('') || sha256(''), id, 'page-' || id, 'event-' || id, 'Intro call',
            at, at + interval '30 min', at, at + interval '30 min', 'Ana Brito', booking || '@guests.example',
            booking || '@guests.example', 'America/Sao_Paulo', null, 'en', 'Europe/Berlin', 'zoom', '{"type":"zoom"}',
            null,
            jsonb_build_object('status', 'ready', 'join_url', 'https://us05web.zoom.us/j/' || n, 'provider', 'zoom'),
            '[]', true, 0, at - interval '9 days', at - interval '9 days', 'booked', '{}', '{}'
        from made
    ),
    noted as (
        insert into booking_events (booking_id, at, what, version, event)
        select booking, at - interval '9 days', 'booked', 1, '{"what":"booked"}' from made
    )
    insert into outbox (job, key, payload, due_at)
    select
        'remind_guest', booking, jsonb_build_object('job', 'remind_guest', 'booking_id', booking),
        at - interval '1 hour'
    from made where at > now() + interval '1 day'
"""

_CALENDARS = """
    with connection as (
        insert into calendar_connections (
            id, host_id, kind, account, connected_at, login, lacks, left_out, sealed_access
        )
        select 'calendars-' || h, 'twin' || h, 'google', h || '@calendars.example', now(), h::text, '[]', 0, ''
        from generate_series($1::integer, $2) as h
        returning id, host_id
    )
    insert into calendars (
        id, connection_id, host_id, kind, name, timezone, host_timezone, remote_id, is_main, writable, rules_apply,
        rules, read_at, read_until, readable_until, failures, host_notified, unreadable_events, is_doubted, is_awaited,
        revision, times, blocked_from, blocked_until, digest
    )
    select
        'calendar-' || host_id, id, host_id, 'google', 'Work', 'Europe/Berlin', 'Europe/Berlin', 'primary', true, true,
        true, '{}', now(), now() + interval '400 days', now() + interval '400 days', 0, false, 0, false, false, 1, '',
        nights.starts, nights.ends, ''
    from connection, (
        select
            array_agg(date_part('epoch', at)) as starts, array_agg(date_part('epoch', at + interval '15 min')) as ends
        from (
            select timestamptz '2027-01-01 23:00Z' + n * interval '1 day' as at from generate_series(0, 299) as n
        ) as each
    ) as nights
"""

_BLOCKING = """
    update booking_pages as p
    set calendars = jsonb_set(p.calendars, '{blocking}', jsonb_build_array(c.id))
    from calendars as c where c.host_id = p.host_id
"""


class Size(msgspec.Struct, frozen=True):
    """Hosts with a page and a Zoom account each, `bookings` of each, and how many of them have a calendar."""

    hosts: int
    bookings: int
    calendars: int


async def grow(url: str, host_id: str, size: Size) -> None:
    """Add hosts `twin-1` and so on, as this one is."""
    await add_twins(url, host_id, size.hosts)
    connection = await asyncpg.connect(url, command_timeout=3600)
    try:
        for first in range(1, size.hosts + 1, _AT_ONCE):
            last = min(first + _AT_ONCE - 1, size.hosts)
            await connection.execute(_BOOKINGS, first, last, size.bookings)
            if first % 10_000 == 1 and first > 1:
                print(f"… {first * size.bookings:,} bookings", file=sys.stderr)
        await connection.execute(_CALENDARS, size.hosts - size.calendars + 1, size.hosts)
        await connection.execute(_BLOCKING)
        await connection.execute("vacuum analyze")
    finally:
        await connection.close()
