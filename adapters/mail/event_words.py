"""The lines of a calendar event about a booking."""

from adapters.http_client.fitting import cut as fit
from adapters.mail.inert import inert
from adapters.mail.people import Pair, Person, Reader, is_plain_address
from adapters.mail.place import calendar_location, place_lines
from adapters.presentation.language import gettext as _
from adapters.presentation.language import without_isolates
from adapters.presentation.phone_numbers import international
from adapters.presentation.sentences.meetings import meeting_id_words
from adapters.presentation.sentences.timeline import cancellation_reason
from domain.booking import LONGEST_REASON, Booking
from domain.booking_page import LONGEST_ANSWER
from domain.conference import Failed, Pending, Ready
from domain.person import LONGEST_EMAIL
from domain.text import one_line, several_lines

_LONGEST_DESCRIPTION = 7000
"""Characters. Google takes some 8,192 for an event: the rest is for a link that follows, and for the host's notes."""


def how_to_meet(booking: Booking, people: Pair, party: Reader | None) -> list[str]:
    if booking.cancellation is not None:
        reason = inert(several_lines(cancellation_reason(booking.cancellation.reason), LONGEST_REASON))
        if party == "invitee" and booking.cancellation.by == "guest":
            reason = ""
        return [_("This meeting was cancelled."), *([_("Reason: {reason}").format(reason=reason)] if reason else [])]
    match booking.conference:
        case Ready() as ready:
            return [_("Join: {link}").format(link=one_line(ready.join_url, 2000)), *dial_in(ready)]
        case Pending():
            return [_("The link follows by email.")]
        case Failed():
            sentence = _("There is no join link yet.") if party == "host" else _("{name} will send the link.")
            return [inert(sentence.format(name=people.host.name))]
        case _ if party is None:
            return [location_of(booking, people)]
        case _:
            return [inert(line) for line in place_lines(booking, people, party)]


def dial_in(ready: Ready) -> list[str]:
    """What it takes to join without the link."""
    number, passcode = meeting_id_words(ready), one_line(ready.passcode or "", 100)
    lines = [_("Meeting ID: {number}").format(number=number)] if number else []
    return [*lines, *([_("Passcode: {passcode}").format(passcode=passcode)] if passcode else [])]


def about_guest(booking: Booking, guest: Person) -> list[str]:
    email = one_line(booking.contact.email, LONGEST_EMAIL)
    lines = [inert(_("Guest: {name}").format(name=guest.name))]
    lines += [_("Email: {email}").format(email=email if is_plain_address(email) else inert(email))]
    if booking.contact.phone:
        lines.append(inert(_("Phone: {number}").format(number=international(booking.contact.phone))))
    if booking.invited:
        along = ", ".join(one_line(each.email, LONGEST_EMAIL) for each in booking.invited.values())
        lines.append(inert(_("Additional guests: {emails}").format(emails=along)))
    return lines + [
        inert(_answered(one_line(each.question), several_lines(each.answer, LONGEST_ANSWER)))
        for each in booking.answers
    ]


def _answered(question: str, answer: str) -> str:
    """An answer of several lines begins on one of its own."""
    return f"{question}:\n{answer}" if "\n" in answer else f"{question}: {answer}"


def location_of(booking: Booking, people: Pair, *, numbers: bool = True) -> str:
    """The join link, which is ours, or a place that somebody typed; `numbers` as in `calendar_location`."""
    place = calendar_location(booking, people, numbers=numbers)
    return place if isinstance(booking.conference, Ready) else inert(place)


def cut(text: str) -> str:
    """As much as every provider takes, with a mark where the rest is missing."""
    whole = without_isolates(text)
    return whole if len(whole) <= _LONGEST_DESCRIPTION else fit(whole, _LONGEST_DESCRIPTION - 1) + "…"
