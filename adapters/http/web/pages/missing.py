"""The needs of a booking page before guests can book on it, and where its host meets them."""

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

CONFIRM_EMAIL = "confirm-email"
"""The id of the notice that asks for it, and mails again."""


class Missing(msgspec.Struct, frozen=True):
    """What is missing, in a sentence.

    Attributes:
        fix: where the host adds it.
        brief: the same where the reason is told on the page already.
        in_part: some event types can be booked all the same.
    """

    words: str
    fix: str
    brief: str
    in_part: bool = False

    @classmethod
    def only(cls, words: str, fix: str) -> Self:
        """Make one whose reason stands nowhere else on the page."""
        return cls(words, fix, words)


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
        return Missing.only(_("This page is turned off. Turn it on to accept bookings."), f"{editor}#booking")
    if not found.confirmed:
        words = _("Confirm your email address to accept bookings.")
        return Missing(words, f"#{CONFIRM_EMAIL}", _("Not accepting bookings yet"))
    if not page.event_types:
        words = _("This page is not taking bookings: it has no event type.")
        return Missing.only(words, f"{editor}#event_types")
    unreadable = (
        each for each in page.calendars.blocking if page.calendars.are_closed_by(found.readable.get(each), found.now)
    )
    if calendar_id := next(unreadable, None):
        words = _("One of your calendars can’t be read, so the page offers no times.")
        brief = _("Offers no times until its calendar can be read again")
        # One that was deleted has no row of its own.
        fix = f"/settings/providers#calendar-{calendar_id}" if calendar_id in found.readable else f"{editor}#calendars"
        return Missing(words, fix, brief)
    missing = {each.title: of_it for each in page.event_types if (of_it := _missing_of(each, page, found))}
    if not missing:
        return None
    first = next(iter(missing.values()))
    if len(missing) == len(page.event_types):
        return first
    words = _("Can’t be booked right now: {titles}.").format(titles=", ".join(missing))
    return msgspec.structs.replace(first, words=words, brief=words, in_part=True)


def _missing_of(event_type: EventType, page: BookingPage, found: Circumstances) -> Missing | None:
    editor = f"/pages/{page.id}/edit"
    if not has_room(found.host, page, event_type, found.now):
        words = _("This page is not taking bookings: no event type fits your available times.")
        return Missing.only(words, f"{editor}#availability")
    try:
        usable_types(page, event_type, found.providers, confirmed=found.confirmed)
    except NoMeetingTypeAvailable as refusal:
        match refusal.why:
            case NothingSwitchedOn():
                words = _("Turn on at least one way to meet to accept bookings.")
                return Missing.only(words, f"{editor}#meeting_types")
            case NoneUsable(obstacles):
                brief = _("This page is not taking bookings: no way to meet can be used right now.")
                mendable = (each.provider for each in obstacles if each.provider and each.what != "not-set-up")
                provider = next(mendable, None)
                fix = f"/settings/providers?back={editor}#row-{provider}" if provider else f"{editor}#meeting_types"
                return Missing(refusal_sentence(refusal), fix, brief)
            case _:
                return Missing.only(refusal_sentence(refusal), f"{editor}#meeting_types")
    return None
