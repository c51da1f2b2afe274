"""A booking as an iCalendar file: the invitation that a mail carries, and the copy that a page offers."""

from datetime import UTC
from typing import Literal

from icalendar import Calendar, Event, vCalAddress, vDatetime, vText, vUri
from icalendar.enums import CUTYPE, PARTSTAT, ROLE, STATUS, TRANSP

from adapters.mail.event_words import about_guest, cut, how_to_meet, location_of
from adapters.mail.inert import inert
from adapters.mail.origin import MailOrigin
from adapters.mail.people import Pair, Person, Reader, title_of
from adapters.presentation.language import gettext as _
from application.ports.mail import BookingMail, Invitee
from domain.booking import Booking
from domain.conference import Ready
from domain.events import Party
from domain.host import Host
from domain.invitation_uid import invitation_uid
from domain.text import one_line

ItipMethod = Literal["REQUEST", "CANCEL", "PUBLISH"]


class IcalendarFiles:
    """Writes the file that a guest's own page offers: with the guest's own link, and nobody invited."""

    def __init__(self, sender: str, public_url: str) -> None:
        self._origin = MailOrigin.of(sender, public_url)

    def download(self, booking: Booking, host: Host, /) -> bytes:
        return _calendar("PUBLISH", _event(booking, host, None, self._origin))


def method_of(mail: BookingMail) -> ItipMethod:
    # A REQUEST that says STATUS:CANCELLED leaves the event where it is, in Thunderbird among others.
    return "CANCEL" if mail.booking.status == "cancelled" or mail.kind == "left" else "REQUEST"


def invitation(mail: BookingMail, origin: MailOrigin) -> bytes:
    """What a mail carries: the same event for life, each revision under a higher SEQUENCE.

    Who leaves gets one more of their own, which takes the event out of their calendar alone.

    Source: RFC 5546; times are UTC, so no reader needs our zone's rules.
    """
    has_page = not mail.host_is_leaving
    event = (
        _event(mail.booking, mail.host, mail.party, origin, has_page=has_page)
        if mail.invitee is None
        else _event_of_invitee(mail.booking, mail.host, mail.invitee, origin, has_page=has_page)
    )
    return _calendar(method_of(mail), event)


def publication(booking: Booking, host: Host, origin: MailOrigin) -> bytes:
    """The same event for a host whose calendar holds an entry of ours: a copy, which asks no program to add anything.

    Source: RFC 5546, 3.2.1: an organizer, and no attendees.
    """
    return _calendar("PUBLISH", _event(booking, host, "host", origin, invites=False))


def _calendar(method: ItipMethod, event: Event) -> bytes:
    calendar = Calendar.new(
        prodid="-//TimeTuna//TimeTuna 1.0//EN", method=method, calscale="GREGORIAN", subcomponents=[event]
    )
    # icalendar makes a random one up, and the same mail has to have the same bytes.
    del calendar["UID"]
    return calendar.to_ical()


def _event(
    booking: Booking,
    host: Host,
    party: Reader | None,
    origin: MailOrigin,
    *,
    has_page: bool = True,
    invites: bool = True,
) -> Event:
    """The event in one party's copy, in an additional guest's, or in nobody's."""
    people = Pair.of(booking, host)
    cancelled = booking.status == "cancelled"
    event = Event.new(
        uid=invitation_uid(booking.id, origin.domain),
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
        else cut("\n".join(how_to_meet(booking, people, party))),
        location=location_of(booking, people, numbers=party != "invitee"),
        organizer=vCalAddress.new(origin.sender, cn=_common_name(people.organizer)),
        attendees=_attendees(*people.seen_by(party)) if party and party != "invitee" and invites else None,
        status=STATUS.CANCELLED if cancelled else STATUS.CONFIRMED,
        transparency=TRANSP.TRANSPARENT if cancelled else TRANSP.OPAQUE,
        url=_page(booking, party, origin) if party and party != "invitee" and has_page else None,
    )
    conference = booking.conference
    if isinstance(conference, Ready) and not cancelled:
        # Not Event.new(conferences=…), which writes the list of features as one quoted value.
        params = {"VALUE": "URI", "FEATURE": ["AUDIO", "VIDEO"], "LABEL": _("Join video call")}
        event["CONFERENCE"] = vUri(conference.join_url, params=params)
    return event


def _event_of_invitee(booking: Booking, host: Host, invitee: Invitee, origin: MailOrigin, *, has_page: bool) -> Event:
    """The guest's event as an additional guest has it, who attends it with the host; numbers and `/b/` left out."""
    event = _event(booking, host, "invitee", origin, has_page=has_page)
    event["ATTENDEE"] = _attendees(Person.of("", invitee.email), Pair.of(booking, host).host)
    if invitee.left_at is None:
        if has_page and booking.status != "cancelled":
            leave = _("Can’t come? {link}").format(link=origin.page_to_leave(invitee.leave))
            event["DESCRIPTION"] = vText(f"{event['DESCRIPTION']}\n\n{leave}")
        return event
    # Later than all that this calendar has heard; it hears no more afterwards.
    event["SEQUENCE"] = booking.revision + 1
    stamp = vDatetime(max(invitee.left_at.replace(microsecond=0), booking.changed_at).astimezone(UTC))
    event["DTSTAMP"] = event["LAST-MODIFIED"] = stamp
    event["STATUS"], event["TRANSP"] = STATUS.CANCELLED, TRANSP.TRANSPARENT
    event["DESCRIPTION"] = vText(_("You’ve left this meeting."))
    for name in ("CONFERENCE", "LOCATION"):
        event.pop(name, None)
    return event


def _attendees(*people: Person) -> list[vCalAddress]:
    """The reader first, as some clients look only there; one person at both ends is listed once."""
    attendees: dict[str, vCalAddress] = {}
    for person in people:
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


def _description(booking: Booking, people: Pair, party: Reader | None, origin: MailOrigin) -> str:
    lines = [*how_to_meet(booking, people, party), ""]
    match party:
        # The file to download comes from the guest's own page.
        case "guest" | None:
            change = _("Your booking: {link}") if booking.status == "cancelled" else _("Reschedule or cancel: {link}")
            page = origin.page_for_guest(booking)
            lines += [change.format(link=page)] if page else []
        case "host":
            page = _("Your booking: {link}").format(link=origin.page_for_host(booking))
            lines += [page, "", *about_guest(booking, people.guest)]
        case "invitee":
            pass
    return cut("\n".join(lines).strip())
