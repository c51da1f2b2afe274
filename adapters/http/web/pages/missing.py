"""What a booking page needs before guests can book on it, and where its host adds it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Self

import msgspec

from adapters.http.web.calendar_overview import CalendarRow
from adapters.presentation.language import gettext as _
from adapters.presentation.sentences.refusals import refusal_sentence
from application.booking.offering import has_room, usable_types
from domain.booking_page import BookingPage, EventType
from domain.connection import ProviderStatus
from domain.errors import NoMeetingTypeAvailable, NoneUsable, NothingSwitchedOn
from domain.host import Host
from domain.ids import CalendarId
from domain.provider import Provider


class Missing(msgspec.Struct, frozen=True):
    """What is missing, in a sentence.

    Attributes:
        fix: where the host adds it.
        in_part: some event types can be booked all the same.
    """

    words: str
    fix: str
    in_part: bool = False


class Circumstances(msgspec.Struct, frozen=True):
    """What decides about a host's pages beside the pages themselves.

    Attributes:
        readable: until when the times of each calendar count.
    """

    host: Host
    confirmed: bool
    providers: Mapping[Provider, ProviderStatus]
    readable: Mapping[CalendarId, datetime | None]
    now: datetime

    @classmethod
    def of(
        cls,
        host: Host,
        providers: Mapping[Provider, ProviderStatus],
        calendars: Sequence[CalendarRow],
        now: datetime,
        *,
        confirmed: bool,
    ) -> Self:
        readable = {each.calendar.id: each.calendar.readable_until for each in calendars}
        return cls(host, confirmed, providers, readable, now)


def missing_on(page: BookingPage, found: Circumstances) -> Missing | None:
    """The first thing that keeps guests from booking; None where all of the page can be booked."""
    editor = f"/pages/{page.id}/edit"
    if not page.active:
        return Missing(_("This page is turned off. Turn it on to accept bookings."), f"{editor}#booking")
    if not found.confirmed:
        return Missing(_("Confirm your email address to accept bookings."), "/settings/profile")
    if not page.event_types:
        words = _("This page is not taking bookings: it has no event type.")
        return Missing(words, f"{editor}#event_types")
    if any(page.calendars.are_closed_by(found.readable.get(each), found.now) for each in page.calendars.blocking):
        words = _("One of your calendars can’t be read, so the page offers no times. See Connected providers.")
        return Missing(words, "/settings/providers#calendars")
    missing = {each.title: of_it for each in page.event_types if (of_it := _missing_of(each, page, found))}
    if not missing:
        return None
    first = next(iter(missing.values()))
    if len(missing) == len(page.event_types):
        return first
    words = _("Can’t be booked right now: {titles}.").format(titles=", ".join(missing))
    return msgspec.structs.replace(first, words=words, in_part=True)


def _missing_of(event_type: EventType, page: BookingPage, found: Circumstances) -> Missing | None:
    editor = f"/pages/{page.id}/edit"
    if not has_room(found.host, page, event_type, found.now):
        words = _("This page is not taking bookings: no event type fits your available times.")
        return Missing(words, f"{editor}#availability")
    try:
        usable_types(page, event_type, found.providers, confirmed=found.confirmed)
    except NoMeetingTypeAvailable as refusal:
        match refusal.why:
            case NothingSwitchedOn():
                return Missing(_("Turn on at least one way to meet to accept bookings."), f"{editor}#meeting_types")
            case NoneUsable(obstacles) if any(each.what != "not-set-up" for each in obstacles):
                return Missing(refusal_sentence(refusal), f"/settings/providers?back={editor}")
            case _:
                return Missing(refusal_sentence(refusal), f"{editor}#meeting_types")
    return None
