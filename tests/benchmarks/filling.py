"""How a benchmark fills the database: many hosts, each with 200 bookings in one month."""

from datetime import date

import asyncpg

from tests.support.postgres import EMPTY

EACH = 200
FIRST_DAY, LAST_DAY = date(2027, 3, 1), date(2027, 3, 31)

_NEW_HOSTS = """
    insert into hosts (id, email, name, handle, timezone, language)
    select 'filler' || h, 'filler' || h || '@hosts.example', 'Filler', 'filler-' || h, 'Europe/Berlin', 'en'
    from generate_series(1, $1::integer) as h
    returning id
"""

_BOOKINGS = """
    with host as ({hosts}),
    made as (
        select id, n, timestamptz '2027-03-01 07:00Z' + (n / 9) * interval '1 day' + (n % 9) * interval '1 hour' as at
        from host, generate_series(0, $2 - 1) as n
    )
    insert into bookings (
        id, token_digest, sealed_token, host_id, page_id, event_type_id, title, start_at, end_at, occupied_from,
        occupied_until, guest_name, guest_email, guest_mailbox, guest_timezone, guest_phone, guest_language,
        host_timezone, requested, meeting_type, fallback, conference, answers, announced, revision, created_at,
        changed_at, last_change, unreached, reminders
    )
    select
        md5(id || '/' || n), sha256(('token' || id || '/' || n)::bytea), sha256('') || sha256(''), id,
        'page-of-' || id, 'event', 'Intro call', at, at + interval '30 min', at, at + interval '30 min',
        'Ana Brito', 'ana@guests.example', 'ana@guests.example', 'America/Sao_Paulo', null, 'en',
        'Europe/Berlin', 'zoom',
        '{{"type":"zoom"}}', null,
        jsonb_build_object('status', 'ready', 'join_url', 'https://us05web.zoom.us/j/' || n, 'provider', 'zoom'), '[]',
        true, 0, now(), date_trunc('second', now()), 'booked', '{{}}', '{{}}'
    from made
"""

_TWINS = """
    with twin as (
        insert into hosts (id, email, name, handle, timezone, language, email_confirmed_at)
        select 'twin' || n, 'twin' || n || '@hosts.example', name, 'twin-' || n, timezone, language, email_confirmed_at
        from hosts, generate_series(1, $2::integer) as n where id = $1
        returning id
    ),
    page as (
        insert into booking_pages
        select (p).* from (
            select jsonb_populate_record(p, jsonb_build_object('id', 'page-' || twin.id, 'host_id', twin.id)) as p
            from twin, booking_pages as p where p.host_id = $1
        ) as each
    ),
    kind as (
        insert into event_types
        select (e).* from (
            select jsonb_populate_record(
                e, jsonb_build_object('id', 'event-' || twin.id, 'page_id', 'page-' || twin.id)
            ) as e
            from twin, event_types as e join booking_pages as p on p.id = e.page_id where p.host_id = $1
        ) as each
    )
    insert into provider_connections
    select (c).* from (
        select jsonb_populate_record(c, jsonb_build_object('host_id', twin.id)) as c
        from twin, provider_connections as c where c.host_id = $1
    ) as each
"""


async def fill(url: str, bookings: int) -> None:
    """Empty the database and store so many bookings of other hosts."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(EMPTY)
        await connection.execute(_BOOKINGS.format(hosts=_NEW_HOSTS), bookings // EACH, EACH, timeout=600)
        await connection.execute("vacuum analyze", timeout=600)
    finally:
        await connection.close()


async def fill_month(url: str, host_id: str) -> None:
    """Give one host 200 bookings in March 2027, in the hours that the host is available."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(_BOOKINGS.format(hosts="select $1::text as id"), host_id, EACH)
    finally:
        await connection.close()


async def add_twins(url: str, host_id: str, count: int) -> None:
    """Make hosts `twin-1` and so on, with the same page and the same connection as this one."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(_TWINS, host_id, count)
        await connection.execute("vacuum analyze", timeout=600)
    finally:
        await connection.close()
