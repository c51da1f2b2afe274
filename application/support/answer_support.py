"""Answer and close support conversations, as the operator."""

from dataclasses import dataclass

from application.actor import OperatorActor
from application.effects import carry_out, support_answered
from application.ports.clock import Clock
from application.ports.support import SupportDesk
from application.ports.unit_of_work import Begin
from application.support.access import admit_operator, found
from application.support.ask_support import message_text
from domain.ids import SupportThreadId
from domain.support_thread import ThreadMessage


@dataclass(frozen=True)
class AnswerSupport:
    begin: Begin
    desk: SupportDesk | None
    clock: Clock

    async def __call__(self, actor: OperatorActor, thread_id: SupportThreadId, text: str) -> None:
        """Answer on the visitor's page and by mail. Raises NotFound or InvalidInput."""
        now = self.clock()
        admit_operator(self.desk, actor, now)
        message = ThreadMessage("operator", now.replace(microsecond=0), message_text(text))
        async with self.begin() as uow:
            thread = found(await uow.support_threads.lock(thread_id))
            uow.support_threads.save(thread.with_message(message))
            carry_out(uow, support_answered(thread.id, len(thread.messages), now))


@dataclass(frozen=True)
class CloseSupportThread:
    begin: Begin
    desk: SupportDesk | None
    clock: Clock

    async def __call__(self, actor: OperatorActor, thread_id: SupportThreadId) -> None:
        """Close a conversation, with or without an answer. Raises NotFound."""
        now = self.clock()
        admit_operator(self.desk, actor, now)
        async with self.begin() as uow:
            thread = found(await uow.support_threads.lock(thread_id))
            uow.support_threads.save(thread.closed(now))
