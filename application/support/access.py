"""Access to a support conversation: of its visitor, and of the operator."""

from datetime import datetime

from application.actor import OperatorActor, VisitorActor
from application.ports.support import SupportDesk
from application.ports.unit_of_work import UnitOfWork
from domain.errors import NotFound
from domain.support_thread import SupportThread


async def read_of_visitor(uow: UnitOfWork, actor: VisitorActor) -> SupportThread:
    """Raises NotFound."""
    return found(await uow.support_threads.of_visitor(actor.token))


async def lock_of_visitor(uow: UnitOfWork, actor: VisitorActor) -> SupportThread:
    """Raises NotFound."""
    return found(await uow.support_threads.lock_of_visitor(actor.token))


def admit_operator(desk: SupportDesk | None, actor: OperatorActor, now: datetime) -> None:
    """Raises NotFound for a link that isn't, or no longer, the operator's."""
    ends_at = desk and desk.links.ends_at(actor.link)
    if ends_at is None or ends_at <= now:
        raise NotFound("support-desk")


def found(thread: SupportThread | None) -> SupportThread:
    """Raises NotFound."""
    if thread is None:
        raise NotFound("support-thread")
    return thread
