"""The state that the pieces of one memory share: the committed tables, the locks on their rows, and the watchers."""

import asyncio
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Self

import msgspec

from adapters.memory.locks import RowLocks
from application.jobs import Job
from application.ports.account_storage import Account, AccountMail, MailToken
from application.ports.booking_views import TimelineEntry
from application.ports.calendar_reader import CalendarAccess
from application.ports.calendars import StoredCalendar
from application.ports.changes import Watched
from application.ports.clock import Clock
from application.ports.leave_tokens import LeaveLink
from application.ports.mailed_revisions import Mailed
from application.ports.oauth import Grant
from application.ports.passkeys import Challenge
from application.ports.pictures import Picture
from application.ports.support import Screenshot
from domain.api_token import ApiToken
from domain.booking import Booking
from domain.booking_link import BookingLink
from domain.booking_page import BookingPage
from domain.calendar import CalendarConnection
from domain.calendar_watch import CalendarWatch
from domain.connection import ProviderConnection
from domain.events import Recipient
from domain.ids import (
    BookingId,
    BookingLinkToken,
    CalendarConnectionId,
    CalendarId,
    EventTypeId,
    GuestToken,
    HostId,
    LeaveToken,
    PageId,
    PasskeyId,
    ScheduleId,
    SupportThreadId,
    WatchId,
    WebhookDeliveryId,
    WebhookEventId,
    WebhookId,
)
from domain.passkey import Passkey
from domain.picture import PictureKind
from domain.provider import Provider
from domain.schedule import Schedule
from domain.security_events import SecurityEvent
from domain.session import Session
from domain.support_thread import SupportThread
from domain.webhook import Webhook, WebhookSecrets
from domain.webhook_delivery import WebhookDelivery
from domain.webhook_event import WebhookEvent


class StoredHandle(msgspec.Struct, frozen=True):
    """A handle that somebody had; nobody else can take it until then."""

    host_id: HostId | None
    ends_at: datetime


class FormerSlug(msgspec.Struct, frozen=True):
    """A slug that a page or an event type had."""

    of: PageId | EventTypeId
    ends_at: datetime


class StoredSession(msgspec.Struct, frozen=True):
    host_id: HostId
    session: Session
    confirmed_at: datetime | None = None


class StoredJob(msgspec.Struct, frozen=True):
    """A job in the outbox.

    Attributes:
        due_at: when it may be leased; while it is leased, the end of the lease.
        first_due_at: when it fell due, however many leases have led to nothing since; None before the first.
        owed_since: when it fell due, where it has failed since; None where all goes by plan.
        attempts: how often it has been leased.
        lease_id: of the lease that holds it.
        lease: how long that one may wait to be started, and then may run.
        started: somebody has started that lease.
        again_at: it was enqueued once more while it was leased.
    """

    job: Job
    due_at: datetime
    attempts: int = 0
    first_due_at: datetime | None = None
    owed_since: datetime | None = None
    lease_id: int | None = None
    lease: timedelta = timedelta(0)
    started: bool = False
    again_at: datetime | None = None

    @property
    def fell_due_at(self) -> datetime:
        return self.first_due_at or self.due_at

    @property
    def waits_to_be_started(self) -> bool:
        return self.lease_id is not None and not self.started


class Tables(msgspec.Struct):
    """Everything stored. Values are immutable, so a copy of the dictionaries is a copy of everything."""

    hosts: dict[HostId, Account] = {}
    pictures: dict[tuple[HostId, PictureKind], Picture] = {}
    former_handles: dict[str, StoredHandle] = {}
    sessions: dict[str, StoredSession] = {}
    api_tokens: dict[str, ApiToken] = {}
    mail_tokens: dict[str, MailToken] = {}
    account_mails: dict[str, AccountMail] = {}
    passkeys: dict[PasskeyId, Passkey] = {}
    challenges: dict[str, Challenge] = {}
    schedules: dict[ScheduleId, Schedule] = {}
    support_threads: dict[SupportThreadId, SupportThread] = {}
    screenshots: dict[tuple[SupportThreadId, int], Screenshot] = {}
    pages: dict[PageId, BookingPage] = {}
    """Each with its schedule as it is by now."""
    booking_links: dict[BookingLinkToken, BookingLink] = {}
    former_slugs: dict[tuple[HostId | PageId, str], FormerSlug] = {}
    """Of pages by their hosts, of event types by their pages."""
    refusals_notified: dict[PageId, datetime] = {}
    connections: dict[tuple[HostId, Provider], tuple[ProviderConnection, Grant | None]] = {}
    """A grant that nobody can open any more is None."""
    calendar_connections: dict[CalendarConnectionId, tuple[CalendarConnection, CalendarAccess | None]] = {}
    """A way in that nobody can open any more is None."""
    calendars: dict[CalendarId, StoredCalendar] = {}
    calendar_watches: dict[WatchId, tuple[CalendarWatch, str]] = {}
    """With the secret of each."""
    webhooks: dict[WebhookId, tuple[Webhook, WebhookSecrets | None]] = {}
    """Secrets that nobody can open any more are None."""
    records_events: dict[HostId, bool] = {}
    webhook_events: dict[WebhookEventId, WebhookEvent] = {}
    webhook_deliveries: dict[WebhookDeliveryId, tuple[WebhookDelivery, int | None]] = {}
    """With the lane that is attempting each."""
    webhook_attempts: dict[str, int] = {}
    """How many came to each result."""
    notices: dict[str, datetime] = {}
    bookings: dict[BookingId, Booking] = {}
    guest_tokens: dict[GuestToken, BookingId] = {}
    keys: dict[tuple[str, str], tuple[BookingId, str]] = {}
    timeline: dict[BookingId, tuple[TimelineEntry, ...]] = {}
    mailed: dict[tuple[BookingId, Recipient], dict[int, Mailed]] = {}
    leave_links: dict[LeaveToken, LeaveLink] = {}
    security_events: dict[HostId, tuple[SecurityEvent, ...]] = {}
    unsubscribe_links: dict[str, str] = {}
    """The mailbox that each token stands for."""
    suppressed: dict[str, datetime] = {}
    outbox: dict[tuple[str, str], StoredJob] = {}
    uses: dict[str, tuple[datetime, ...]] = {}
    """By the keys of buckets."""

    def copy(self) -> Self:
        return type(self)(*(dict(getattr(self, name)) for name in self.__struct_fields__))


class State:
    """The one thing that all pieces hold a reference to."""

    def __init__(self, clock: Clock, watch: Callable[[SecurityEvent], None]) -> None:
        self.clock = clock
        self.watch = watch
        self.tables = Tables()
        self.locks = RowLocks()
        self.watchers: defaultdict[Watched, list[asyncio.Event]] = defaultdict(list)

    async def read(self) -> Tables:
        """Look at what is committed; others get a turn first, as they would with a database in between."""
        await asyncio.sleep(0)
        return self.tables


def is_open(state: State, host_id: HostId) -> bool:
    """Whether the account is there, and isn't being deleted."""
    account = state.tables.hosts.get(host_id)
    return account is not None and account.closed_at is None
