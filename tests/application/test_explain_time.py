"""What a host is told of a time that isn't offered, for the page as it would be."""

from datetime import timedelta

import msgspec

from application.actor import HostActor
from domain.booking_page import BookingPage
from domain.why_not import DailyCap
from tests.support.booked import Booked
from tests.support.builders import zoom


async def test_a_daily_cap_that_is_only_typed_counts_the_bookings_of_the_day() -> None:
    booked = await Booked.without_link(zoom)
    [page] = await booked.memory.ports.views.pages(booked.host.id)
    booking = await booked.now()
    actor, later = HostActor(booked.host.id), booking.slot.start + timedelta(hours=2)

    def capped(cap: int) -> BookingPage:
        return msgspec.structs.replace(page, rules=msgspec.structs.replace(page.rules, daily_cap=cap))

    full = await booked.app.explain_time(actor, page.id, booking.event_type_id, later, capped(1))
    free = await booked.app.explain_time(actor, page.id, booking.event_type_id, later, capped(2))

    assert DailyCap in {type(each) for each in full.reasons}
    assert DailyCap not in {type(each) for each in free.reasons}
