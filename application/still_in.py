"""Check again that an actor's session or token lasts, before a change that would outlive it."""

from application.actor import HostActor
from application.ports.unit_of_work import UnitOfWork
from domain.errors import Unauthorized


async def check_still_in(uow: UnitOfWork, actor: HostActor) -> None:
    """Refuse an actor whose session or token was ended since the request began.

    A request is let in by its headers, and may hold its body back for minutes. Where the unit has locked before what an
    owner who takes the account back locks too, the host or the webhook, one of both comes first.

    Raises:
        Unauthorized
    """
    if actor.program is not None:
        tokens = await uow.api_tokens.of(actor.host_id)
        if all(each.id != actor.program.token_id for each in tokens):
            raise Unauthorized("token-unknown")
    if actor.session is not None and not await uow.accounts.has_session(actor.host_id, actor.session):
        raise Unauthorized("session-ended")
