"""A booking as an iCalendar file: the invitation that a mail carries, and the copy that a page offers."""

from datetime import UTC
from typing import Literal

from icalendar import Calendar, Event, vCalAddress, vUri
from icalendar.enums import CUTYPE, PARTSTAT, ROLE, STATUS, TRANSP

from adapters.mail.event_words import about_guest, cut, how_to_meet, location_of
from adapters.mail.inert import inert
from adapters.mail.origin import MailOrigin
from adapters.mail.people import Pair, Person, title_of
from adapters.presentation.language import gettext as _
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


def method_of(booking: Booking) -> ItipMethod:
    # A REQUEST that says STATUS:CANCELLED leaves the event where it is, in Thunderbird among others.
    return "CANCEL" if booking.status == "cancelled" else "REQUEST"


def invitation(booking: Booking, host: Host, party: Party, origin: MailOrigin, *, has_page: bool = True) -> bytes:
    """What one party's mail carries: the same event for life, each revision under a higher SEQUENCE.

    Source: RFC 5546; times are UTC, so no reader needs our zone's rules.
    """
    return _calendar(method_of(booking), _event(booking, host, party, origin, has_page=has_page))


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
    party: Party | None,
    origin: MailOrigin,
    *,
    has_page: bool = True,
    invites: bool = True,
) -> Event:
    """The event in one party's copy, or in nobody's."""
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
        location=location_of(booking, people),
        organizer=vCalAddress.new(origin.sender, cn=_common_name(people.organizer)),
        attendees=_attendees(people, party) if party and invites else None,
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
    return cut("\n".join(lines).strip())
