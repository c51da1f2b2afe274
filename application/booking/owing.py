"""What is owed once something has happened to a booking: a pure map from events to work."""

from datetime import datetime, timedelta
from typing import assert_never

from application.ports.owed import JobName, Work
from domain.conference import Conference, NoConference, Pending
from domain.events import (
    Booked,
    BookingEvent,
    Cancelled,
    Event,
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
    ReminderAccepted,
    ReminderRefused,
    Rescheduled,
    WaitedLongEnough,
)

MAILS: tuple[JobName, ...] = ("mail_guest", "mail_host")


def work_for(event: Event, link_wait: timedelta = timedelta(0)) -> tuple[Work, ...]:
    """Everything that the event leaves to be done; `link_wait` is how long the first mails wait for a link."""
    match event:
        case Booked(conference=Pending()):
            waiting = Work("stop_waiting", event.booking_id, event.at + link_wait)
            return (*_now(event, "create_meeting"), waiting, *_reminder(event, event.remind_at))
        case Booked():
            return (*_now(event, *MAILS), *_reminder(event, event.remind_at))
        case MeetingFellBack() | MeetingSwitched():
            return _after_change(event, event.conference, link_wait, told=event.announced_before)
        case Rescheduled():
            changed = _after_change(event, event.conference, link_wait, told=event.announced_before)
            return (*changed, *_reminder(event, event.remind_at))
        case MeetingRetried():
            return _now(event, "create_meeting")
        case MailsWantedAgain(party="guest"):
            return _now(event, "mail_guest")
        case MeetingCreated() | MeetingGivenUp() | WaitedLongEnough() | LinkAdded() | LinkReplaced():
            return _now(event, *MAILS)
        case MailsWantedAgain() | Cancelled():
            return _now(event, *MAILS)
        case MeetingAttempted() | MeetingDelayed() | MeetingUnused():
            return ()
        case MailAccepted() | MailRefused() | ReminderAccepted() | ReminderRefused():
            return ()
        case _:
            assert_never(event)


def void_after(event: Event) -> tuple[JobName, ...]:
    """The jobs of the booking that have become pointless."""
    match event:
        case Cancelled():
            return "create_meeting", "stop_waiting", "remind_guest"
        case LinkAdded() | LinkReplaced():
            return "create_meeting", "stop_waiting"
        case MeetingFellBack(conference=Pending()) | MeetingSwitched(conference=Pending()):
            return ()
        case MeetingFellBack() | MeetingSwitched():
            return "create_meeting", "stop_waiting"
        case MeetingCreated() | MeetingGivenUp():
            return ("stop_waiting",)
        case Rescheduled():
            return ("remind_guest",)
        case Booked() | MeetingAttempted() | MeetingDelayed() | MeetingUnused() | MeetingRetried() | WaitedLongEnough():
            return ()
        case MailAccepted() | MailRefused() | MailsWantedAgain() | ReminderAccepted() | ReminderRefused():
            return ()
        case _:
            assert_never(event)


def _after_change(event: BookingEvent, conference: Conference, link_wait: timedelta, *, told: bool) -> tuple[Work, ...]:
    """One mail tells of the change and of its link if that comes soon; where none is to come, it leaves at once."""
    if isinstance(conference, Pending):
        waiting = (Work("stop_waiting", event.booking_id, event.at + link_wait),) if told else ()
        return (*_now(event, "create_meeting"), *waiting)
    return _now(event, *MAILS) if told or isinstance(conference, NoConference) else ()


def _reminder(event: BookingEvent, at: datetime | None) -> tuple[Work, ...]:
    return () if at is None else (Work("remind_guest", event.booking_id, at),)


def _now(event: BookingEvent, *jobs: JobName) -> tuple[Work, ...]:
    return tuple(Work(job, event.booking_id, event.at) for job in jobs)
