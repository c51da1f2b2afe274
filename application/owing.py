"""What is owed once something has happened to a booking: a pure map from events to work."""

from datetime import timedelta
from typing import assert_never

from application.ports.owed import JobName, Work
from domain.conference import Conference, NoConference, Pending
from domain.events import (
    Booked,
    BookingEvent,
    Cancelled,
    Event,
    MailAccepted,
    MailRefused,
    MeetingAttempted,
    MeetingCreated,
    MeetingDelayed,
    MeetingFellBack,
    MeetingGivenUp,
    MeetingUnused,
    Rescheduled,
    WaitedLongEnough,
)

MAILS: tuple[JobName, ...] = ("mail_guest", "mail_host")


def work_for(event: Event, link_wait: timedelta) -> tuple[Work, ...]:
    """Everything that the event leaves to be done; `link_wait` is how long the first mails wait for a link."""
    match event:
        case Booked(conference=Pending()):
            return (*_now(event, "create_meeting"), Work("stop_waiting", event.booking_id, event.at + link_wait))
        case Booked():
            return _now(event, *MAILS)
        case MeetingFellBack():
            return _after_change(event, event.conference, told=event.told_before)
        case Rescheduled():
            return _after_change(event, event.conference, told=event.told_before)
        case MeetingCreated() | MeetingGivenUp() | WaitedLongEnough() | Cancelled():
            return _now(event, *MAILS)
        case MeetingAttempted() | MeetingDelayed() | MeetingUnused() | MailAccepted() | MailRefused():
            return ()
        case _:
            assert_never(event)


def _after_change(event: BookingEvent, conference: Conference, *, told: bool) -> tuple[Work, ...]:
    """Mails go out where people were told before, or where there is no link to wait for."""
    making = _now(event, "create_meeting") if isinstance(conference, Pending) else ()
    mailing = _now(event, *MAILS) if told or isinstance(conference, NoConference) else ()
    return making + mailing


def _now(event: BookingEvent, *jobs: JobName) -> tuple[Work, ...]:
    return tuple(Work(job, event.booking_id, event.at) for job in jobs)
