"""Owe it to a host, and to who listens, that a calendar can't be read."""

from datetime import datetime

from application.effects import calendar_answered, carry_out
from application.ports.unit_of_work import UnitOfWork
from application.webhooks.record_events import record_broken
from domain.calendar import Calendar, CalendarConnection
from domain.webhook_event import BrokenCalendar


async def note_calendar_trouble(
    uow: UnitOfWork, connection: CalendarConnection, before: Calendar, after: Calendar, now: datetime
) -> None:
    """Do so after a reading, or the failure of one, where it is news."""
    effect = calendar_answered(before, after, now)
    carry_out(uow, effect)
    state, status = after.state(now), connection.status
    if effect.enqueue:
        broken = BrokenCalendar(after.id, state if status == "connected" else status)
        await record_broken(uow, after.host_id, broken, now)
