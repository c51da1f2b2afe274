"""Remember on a connection what only the host can mend, and see to it that the host hears of it once."""

from datetime import datetime

from application.decisions import apply_to_connection
from application.ports.oauth import GrantCapabilities
from application.ports.provider import NotConnected, NotPermitted
from application.ports.unit_of_work import UnitOfWork
from domain.connection import ProviderConnection
from domain.provider_problem import ProviderProblem, Superseded


async def note_trouble(
    uow: UnitOfWork,
    connection: ProviderConnection,
    error: NotConnected | NotPermitted,
    can: GrantCapabilities,
    now: datetime,
) -> ProviderProblem:
    """Store the trouble on a locked connection, and return the problem that it has from now on."""
    problem = error.problem
    if isinstance(error, NotPermitted):
        decision = connection.was_blocked(problem, now)
    else:
        if can.one_grant_per_login and await uow.connections.superseded(connection):
            problem = Superseded(connection.provider)
        decision = connection.grant_died(problem, now)
    await apply_to_connection(uow, decision)
    return decision.connection.problem or problem
