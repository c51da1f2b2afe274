"""The jobs that run in the background, and what each event about a booking or a connection means for them.

A job is named by its tag and its key: enqueueing it twice is enqueueing it once. It carries ids, never what they stand
for, so that whoever runs it reads how things are by then.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Literal, assert_never

import msgspec

from domain.booking import Booking
from domain.calendar import Calendar
from domain.calendar_problem import CalendarAccountProblem
from domain.conference import Conference, NoConference, Pending
from domain.connection_events import (
    ConnectionBroke,
    ConnectionDropped,
    ConnectionEvent,
    ConnectionMade,
    ConnectionRevoked,
)
from domain.entry_changes import changes_entry
from domain.events import (
    PARTIES,
    Booked,
    BookingEvent,
    Cancelled,
    ConfirmationWantedAgain,
    EntryDeleted,
    EntryFailed,
    EntryMoved,
    EntryRestored,
    EntryWritten,
    Event,
    GuestErased,
    GuestLeft,
    Held,
    LinkAdded,
    LinkReplaced,
    MailAccepted,
    MailRefused,
    MailsWantedAgain,
    MeetingAttempted,
    MeetingCreated,
    MeetingDelayed,
    MeetingFellBack,
    MeetingGivenUp,
    MeetingRetried,
    MeetingSwitched,
    MeetingUnused,
    OverlapEnded,
    OverlapFound,
    ProposalAccepted,
    ProposalRefused,
    Recipient,
    ReminderAccepted,
    ReminderRefused,
    Rescheduled,
    TimesProposed,
    WaitedLongEnough,
)
from domain.ids import (
    ApiTokenId,
    BookingId,
    CalendarConnectionId,
    CalendarId,
    HostId,
    PageId,
    SupportThreadId,
    WebhookId,
)
from domain.page_calendars import PageCalendars
from domain.provider import Provider
from domain.webhook import Alarm

TROUBLE_PASSES_WITHIN = timedelta(seconds=30)
"""How long a host isn't yet told of a calendar that can't be read; further calendars of its account join until then."""


ENTRY_WAITS = timedelta(seconds=5)
"""How long a new entry waits for the join link, so that it is written once: Zoom answers within a second or two."""


class BookingJob(msgspec.Struct, frozen=True, tag_field="job"):
    booking_id: BookingId

    @property
    def key(self) -> str:
        return self.booking_id


class CreateMeetingJob(BookingJob, frozen=True, tag="create_meeting"):
    """Create the meeting that a booking waits for."""


class StopWaitingJob(BookingJob, frozen=True, tag="stop_waiting"):
    """Let a booking's mails go out without the link."""


class RemindGuestJob(BookingJob, frozen=True, tag="remind_guest"):
    """Remind a guest of a booking at an instant; nothing happens where it is over or has moved.

    `place` is an additional guest's.
    """

    at: datetime
    place: int | None = None

    @property
    def key(self) -> str:
        of_guest = f"{self.booking_id}/{_second(self.at)}"
        return of_guest if self.place is None else f"{of_guest}/{self.place}"


class MailProposalJob(BookingJob, frozen=True, tag="mail_proposal"):
    """Mail a guest the times that the host proposed at an instant."""

    at: datetime

    @property
    def key(self) -> str:
        return f"{self.booking_id}/{self.at.isoformat()}"


class AskToConfirmJob(BookingJob, frozen=True, tag="ask_to_confirm"):
    """Mail the guest of a held booking the link that confirms it."""


class ReleaseHoldJob(BookingJob, frozen=True, tag="release_hold"):
    """Forget a held booking that nobody has confirmed in time."""


class WriteEntryJob(BookingJob, frozen=True, tag="write_entry"):
    """Let the host's calendar hold what a booking's entry says by now."""


class MailBookingJob(BookingJob, frozen=True, tag="mail_booking"):
    """Bring one recipient up to a booking's current revision."""

    party: Recipient

    @property
    def key(self) -> str:
        return f"{self.booking_id}/{self.party}"


class TellGuestLeftJob(BookingJob, frozen=True, tag="tell_guest_left"):
    """Mail a host that an additional guest won't come."""

    place: int

    @property
    def key(self) -> str:
        return f"{self.booking_id}/{self.place}"


class ConnectionJob(msgspec.Struct, frozen=True, tag_field="job"):
    host_id: HostId
    provider: Provider

    @property
    def key(self) -> str:
        return f"{self.host_id}/{self.provider}"


class RetryWaitingBookingsJob(ConnectionJob, frozen=True, tag="retry_waiting_bookings"):
    """Decide anew on a host's coming bookings without a link, now that the account was connected or is gone."""

    connected: bool


class KeepConnectionJob(ConnectionJob, frozen=True, tag="keep_connection"):
    """Refresh a connection that is idle."""


class TellConnectionJob(ConnectionJob, frozen=True, tag="tell_connection"):
    """Mail a host about a connection; `at` makes the mail's Message-ID, so that a repeat is the same mail."""

    what: Literal["trouble", "removed"]
    at: datetime

    @property
    def key(self) -> str:
        return f"{self.what}/{self.provider}/{self.host_id}/{_second(self.at)}"


class DeauthorizeJob(msgspec.Struct, frozen=True, tag_field="job", tag="deauthorize"):
    """Clear the connections to an account that were held when the provider told of its removal."""

    provider: Provider
    user_id: str
    account_id: str
    removed_at: datetime

    @property
    def key(self) -> str:
        # Nobody promises which characters a provider's ids hold.
        return msgspec.json.encode((self.provider, self.user_id, self.account_id, self.removed_at)).decode()


class TellRefusalJob(msgspec.Struct, frozen=True, tag_field="job", tag="tell_refusal"):
    """Mail a host that a guest couldn't book; `at` makes the mail's Message-ID."""

    page_id: PageId
    at: datetime

    @property
    def key(self) -> str:
        return f"{self.page_id}/{_second(self.at)}"


class ReadCalendarJob(msgspec.Struct, frozen=True, tag_field="job", tag="read_calendar"):
    """Read a calendar, again and again for as long as it is connected."""

    calendar_id: CalendarId

    @property
    def key(self) -> str:
        return self.calendar_id


class TellCalendarsJob(msgspec.Struct, frozen=True, tag_field="job", tag="tell_calendars"):
    """Mail a host which calendars of a connection can't be read."""

    host_id: HostId
    connection_id: CalendarConnectionId

    @property
    def key(self) -> str:
        return self.connection_id


class FindOverlapsJob(msgspec.Struct, frozen=True, tag_field="job", tag="find_overlaps"):
    """Look for events over the bookings that were there before their calendars were connected."""

    calendar_ids: tuple[CalendarId, ...]

    @property
    def key(self) -> str:
        return min(self.calendar_ids)


class CheckOverlapsJob(msgspec.Struct, frozen=True, tag_field="job", tag="check_overlaps"):
    """Look for events over bookings that a reading concerns, or whose time was taken while there may have been one."""

    booking_ids: tuple[BookingId, ...]

    @property
    def key(self) -> str:
        # An index takes no text of any length.
        return sha256(" ".join(self.booking_ids).encode()).hexdigest()


class TellOverlapsJob(msgspec.Struct, frozen=True, tag_field="job", tag="tell_overlaps"):
    """Mail a host which events were found over which bookings at an instant."""

    host_id: HostId
    at: datetime

    @property
    def key(self) -> str:
        return f"{self.host_id}/{self.at.isoformat()}"


class WatchCalendarJob(msgspec.Struct, frozen=True, tag_field="job", tag="watch_calendar"):
    """Have the provider tell of changes in a calendar, again and again for as long as it blocks a page."""

    calendar_id: CalendarId

    @property
    def key(self) -> str:
        return self.calendar_id


class FollowEntriesJob(msgspec.Struct, frozen=True, tag_field="job", tag="follow_entries"):
    """Do what hosts want done about entries that they were found to have changed in a calendar at an instant."""

    calendar_id: CalendarId
    at: datetime

    @property
    def key(self) -> str:
        return f"{self.calendar_id}/{self.at.isoformat()}"


class TellEntryLeftJob(BookingJob, frozen=True, tag="tell_entry_left"):
    """Mail a host that the entry of a cancelled booking is still in the calendar."""


class DeliverWebhooksJob(msgspec.Struct, frozen=True, tag_field="job", tag="deliver_webhooks"):
    """Send a webhook what is due, one event after the other; each lane is one request at a time.

    Attributes:
        host_id: whose webhook it is; what waits for the servers of one host must not keep another's waiting.
    """

    host_id: HostId
    webhook_id: WebhookId
    lane: int

    @property
    def key(self) -> str:
        return f"{self.webhook_id}/{self.lane}"


class RecordPastJob(msgspec.Struct, frozen=True, tag_field="job", tag="record_past"):
    """Record what has happened to a host's bookings in a time in which nobody listened.

    Attributes:
        until: since when whatever happens is recorded by whoever does it.
    """

    host_id: HostId
    since: datetime
    until: datetime

    @property
    def key(self) -> str:
        return f"{self.host_id}/{self.until.isoformat()}"


class TellWebhookJob(msgspec.Struct, frozen=True, tag_field="job", tag="tell_webhook"):
    """Mail a host that a webhook keeps failing, or was paused."""

    webhook_id: WebhookId
    alarm: Alarm
    at: datetime

    @property
    def key(self) -> str:
        return f"{self.webhook_id}/{self.alarm}/{_second(self.at)}"


class TellTokenExpiryJob(msgspec.Struct, frozen=True, tag_field="job", tag="tell_token_expiry"):
    """Mail a host that a token is about to expire."""

    host_id: HostId
    token_id: ApiTokenId

    @property
    def key(self) -> str:
        return self.token_id


class MailAccountJob(msgspec.Struct, frozen=True, tag_field="job", tag="mail_account"):
    """Send a mail about an account."""

    mail_id: str

    @property
    def key(self) -> str:
        return self.mail_id


class DeleteAccountJob(msgspec.Struct, frozen=True, tag_field="job", tag="delete_account"):
    """Cancel, disconnect and erase what belongs to a closed account."""

    host_id: HostId

    @property
    def key(self) -> str:
        return self.host_id


class SupportJob(msgspec.Struct, frozen=True, tag_field="job"):
    """A job about one message of a conversation, counted from 0."""

    thread_id: SupportThreadId
    number: int

    @property
    def key(self) -> str:
        return f"{self.thread_id}/{self.number}"


class MailSupportJob(SupportJob, frozen=True, tag="mail_support"):
    """Mail a visitor's message to the operator."""


class AcknowledgeSupportJob(SupportJob, frozen=True, tag="acknowledge_support"):
    """Mail the sender of a message that it has come."""


class MailAnswerJob(SupportJob, frozen=True, tag="mail_answer"):
    """Mail the operator's answer to the visitor."""


Job = (
    CreateMeetingJob
    | StopWaitingJob
    | RemindGuestJob
    | MailProposalJob
    | AskToConfirmJob
    | ReleaseHoldJob
    | WriteEntryJob
    | MailBookingJob
    | TellGuestLeftJob
    | RetryWaitingBookingsJob
    | KeepConnectionJob
    | TellConnectionJob
    | DeauthorizeJob
    | TellRefusalJob
    | ReadCalendarJob
    | FollowEntriesJob
    | TellEntryLeftJob
    | TellCalendarsJob
    | FindOverlapsJob
    | CheckOverlapsJob
    | TellOverlapsJob
    | WatchCalendarJob
    | DeliverWebhooksJob
    | RecordPastJob
    | TellWebhookJob
    | TellTokenExpiryJob
    | MailAccountJob
    | DeleteAccountJob
    | MailSupportJob
    | AcknowledgeSupportJob
    | MailAnswerJob
)


MAIL_JOBS = (
    RemindGuestJob,
    MailProposalJob,
    AskToConfirmJob,
    MailBookingJob,
    TellGuestLeftJob,
    TellConnectionJob,
    TellRefusalJob,
    TellEntryLeftJob,
    TellCalendarsJob,
    TellOverlapsJob,
    TellWebhookJob,
    TellTokenExpiryJob,
    MailAccountJob,
    MailSupportJob,
    AcknowledgeSupportJob,
    MailAnswerJob,
)
"""The jobs that are one mail each."""


class Due(msgspec.Struct, frozen=True):
    """A job and when it is to run."""

    job: Job
    at: datetime


class Effect(msgspec.Struct, frozen=True):
    """What an event does to the outbox: first `cancel`, then `enqueue`."""

    enqueue: tuple[Due, ...] = ()
    cancel: tuple[Job, ...] = ()


def tag_of(job: Job | type[Job]) -> str:
    """The stable name of a kind of job, for the broker and for metrics."""
    return str(job.__struct_config__.tag)


def effect_of(event: Event, link_wait: timedelta, *, has_entry: bool = False, along: Collection[int] = ()) -> Effect:
    """The jobs that an event brings, and those that it makes void.

    Args:
        event: what has happened.
        link_wait: how long mails wait for the link that a new meeting brings.
        has_entry: the booking has an entry in a calendar.
        along: the places of the additional guests who haven't left.
    """
    effect = _effect_of(event, link_wait)
    if along:
        effect = Effect(tuple(each for due in effect.enqueue for each in _to_all(due, along)), effect.cancel)
    if has_entry and changes_entry(event):
        # What makes the link wanted no longer, or brings it, has the entry written at once.
        is_awaited = isinstance(event, Booked) and isinstance(event.conference, Pending)
        write = Due(WriteEntryJob(event.booking_id), event.at + (ENTRY_WAITS if is_awaited else timedelta(0)))
        return Effect((*effect.enqueue, write), effect.cancel)
    return effect


def _effect_of(event: Event, link_wait: timedelta) -> Effect:
    create, wait = CreateMeetingJob(event.booking_id), StopWaitingJob(event.booking_id)
    ask, release = AskToConfirmJob(event.booking_id), ReleaseHoldJob(event.booking_id)
    mails = _mails(event)
    match event:
        case Held():
            return Effect((Due(ask, event.at), Due(release, event.until)))
        case ConfirmationWantedAgain():
            return Effect((Due(ask, event.at),))
        case Booked(conference=Pending()):
            due = (*_meeting(event, link_wait, wait=True), *_reminders(event, event.remind_at))
            return Effect(due, (ask, release))
        case Booked():
            return Effect((*mails, *_reminders(event, event.remind_at)), (ask, release))
        case MeetingFellBack() | MeetingSwitched():
            void = () if isinstance(event.conference, Pending) else (create, wait)
            return Effect(_changed(event, event.conference, link_wait, announced=event.announced_before), void)
        case Rescheduled():
            changed = _changed(event, event.conference, link_wait, announced=event.announced_before)
            return Effect((*changed, *_reminders(event, event.remind_at)))
        case MeetingRetried():
            return Effect((Due(create, event.at),))
        case MeetingCreated() | MeetingGivenUp():
            return Effect(mails, (wait,))
        case LinkAdded() | LinkReplaced():
            return Effect(mails, (create, wait))
        case Cancelled():
            return Effect(mails, (create, wait))
        case WaitedLongEnough():
            return Effect(mails)
        case OverlapFound(slots=(_, *_)):
            return Effect((Due(TellOverlapsJob(event.host_id, event.at), event.at),))
        case MailsWantedAgain():
            return Effect(mails if event.party is None else _mails(event, event.party))
        case TimesProposed():
            return Effect((Due(MailProposalJob(event.booking_id, event.at), event.at),))
        case GuestErased():
            # Without the guest there is nobody to mail, and nothing to tell the host about.
            return Effect(cancel=(create, wait, *(MailBookingJob(event.booking_id, each) for each in PARTIES)))
        case MeetingAttempted() | MeetingDelayed() | MeetingUnused():
            return Effect()
        case GuestLeft(place=place):
            their = Due(MailBookingJob(event.booking_id, place), event.at)
            return Effect((their, Due(TellGuestLeftJob(event.booking_id, place), event.at)))
        case MailAccepted() | MailRefused() | ReminderAccepted() | ReminderRefused():
            return Effect()
        case ProposalAccepted() | ProposalRefused():
            return Effect()
        case EntryFailed(is_left=True):
            return Effect((Due(TellEntryLeftJob(event.booking_id), event.at),))
        case EntryWritten() | EntryFailed() | EntryDeleted() | EntryMoved() | EntryRestored():
            return Effect()
        case OverlapFound() | OverlapEnded():
            return Effect()
        case _:
            assert_never(event)


def jobs_of(event: ConnectionEvent) -> tuple[Due, ...]:
    """The jobs that an event about a connection brings: bookings without a link are decided anew, and hosts told."""
    host_id, provider, at = event.host_id, event.provider, event.at
    match event:
        case ConnectionMade():
            return (Due(RetryWaitingBookingsJob(host_id, provider, connected=True), at),)
        case ConnectionDropped():
            return (Due(RetryWaitingBookingsJob(host_id, provider, connected=False), at),)
        case ConnectionRevoked():
            return (
                Due(RetryWaitingBookingsJob(host_id, provider, connected=False), at),
                Due(TellConnectionJob(host_id, provider, "removed", at), at),
            )
        case ConnectionBroke():
            return (Due(TellConnectionJob(host_id, provider, "trouble", at), at),)
        case _:
            assert_never(event)


def jobs_of_reading(before: Calendar, after: Calendar, now: datetime) -> tuple[Due, ...]:
    """The jobs that a reading brings, or the failure of one."""
    if before.is_to_be_told or not after.is_to_be_told:
        return ()
    # What passes within moments is nobody's business; what the host has to mend doesn't pass.
    wait = timedelta(0) if isinstance(after.problem, CalendarAccountProblem) else TROUBLE_PASSES_WITHIN
    return (Due(TellCalendarsJob(after.host_id, after.connection_id), now + wait),)


def jobs_of_taking(booking: Booking, calendars: PageCalendars, now: datetime) -> tuple[Due, ...]:
    """The jobs that a booking's new time brings: calendars may have changed while it was taken."""
    is_watched = booking.status == "confirmed" and bool(calendars.blocking)
    return (Due(CheckOverlapsJob((booking.id,)), now),) if is_watched else ()


def _changed(event: BookingEvent, conference: Conference, link_wait: timedelta, *, announced: bool) -> tuple[Due, ...]:
    """One mail tells of the change and of its link if that comes soon; where none is to come, it leaves at once."""
    if isinstance(conference, Pending):
        return _meeting(event, link_wait, wait=announced)
    if announced or isinstance(conference, NoConference):
        return _mails(event)
    return ()


def _meeting(event: BookingEvent, link_wait: timedelta, *, wait: bool) -> tuple[Due, ...]:
    create = Due(CreateMeetingJob(event.booking_id), event.at)
    return (create, Due(StopWaitingJob(event.booking_id), event.at + link_wait)) if wait else (create,)


def _to_all(due: Due, along: Collection[int]) -> tuple[Due, ...]:
    """Additional guests are told what the guest is told, and when."""
    match due.job:
        case MailBookingJob(booking_id, "guest"):
            others = [Due(MailBookingJob(booking_id, place), due.at) for place in along]
        case RemindGuestJob(booking_id, at):
            others = [Due(RemindGuestJob(booking_id, at, place), due.at) for place in along]
        case _:
            others = []
    return (due, *others)


def _mails(event: BookingEvent, *parties: Recipient) -> tuple[Due, ...]:
    return tuple(Due(MailBookingJob(event.booking_id, party), event.at) for party in parties or PARTIES)


def _reminders(event: BookingEvent, at: tuple[datetime, ...]) -> tuple[Due, ...]:
    return tuple(Due(RemindGuestJob(event.booking_id, each), each) for each in at)


def _second(at: datetime) -> str:
    return f"{at:%Y%m%dT%H%M%S}"
