"""The unit of work, and the repositories inside it."""

from collections.abc import Callable, Collection, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Protocol

import msgspec

from application.jobs import Due
from application.ports.account_storage import AccountMails, Accounts, MailTokens
from application.ports.api_tokens import ApiTokens
from application.ports.booking_links import BookingLinks
from application.ports.calendar_watches import CalendarWatches
from application.ports.calendars import CalendarConnections, Calendars
from application.ports.mailed_revisions import MailState
from application.ports.oauth import Grant
from application.ports.offers import OfferMark
from application.ports.outbox import Outbox
from application.ports.passkeys import Challenges, Passkeys
from application.ports.pictures import Pictures
from application.ports.rate_limiter import RateLimiter
from application.ports.security_log import SecurityLog
from application.ports.support import SupportThreads
from application.ports.suppressions import Suppressions
from application.ports.webhook_deliveries import WebhookDeliveries
from application.ports.webhook_events import WebhookEvents
from application.ports.webhooks import Webhooks
from domain.booking import Booking
from domain.booking_page import BookingPage
from domain.budgets import Bucket
from domain.calendar_entry import CalendarEntry
from domain.connection import ProviderConnection
from domain.events import PARTIES, Event, Recipient
from domain.host import Host
from domain.ids import BookingId, CalendarId, GuestToken, HostId, LeaveToken, PageId, ScheduleId
from domain.provider import Provider
from domain.schedule import Schedule
from domain.slot import Slot

LONGEST_IDEMPOTENCY_KEY = 255


class IdempotencyKey(msgspec.Struct, frozen=True):
    """A client's name for one submit; `fingerprint` tells whether a repeat is the same submit."""

    scope: str
    key: str
    fingerprint: str


class KeyTaken(Exception):
    """Another submit with the same idempotency key was stored first."""


class Conflict(Exception):
    """What was to be saved has been changed or removed since it was read; nothing was stored."""


class Busy(Exception):
    """Somebody else has held what this unit needs for longer than it can wait; nothing was changed."""


class Taken(Exception):
    """What has to be unique belongs to somebody; `field` is `email`, `handle`, `slug`, `name` or `passkey`."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


class ScheduleUsed(Exception):
    """A page uses the schedule that was to be removed; nothing was changed."""


class ScheduleGone(Exception):
    """The schedule that a page was to use has been removed; nothing was changed."""


class OfferChanged(Exception):
    """The offer that a booking was decided by is no longer as it was; nothing was stored."""


class Basis(msgspec.Struct, frozen=True):
    """What a booking was decided by, where that may be old.

    Attributes:
        mark: of the offer.
        scarce: the provider of its meeting, where that makes so many meetings a day and no more.
        first_kept: with so many of them made on the present day of UTC, the last are left.
    """

    mark: OfferMark
    scarce: Provider | None = None
    first_kept: int | None = None


class Admission(msgspec.Struct, frozen=True):
    """What a new booking needs room in: each of these buckets, and what its guest may have coming on its page.

    With a basis it is refused, before anything is counted, where that is no longer so.
    """

    buckets: tuple[Bucket, ...] = ()
    max_per_guest: int | None = None
    basis: Basis | None = None


UNLIMITED = Admission()


class BookedEntry(msgspec.Struct, frozen=True):
    """A booking's entry, for who looks after all of a calendar's."""

    booking_id: BookingId
    slot: Slot
    entry: CalendarEntry


class LeaveLink(msgspec.Struct, frozen=True):
    """Whom a link to leave was mailed to: the additional guest at a place of a booking."""

    booking_id: BookingId
    place: int


class Bookings(Protocol):
    def add(
        self,
        booking: Booking,
        *events: Event,
        due: Sequence[Due] = (),
        key: IdempotencyKey | None = None,
        admission: Admission = UNLIMITED,
    ) -> None:
        """Store a new booking, what happened and its jobs, when the unit commits; its token only as digest and sealed.

        At the latest then it MUST raise OfferChanged if the admission's basis is no longer so; else SlotTaken if the
        host's occupied time overlaps that of another booking on any page, held or confirmed, KeyTaken if the
        idempotency key is stored already, TooManyBookings if the guest's mailbox has as many bookings on the page that
        aren't over, those left aside whose hold has expired, and TooManyRequests if one of the buckets is full; any one
        where several of these hold. Bookings at the same time MUST NOT get past a limit together. A booking that isn't
        stored has counted nothing.

        Args:
            due: jobs about this booking, which has none yet.
            admission: counted at the instant at which the booking was made.
        """
        ...

    def keep(self, key: IdempotencyKey, booking_id: BookingId) -> None:
        """Store the key of a submit that changes a locked booking; at the latest at the commit, MUST raise KeyTaken."""
        ...

    async def get(self, booking_id: BookingId, /) -> Booking | None: ...

    async def lock(self, booking_id: BookingId, /) -> Booking | None:
        """Read the booking and keep everybody else from locking it until the unit ends."""
        ...

    async def lock_all(self, booking_ids: Collection[BookingId], /) -> tuple[Booking, ...]:
        """Lock those of these bookings that there are, in the order of their ids, which no two units wait over."""
        ...

    async def of_guest(self, token: GuestToken, /) -> Booking | None:
        """The booking that a guest's link stands for. MUST find it by a digest, also where its key is lost."""
        ...

    async def lock_of_guest(self, token: GuestToken, /) -> Booking | None:
        """Find a booking like `of_guest` and lock it like `lock`, in one step."""
        ...

    def save(self, booking: Booking, *events: Event) -> None:
        """Store a booking's next state and what happened; whoever waits for a change is woken after the commit.

        `booking.version` is the one that was read; the stored one is the next. At the latest at the commit, MUST raise
        Conflict if the stored version is another, and SlotTaken if the new time overlaps another booking, held or
        confirmed.
        """
        ...

    def remove(self, booking_id: BookingId) -> None:
        """Delete a booking with all that belongs to it but its jobs; whoever waits for a change is woken after it."""
        ...

    async def remove_expired(self, host_id: HostId, now: datetime, /) -> bool:
        """Delete this host's held bookings that nobody has confirmed by now; false where there were none."""
        ...

    async def forget_guest(self, booking_id: BookingId, /) -> None:
        """Take the guest's words out of a locked booking's stored events, by `without_guest`.

        Its submits are forgotten, and the links that additional guests leave by.

        MUST empty events that can't be read: nobody knows what they hold.
        """
        ...


class LeaveTokens(Protocol):
    """The links that additional guests leave by."""

    def link_to_leave(self, token: LeaveToken, booking_id: BookingId, place: int) -> None:
        """Let a token stand for an additional guest of a booking; a second time changes nothing."""
        ...

    async def leaving(self, token: LeaveToken, /) -> LeaveLink | None:
        """What a token stands for, for as long as the booking knows its guests. MUST find it by a digest."""
        ...


class BookingMails(Protocol):
    """What each recipient was mailed about a booking; `MailedRevisions` reads it."""

    def mailed(self, booking: Booking, recipient: Recipient, at: datetime, state: MailState = "accepted") -> None:
        """Remember what the mail server did with this revision for this recipient; the last word counts."""
        ...

    def mail_again(self, booking: Booking, recipients: tuple[Recipient, ...] = PARTIES) -> None:
        """Mark what the mail server has accepted of this revision for these recipients as wanted once more."""
        ...


class BookingSearch(Protocol):
    """Finds bookings by what they have in common."""

    async def with_old_guests(self, ended_before: datetime, limit: int, /) -> tuple[BookingId, ...]:
        """Bookings that ended at that instant or before and whose guests aren't erased, those of longest ago first."""
        ...

    async def count_starting(self, page_id: PageId, within: Slot, but: BookingId | None, now: datetime, /) -> int:
        """Count the page's bookings that start within a span, held or confirmed, one of them left aside.

        One whose hold has expired by now isn't counted.
        """
        ...

    async def in_calendars(
        self, calendar_ids: Collection[CalendarId], ending_after: datetime, /
    ) -> tuple[BookedEntry, ...]:
        """The entries of calendars, confirmed or cancelled, whose bookings end after an instant; by their ids."""
        ...

    async def of_host(self, host_id: HostId, starting_after: datetime, /) -> frozenset[BookingId]:
        """All bookings of a host that start after an instant, held, confirmed or cancelled."""
        ...

    async def without_link(self, host_id: HostId, provider: Provider, now: datetime, /) -> tuple[BookingId, ...]:
        """The host's coming bookings that wait for a link of this provider, or were given up on, by id."""
        ...


class Pages(Protocol):
    def add(self, page: BookingPage) -> None:
        """Store a new page; of its schedule only which it is.

        At the latest at the commit, MUST raise Taken("slug") if the host has that slug, and ScheduleGone if they don't
        have that schedule.
        """
        ...

    async def get(self, page_id: PageId, /) -> BookingPage | None: ...

    async def count(self, host_id: HostId, /) -> int:
        """How many pages a host has."""
        ...

    async def lock(self, host_id: HostId, page_id: PageId, /) -> BookingPage | None:
        """Read a page of this host for changing it; another host's page is None."""
        ...

    async def lock_all(self, host_id: HostId, /) -> list[BookingPage]:
        """Lock all pages of a host, in the order of their ids so that no two units wait for each other."""
        ...

    def save(self, page: BookingPage) -> None:
        """Store a page and its event types.

        `page.version` is the one that was read; the stored one is the next. At the latest at the commit, MUST raise
        Conflict if the stored version is another. MUST let the slugs that the page and its event types had until now
        lead to them for `SLUG_KEPT_FOR`. Raises Taken("slug") and ScheduleGone like `add`.
        """
        ...

    def remove(self, host_id: HostId, page_id: PageId) -> None:
        """Take the page away; its bookings stay."""
        ...

    async def may_tell_refusal(self, page_id: PageId, now: datetime, /) -> bool:
        """Note that the host is told of a refused booking; MUST be true at most once an hour for a page."""
        ...


class Schedules(Protocol):
    def add(self, schedule: Schedule) -> None:
        """Store a new one. MUST raise Taken("name") at the latest at the commit if the host has that name."""
        ...

    async def count(self, host_id: HostId, /) -> int:
        """How many the host has stored."""
        ...

    async def lock(self, host_id: HostId, schedule_id: ScheduleId, /) -> Schedule | None:
        """Read a schedule of this host for changing it; another host's is None."""
        ...

    def save(self, schedule: Schedule) -> None:
        """Store a schedule, for all pages that use it.

        `schedule.version` is the one that was read; the stored one is the next. At the latest at the commit, MUST
        raise Conflict if the stored version is another. Raises Taken("name") like `add`.
        """
        ...

    def remove(self, host_id: HostId, schedule_id: ScheduleId) -> None:
        """Take it away. MUST raise ScheduleUsed at the latest at the commit if a page uses it."""
        ...


class FormerHandle(msgspec.Struct, frozen=True):
    """A handle that nobody else can take yet; without a host it leads nowhere."""

    host_id: HostId | None


class Hosts(Protocol):
    def add(self, host: Host, password_hash: str | None) -> None:
        """Store a new host. At the latest at the commit, MUST raise Taken("email") or Taken("handle")."""
        ...

    async def get(self, host_id: HostId, /) -> Host | None: ...

    async def lock(self, host_id: HostId, /) -> Host | None:
        """Read a host and keep everybody else from locking them until the unit ends."""
        ...

    def save(self, host: Host) -> None:
        """Raises Taken like `add`."""
        ...

    async def is_free(self, handle: str, now: datetime, /) -> bool:
        """Whether nobody has the handle now, and it leads to nobody who had it."""
        ...

    async def lock_handle(self, handle: str, now: datetime, /) -> FormerHandle | None:
        """Who had the handle, while it still leads to them.

        MUST keep everybody else from locking it until the unit ends. Whoever takes or leaves a handle locks it first,
        and several in the order of the alphabet.
        """
        ...

    def leave_handle(self, host_id: HostId, handle: str, ends_at: datetime) -> None:
        """Let a handle that was locked lead to this host until then."""
        ...


class LockedConnections(msgspec.Struct, frozen=True):
    """`busy` is true where there are others that somebody else holds."""

    locked: tuple[ProviderConnection, ...]
    busy: bool


class Connections(Protocol):
    """Connections, whose state MUST be readable without opening a grant: a lost key is no reason to break a page."""

    async def get(self, host_id: HostId, provider: Provider, /) -> ProviderConnection | None: ...

    async def lock(self, host_id: HostId, provider: Provider, /) -> ProviderConnection | None:
        """Read the connection and keep every other process from locking it until the unit ends.

        MUST raise Busy rather than wait for longer than a refresh that works takes.
        """
        ...

    async def grant(self, host_id: HostId, provider: Provider, /) -> Grant | None:
        """Open the grant of a connection.

        Raises:
            Unopenable: the key that sealed it is gone.
        """
        ...

    def put(self, connection: ProviderConnection, grant: Grant) -> None:
        """Store the one connection that a host has to this provider, replacing any other."""
        ...

    def save(self, connection: ProviderConnection) -> None:
        """Store a new state of the connection; the grant stays."""
        ...

    def remove(self, host_id: HostId, provider: Provider) -> None:
        """Delete the connection and its grant."""
        ...

    async def hosts_on(self, provider: Provider, user_id: str, /) -> list[HostId]:
        """The hosts that rely on an account at the provider."""
        ...

    async def superseded(self, connection: ProviderConnection, /) -> bool:
        """Whether another host has connected the same account at the provider later than this one."""
        ...

    async def lock_on(self, provider: Provider, user_id: str, account_id: str, /) -> LockedConnections:
        """Lock the connections of all hosts to an account, but those that somebody else holds right now.

        MUST NOT wait, and MUST NOT open the grants: a lost key is no reason to keep a connection.
        """
        ...

    async def first_heard(self, key: str, at: datetime, /) -> bool:
        """Remember that the notification with this key came. MUST be true once for each key, in units that commit."""
        ...


class UnitOfWork(Protocol):
    """Everything done inside commits together on a clean exit, and not at all on an exception."""

    @property
    def bookings(self) -> Bookings: ...

    @property
    def leave_tokens(self) -> LeaveTokens: ...

    @property
    def booking_mails(self) -> BookingMails: ...

    @property
    def booking_search(self) -> BookingSearch: ...

    @property
    def pages(self) -> Pages: ...

    @property
    def booking_links(self) -> BookingLinks: ...

    @property
    def schedules(self) -> Schedules: ...

    @property
    def hosts(self) -> Hosts: ...

    @property
    def pictures(self) -> Pictures: ...

    @property
    def accounts(self) -> Accounts: ...

    @property
    def mail_tokens(self) -> MailTokens: ...

    @property
    def account_mails(self) -> AccountMails: ...

    @property
    def api_tokens(self) -> ApiTokens: ...

    @property
    def passkeys(self) -> Passkeys: ...

    @property
    def challenges(self) -> Challenges: ...

    @property
    def support_threads(self) -> SupportThreads: ...

    @property
    def connections(self) -> Connections: ...

    @property
    def calendars(self) -> Calendars: ...

    @property
    def calendar_connections(self) -> CalendarConnections: ...

    @property
    def calendar_watches(self) -> CalendarWatches: ...

    @property
    def webhooks(self) -> Webhooks: ...

    @property
    def webhook_events(self) -> WebhookEvents: ...

    @property
    def webhook_deliveries(self) -> WebhookDeliveries: ...

    @property
    def security_log(self) -> SecurityLog: ...

    @property
    def suppressions(self) -> Suppressions: ...

    @property
    def outbox(self) -> Outbox: ...

    @property
    def rate_limiter(self) -> RateLimiter: ...


Begin = Callable[[], AbstractAsyncContextManager[UnitOfWork]]
