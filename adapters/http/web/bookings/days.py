"""Groups ordered bookings by day."""

from collections.abc import Sequence
from itertools import groupby

import msgspec

from adapters.presentation.times import day_there
from application.ports.booking_views import BookingView


class Day(msgspec.Struct, frozen=True):
    """Some bookings that begin on one day of the host's; `title` names it."""

    title: str
    views: tuple[BookingView, ...]


def days_of(views: Sequence[BookingView], zone: str) -> list[Day]:
    grouped = groupby(views, key=lambda view: day_there(view.booking.slot.start, zone))
    return [Day(title, tuple(on_it)) for title, on_it in grouped]
