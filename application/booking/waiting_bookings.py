"""What becomes of bookings that wait for a link when their connection goes."""

from datetime import datetime

from application.ports.owed import Work
from application.ports.storage import UnitOfWork
from domain.ids import HostId
from domain.provider import Provider


async def decide_anew(uow: UnitOfWork, host_id: HostId, provider: Provider, now: datetime) -> None:
    """Try them now: without a connection each falls back by the host's order, or both sides learn where they stand."""
    waiting = await uow.bookings.without_link(host_id, provider, now)
    uow.owed.owe(*(Work("create_meeting", each, now) for each in waiting))
