"""Explain to a host why a time isn't offered."""

from dataclasses import dataclass
from datetime import datetime

import msgspec

from application.actor import HostActor
from application.booking.host_availability import HostAvailability
from application.booking.offering import in_utc
from domain.booking_page import BookingPage
from domain.errors import NotFound
from domain.ids import EventTypeId, PageId
from domain.why_not import Reason


class Explanation(msgspec.Struct, frozen=True):
    """All reasons against a start, which is in UTC."""

    start: datetime
    reasons: tuple[Reason, ...]

    @property
    def offered(self) -> bool:
        return not self.reasons


@dataclass(frozen=True)
class ExplainTime:
    """Answer for any instant, near or far."""

    availability: HostAvailability

    async def __call__(
        self,
        actor: HostActor,
        page_id: PageId,
        event_type_id: EventTypeId,
        start: datetime,
        draft: BookingPage | None = None,
    ) -> Explanation:
        """Find every reason why guests aren't offered an event type at a time.

        Args:
            draft: the page as it would be, to be looked at instead of the one that is stored.

        Raises:
            Forbidden, NotFound
            InvalidInput: the start names no offset.
        """
        host_id = actor.require("pages:read")
        start = in_utc(start)
        reasons = await self.availability.why_not(host_id, page_id, event_type_id, start, draft)
        if reasons is None:
            raise NotFound("event-type")
        return Explanation(start, reasons)
