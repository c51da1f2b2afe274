"""The reasons against a time in JSON."""

from collections.abc import Mapping
from datetime import date, datetime

import msgspec
from msgspec import UNSET, UnsetType

from adapters.presentation.language import spoken
from adapters.presentation.sentences.reasons import reason_words
from adapters.presentation.times import instant
from application.app import App
from application.booking.explain_time import Explanation
from domain.ids import BookingId, CalendarId
from domain.why_not import CalendarBusy, CalendarNotRead, Reason, ReasonCode, TimeBooked, WithinBuffer


class ReasonOut(msgspec.Struct, frozen=True):
    """A reason against a time; `booking_id` or `calendar_id` names what is in the way."""

    code: ReasonCode
    message: str
    booking_id: BookingId | UnsetType = UNSET
    calendar_id: CalendarId | UnsetType = UNSET


class WhyOut(msgspec.Struct, frozen=True):
    """All reasons against a start; without any it is offered."""

    start: datetime
    offered: bool
    reasons: tuple[ReasonOut, ...]


async def why_for_host(app: App, found: Explanation) -> WhyOut:
    holidays = await app.name_holidays(found.reasons, spoken().tag)
    return WhyOut(found.start, found.offered, tuple(_reason(each, holidays) for each in found.reasons))


def _reason(reason: Reason, holidays: Mapping[date, str]) -> ReasonOut:
    message = reason_words(reason, instant, date.isoformat, holidays)
    booking_id = reason.booking_id if isinstance(reason, TimeBooked | WithinBuffer) else None
    calendar_id = reason.calendar_id if isinstance(reason, CalendarBusy | CalendarNotRead) else UNSET
    return ReasonOut(reason.code, message, booking_id or UNSET, calendar_id)
