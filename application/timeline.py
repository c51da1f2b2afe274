"""What a booking's timeline says of each thing that happened."""

from datetime import timedelta
from typing import assert_never

from application.ports.views import TimelineEntry
from domain.conference import Conference, Ready
from domain.connection import PROVIDER_NAMES
from domain.events import (
    Booked,
    Cancelled,
    Event,
    LinkSet,
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
    Party,
    ReminderAccepted,
    ReminderRefused,
    Rescheduled,
    WaitedLongEnough,
)
from domain.meeting_type import label_of

_UNITS = ((timedelta(days=1), "days"), (timedelta(hours=1), "hours"), (timedelta(minutes=1), "minutes"))

LEFT_BEHIND = " A meeting may have been left behind, unused, in the account."


def entry_for(event: Event) -> TimelineEntry:
    """`what` is a stable name for programs; `detail` is for the host to read."""
    what, detail = _told(event)
    return TimelineEntry(event.at, what, detail)


def _told(event: Event) -> tuple[str, str]:
    match event:
        case Booked():
            instead = f" Another meeting type is used: {event.fell_back.words}" if event.fell_back else ""
            return "booked", "The guest confirmed the booking." + instead
        case MeetingAttempted(left_behind=True):
            return "meeting_attempted", (
                f"Attempt {event.attempt} to create the meeting; the one before never reported back." + LEFT_BEHIND
            )
        case MeetingAttempted():
            return "meeting_attempted", f"Attempt {event.attempt} to create the meeting."
        case MeetingCreated():
            number = f"Meeting {event.meeting_id} was" if event.meeting_id else "The meeting was"
            return "meeting_created", f"{number} created {_lasting(event.after)} after the booking."
        case MeetingUnused():
            return "meeting_unused", (
                f"Meeting {event.meeting_id} was created after the booking stopped waiting for it; "
                "it stays in the account, unused."
            )
        case MeetingDelayed():
            again = f"{event.next_try_at:%Y-%m-%d %H:%M:%S} UTC"
            return "meeting_delayed", f"{event.failure.message} Next try at {again}." + _left(event.left_behind)
        case MeetingFellBack():
            told = f"Fell back to {label_of(event.to)}: {event.why.message}"
            return "meeting_fell_back", told + _left(event.left_behind)
        case MeetingGivenUp():
            return "meeting_given_up", event.failure.message + _left(event.left_behind)
        case MeetingRetried(reconnected=str() as provider):
            return "meeting_retried", f"{PROVIDER_NAMES[provider]} was connected again, so the meeting is tried again."
        case MeetingRetried():
            return "meeting_retried", "The host asked to try again to create the meeting."
        case LinkSet(instead_of=None):
            return "link_added", "The host added a join link."
        case LinkSet():
            return "link_replaced", "The host replaced the join link." + _stays(event.instead_of)
        case MeetingSwitched():
            return "meeting_switched", f"The host switched to {label_of(event.to)}." + _stays(event.instead_of)
        case WaitedLongEnough():
            return "waited_long_enough", "The link isn’t there yet, so the mails say that it follows."
        case MailAccepted():
            return "mail_accepted", f"The mail server accepted revision {event.revision} for the {event.party}."
        case MailRefused():
            return "mail_refused", f"Revision {event.revision} for the {event.party} was refused: {event.reason}"
        case MailsWantedAgain():
            return "mails_wanted_again", f"The host asked to send the mails of revision {event.revision} again."
        case ReminderAccepted():
            return "reminder_accepted", "The mail server accepted the reminder for the guest."
        case ReminderRefused():
            return "reminder_refused", f"The reminder for the guest was refused: {event.reason}"
        case Cancelled():
            return "cancelled", f"Cancelled by {_by(event.by)}." + _stays(event.conference) + _because(event.reason)
        case Rescheduled():
            moved = f"from {event.from_start:%Y-%m-%d %H:%M} to {event.to_start:%Y-%m-%d %H:%M} UTC"
            return "rescheduled", f"Moved by {_by(event.by)} {moved}." + _after_move(event) + _because(event.reason)
        case _:
            assert_never(event)


def _by(party: Party) -> str:
    return "the guest" if party == "guest" else "the host"


def _because(reason: str) -> str:
    return f" Reason: {reason}" if reason else ""


def _stays(conference: Conference | None) -> str:
    """What the two scopes can't do: a meeting that is used no more is still there."""
    match conference:
        case Ready(provider="zoom", meeting_id=number):
            which = f" (meeting ID {number})" if number else ""
            return f" The Zoom meeting{which} stays in your Zoom account. You can delete it there."
        case _:
            return ""


def _after_move(event: Rescheduled) -> str:
    match event.conference:
        case Ready(provider="zoom"):
            return " The join link stays the same. Zoom still shows the old time."
        case Ready():
            return " The join link stays the same."
        case _ if event.instead_of is not None:
            return " The new time is too far off for the old link, so a new one is made." + _stays(event.instead_of)
        case _:
            return ""


def _left(left_behind: bool) -> str:
    return LEFT_BEHIND if left_behind else ""


def _lasting(length: timedelta) -> str:
    for unit, name in _UNITS:
        if length >= 2 * unit:
            return f"{length // unit} {name}"
    return f"{length.total_seconds():.1f} seconds"
