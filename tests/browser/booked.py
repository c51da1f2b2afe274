"""Bookings as their guests see them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import msgspec

from domain.booking import Booking, Cancellation, Move
from domain.conference import Conference, Failed, Failure, NoConference, Pending, Ready
from domain.fallback import MeetingFailed
from domain.provider_problem import MeetingsNotAllowed, RateLimited
from tests.support.builders import (
    NOW,
    TOMORROW_AT_TEN,
    a_booking,
    a_page,
    altered,
    at_the_harbour,
    phone_by_guest,
    zoom,
)
from tests.support.site import Site

LINK = "https://us06web.zoom.us/j/81234567890?pwd=aWQ0c2VjcmV0LXBhc3Njb2RlLWluLWEtbGluaw.1"
READY = Ready(LINK, "81234567890", "tuna42", "zoom")
LATE = Pending("zoom", attempts=3, failure=Failure("try-later", RateLimited("zoom")))
REFUSED = Failure("not-permitted", MeetingsNotAllowed("zoom"))
# Counts what moved without anybody having touched the page, from its first paint on.
WATCH_SHIFTS = """
    window.shifts = [];
    new PerformanceObserver((list) => {
      for (const each of list.getEntries()) if (!each.hadRecentInput) window.shifts.push(each.value);
    }).observe({ type: "layout-shift", buffered: true });
"""
SHIFTS = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(window.shifts))))"
OWN_LINK = "https://meet.example/hanne"
STATES: dict[str, Callable[[], dict[str, Any]]] = {
    "pending": lambda: {"conference": Pending("zoom")},
    "late": lambda: {"conference": LATE},
    "ready": dict[str, Any],
    "replaced": lambda: {"conference": Ready(OWN_LINK), "last_change": "link_replaced"},
    "failed": lambda: {"conference": Failed(REFUSED)},
    "fell back": lambda: {
        "conference": NoConference(),
        "meeting_type": at_the_harbour,
        "fallback": MeetingFailed(REFUSED),
    },
    "phone": lambda: {"conference": NoConference(), "requested": "phone", "meeting_type": phone_by_guest},
    "moved": lambda: {"move": Move("host", TOMORROW_AT_TEN - timedelta(hours=1), "My flight")},
    "unreached": lambda: {"unreached": ("guest",)},
    "cancelled": lambda: {"cancellation": Cancellation("host", NOW, "Ill")},
    "branded": lambda: {"brand_color": "#ffd400"},
}


async def a_booked(site: Site, conference: Conference = READY, **changes: Any) -> Booking:
    """A booking on a page of its own, with every way back to it."""
    host = await site.a_host()
    color: str | None = changes.pop("brand_color", None)
    page = msgspec.structs.replace(a_page(host, meeting_types=(zoom, at_the_harbour)), brand_color=color)
    await site.memory.page(page)
    booking = altered(a_booking(page), **{"conference": conference, **changes})
    async with site.memory.store.begin() as uow:
        uow.bookings.add(booking)
    return booking


async def change(site: Site, booking: Booking, **changes: Any) -> None:
    async with site.memory.store.begin() as uow:
        locked = await uow.bookings.lock(booking.id)
        assert locked
        uow.bookings.save(altered(locked, **changes))
