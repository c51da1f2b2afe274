"""A booking as an iCalendar file: the invitation that a mail carries, and the copy that a page offers."""

from datetime import UTC
from typing import Literal

from icalendar import Calendar, Event, vCalAddress, vUri
from icalendar.enums import CUTYPE, PARTSTAT, ROLE, STATUS, TRANSP

from adapters.mail.inert import inert
from adapters.mail.origin import MailOrigin
from adapters.mail.people import Pair, Person, is_plain_address, title_of
from adapters.mail.place import calendar_location, place_lines
from adapters.presentation.language import gettext as _
from adapters.presentation.phone_numbers import international
from adapters.presentation.sentences.meetings import meeting_id_words
from adapters.presentation.sentences.timeline import cancellation_reason
from domain.booking import Booking
from domain.conference import Failed, Pending, Ready
from domain.events import Party
from domain.host import Host
from domain.text import one_line

ItipMethod = Literal["REQUEST", "CANCEL", "PUBLISH"]

_LONGEST_DESCRIPTION = 3000


class IcalendarFiles:
    """Writes the file that a guest's own page offers: with the guest's own link, and nobody invited."""

    def __init__(self, sender: str, public_url: str) -> None:
        self._origin = MailOrigin.of(sender, public_url)

    def download(self, booking: Booking, host: Host, /) -> bytes:
        return _calendar("PUBLISH", _event(booking, host, None, self._origin))


def method_of(booking: Booking) -> ItipMethod:
    # A REQUEST that says STATUS:CANCELLED leaves the event where it is, in Thunderbird among others.
    return "CANCEL" if booking.status == "cancelled" else "REQUEST"


def invitation(booking: Booking, host: Host, party: Party, origin: MailOrigin, *, has_page: bool = True) -> bytes:
    """What one party's mail carries: the same event for life, each revision under a higher SEQUENCE.

    Source: RFC 5546; times are UTC, so no reader needs our zone's rules.
    """
    return _calendar(method_of(booking), _event(booking, host, party, origin, has_page=has_page))


def _calendar(method: ItipMethod, event: Event) -> bytes:
    calendar = Calendar.new(
        prodid="-//TimeTuna//TimeTuna 1.0//EN", method=method, calscale="GREGORIAN", subcomponents=[event]
    )
    # icalendar makes a random one up, and the same mail has to have the same bytes.
    del calendar["UID"]
    return calendar.to_ical()


def _event(booking: Booking, host: Host, party: Party | None, origin: MailOrigin, *, has_page: bool = True) -> Event:
    """The event in one party's copy, or in nobody's."""
    people = Pair.of(booking, host)
    cancelled = booking.status == "cancelled"
    event = Event.new(
        uid=f"{booking.id}@{origin.domain}",
        sequence=booking.revision,
        stamp=booking.changed_at.astimezone(UTC),
        last_modified=booking.changed_at.astimezone(UTC),
        created=booking.created_at.astimezone(UTC),
        start=booking.slot.start,
        end=booking.slot.end,
        summary=inert(
            _("{title}: {host} and {guest}").format(
                title=title_of(booking.title), host=people.host.name, guest=people.guest.name
            )
        ),
        description=_description(booking, people, party, origin)
        if has_page
        else _cut("\n".join(_how_to_meet(booking, people, party))),
        location=_location(booking, people),
        organizer=vCalAddress.new(origin.sender, cn=_common_name(people.organizer)),
        attendees=_attendees(people, party) if party else None,
        status=STATUS.CANCELLED if cancelled else STATUS.CONFIRMED,
        transparency=TRANSP.TRANSPARENT if cancelled else TRANSP.OPAQUE,
        url=_page(booking, party, origin) if party and has_page else None,
    )
    conference = booking.conference
    if isinstance(conference, Ready) and not cancelled:
        # Not Event.new(conferences=…), which writes the list of features as one quoted value.
        params = {"VALUE": "URI", "FEATURE": ["AUDIO", "VIDEO"], "LABEL": _("Join video call")}
        event["CONFERENCE"] = vUri(conference.join_url, params=params)
    return event


def _attendees(people: Pair, party: Party) -> list[vCalAddress]:
    """The reader first, as some clients look only there; one person at both ends is listed once."""
    attendees: dict[str, vCalAddress] = {}
    for person in people.seen_by(party):
        if person.address:
            attendees.setdefault(person.address.casefold(), _attendee(person, person.address))
    return list(attendees.values())


def _attendee(person: Person, address: str) -> vCalAddress:
    return vCalAddress.new(
        address,
        cn=_common_name(person.name),
        cutype=CUTYPE.INDIVIDUAL,
        role=ROLE.REQ_PARTICIPANT,
        partstat=PARTSTAT.ACCEPTED,
        rsvp=False,
    )


def _common_name(name: str) -> str:
    # Not every reader knows RFC 6868's way to write a double quote.
    return inert(one_line(name, 120).replace('"', "'"))


def _page(booking: Booking, party: Party, origin: MailOrigin) -> str | None:
    return origin.page_for_guest(booking) if party == "guest" else origin.page_for_host(booking)


def _description(booking: Booking, people: Pair, party: Party | None, origin: MailOrigin) -> str:
    lines = [*_how_to_meet(booking, people, party), ""]
    match party:
        # The file to download comes from the guest's own page.
        case "guest" | None:
            change = _("Your booking: {link}") if booking.status == "cancelled" else _("Reschedule or cancel: {link}")
            page = origin.page_for_guest(booking)
            lines += [change.format(link=page)] if page else []
        case "host":
            page = _("Your booking: {link}").format(link=origin.page_for_host(booking))
            lines += [page, "", *_about_guest(booking, people.guest)]
    return _cut("\n".join(lines).strip())


def _how_to_meet(booking: Booking, people: Pair, party: Party | None) -> list[str]:
    if booking.cancellation is not None:
        reason = inert(one_line(cancellation_reason(booking.cancellation.reason), 500))
        return [_("This meeting was cancelled."), *([_("Reason: {reason}").format(reason=reason)] if reason else [])]
    match booking.conference:
        case Ready() as ready:
            number, passcode = meeting_id_words(ready), one_line(ready.passcode or "", 100)
            lines = [_("Join: {link}").format(link=one_line(ready.join_url, 2000))]
            lines += [_("Meeting ID: {number}").format(number=number)] if number else []
            lines += [_("Passcode: {passcode}").format(passcode=passcode)] if passcode else []
            return lines
        case Pending():
            return [_("The link follows by mail.")]
        case Failed():
            told = _("There is no join link yet.") if party == "host" else _("{name} will send the link.")
            return [inert(told.format(name=people.host.name))]
        case _ if party is None:
            return [_location(booking, people)]
        case _:
            return [inert(line) for line in place_lines(booking, people, party)]


def _about_guest(booking: Booking, guest: Person) -> list[str]:
    email = one_line(booking.contact.email, 254)
    lines = [inert(_("Guest: {name}").format(name=guest.name))]
    lines += [_("Email: {email}").format(email=email if is_plain_address(email) else inert(email))]
    if booking.contact.phone:
        lines.append(inert(_("Phone: {number}").format(number=international(booking.contact.phone))))
    return lines + [inert(f"{one_line(each.question)}: {one_line(each.answer, 500)}") for each in booking.answers]


def _location(booking: Booking, people: Pair) -> str:
    """The join link, which is ours, or a place that somebody typed."""
    place = calendar_location(booking, people)
    return place if isinstance(booking.conference, Ready) else inert(place)


def _cut(text: str) -> str:
    return text.encode()[:_LONGEST_DESCRIPTION].decode(errors="ignore")
