"""What a booking's timeline says of each thing that happened."""

from datetime import timedelta
from typing import assert_never

from application.ports.views import TimelineEntry
from domain.events import (
    Booked,
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
    Party,
    Rescheduled,
    WaitedLongEnough,
)
from domain.meeting_type import label_of

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
        case WaitedLongEnough():
            return "waited_long_enough", "The link isn’t there yet, so the mails say that it follows."
        case MailAccepted():
            return "mail_accepted", f"The mail server accepted revision {event.revision} for the {event.party}."
        case MailRefused():
            return "mail_refused", f"Revision {event.revision} for the {event.party} was refused: {event.reason}"
        case Cancelled():
            return "cancelled", f"Cancelled by {_by(event.by)}." + (f" Reason: {event.reason}" if event.reason else "")
        case Rescheduled():
            moved = f"from {event.from_start:%Y-%m-%d %H:%M} to {event.to_start:%Y-%m-%d %H:%M} UTC"
            return "rescheduled", f"Moved by {_by(event.by)} {moved}."
        case _:
            assert_never(event)


def _by(party: Party) -> str:
    return "the guest" if party == "guest" else "the host"


def _left(left_behind: bool) -> str:
    return LEFT_BEHIND if left_behind else ""


def _lasting(length: timedelta) -> str:
    seconds = length.total_seconds()
    return f"{seconds:.1f} seconds" if seconds < 100 else f"{seconds / 60:.0f} minutes"  # noqa: PLR2004 - reads best
