"""The jobs that each event enqueues, and those that it makes void.

This is the one place where a job becomes due. What a transition decides comes as its events, and
`application/decisions.py` looks them up here; what happens beside bookings and connections has a row of its own below.
"""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import assert_never

import msgspec

from application.jobs import (
    AcknowledgeSupportJob,
    AskToConfirmJob,
    CheckOverlapsJob,
    CreateMeetingJob,
    DeauthorizeJob,
    DeleteAccountJob,
    DeliverWebhooksJob,
    Due,
    FindOverlapsJob,
    FollowEntriesJob,
    Job,
    KeepConnectionJob,
    MailAccountJob,
    MailAnswerJob,
    MailBookingJob,
    MailProposalJob,
    MailSupportJob,
    ReadCalendarJob,
    RecordPastJob,
    ReleaseHoldJob,
    RemindGuestJob,
    RetryWaitingBookingsJob,
    StopWaitingJob,
    TellCalendarsJob,
    TellConnectionJob,
    TellEntryLeftJob,
    TellGuestLeftJob,
    TellOverlapsJob,
    TellRefusalJob,
    TellTokenExpiryJob,
    TellWebhookJob,
    WatchCalendarJob,
    WriteEntryJob,
)
from application.ports.unit_of_work import UnitOfWork
from domain.api_token import ApiToken
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
from domain.ids import BookingId, CalendarId, HostId, PageId, SupportThreadId
from domain.provider import Provider
from domain.webhook import LANES, Alarm, Webhook

TROUBLE_PASSES_WITHIN = timedelta(seconds=30)
"""How long a host isn't yet told of a calendar that can't be read; further calendars of its account join until then."""


ENTRY_WAITS = timedelta(seconds=5)
"""How long a new entry waits for the join link, so that it is written once: Zoom answers within a second or two."""


class Effect(msgspec.Struct, frozen=True):
    """What has to be done to the outbox: first `cancel`, then `enqueue`."""

    enqueue: tuple[Due, ...] = ()
    cancel: tuple[Job, ...] = ()


def carry_out(uow: UnitOfWork, *effects: Effect) -> None:
    """Enqueue and cancel when the unit commits."""
    if void := [job for effect in effects for job in effect.cancel]:
        uow.outbox.cancel(*void)
    if due := [each for effect in effects for each in effect.enqueue]:
        uow.outbox.enqueue(*due)


def effect_of(
    event: Event,
    link_wait: timedelta,
    *,
    entry_in: CalendarId | None = None,
    along: Collection[int] = (),
    is_watched: bool = False,
) -> Effect:
    """The jobs that an event about a booking brings, and those that it makes void.

    Args:
        event: what has happened.
        link_wait: how long mails wait for the link that a new meeting brings.
        entry_in: the calendar that the booking has an entry in.
        along: the places of the additional guests who haven't left.
        is_watched: calendars block the booking's page, and may have changed while its time was taken.
    """
    effect = _effect_of(event, link_wait, entry_in)
    due = effect.enqueue
    if along:
        due = tuple(to_one for each in due for to_one in _to_all(each, along))
    if entry_in is not None and changes_entry(event):
        # What makes the link wanted no longer, or brings it, has the entry written at once.
        is_awaited = isinstance(event, Booked) and isinstance(event.conference, Pending)
        due = (*due, Due(WriteEntryJob(event.booking_id), event.at + (ENTRY_WAITS if is_awaited else timedelta(0))))
    if is_watched and isinstance(event, Booked | Rescheduled):
        due = (*due, Due(CheckOverlapsJob((event.booking_id,)), event.at))
    return Effect(due, effect.cancel)


def _effect_of(event: Event, link_wait: timedelta, entry_in: CalendarId | None) -> Effect:
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
        case EntryDeleted() | EntryMoved() if entry_in is not None:
            # All that one look finds is one job.
            return Effect((Due(FollowEntriesJob(entry_in, event.at), event.at),))
        case EntryWritten() | EntryFailed() | EntryDeleted() | EntryMoved() | EntryRestored():
            return Effect()
        case OverlapFound() | OverlapEnded():
            return Effect()
        case _:
            assert_never(event)


def refusal_met(page_id: PageId, at: datetime) -> Effect:
    """A guest couldn't book, and the host is to know."""
    return _owed(at, TellRefusalJob(page_id, at))


def effect_of_connection(event: ConnectionEvent) -> Effect:
    """Bookings without a link are decided anew, and hosts told."""
    host_id, provider, at = event.host_id, event.provider, event.at
    match event:
        case ConnectionMade():
            return _owed(at, RetryWaitingBookingsJob(host_id, provider, connected=True))
        case ConnectionDropped():
            return _owed(at, RetryWaitingBookingsJob(host_id, provider, connected=False))
        case ConnectionRevoked():
            retry = RetryWaitingBookingsJob(host_id, provider, connected=False)
            return _owed(at, retry, TellConnectionJob(host_id, provider, "removed", at))
        case ConnectionBroke():
            return _owed(at, TellConnectionJob(host_id, provider, "trouble", at))
        case _:
            assert_never(event)


def connection_idle(host_id: HostId, provider: Provider, at: datetime) -> Effect:
    """Nobody has used a connection for so long that it would end."""
    return _owed(at, KeepConnectionJob(host_id, provider))


def removal_met_refresh(removal: DeauthorizeJob, at: datetime) -> Effect:
    """Somebody was refreshing a connection that was to be removed."""
    return _owed(at, removal)


def calendars_connected(
    first_readings: Iterable[tuple[CalendarId, datetime]], now: datetime, *, watched: bool
) -> Effect:
    """An account was connected, or connected again.

    Args:
        first_readings: when each of its calendars is to be read.
        watched: its provider tells of changes.
    """
    due = [Due(ReadCalendarJob(calendar_id), at) for calendar_id, at in first_readings]
    ids = tuple(each.job.calendar_id for each in due if isinstance(each.job, ReadCalendarJob))
    if watched:
        due += [Due(WatchCalendarJob(each), now) for each in ids]
    if ids:
        due.append(Due(FindOverlapsJob(ids), now))
    return Effect(tuple(due))


def calendars_outdated(calendar_ids: Iterable[CalendarId], at: datetime) -> Effect:
    """What is known of calendars may be old, whoever tells so: their provider, an answer, or who looks at them."""
    return _owed(at, *(ReadCalendarJob(each) for each in calendar_ids))


def watch_lacking(calendar_id: CalendarId, at: datetime) -> Effect:
    """Changes in a calendar aren't told, or won't be soon."""
    return _owed(at, WatchCalendarJob(calendar_id))


def calendar_answered(before: Calendar, after: Calendar, now: datetime) -> Effect:
    """A calendar was read, or couldn't be; where that is news the host is told."""
    if before.needs_notice or not after.needs_notice:
        return Effect()
    # What passes within moments is nobody's business; what the host has to mend doesn't pass.
    wait = timedelta(0) if isinstance(after.problem, CalendarAccountProblem) else TROUBLE_PASSES_WITHIN
    return _owed(now + wait, TellCalendarsJob(after.host_id, after.connection_id))


def calendars_blocking(calendar_ids: tuple[CalendarId, ...], now: datetime) -> Effect:
    """Calendars block a page from now on, whose bookings were taken without them."""
    return _owed(now, FindOverlapsJob(calendar_ids)) if calendar_ids else Effect()


def overlaps_changed(booking_ids: Collection[BookingId], now: datetime) -> Effect:
    """Events have come over bookings, or have gone."""
    return _owed(now, CheckOverlapsJob(tuple(booking_ids))) if booking_ids else Effect()


def entries_writable(booking_ids: Iterable[BookingId], now: datetime) -> Effect:
    """Entries that were stuck or gone can be written again."""
    return _owed(now, *(WriteEntryJob(each) for each in booking_ids))


def webhooks_due(webhooks: Iterable[Webhook], at: datetime) -> Effect:
    """Something is to be sent: what has just happened, or what waited while nothing could be sent."""
    return _owed(at, *(DeliverWebhooksJob(each.host_id, each.id, LANES[0]) for each in webhooks))


def deliveries_pile_up(webhook: Webhook, now: datetime) -> Effect:
    """More is due than one lane sends."""
    return _owed(now, *(DeliverWebhooksJob(webhook.host_id, webhook.id, lane) for lane in LANES[1:]))


def webhook_alarmed(webhook: Webhook, alarm: Alarm, now: datetime) -> Effect:
    """A webhook keeps failing, or was paused for that."""
    return _owed(now, TellWebhookJob(webhook.id, alarm, now))


def listening_begun(past: RecordPastJob, at: datetime) -> Effect:
    """A host's events are recorded from now on, and the past isn't yet; it is by then, unless who asked has died."""
    return _owed(at, past)


def past_recorded(past: RecordPastJob) -> Effect:
    return Effect(cancel=(past,))


def account_mail_asked(mail_id: str, at: datetime) -> Effect:
    return _owed(at, MailAccountJob(mail_id))


def account_closed(host_id: HostId, at: datetime) -> Effect:
    """What belongs to the account is taken down in the background."""
    return _owed(at, DeleteAccountJob(host_id))


def token_made(token: ApiToken) -> Effect:
    """The host is warned before it expires."""
    return _owed(token.warned_at, TellTokenExpiryJob(token.host_id, token.id)) if token.warned_at else Effect()


def token_removed(token: ApiToken) -> Effect:
    return Effect(cancel=(TellTokenExpiryJob(token.host_id, token.id),))


def support_asked(thread_id: SupportThreadId, number: int, at: datetime, *, with_receipt: bool = False) -> Effect:
    """A visitor has written a message, counted from 0."""
    receipt = (AcknowledgeSupportJob(thread_id, number),) if with_receipt else ()
    return _owed(at, MailSupportJob(thread_id, number), *receipt)


def support_answered(thread_id: SupportThreadId, number: int, at: datetime) -> Effect:
    return _owed(at, MailAnswerJob(thread_id, number))


def _owed(at: datetime, *jobs: Job) -> Effect:
    return Effect(tuple(Due(each, at) for each in jobs))


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
