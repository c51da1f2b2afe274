"""Hold a page's daily cap against guests who book at the same moment."""

from datetime import datetime
from zoneinfo import ZoneInfo

from application.booking.offering import days
from application.ports.offers import Offer
from application.ports.unit_of_work import UnitOfWork
from domain.errors import SlotTaken
from domain.ids import BookingId


async def hold_cap(
    uow: UnitOfWork, offer: Offer, start: datetime, now: datetime, *, moving: BookingId | None = None
) -> None:
    """Let nobody else book on this page until the unit ends, and count the day anew; nothing to do without a cap.

    The times that were offered were counted before, and others may have been stored since.

    Raises:
        SlotTaken: the host's local day is full, the booking that is `moving` left aside.
    """
    cap = offer.page.rules.daily_cap
    if cap is None:
        return
    await uow.pages.lock(offer.host.id, offer.page.id)
    day = start.astimezone(ZoneInfo(offer.host.timezone)).date()
    within = days(day, day, ZoneInfo(offer.host.timezone))
    booked = await uow.booking_search.count_starting(offer.page.id, within, moving, now)
    if booked >= cap:
        raise SlotTaken(why="daily-cap")
