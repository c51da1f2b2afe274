"""Remember on a connection what only the host can mend, and see to it that the host hears of it once."""

from datetime import datetime

from application.jobs import Due, TellConnectionJob
from application.ports.oauth import GrantCapabilities
from application.ports.provider import NotConnected, NotPermitted
from application.ports.storage import UnitOfWork
from domain.connection import ProviderConnection
from domain.provider_problem import ProviderProblem, Superseded


async def note_trouble(
    uow: UnitOfWork,
    connection: ProviderConnection,
    error: NotConnected | NotPermitted,
    can: GrantCapabilities,
    now: datetime,
) -> ProviderProblem:
    """Store the trouble on a locked connection, enqueue the mail if this is the first, and return its problem."""
    problem = error.problem
    if isinstance(error, NotPermitted):
        after = connection.was_blocked(problem)
    else:
        if can.one_grant_per_login and await uow.connections.superseded(connection):
            problem = Superseded(connection.provider)
        after = connection.grant_died(problem)
    uow.connections.save(after)
    if after.needs_notice_since(connection):
        uow.outbox.enqueue(Due(TellConnectionJob(connection.host_id, connection.provider, "trouble", now), now))
    return after.problem or problem
