"""Say in words what is wrong with this installation."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from datetime import UTC, datetime, timedelta

import asyncpg

from adapters.mail.smtp import SmtpMailer
from adapters.postgres.backlog import PostgresBacklog
from adapters.postgres.migrate import MigrationError, pending
from adapters.postgres.pool import connect, open_pool, port_of
from adapters.postgres.pooler import open_transaction_pool
from adapters.presentation.sentences.mail_problems import mail_problem_words
from application.calendars.timings import CalendarTimings
from application.ports.mail import MailError
from domain.calendar import CalendarKind
from domain.text import one_line
from entrypoints.broker import broker_at
from entrypoints.database import OLD_SCHEMA, UNREACHABLE, in_words
from entrypoints.disk import LEAST_FREE, Disk, disk_of
from entrypoints.health import OK, check_broker
from entrypoints.settings import Settings, SettingsError, is_loopback, is_plain_http, read_settings
from entrypoints.work_watch import overdue_since

MOST_SKEW = timedelta(seconds=2)
OLDEST_POSTGRES = 15_00_00

NOT_SET_UP = "not set up on this server; hosts can’t connect it"

SHORTEST_METRICS_TOKEN = 16

POOLER_PATIENCE = 5.0

LATE = 1.25
"""Of a calendar's next reading: times are spread, and the reading takes a while."""

LONGEST_OVERDUE = timedelta(minutes=2)
"""Longer than it takes until the work of a worker that died is taken up again."""


def run(environ: Mapping[str, str]) -> int:
    """Print one line for each part; returns 1 if anything is wrong."""
    try:
        settings = read_settings(environ)
    except SettingsError as error:
        print(f"✗ settings: {error}")
        return 1
    print("✓ settings: well-formed")
    return asyncio.run(_report(settings))


async def _report(settings: Settings) -> int:
    wrong = 0
    async for part, trouble, fine in checks(settings):
        print(f"✗ {part}: {trouble}" if trouble else f"✓ {part}: {fine}")
        wrong += trouble is not None
    return 1 if wrong else 0


async def checks(settings: Settings) -> AsyncGenerator[tuple[str, str | None, str]]:
    """Yield each part's name, what is wrong with it, and what to say if nothing is."""
    yield "public address", _public_url(settings.public_url), settings.public_url
    yield "metrics", _metrics(settings.metrics_token), _who_reads_metrics(settings.metrics_token)
    timings = settings.calendar_timings
    yield "calendars", _calendars(timings), f"read every {timings.calendar_poll.total_seconds():.0f} s"
    yield "secret keys", None if settings.secret_keys else "TIMETUNA_SECRET_KEYS is not set", "set"
    async for each in _database(settings.server_url, settings.server_setting):
        yield each
    if settings.database_url and settings.database_direct_url:
        yield "pooler", await _pooler(settings.database_url), "gives out connections"
    yield "broker", await _broker(settings.broker_url), (settings.broker_url and "answers") or "inside the web process"
    yield "mail", await _mail(settings), "the server takes our log-in"
    yield "sender", _sender(settings), _sends_as(settings.mail_from)
    yield "Zoom", None, _zoom(settings)
    yield "Google Meet", None, "set up" if settings.google else NOT_SET_UP
    yield "Microsoft Teams", None, "set up" if settings.microsoft else NOT_SET_UP


def _public_url(url: str) -> str | None:
    if not is_plain_http(url):
        return None
    return (
        f"{url} isn’t https: passwords and guests’ links can be read on their way, and session cookies go without "
        "“Secure”, which browsers take over https alone; put TLS in front, and https:// into TIMETUNA_PUBLIC_URL"
    )


def _metrics(token: str | None) -> str | None:
    if token is None or len(token) >= SHORTEST_METRICS_TOKEN:
        return None
    return (
        f"TIMETUNA_METRICS_TOKEN has fewer than {SHORTEST_METRICS_TOKEN} characters and can be guessed; "
        "make one with: openssl rand -hex 32"
    )


def _who_reads_metrics(token: str | None) -> str:
    return "for this machine alone" if token is None else "for whoever has the token"


def _calendars(timings: CalendarTimings) -> str | None:
    kinds: dict[str, CalendarKind] = {"CALENDAR_POLL_SECONDS": "caldav", "FEED_POLL_SECONDS": "ical_feed"}
    for name, kind in kinds.items():
        poll, grace = timings.poll(kind), timings.grace_of(kind)
        if grace < LATE * poll:
            return (
                f"a reading counts for {grace.total_seconds():.0f} s and the next one begins after "
                f"{poll.total_seconds():.0f} s, so pages close in between; make TIMETUNA_CALENDAR_GRACE_SECONDS "
                f"longer, or TIMETUNA_{name} shorter"
            )
    return None


def _zoom(settings: Settings) -> str:
    if settings.zoom is None:
        return NOT_SET_UP
    if not settings.zoom.secret_tokens:
        return "set up, but without TIMETUNA_ZOOM_SECRET_TOKENS: who removes the app at Zoom goes unheard"
    return "set up"


async def _database(url: str | None, setting: str) -> AsyncGenerator[tuple[str, str | None, str]]:
    if url is None:
        yield "database", "TIMETUNA_DATABASE_URL is not set", ""
        return
    try:
        connection = await connect(url)
    except UNREACHABLE as error:
        yield "database", f"TIMETUNA_{setting} can’t be used: {in_words(error)}", ""
        return
    try:
        version = int(await connection.fetchval("show server_version_num"))
        old = f"PostgreSQL 15 or newer is needed, this is {version // 10_000}" if version < OLDEST_POSTGRES else None
        yield "database", old, f"PostgreSQL {version // 10_000}"
        yield "schema", await _schema(connection), "up to date"
        skew = abs(await connection.fetchval("select clock_timestamp()") - datetime.now(UTC))
        yield "clock", _skewed(skew), "agrees with the database’s"
        if disk := await _disk(connection):
            yield "disk", _full(disk), f"{_room(disk)} where the data is"
    finally:
        await connection.close()
    if not old:
        yield "jobs", await _overdue(url), "nothing is overdue"


async def _overdue(url: str) -> str | None:
    async with await open_pool(url, min_size=1, max_size=1) as pool:
        try:
            since = await overdue_since(PostgresBacklog(pool), LONGEST_OVERDUE)
        except OLD_SCHEMA:
            return "unknown: the schema is missing or old"
    if since is None:
        return None
    return (
        f"has been waiting since {since:%Y-%m-%d %H:%M} UTC; is “timetuna worker” running, and does the broker answer?"
    )


async def _pooler(url: str) -> str | None:
    try:
        async with asyncio.timeout(POOLER_PATIENCE), await open_transaction_pool(url, min_size=1, max_size=1) as pool:
            await pool.fetchval("select 1")
    except UNREACHABLE as error:
        return f"TIMETUNA_DATABASE_URL can’t be used: {in_words(error)}"
    return None


async def _schema(connection: asyncpg.Connection) -> str | None:
    try:
        missing = await pending(connection)
    except MigrationError as error:
        return str(error)
    return f"run “timetuna migrate”; missing: {', '.join(missing)}" if missing else None


def _skewed(skew: timedelta) -> str | None:
    if skew <= MOST_SKEW:
        return None
    return f"differs from the database’s by {skew.total_seconds():.0f} seconds; set both by NTP"


async def _disk(connection: asyncpg.Connection) -> Disk | None:
    """The disk that the data is on, if the server is on this machine and tells our role its folder.

    Behind a tunnel it says that it is at 127.0.0.1 as well, but has another's port for ours; this machine may have a
    folder of that name, too.
    """
    sql = """
        select setting from pg_settings
        where name = 'data_directory' and inet_client_port() is not distinct from $1
            and (inet_server_addr() is null or inet_server_addr() in ('127.0.0.1', '::1'))
    """
    folder = await connection.fetchval(sql, port_of(connection))
    return None if folder is None else disk_of(folder)


def _full(disk: Disk) -> str | None:
    if not disk.is_full:
        return None
    return (
        f"only {_room(disk)} where the data is, less than {LEAST_FREE:.0%}; make room: "
        "on a full disk PostgreSQL refuses what it can’t store, or stops"
    )


def _room(disk: Disk) -> str:
    return f"{disk.free / 1e9:.1f} GB of {disk.size / 1e9:.1f} GB are free"


async def _broker(url: str | None) -> str | None:
    try:
        broker = broker_at(url)
    except SettingsError as error:
        return str(error)
    try:
        found = await check_broker(broker)
    finally:
        broker.close()
    return None if found == OK else found


async def _mail(settings: Settings) -> str | None:
    if settings.smtp is None:
        return "TIMETUNA_SMTP_URL is not set"
    try:
        await SmtpMailer(settings.smtp, settings.mail_from, settings.public_url).check()
    except MailError as error:
        cause = one_line(str(error.__cause__), 300)
        return f"{mail_problem_words(error.problem)} ({cause})"
    return None


def _sender(settings: Settings) -> str | None:
    if settings.smtp is None or is_loopback(settings.smtp.host) or not _is_local(settings.mail_from):
        return None
    return (
        f"emails leave as {settings.mail_from}, which others refuse or take for spam; put your own address into "
        "TIMETUNA_MAIL_FROM before the first booking, for calendars hold on to it"
    )


def _sends_as(mail_from: str) -> str:
    return f"{mail_from}, for mailboxes of this machine; set TIMETUNA_MAIL_FROM" if _is_local(mail_from) else mail_from


def _is_local(mail_from: str) -> bool:
    return mail_from.endswith("@localhost")
