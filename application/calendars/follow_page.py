"""Read and watch the calendars that a page's host has chosen anew."""

from dataclasses import dataclass

from application.calendars.find_overlaps import FindOverlaps
from application.effects import calendars_blocking, calendars_outdated, carry_out
from application.ports.clock import Clock
from application.ports.unit_of_work import UnitOfWork
from domain.booking_page import BookingPage


@dataclass(frozen=True)
class FollowPage:
    """Owe a page what its calendars make of it, in the unit of work that saves it."""

    find_overlaps: FindOverlaps
    clock: Clock

    async def __call__(self, uow: UnitOfWork, before: BookingPage | None, after: BookingPage) -> None:
        """Owe a reading of calendars that block from now on, or further ahead, and a look at bookings under all that
        came or went: calendars that blocked no page are read seldom, and not as far ahead.

        Args:
            before: as it is stored; None for a new page.
        """
        now, blocked = self.clock(), before.calendars.blocking if before else ()
        came = tuple(each for each in after.calendars.blocking if each not in blocked)
        went = tuple(each for each in blocked if each not in after.calendars.blocking)
        looks_further = before is not None and after.rules.horizon_days > before.rules.horizon_days
        to_be_read = after.calendars.blocking if looks_further else came
        carry_out(uow, calendars_outdated(to_be_read, now))
        if went:
            await self.find_overlaps.before_leaving(uow, went)
        if came and before is not None:
            carry_out(uow, calendars_blocking(came, now))
