"""Say in words what is wrong with this installation."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from datetime import UTC, datetime, timedelta

import asyncpg
import dramatiq

from adapters.jobs.broker import make_broker
from adapters.mail.smtp import SmtpMailer
from adapters.postgres.migrate import MigrationError, pending
from application.ports.mail import MailError
from entrypoints.health import OK, check_broker
from entrypoints.settings import Settings, SettingsError, read_settings

MOST_SKEW = timedelta(seconds=2)
OLDEST_POSTGRES = 15_00_00


def run(environ: Mapping[str, str]) -> int:
    """Print one line for each part; returns 1 if anything is wrong."""
    try:
        settings = read_settings(environ)
    except SettingsError as error:
        print(f"✗ settings: {error}")
        return 1
    print(f"✓ settings: public address {settings.public_url}")
    return asyncio.run(_report(settings))


async def _report(settings: Settings) -> int:
    wrong = 0
    async for part, trouble, fine in _checks(settings):
        print(f"✗ {part}: {trouble}" if trouble else f"✓ {part}: {fine}")
        wrong += trouble is not None
    return 1 if wrong else 0


async def _checks(settings: Settings) -> AsyncGenerator[tuple[str, str | None, str]]:
    """Yield each part's name, what is wrong with it, and what to say if nothing is."""
    yield "secret keys", None if settings.secret_keys else "TIMETUNA_SECRET_KEYS is not set", "set"
    async for each in _database(settings.database_url):
        yield each
    yield "broker", await _broker(settings.broker_url), (settings.broker_url and "answers") or "inside the web process"
    yield "mail", await _mail(settings), "the server takes our log-in"
    yield "Zoom", None, "set up" if settings.zoom else "not set up on this server; hosts can’t connect it"


async def _database(url: str | None) -> AsyncGenerator[tuple[str, str | None, str]]:
    if url is None:
        yield "database", "TIMETUNA_DATABASE_URL is not set", ""
        return
    try:
        connection = await asyncpg.connect(url, timeout=5)
    except (OSError, TimeoutError, asyncpg.PostgresError) as error:
        yield "database", f"can’t be reached: {error}", ""
        return
    try:
        version = int(await connection.fetchval("show server_version_num"))
        old = f"PostgreSQL 15 or newer is needed, this is {version // 10_000}" if version < OLDEST_POSTGRES else None
        yield "database", old, f"PostgreSQL {version // 10_000}"
        yield "schema", await _schema(connection), "up to date"
        skew = abs(await connection.fetchval("select clock_timestamp()") - datetime.now(UTC))
        yield "clock", _skewed(skew), "agrees with the database’s"
    finally:
        await connection.close()


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


async def _broker(url: str | None) -> str | None:
    broker: dramatiq.Broker = make_broker(url)
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
        return error.reason
    return None
