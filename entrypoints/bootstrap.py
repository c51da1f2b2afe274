"""The composition root: adapters meet use cases here, and nowhere else."""

import random
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from adapters.caldav.reader import CaldavReader
from adapters.caldav.writer import CaldavWriter
from adapters.google.calendar_account import GoogleCalendarAccountClient
from adapters.google.calendar_notices import GoogleCalendarNotices
from adapters.google.calendar_reader import GoogleCalendarReader
from adapters.google.calendar_requests import GoogleCalendarRequests
from adapters.google.calendar_watcher import GoogleCalendarWatcher
from adapters.google.calendar_writer import GoogleCalendarWriter
from adapters.google.client import GoogleMeetClient
from adapters.http.api.webhook_bodies import JsonWebhookBodies
from adapters.http_client.addresses import Reachable
from adapters.http_client.fetching import BoundedFetcher
from adapters.http_client.pinned import PinnedTransport
from adapters.ical_feed.reader import IcalFeedReader
from adapters.images.pillow import PillowPictures, PillowScreenshots
from adapters.locales.catalogues import languages
from adapters.mail.calendar_file import IcalendarFiles
from adapters.mail.entry_texts import BookingEntryTexts
from adapters.mail.smtp import SmtpMailer
from adapters.microsoft.calendar_account import MicrosoftCalendarAccountClient
from adapters.microsoft.calendar_reader import MicrosoftCalendarReader
from adapters.microsoft.calendar_watcher import MicrosoftCalendarNotices, MicrosoftCalendarWatcher
from adapters.microsoft.calendar_writer import MicrosoftCalendarWriter
from adapters.microsoft.client import MicrosoftTeamsClient
from adapters.microsoft.mailbox_calls import MailboxCalls
from adapters.postgres.accounts import PostgresAuthorizations
from adapters.postgres.api_tokens import PostgresBearerTokens
from adapters.postgres.backlog import PostgresBacklog
from adapters.postgres.changes import PostgresChanges
from adapters.postgres.pool import Pool, open_pool
from adapters.postgres.pooler import open_transaction_pool
from adapters.postgres.rate_limiter import PostgresRateLimiter
from adapters.postgres.sessions import PostgresSessions
from adapters.postgres.unit_of_work import PostgresStore
from adapters.postgres.views import PostgresViews
from adapters.public_holidays.calculated import CalculatedHolidays
from adapters.recurrence.working_out import WorkOut
from adapters.vault.common_passwords import CommonPasswords
from adapters.vault.desk_links import KeyedDeskLinks
from adapters.vault.devices import SignedDevices
from adapters.vault.mailed_tokens import KeyedMailedTokens
from adapters.vault.passwords import Argon2Passwords
from adapters.vault.system import SystemIds, utc_now
from adapters.vault.tokens import TokenVault
from adapters.webauthn.at_first_use import RelyingPartyAtFirstUse
from adapters.webauthn.origin import passkeys_origin
from adapters.webhooks.sender import SignedWebhookSender
from adapters.zoom.client import ZoomClient
from adapters.zoom.notifications import ZoomNotifications
from application.app import App, Ports
from application.calendars.watch_calendar import NoticeAddress
from application.ports.calendar_reader import CalendarAsker, CalendarReader
from application.ports.calendar_watcher import CalendarWatcher, WatchRenewer
from application.ports.calendar_writer import CalendarWriter
from application.ports.meetings import ConferenceProvider
from application.ports.notifications import ProviderNotifications
from application.ports.oauth import CalendarAccountClient
from application.ports.outbox import Backlog, Dispatcher
from application.ports.support import SupportDesk
from domain.calendar import CalendarKind
from domain.provider import Provider
from entrypoints.database import named_by, reaching
from entrypoints.security_watch import SecurityWatch
from entrypoints.settings import (
    GOOGLE_CALENDAR_NOTIFICATIONS,
    MICROSOFT_CALENDAR_NOTIFICATIONS,
    Settings,
    is_plain_http,
    require,
)


@dataclass(frozen=True)
class OpenedApp:
    """An app with everything it works with open; `pool` is there for who watches over its health."""

    app: App
    backlog: Backlog
    pool: Pool
    watch: SecurityWatch


@asynccontextmanager
async def open_app(
    settings: Settings, dispatcher: Dispatcher | None, *, watch: SecurityWatch | None = None, connections: int = 10
) -> AsyncGenerator[OpenedApp]:
    """Open all adapters on the running event loop, and close them at the end.

    Args:
        settings: checked ones; the database, the keys and the mail server have to be set.
        dispatcher: told of the jobs that a commit leaves; without one they wait for another process’s.
        watch: of this process; one of its own unless given.
        connections: how many connections to PostgreSQL this process may hold, besides one that listens.

    Raises SettingsError: the database can't be reached.
    """
    database_url = require(settings.database_url, "DATABASE_URL", "name the PostgreSQL database to use")
    smtp = require(settings.smtp, "SMTP_URL", "name the mail server to send by")
    vault = TokenVault(require(settings.secret_keys, "SECRET_KEYS", "give at least one base64 key of 32 bytes"))
    async with AsyncExitStack() as stack:
        open_connections = open_transaction_pool if settings.database_direct_url else open_pool
        with named_by("DATABASE_URL"), reaching():
            pool = await open_connections(database_url, min_size=1, max_size=connections)
        stack.push_async_callback(pool.close)
        # Who listens needs a session of its own.
        changes = await stack.enter_async_context(PostgresChanges(settings.database_direct_url or database_url))
        watch = watch or SecurityWatch()
        store = PostgresStore(pool, vault, dispatcher, watch)
        ids = SystemIds()
        calendars = await _calendars(settings, stack)
        app = App(
            Ports(
                begin=store.begin,
                views=PostgresViews(pool, vault),
                changes=changes,
                sessions=PostgresSessions(pool, ids),
                bearer_tokens=PostgresBearerTokens(pool),
                authorizations=PostgresAuthorizations(pool, vault),
                limiter=PostgresRateLimiter(pool.fetchrow) if settings.rate_limit else None,
                passwords=Argon2Passwords(),
                devices=SignedDevices(vault.derive("devices")),
                blocklist=CommonPasswords(),
                vault=vault,
                unsubscribe_tokens=KeyedMailedTokens(vault.derive("unsubscribe")),
                leave_tokens=KeyedMailedTokens(vault.derive("leave")),
                mailer=SmtpMailer(smtp, settings.mail_from, settings.public_url, languages=languages()),
                calendar_files=IcalendarFiles(settings.mail_from, settings.public_url),
                drawing=PillowPictures(),
                public_holidays=CalculatedHolidays(),
                relying_party=_relying_party(settings.public_url),
                providers=await _providers(settings, stack),
                calendar_readers=calendars.readers,
                calendar_askers=calendars.askers,
                calendar_accounts=calendars.accounts,
                calendar_watchers=calendars.watchers,
                watch_renewers=calendars.renewers,
                calendar_writers=calendars.writers,
                entry_texts=BookingEntryTexts(settings.public_url, languages()),
                webhook_bodies=JsonWebhookBodies(languages()),
                webhook_sender=await _webhook_sender(settings, stack),
                clock=utc_now,
                ids=ids,
                jitter=random.random,
                link_wait=settings.link_wait,
                retention=settings.retention,
                calendar_timings=settings.calendar_timings,
                calendar_notices={"google": GoogleCalendarNotices(), "microsoft": MicrosoftCalendarNotices()},
                notice_addresses=notice_addresses(settings.public_url),
                notifications=_notifications(settings),
                support=_support_desk(settings.operator_email, vault) if settings.operator_email else None,
                sign_up_open=settings.sign_up_open,
            )
        )
        yield OpenedApp(app, PostgresBacklog(pool), pool, watch)


async def _webhook_sender(settings: Settings, stack: AsyncExitStack) -> SignedWebhookSender:
    sender = SignedWebhookSender(Reachable(settings.allowed_networks), utc_now)
    stack.push_async_callback(sender.aclose)
    return sender


def _relying_party(public_url: str) -> RelyingPartyAtFirstUse | None:
    origin = passkeys_origin(public_url)
    return RelyingPartyAtFirstUse(origin) if origin else None


def _support_desk(operator_email: str, vault: TokenVault) -> SupportDesk:
    links = KeyedDeskLinks(vault.derive("support desk"), operator_email)
    return SupportDesk(operator_email, PillowScreenshots(), links)


async def _providers(settings: Settings, stack: AsyncExitStack) -> dict[Provider, ConferenceProvider]:
    clients = (
        settings.zoom and ZoomClient(settings.zoom, utc_now, languages=languages()),
        settings.google and GoogleMeetClient(settings.google, utc_now),
        settings.microsoft and MicrosoftTeamsClient(settings.microsoft, utc_now, languages=languages()),
    )
    providers: dict[Provider, ConferenceProvider] = {}
    for client in clients:
        if client is not None:
            stack.push_async_callback(client.aclose)
            providers[client.provider] = client
    return providers


@dataclass(frozen=True)
class _Calendars:
    """What reads, watches and writes calendars, and connects the accounts that they are in."""

    readers: dict[CalendarKind, CalendarReader]
    askers: dict[CalendarKind, CalendarAsker]
    accounts: dict[CalendarKind, CalendarAccountClient]
    watchers: dict[CalendarKind, CalendarWatcher]
    renewers: dict[CalendarKind, WatchRenewer]
    writers: dict[CalendarKind, CalendarWriter]


async def _calendars(settings: Settings, stack: AsyncExitStack) -> _Calendars:
    invited_from = settings.mail_from.rpartition("@")[2]
    reachable, work_out = Reachable(settings.allowed_networks), WorkOut(invited_from=invited_from)
    fetcher = BoundedFetcher(PinnedTransport(reachable), utc_now)
    caldav = CaldavReader(PinnedTransport(reachable), utc_now, work_out, WorkOut(invited_from=invited_from))
    stack.push_async_callback(fetcher.aclose)
    stack.push_async_callback(caldav.aclose)
    caldav_writer = CaldavWriter(PinnedTransport(reachable), utc_now)
    stack.push_async_callback(caldav_writer.aclose)
    readers: dict[CalendarKind, CalendarReader] = {"ical_feed": IcalFeedReader(fetcher, work_out), "caldav": caldav}
    calendars = _Calendars(readers, {"caldav": caldav}, {}, {}, {}, {"caldav": caldav_writer})
    if settings.google_calendars is not None:
        requests = GoogleCalendarRequests(settings.google_calendars, utc_now)
        google = GoogleCalendarAccountClient(settings.google_calendars, utc_now)
        stack.push_async_callback(requests.aclose)
        stack.push_async_callback(google.aclose)
        calendars.readers["google"] = calendars.askers["google"] = GoogleCalendarReader(requests, invited_from)
        calendars.accounts["google"] = google
        calendars.watchers["google"] = GoogleCalendarWatcher(requests, utc_now)
        calendars.writers["google"] = GoogleCalendarWriter(requests)
    if settings.microsoft_calendars is not None:
        mailboxes = MailboxCalls(settings.microsoft_calendars.api_url, utc_now)
        account = MicrosoftCalendarAccountClient(settings.microsoft_calendars, utc_now)
        stack.push_async_callback(mailboxes.aclose)
        stack.push_async_callback(account.aclose)
        reader = MicrosoftCalendarReader(mailboxes, invited_from=invited_from)
        calendars.readers["microsoft"] = calendars.askers["microsoft"] = reader
        calendars.accounts["microsoft"] = account
        calendars.watchers["microsoft"] = calendars.renewers["microsoft"] = MicrosoftCalendarWatcher(mailboxes)
        calendars.writers["microsoft"] = MicrosoftCalendarWriter(mailboxes)
    return calendars


def notice_addresses(public_url: str) -> dict[CalendarKind, NoticeAddress]:
    """Where changes of calendars are told: by https, or by plain http to stand-ins on this machine."""
    if is_plain_http(public_url):
        return {}
    google, microsoft = public_url + GOOGLE_CALENDAR_NOTIFICATIONS, public_url + MICROSOFT_CALENDAR_NOTIFICATIONS
    return {"google": NoticeAddress(google, google), "microsoft": NoticeAddress(microsoft, microsoft)}


def _notifications(settings: Settings) -> dict[Provider, ProviderNotifications]:
    zoom = settings.zoom
    return {} if zoom is None else {"zoom": ZoomNotifications(zoom.client_id, zoom.secret_tokens, utc_now)}
