"""Note on all calendars of an account that it is closed to us, or wants no requests for a while."""

from datetime import datetime

import msgspec

from application.calendars.note_trouble import note_calendar_trouble
from application.ports.calendar_reader import CalendarUnreadable
from application.ports.unit_of_work import UnitOfWork
from domain.calendar import CalendarConnection
from domain.calendar_problem import CalendarAccountProblem
from domain.retry import LONGEST_WISH


async def close_account(
    uow: UnitOfWork, connection: CalendarConnection, problem: CalendarAccountProblem, now: datetime
) -> None:
    """Note the problem on the connection and its calendars, and owe the host a word about it.

    Nobody asks the account again until it is connected anew.

    Args:
        connection: as it was when the account was asked.
    """
    locked = await uow.calendar_connections.lock(connection.host_id, connection.id)
    # One that was connected again meanwhile was refused by what it had before.
    if locked is None or locked.connected_at != connection.connected_at:
        return
    broken = locked.broke(problem)
    uow.calendar_connections.save(broken)
    for stored in await uow.calendars.lock_all(connection.id):
        closed = stored.calendar.could_not_be_read(problem, now)
        uow.calendars.save(msgspec.structs.replace(stored, calendar=closed))
        await note_calendar_trouble(uow, broken, stored.calendar, closed, now)


async def leave_alone(uow: UnitOfWork, connection: CalendarConnection, until: datetime) -> None:
    """Ask the account nothing before an instant, or before it is connected again.

    Args:
        connection: as it was when the account was asked.
    """
    locked = await uow.calendar_connections.lock(connection.host_id, connection.id)
    if locked is not None and locked.connected_at == connection.connected_at:
        uow.calendar_connections.save(locked.wants_peace(until))


def wish_of(*answers: object, now: datetime) -> datetime | None:
    """Until when the provider wants to be left alone by what it answered; believed up to a day ahead."""
    wishes = [each.not_before for each in answers if isinstance(each, CalendarUnreadable) and each.not_before]
    wish = max(wishes, default=now)
    return None if wish <= now else min(wish, now + LONGEST_WISH)
