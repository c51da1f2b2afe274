"""What a booking's timeline says of each thing that happened.

It is stored in English; whoever shows it to a reader of another language finds the sentences again.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import assert_never

from application.ports.views import TimelineEntry
from domain.conference import Conference, Ready
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
from domain.meeting_type import MeetingTypeName
from domain.provider import PROVIDER_NAMES, about
from domain.words import Words, marked

REASON = marked("Reason:")
"""What stands before a reason that a person typed."""

LEFT_BEHIND = " " + marked("A meeting may have been left behind, unused, in the account.")

_FELL_BACK: Mapping[MeetingTypeName, str] = {
    "zoom": marked("Fell back to Zoom:"),
    "google_meet": marked("Fell back to Google Meet:"),
    "microsoft_teams": marked("Fell back to Microsoft Teams:"),
    "phone": marked("Fell back to Phone call:"),
    "in_person": marked("Fell back to In person:"),
}
_SWITCHED: Mapping[MeetingTypeName, str] = {
    "zoom": marked("The host switched to Zoom."),
    "google_meet": marked("The host switched to Google Meet."),
    "microsoft_teams": marked("The host switched to Microsoft Teams."),
    "phone": marked("The host switched to Phone call."),
    "in_person": marked("The host switched to In person."),
}


def entry_for(event: Event) -> TimelineEntry:
    """`what` is a stable name for programs; `detail` is for the host to read, with instants as RFC 3339 has them."""
    what, detail = _told(event)
    return TimelineEntry(event.at, what, str(detail))


def _told(event: Event) -> tuple[str, str]:
    match event:
        case Booked():
            told = Words("The guest confirmed the booking.")
            if event.fell_back is None:
                return "booked", told
            return "booked", " ".join((told, Words("Another meeting type is used:"), event.fell_back.words))
        case MeetingAttempted(left_behind=True):
            words = Words(
                "Attempt {number} to create the meeting; the one before never reported back.", number=str(event.attempt)
            )
            return "meeting_attempted", words + LEFT_BEHIND
        case MeetingAttempted():
            return "meeting_attempted", Words("Attempt {number} to create the meeting.", number=str(event.attempt))
        case MeetingCreated():
            return "meeting_created", _created(event.meeting_id, event.after)
        case MeetingUnused():
            return "meeting_unused", Words(
                "Meeting {id} was created after the booking stopped waiting for it; it stays in the account, unused.",
                id=str(event.meeting_id),
            )
        case MeetingDelayed():
            again = Words("Next try: {time}.", time=_instant(event.next_try_at))
            return "meeting_delayed", event.failure.message + " " + again + _left(event.left_behind)
        case MeetingFellBack():
            return "meeting_fell_back", _FELL_BACK[event.to] + " " + event.why.message + _left(event.left_behind)
        case MeetingGivenUp():
            return "meeting_given_up", event.failure.message + _left(event.left_behind)
        case MeetingRetried(reconnected=str() as provider):
            return "meeting_retried", Words(
                "{name} was connected again, so the meeting is tried again.", name=PROVIDER_NAMES[provider]
            )
        case MeetingRetried():
            return "meeting_retried", Words("The host asked to try again to create the meeting.")
        case LinkSet(instead_of=None):
            return "link_added", Words("The host added a join link.")
        case LinkSet():
            return "link_replaced", Words("The host replaced the join link.") + _stays(event.instead_of)
        case MeetingSwitched():
            return "meeting_switched", _SWITCHED[event.to] + _stays(event.instead_of)
        case WaitedLongEnough():
            return "waited_long_enough", Words("The link isn’t there yet, so the mails say that it follows.")
        case MailAccepted():
            return "mail_accepted", _accepted(event.party, _version(event.revision))
        case MailRefused():
            return "mail_refused", _refused(event.party, _version(event.revision)) + f" {event.reason}"
        case MailsWantedAgain(party="guest"):
            return "mails_wanted_again", Words(
                "The guest asked for the mail again (version {n}).", n=_version(event.revision)
            )
        case MailsWantedAgain():
            return "mails_wanted_again", Words(
                "The host asked to send the mails again (version {n}).", n=_version(event.revision)
            )
        case ReminderAccepted():
            return "reminder_accepted", Words("The reminder for the guest was sent.")
        case ReminderRefused():
            return "reminder_refused", Words("The reminder for the guest was refused:") + f" {event.reason}"
        case Cancelled():
            return "cancelled", _cancelled_by(event.by) + _stays(event.conference) + _because(event.reason)
        case Rescheduled():
            return "rescheduled", _moved(event) + _after_move(event) + _because(event.reason)
        case _:
            assert_never(event)


def _instant(at: datetime) -> str:
    """For whoever shows it to write in the reader's own zone."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _created(meeting_id: str | None, after: timedelta) -> Words:
    """With the length in the largest unit of which there are two."""
    days, hours, minutes = (after // unit for unit in (timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)))
    parts = {"id": meeting_id or "", "n": f"{after.total_seconds():.1f}"}
    if days > 1:
        parts["n"] = str(days)
        if meeting_id:
            return Words("Meeting {id} was created {n} days after the booking.", **parts)
        return Words("The meeting was created {n} days after the booking.", **parts)
    if hours > 1:
        parts["n"] = str(hours)
        if meeting_id:
            return Words("Meeting {id} was created {n} hours after the booking.", **parts)
        return Words("The meeting was created {n} hours after the booking.", **parts)
    if minutes > 1:
        parts["n"] = str(minutes)
        if meeting_id:
            return Words("Meeting {id} was created {n} minutes after the booking.", **parts)
        return Words("The meeting was created {n} minutes after the booking.", **parts)
    if after < timedelta(seconds=1):
        if meeting_id:
            return Words("Meeting {id} was created less than a second after the booking.", **parts)
        return Words("The meeting was created less than a second after the booking.", **parts)
    if meeting_id:
        return Words("Meeting {id} was created {n} seconds after the booking.", **parts)
    return Words("The meeting was created {n} seconds after the booking.", **parts)


def _version(revision: int) -> str:
    """As people count: the first mail is version 1."""
    return str(revision + 1)


def _accepted(party: Party, revision: str) -> Words:
    if party == "guest":
        return Words("The mail to the guest was sent (version {n}).", n=revision)
    return Words("The mail to the host was sent (version {n}).", n=revision)


def _refused(party: Party, revision: str) -> Words:
    if party == "guest":
        return Words("The mail to the guest (version {n}) was refused:", n=revision)
    return Words("The mail to the host (version {n}) was refused:", n=revision)


def _cancelled_by(party: Party) -> Words:
    return Words("Cancelled by the guest.") if party == "guest" else Words("Cancelled by the host.")


def _moved(event: Rescheduled) -> Words:
    before, after = _instant(event.from_start), _instant(event.to_start)
    if event.by == "guest":
        return Words("Moved by the guest from {before} to {after}.", before=before, after=after)
    return Words("Moved by the host from {before} to {after}.", before=before, after=after)


def _because(reason: str) -> str:
    return f" {REASON} {reason}" if reason else ""


def _stays(conference: Conference | None) -> str:
    """What TimeTuna may not do: a meeting that is used no more is still there."""
    match conference:
        case Ready(provider=str() as provider, meeting_id=number) if about(provider).shows_meetings:
            told = (
                Words(
                    "The {name} meeting (meeting ID {number}) stays in your {name} account. You can delete it there.",
                    name=about(provider).name,
                    number=number,
                )
                if number
                else Words(
                    "The {name} meeting stays in your {name} account. You can delete it there.",
                    name=about(provider).name,
                )
            )
            return f" {told}"
        case _:
            return ""


def _after_move(event: Rescheduled) -> str:
    match event.conference:
        case Ready(provider=str() as provider) if about(provider).shows_meetings:
            shows = Words("{name} still shows the old time.", name=about(provider).name)
            return " " + Words("The join link stays the same.") + f" {shows}"
        case Ready():
            return " " + Words("The join link stays the same.")
        case _ if event.instead_of is not None:
            told = Words("The new time is too far off for the old link, so a new one is made.")
            return f" {told}" + _stays(event.instead_of)
        case _:
            return ""


def _left(left_behind: bool) -> str:
    return LEFT_BEHIND if left_behind else ""
