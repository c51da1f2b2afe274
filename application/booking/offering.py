"""The usable meeting types of a page, and the spans of time that can be asked for."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from application.ports.public_pages import PublicPage
from domain.booking_page import BookingPage, EventType
from domain.connection import ProviderStatus, statuses
from domain.errors import (
    HostUnconfirmed,
    InvalidInput,
    NoMeetingTypeAvailable,
    NoneUsable,
    NothingSwitchedOn,
    PageInactive,
    SlotNotOffered,
)
from domain.faults import Malformed, TooMany, WrongOrder
from domain.host import Host
from domain.instants import is_in_calendar, outside_calendar
from domain.meeting_type import MeetingType, obstacle, offered
from domain.provider import Provider
from domain.slot import Slot

MOST_DAYS = 62

MARGIN = timedelta(days=3)
"""A meeting with its buffers reaches up to two days, and a host's day can have 25 hours: look that much further."""

FURTHEST = timedelta(days=3650)


def usable_types(
    page: BookingPage, event_type: EventType, providers: Mapping[Provider, ProviderStatus], *, confirmed: bool
) -> tuple[MeetingType, ...]:
    """The types to offer for an event type of a page, in the host's order.

    Args:
        providers: the state of each provider for this host.
        confirmed: whether the host has confirmed their email address.

    Raises:
        NoMeetingTypeAvailable: none is left; says why.
    """
    if not page.active:
        raise NoMeetingTypeAvailable(PageInactive())
    if not confirmed:
        raise NoMeetingTypeAvailable(HostUnconfirmed())
    order = page.meeting_types_of(event_type)
    usable = offered(order, providers)
    if not usable:
        found = (obstacle(each, providers, None) for each in order)
        raise NoMeetingTypeAvailable(NoneUsable(tuple(why for why in found if why)) if order else NothingSwitchedOn())
    return usable


def types_to_choose(
    public: PublicPage, event_type: EventType, configured: frozenset[Provider], now: datetime
) -> tuple[MeetingType, ...]:
    """The types that guests can choose right now; none for an event type that no window has room for.

    None at all while the page is turned off, or before the host has confirmed their email address.
    """
    if not (public.page.active and public.confirmed) or not has_room(public.host, public.page, event_type, now):
        return ()
    return offered(public.page.meeting_types_of(event_type), statuses(configured, public.connections))


def has_room(host: Host, page: BookingPage, event_type: EventType, now: datetime) -> bool:
    return page.has_room_for(event_type, now.astimezone(ZoneInfo(host.timezone)).date())


def days(first: date, last: date, zone: ZoneInfo) -> Slot:
    """From the start of one local day to the end of another, in UTC."""
    start = datetime.combine(first, time(), zone).astimezone(UTC)
    end = datetime.combine(last + timedelta(days=1), time(), zone).astimezone(UTC)
    return Slot(start, end)


def asked_days(first: date, last: date, zone: ZoneInfo) -> Slot:
    """The days that somebody asks for, both included.

    Raises:
        InvalidInput: days in the wrong order, too many of them, or beyond what a calendar can hold.
    """
    if first > last:
        raise InvalidInput.at("from", WrongOrder())
    if last - first >= timedelta(days=MOST_DAYS):
        raise InvalidInput.at("to", TooMany(MOST_DAYS))
    if not (is_in_calendar(first) and is_in_calendar(last)):
        raise InvalidInput.at("from", outside_calendar())
    return days(first, last, zone)


def around(within: Slot) -> Slot:
    """The span in which other bookings can matter for the starts in `within`."""
    return within.padded(MARGIN, MARGIN)


def in_reach(start: datetime, now: datetime) -> datetime:
    """A start that somebody asks for, in UTC.

    Raises:
        InvalidInput: it names no offset.
        SlotNotOffered: it is years away; an instant at the edge of time couldn't even be padded.
    """
    start = in_utc(start)
    if abs(start - now) > FURTHEST:
        raise SlotNotOffered
    return start


def in_utc(start: datetime) -> datetime:
    """Raises InvalidInput for a start without an offset."""
    if start.tzinfo is None:
        raise InvalidInput.at("start", Malformed("instant-with-offset"))
    try:
        return start.astimezone(UTC)
    except OverflowError:
        # An offset can move the first and the last hours there are beyond the calendar.
        return start.replace(tzinfo=UTC)


def only(start: datetime) -> Slot:
    """The span that holds this one start."""
    return Slot.lasting(timedelta(microseconds=1), start)


def to_look_through(wanted: datetime) -> Slot:
    return Slot(wanted - timedelta(days=7), wanted + timedelta(days=14))
