"""Read support conversations: each visitor their own, the operator all of them."""

import asyncio
from contextlib import AbstractContextManager
from dataclasses import dataclass

from application.actor import OperatorActor, VisitorActor
from application.ports.changes import Changes
from application.ports.clock import Clock
from application.ports.support import SupportDesk
from application.ports.unit_of_work import Begin
from application.support.access import admit_operator, found, read_of_visitor
from domain.ids import SupportThreadId
from domain.support_thread import CLOSES_AFTER, SupportThread

MOST_WAITING = 200
"""More than anybody answers at a sitting; those behind them move up."""


@dataclass(frozen=True)
class ShowSupportThread:
    begin: Begin

    async def __call__(self, actor: VisitorActor) -> SupportThread:
        """Raises NotFound."""
        async with self.begin() as uow:
            return await read_of_visitor(uow, actor)


@dataclass(frozen=True)
class WatchSupportThread:
    begin: Begin
    changes: Changes

    async def __call__(self, actor: VisitorActor) -> AbstractContextManager[asyncio.Event]:
        """Watch a conversation: the event is set once somebody has written. Raises NotFound."""
        async with self.begin() as uow:
            thread = await read_of_visitor(uow, actor)
        return self.changes.watching(thread.id)


@dataclass(frozen=True)
class ShowSupportDesk:
    begin: Begin
    desk: SupportDesk | None
    clock: Clock

    async def __call__(self, actor: OperatorActor) -> tuple[SupportThread, ...]:
        """The conversations that wait for an answer, the longest wait first. Raises NotFound."""
        now = self.clock()
        admit_operator(self.desk, actor, now)
        async with self.begin() as uow:
            return await uow.support_threads.waiting(now - CLOSES_AFTER, MOST_WAITING)

    async def one(self, actor: OperatorActor, thread_id: SupportThreadId) -> SupportThread:
        """Raises NotFound."""
        admit_operator(self.desk, actor, self.clock())
        async with self.begin() as uow:
            return found(await uow.support_threads.get(thread_id))
