"""The whole application on memory: nothing is awaited but the event loop, and the clock stands still."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from adapters.google import account as google_account
from adapters.google import account as google_calendars
from adapters.google import client as google_client
from adapters.http.api.webhook_bodies import JsonWebhookBodies
from adapters.memory.accounts import MemoryBlocklist, MemoryPasswords
from adapters.memory.calendar_reader import MemoryCalendarReader
from adapters.memory.calendar_watcher import MemoryCalendarNotices, MemoryCalendarWatcher
from adapters.memory.calendar_writer import MemoryCalendarWriter, MemoryEntryTexts
from adapters.memory.clock import MemoryClock, MemoryIds
from adapters.memory.feeds import MemoryFeeds
from adapters.memory.mail import MemoryCalendarFiles, MemoryMailer
from adapters.memory.passkeys import MemoryRelyingParty
from adapters.memory.pictures import MemoryDrawing
from adapters.memory.provider import MemoryProvider
from adapters.memory.store import MemoryStore
from adapters.memory.support import MemoryScreenshots
from adapters.memory.vault import MemoryVault
from adapters.memory.webhook_sender import MemoryWebhookSender
from adapters.microsoft import calendar_account as microsoft_calendars
from adapters.microsoft import client as microsoft_client
from adapters.presentation.language import ENGLISH_ALONE
from adapters.public_holidays.calculated import CalculatedHolidays
from adapters.vault.desk_links import KeyedDeskLinks
from adapters.vault.devices import SignedDevices
from adapters.vault.mailed_tokens import KeyedMailedTokens
from adapters.zoom import client as zoom_client
from application.actor import GuestActor, HostActor
from application.app import App, Ports
from application.booking.access import BookingById
from application.booking.erase_guests import EraseOldGuests
from application.calendars.watch_calendar import NoticeAddress
from application.ports.clock import Clock
from application.ports.meetings import ConferenceProvider
from application.ports.notifications import ProviderNotifications
from application.ports.oauth import GrantCapabilities
from application.ports.outbox import Backlog
from application.ports.passkeys import RelyingParty
from application.ports.support import SupportDesk
from domain.api_token import GrantedScope
from domain.booking import Booking
from domain.booking_page import BookingPage
from domain.calendar import CalendarKind
from domain.calendar_problem import CalendarPermission
from domain.connection import Connected, ConnectionState
from domain.host import Host
from domain.ids import BookingId
from domain.provider import Provider
from entrypoints.security_watch import SecurityWatch
from tests.support.builders import a_connection, a_host, an_account, token_of
from tests.support.postgres import StoreInPostgres
from tests.support.tokens import an_api_token

CONNECTED = Connected()
OPERATOR = "operator@timetuna.example"
NOTICES = NoticeAddress("https://timetuna.example/notices", "https://timetuna.example/notices")
PARTY = MemoryRelyingParty()
NO_NOTIFICATIONS: Mapping[Provider, ProviderNotifications] = {}

# The fakes differ from one another as the real ones do.
CAPABILITIES: dict[Provider, GrantCapabilities] = {
    "zoom": zoom_client.CAPABILITIES,
    "google": google_account.CAPABILITIES,
    "microsoft": microsoft_client.CAPABILITIES,
}
IDEMPOTENT: dict[Provider, bool] = {
    "zoom": zoom_client.ZoomClient.idempotent_creation,
    "google": google_client.GoogleMeetClient.idempotent_creation,
    "microsoft": microsoft_client.MicrosoftTeamsClient.idempotent_creation,
}


def _calendar_account(provider: Provider, clock: Clock, capabilities: GrantCapabilities) -> MemoryProvider:
    permissions: dict[str, CalendarPermission] = {"calendar": "read", "calendar.write": "write"}
    return MemoryProvider(provider, clock, frozenset({"calendar"}), capabilities, permissions=permissions)


class MemoryApp:
    """An `App` and everything behind it that a test may want to look at or turn.

    memory = MemoryApp()
    host = await memory.host()
    await memory.connect(host)

    Attributes:
        providers: those that this server has settings for.

    Args:
        pushes: providers can reach this server, and tell of changes in calendars.
    """

    def __init__(
        self,
        configured: Sequence[Provider] = ("zoom", "google", "microsoft"),
        notifications: Mapping[Provider, ProviderNotifications] = NO_NOTIFICATIONS,
        operator: str | None = OPERATOR,
        *,
        sign_up_open: bool = True,
        relying_party: RelyingParty | None = PARTY,
        pushes: bool = False,
    ) -> None:
        self.clock = MemoryClock()
        self.watch = SecurityWatch()
        self.store = MemoryStore(self.clock, self.watch)
        self.backlog: Backlog = self.store.backlog
        self.mailer = MemoryMailer()
        self.desk_links = KeyedDeskLinks(b"only for tests", operator or "")
        self.feeds = MemoryFeeds()
        self.webhooks = MemoryWebhookSender()
        self.calendar_accounts: dict[CalendarKind, MemoryProvider] = {
            "google": _calendar_account("google", self.clock, google_calendars.CAPABILITIES),
            "microsoft": _calendar_account("microsoft", self.clock, microsoft_calendars.CAPABILITIES),
        }
        self.calendar_readers: dict[CalendarKind, MemoryCalendarReader] = {
            "google": MemoryCalendarReader(self.calendar_accounts["google"]),
            "microsoft": MemoryCalendarReader(self.calendar_accounts["microsoft"]),
            "caldav": MemoryCalendarReader(),
        }
        self.calendar_writers: dict[CalendarKind, MemoryCalendarWriter] = {
            kind: MemoryCalendarWriter(reader, keeps_deleted_ids=kind == "google")
            for kind, reader in self.calendar_readers.items()
        }
        self.calendar_watchers: dict[CalendarKind, MemoryCalendarWatcher] = {
            "google": MemoryCalendarWatcher(self.calendar_readers["google"], self.clock),
            "microsoft": MemoryCalendarWatcher(self.calendar_readers["microsoft"], self.clock),
        }
        self.providers: dict[Provider, MemoryProvider] = {
            each: MemoryProvider(
                each, self.clock, capabilities=CAPABILITIES[each], idempotent_creation=IDEMPOTENT[each]
            )
            for each in configured
        }
        self.ports = Ports(
            begin=self.store.begin,
            views=self.store.views,
            changes=self.store.changes,
            sessions=self.store.sessions,
            bearer_tokens=self.store.bearer_tokens,
            authorizations=self.store.authorizations,
            limiter=self.store.rate_limiter,
            passwords=MemoryPasswords(),
            devices=SignedDevices(b"only for tests"),
            blocklist=MemoryBlocklist(),
            vault=MemoryVault(),
            unsubscribe_tokens=KeyedMailedTokens(b"only for tests"),
            leave_tokens=KeyedMailedTokens(b"for other tests"),
            mailer=self.mailer,
            calendar_files=MemoryCalendarFiles(),
            drawing=MemoryDrawing(),
            public_holidays=CalculatedHolidays(),
            providers=self.providers,
            calendar_readers={"ical_feed": self.feeds, **self.calendar_readers},
            calendar_askers=self.calendar_readers,
            calendar_accounts=self.calendar_accounts,
            calendar_watchers=self.calendar_watchers,
            watch_renewers={"microsoft": self.calendar_watchers["microsoft"]},
            calendar_writers=self.calendar_writers,
            entry_texts=MemoryEntryTexts(),
            webhook_bodies=JsonWebhookBodies(ENGLISH_ALONE),
            webhook_sender=self.webhooks,
            calendar_notices={"google": MemoryCalendarNotices(), "microsoft": MemoryCalendarNotices()},
            notice_addresses=dict.fromkeys(self.calendar_watchers, NOTICES) if pushes else {},
            clock=self.clock,
            ids=MemoryIds(),
            jitter=lambda: 0.5,
            notifications=notifications,
            relying_party=relying_party,
            support=SupportDesk(operator, MemoryScreenshots(), self.desk_links) if operator else None,
            sign_up_open=sign_up_open,
        )
        self.app = App(self.ports)

    def use_providers(self, providers: Mapping[Provider, ConferenceProvider]) -> None:
        """Put other clients in the place of the fakes."""
        self.ports = replace(self.ports, providers=providers)
        self.app = App(self.ports)

    def limit_nothing(self) -> None:
        """Do without limits on how often something is tried, as benchmarks do."""
        self.ports = replace(self.ports, limiter=None)
        self.app = App(self.ports)

    def keep_in(self, store: StoreInPostgres) -> None:
        """Store everything in PostgreSQL instead, whose own clock says what is due."""
        self.backlog = store.backlog
        self.ports = replace(
            self.ports,
            begin=store.begin,
            views=store.views,
            changes=store.changes,
            sessions=store.sessions,
            bearer_tokens=store.bearer_tokens,
            authorizations=store.authorizations,
            limiter=store.rate_limiter,
        )
        self.app = App(self.ports)

    async def host(self, host: Host | None = None, *, password: str | None = None, confirmed: bool = True) -> Host:
        """Store a host, one of `a_host()` unless told."""
        host = host or a_host()
        password_hash = None if password is None else await MemoryPasswords().hash(password)
        async with self.ports.begin() as uow:
            uow.hosts.add(host, password_hash)
            uow.accounts.confirm_email(host.id, self.clock() if confirmed else None)
        return host

    async def page(self, page: BookingPage) -> BookingPage:
        async with self.ports.begin() as uow:
            uow.pages.add(page)
        return page

    async def connect(self, host: Host, provider: Provider = "zoom", state: ConnectionState = CONNECTED) -> None:
        """Connect an account of the host's own at a provider."""
        account = an_account(f"{host.handle} at {provider}")
        grant = self.providers[provider].grant_to(account)
        connection = a_connection(host, provider, account=account, state=state, connected_at=self.clock())
        async with self.ports.begin() as uow:
            uow.connections.put(connection, grant)

    async def as_guest(self, booking_id: BookingId) -> GuestActor:
        """Whoever has the guest's link to a booking."""
        return GuestActor(token_of(await self._booking(booking_id)))

    async def as_host(self, booking_id: BookingId) -> HostActor:
        """The host of a booking, in person."""
        return HostActor((await self._booking(booking_id)).host_id)

    async def by_host(self, booking_id: BookingId) -> BookingById:
        """The booking as its host asks for it."""
        return BookingById(await self.as_host(booking_id), booking_id)

    async def _booking(self, booking_id: BookingId) -> Booking:
        async with self.ports.begin() as uow:
            booking = await uow.bookings.get(booking_id)
        assert booking is not None
        return booking

    def erasing_after(self, retention: timedelta | None) -> EraseOldGuests:
        """What erases guests' details after a while."""
        return EraseOldGuests(self.ports.begin, self.app.erase_guest, self.clock, retention)

    async def token_of(self, host: Host, *scopes: GrantedScope, expires_at: datetime | None = None) -> str:
        """An API token; it may do everything unless told."""
        return await an_api_token(self.ports.begin, host.id, self.clock(), *scopes, expires_at=expires_at)

    async def work_off(self) -> None:
        """Do everything that is owed by now."""
        while leases := await self.backlog.lease(100, timedelta(minutes=1)):
            for lease in leases:
                await self.app.run_job(lease)
