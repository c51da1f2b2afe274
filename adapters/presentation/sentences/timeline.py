"""Sentences for each entry of a booking's timeline."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import assert_never

from adapters.presentation.language import gettext as _
from adapters.presentation.language import marked, ngettext
from adapters.presentation.providers import words_of
from adapters.presentation.sentences.calendar_problems import for_writing
from adapters.presentation.sentences.failures import failure_for_host
from adapters.presentation.sentences.joined import joined
from adapters.presentation.sentences.mail_problems import mail_problem_words
from adapters.presentation.sentences.meetings import meeting_stays
from adapters.presentation.sentences.obstacles import obstacle_words
from application.ports.booking_views import TimelineEntry, UnknownEvent
from domain.additional_guest import AdditionalGuest
from domain.conference import Conference, Ready
from domain.events import (
    AccountClosed,
    Booked,
    CancellationReason,
    Cancelled,
    ConfirmationWantedAgain,
    ConnectionGone,
    EntryDeleted,
    EntryFailed,
    EntryMoved,
    EntryRestored,
    EntryStepTaken,
    EntryWritten,
    EraseCause,
    GuestErased,
    GuestLeft,
    Held,
    HostAsked,
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
    Reconnected,
    ReminderAccepted,
    ReminderRefused,
    Rescheduled,
    RetryCause,
    TimesProposed,
    WaitedLongEnough,
)
from domain.meeting_type import MeetingTypeName, Obstacle
from domain.provider import about

_ERASED: dict[EraseCause, str] = {
    "host_asked": marked("The host erased the guest’s details."),
    "retention": marked("The guest’s details were erased: the booking is older than this server keeps them."),
}

_ENTRY_STEPS: dict[EntryStepTaken, str] = {
    "added": marked("Added to the host’s calendar."),
    "updated": marked("Updated in the host’s calendar."),
    "removed": marked("Removed from the host’s calendar."),
}

Instant = Callable[[datetime], str]


def timeline_words(entry: TimelineEntry, instant: Instant, guests: Sequence[AdditionalGuest] = ()) -> str:
    """What happened, for the host.

    Args:
        instant: writes a time as the reader has it.
        guests: the booking's additional ones; once they were erased, they have no names.
    """
    match entry.event:
        case Held(until=until):
            sentence = _("Held until {time}, for the guest to confirm the email address.")
            return sentence.format(time=instant(until))
        case ConfirmationWantedAgain():
            return _("The guest asked for the email to confirm the booking again.")
        case Booked():
            return _booked(entry.event)
        case MeetingAttempted(attempt=number, left_behind=True):
            sentence = _("Attempt {number} to create the meeting. The previous one never finished.")
            return joined(sentence.format(number=number), left_behind_words())
        case MeetingAttempted(attempt=number):
            return _("Attempt {number} to create the meeting.").format(number=number)
        case MeetingCreated(meeting_id=number, after=after):
            return _numbered_created(number, after) if number else _created(after)
        case MeetingUnused(meeting_id=number):
            sentence = _(
                "Meeting {id} was created after the booking stopped waiting for it. It stays in the account, unused."
            )
            return sentence.format(id=number)
        case MeetingDelayed(failure=failure, next_try_at=next_try_at, left_behind=left):
            again = _("Next try: {time}.").format(time=instant(next_try_at))
            return joined(failure_for_host(failure), again, left_behind_words() if left else None)
        case MeetingFellBack(to=to, why=failure, left_behind=left):
            return joined(_fell_back(to), failure_for_host(failure), left_behind_words() if left else None)
        case MeetingGivenUp(failure=failure, left_behind=left):
            return joined(failure_for_host(failure), left_behind_words() if left else None)
        case MeetingRetried(cause=cause):
            return _retried(cause)
        case GuestLeft(place=place):
            return _left(place, guests)
        case GuestErased(cause=cause):
            return _(_ERASED[cause])
        case LinkAdded():
            return _("The host added a join link.")
        case LinkReplaced(instead_of=link):
            return joined(_("The host replaced the join link."), _stays(link))
        case MeetingSwitched(to=to, instead_of=link):
            return joined(_switched(to), _stays(link))
        case WaitedLongEnough():
            return _("The link isn’t ready yet, so the emails say it will follow.")
        case MailAccepted() | MailRefused() | ReminderAccepted() | ReminderRefused() as mailed:
            return _mailed(mailed, guests)
        case MailsWantedAgain(party="guest"):
            return _("The guest asked us to resend the email.")
        case MailsWantedAgain():
            return _("The host asked us to resend the emails.")
        case TimesProposed() | ProposalAccepted() | ProposalRefused() as proposal:
            return _proposed(proposal, instant)
        case Cancelled(by=by, conference=conference, reason=reason):
            sentence = _("Cancelled by the guest.") if by == "guest" else _("Cancelled by the host.")
            return joined(sentence, _stays(conference), typed_reason(cancellation_reason(reason)))
        case Rescheduled() as moved:
            return joined(_moved(moved, instant), _after_move(moved), typed_reason(moved.reason))
        case EntryWritten(step=step):
            return _(_ENTRY_STEPS[step])
        case EntryFailed() as failed:
            return _entry_failed(failed).format(reason=for_writing(failed.problem))
        case EntryDeleted():
            return _("The host deleted the event in the calendar.")
        case EntryMoved(from_start=before, to_start=after):
            sentence = _("The host moved the event in the calendar from {before} to {after}.")
            return sentence.format(before=instant(before), after=instant(after))
        case EntryRestored():
            return _("The host put the event back into the calendar.")
        case OverlapFound(calendar=calendar, slots=slots, back=back):
            sentence = ngettext(
                "“{calendar}” has an event at the same time, from {time}.",
                "“{calendar}” has {num} events at the same time, the first from {time}.",
                len(slots) + len(back),
            )
            first = min((*slots, *back)).start
            return sentence.format(calendar=calendar, num=len(slots) + len(back), time=instant(first))
        case OverlapEnded():
            return _("An event in the host’s calendar is no longer at the same time.")
        case UnknownEvent():
            return _("Another version of TimeTuna recorded this. This version can’t show it.")
        case _:
            assert_never(entry.event)


def _mailed(
    event: MailAccepted | MailRefused | ReminderAccepted | ReminderRefused, guests: Sequence[AdditionalGuest]
) -> str:
    match event:
        case MailAccepted(party="guest"):
            return _("The email to the guest was sent.")
        case MailAccepted(party=int() as place):
            known, unknown = _("The email to {guest} was sent."), _("The email to an additional guest was sent.")
            return _of_additional(place, guests, known, unknown)
        case MailAccepted():
            return _("The email to the host was sent.")
        case MailRefused(party="guest", problem=problem):
            return _("The email to the guest was refused: {reason}").format(reason=mail_problem_words(problem))
        case MailRefused(party=int() as place, problem=problem):
            known = _("The email to {guest} was refused: {reason}")
            unknown = _("The email to an additional guest was refused: {reason}")
            return _of_additional(place, guests, known, unknown, reason=mail_problem_words(problem))
        case MailRefused(problem=problem):
            return _("The email to the host was refused: {reason}").format(reason=mail_problem_words(problem))
        case ReminderAccepted(place=int() as place):
            known = _("The reminder for {guest} was sent.")
            unknown = _("The reminder for an additional guest was sent.")
            return _of_additional(place, guests, known, unknown)
        case ReminderAccepted():
            return _("The reminder for the guest was sent.")
        case ReminderRefused(problem=problem, place=int() as place):
            known = _("The reminder for {guest} was refused: {reason}")
            unknown = _("The reminder for an additional guest was refused: {reason}")
            return _of_additional(place, guests, known, unknown, reason=mail_problem_words(problem))
        case ReminderRefused(problem=problem):
            return _("The reminder for the guest was refused: {reason}").format(reason=mail_problem_words(problem))
        case _:
            assert_never(event)


def _of_additional(place: int, guests: Sequence[AdditionalGuest], known: str, unknown: str, *, reason: str = "") -> str:
    """The one sentence or the other: erased guests have no address any more."""
    if place < len(guests):
        return known.format(guest=guests[place].email, reason=reason)
    return unknown.format(reason=reason)


def _left(place: int, guests: Sequence[AdditionalGuest]) -> str:
    return _of_additional(place, guests, _("{guest} can’t come."), _("An additional guest can’t come."))


def left_behind_words() -> str:
    return _("An unused meeting may be left in the account.")


def cancellation_reason(reason: CancellationReason) -> str:
    """Why a booking was cancelled: what somebody typed, as it is."""
    return _("The host has closed their account.") if isinstance(reason, AccountClosed) else reason


def typed_reason(reason: str) -> str | None:
    """The reason that somebody typed, where they did."""
    return _("Reason: {reason}").format(reason=reason) if reason else None


def _proposed(event: TimesProposed | ProposalAccepted | ProposalRefused, instant: Instant) -> str:
    match event:
        case TimesProposed(starts=starts, note=note):
            sentence = _("The host proposed other times to the guest: {times}.")
            times = sentence.format(times="; ".join(instant(each) for each in starts))
            return joined(times, _("Note: {note}").format(note=note) if note else None)
        case ProposalAccepted():
            return _("The email with the proposed times was sent.")
        case ProposalRefused(problem=problem):
            sentence = _("The email with the proposed times was refused: {reason}")
            return sentence.format(reason=mail_problem_words(problem))
        case _:
            assert_never(event)


def _retried(cause: RetryCause) -> str:
    match cause:
        case HostAsked():
            return _("The host asked to try again to create the meeting.")
        case Reconnected(provider):
            sentence = _("{name} is connected again, so we’re creating the meeting.")
            return sentence.format(name=words_of(provider).name)
        case ConnectionGone(provider):
            sentence = _("{name} is no longer connected. We’re looking for another way to meet.")
            return sentence.format(name=words_of(provider).name)
        case _:
            assert_never(cause)


def _stays(conference: Conference | None) -> str | None:
    """The meeting ID as it is: what is told here is read by programs, too."""
    return meeting_stays(conference, lambda ready: ready.meeting_id or "")


def _created(after: timedelta) -> str:
    """With the length in the largest unit of which there are two."""
    days, hours, minutes = (after // unit for unit in (timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)))
    if days > 1:
        sentence = ngettext(
            "The meeting was created {n} day after the booking.",
            "The meeting was created {n} days after the booking.",
            days,
        )
        return sentence.format(n=days)
    if hours > 1:
        sentence = ngettext(
            "The meeting was created {n} hour after the booking.",
            "The meeting was created {n} hours after the booking.",
            hours,
        )
        return sentence.format(n=hours)
    if minutes > 1:
        sentence = ngettext(
            "The meeting was created {n} minute after the booking.",
            "The meeting was created {n} minutes after the booking.",
            minutes,
        )
        return sentence.format(n=minutes)
    if after < timedelta(seconds=1):
        return _("The meeting was created less than a second after the booking.")
    return _("The meeting was created {n} seconds after the booking.").format(n=_seconds(after))


def _booked(event: Booked) -> str:
    match event:
        case Booked(by="host", fell_back=Obstacle() as why):
            return joined(_("The host booked the time. Another meeting type is used."), obstacle_words(why))
        case Booked(by="host"):
            return _("The host booked the time.")
        case Booked(fell_back=Obstacle() as why):
            return joined(_("The guest confirmed the booking. Another meeting type is used."), obstacle_words(why))
        case _:
            return _("The guest confirmed the booking.")


def _numbered_created(number: str, after: timedelta) -> str:
    """The same of a meeting that has an ID."""
    days, hours, minutes = (after // unit for unit in (timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)))
    if days > 1:
        sentence = ngettext(
            "Meeting {id} was created {n} day after the booking.",
            "Meeting {id} was created {n} days after the booking.",
            days,
        )
        return sentence.format(id=number, n=days)
    if hours > 1:
        sentence = ngettext(
            "Meeting {id} was created {n} hour after the booking.",
            "Meeting {id} was created {n} hours after the booking.",
            hours,
        )
        return sentence.format(id=number, n=hours)
    if minutes > 1:
        sentence = ngettext(
            "Meeting {id} was created {n} minute after the booking.",
            "Meeting {id} was created {n} minutes after the booking.",
            minutes,
        )
        return sentence.format(id=number, n=minutes)
    if after < timedelta(seconds=1):
        return _("Meeting {id} was created less than a second after the booking.").format(id=number)
    return _("Meeting {id} was created {n} seconds after the booking.").format(id=number, n=_seconds(after))


def _seconds(after: timedelta) -> str:
    return f"{after.total_seconds():.1f}"


def _fell_back(to: MeetingTypeName) -> str:
    match to:
        case "zoom":
            return _("Fell back to Zoom.")
        case "google_meet":
            return _("Fell back to Google Meet.")
        case "microsoft_teams":
            return _("Fell back to Microsoft Teams.")
        case "phone":
            return _("Fell back to a phone call.")
        case "in_person":
            return _("Fell back to meeting in person.")
        case _:
            assert_never(to)


def _switched(to: MeetingTypeName) -> str:
    match to:
        case "zoom":
            return _("The host switched to Zoom.")
        case "google_meet":
            return _("The host switched to Google Meet.")
        case "microsoft_teams":
            return _("The host switched to Microsoft Teams.")
        case "phone":
            return _("The host switched to a phone call.")
        case "in_person":
            return _("The host switched to meeting in person.")
        case _:
            assert_never(to)


def _moved(event: Rescheduled, instant: Instant) -> str:
    sentence = (
        _("Rescheduled by the guest from {before} to {after}.")
        if event.by == "guest"
        else _("Rescheduled by the host from {before} to {after}.")
    )
    return sentence.format(before=instant(event.from_start), after=instant(event.to_start))


def _after_move(event: Rescheduled) -> str | None:
    match event.conference:
        case Ready(provider=str() as provider) if about(provider).shows_meetings:
            sentence = _("The join link stays the same. {name} still shows the old time.")
            return sentence.format(name=words_of(provider).name)
        case Ready():
            return _("The join link stays the same.")
        case _ if event.instead_of is not None:
            sentence = _("The new time is too far ahead for the old link, so we create a new one.")
            return joined(sentence, _stays(event.instead_of))
        case _:
            return None


def _entry_failed(event: EntryFailed) -> str:
    if event.is_left:
        return _("The event is still in the host’s calendar: {reason}")
    if event.is_stuck:
        return _("We couldn’t update the host’s calendar: {reason}")
    return _("The host’s calendar isn’t up to date yet: {reason}")
