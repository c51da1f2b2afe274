"""Bookings and mails to write about."""

from datetime import UTC, datetime, timedelta
from typing import Any

from adapters.mail.origin import MailOrigin
from application.ports.mail import BookingMail, MailKind
from application.ports.mailed_revisions import Mailed
from domain.booking import Booking, Cancellation, Change, Guest, Move
from domain.booking_page import Answer
from domain.conference import Conference, Failed, Failure, NoConference, Pending, Ready
from domain.events import Party
from domain.host import Host
from domain.ids import BookingId, EventTypeId, GuestToken, HostId, PageId
from domain.meeting_type import InPerson, MeetingType, Phone, Zoom, name_of
from domain.provider_problem import NothingConnected, TimedOut
from domain.slot import Slot
from tests.support.builders import altered

ORIGIN = MailOrigin.of("invites@bookings.timetuna.example", "https://timetuna.example/")
TOKEN = "token-that-only-the-guest-has"
ZOOM_LINK = "https://us05web.zoom.us/j/81234567890?pwd=a1,2;3&x=y"

HOST = Host(HostId("host-1"), "anna@host.example", "Anna Höst", "anna", "Europe/Berlin")
GUEST = Guest("Zoë Müller", "zoe@guest.example", "America/New_York", "+49301234567")

BOOKED_AT = datetime(2026, 11, 22, 9, 0, 0, 123456, tzinfo=UTC)
START = datetime(2027, 3, 30, 13, 0, tzinfo=UTC)
EARLIER_START = datetime(2027, 3, 29, 8, 0, tzinfo=UTC)
HALF_AN_HOUR = timedelta(minutes=30)

READY = Ready(ZOOM_LINK, "81234567890", "s3cret", "zoom")
PENDING = Pending("zoom")
LATE = Pending("zoom", attempts=1, failure=Failure("try-later", TimedOut("zoom")))
FAILED = Failed(Failure("not-connected", NothingConnected("zoom")))
HOST_CALLS = Phone("host")
GUEST_CALLS = Phone("guest", "+49 30 7654321")
OFFICE = InPerson("TimeTuna GmbH\nHauptstraße 1; Hof, 10115 Berlin")

STATES: dict[str, tuple[MeetingType, Conference]] = {
    "ready": (Zoom(), READY),
    "ready by hand": (Zoom(), Ready("https://meet.example/anna")),
    "pending": (Zoom(), PENDING),
    "late": (Zoom(), LATE),
    "failed": (Zoom(), FAILED),
    "host calls": (HOST_CALLS, NoConference()),
    "guest calls": (GUEST_CALLS, NoConference()),
    "in person": (OFFICE, NoConference()),
}
PARTIES: tuple[Party, ...] = ("guest", "host")
KINDS: tuple[MailKind, ...] = ("confirmed", "updated", "link_added", "link_replaced", "rescheduled", "cancelled")
_CHANGES: dict[MailKind, Change] = {
    "confirmed": "booked",
    "updated": "fell_back",
    "link_added": "link_added",
    "link_replaced": "link_replaced",
    "rescheduled": "rescheduled",
    "cancelled": "cancelled",
}


def booking(**changes: Any) -> Booking:
    taken = Booking(
        id=BookingId("bk_01JD8W5N2Q"),
        token=GuestToken(TOKEN),
        host_id=HOST.id,
        page_id=PageId("page-1"),
        event_type_id=EventTypeId("type-1"),
        title="Intro call",
        slot=Slot.lasting(HALF_AN_HOUR, START),
        buffer_before=timedelta(),
        buffer_after=timedelta(),
        guest=GUEST,
        host_timezone="Europe/Berlin",
        requested="zoom",
        meeting_type=Zoom(),
        fallback=None,
        conference=READY,
        answers=(Answer("What is it about?", "Tuna\nand time"),),
        announced=True,
        created_at=BOOKED_AT,
        changed_at=BOOKED_AT.replace(microsecond=0),
    )
    return altered(taken, **changes)


def booking_in(state: str, **changes: Any) -> Booking:
    meeting_type, conference = STATES[state]
    return booking(meeting_type=meeting_type, conference=conference, **changes)


def mail_of(
    kind: MailKind = "confirmed", party: Party = "guest", about: Booking | None = None, host: Host = HOST
) -> BookingMail:
    """A mail of this kind; all but the first are the third revision, and follow two mails."""
    told = about or booking()
    if kind == "confirmed":
        return BookingMail(kind, party, told, host)
    later = altered(
        told,
        revision=2,
        changed_at=told.changed_at + timedelta(hours=1),
        last_change=_CHANGES[kind],
        cancellation=(told.cancellation or Cancellation("guest", BOOKED_AT)) if kind == "cancelled" else None,
        move=(told.move or Move("guest", EARLIER_START)) if kind == "rescheduled" else None,
    )
    start = EARLIER_START if kind == "rescheduled" else told.slot.start
    return BookingMail(kind, party, later, host, (Mailed(0, start, BOOKED_AT), Mailed(1, start, BOOKED_AT)))


def every_mail() -> list[BookingMail]:
    return [
        mail_of(kind, party, booking_in(state))
        for kind in KINDS
        for party in PARTIES
        for state in STATES
        if not (kind.startswith("link_") and not state.startswith("ready"))
    ]


def name_of_mail(mail: BookingMail) -> str:
    conference = type(mail.booking.conference).__name__
    return f"{mail.kind}-{mail.party}-{name_of(mail.booking.meeting_type)}-{conference}"
