"""Mail the messages of support conversations: the visitor's to the operator, the operator's to the visitor."""

from dataclasses import dataclass
from functools import partial

from application.deliver import deliver
from application.job_runner import Backoff, Done, Outcome, Outside, Record, recorded
from application.jobs import AcknowledgeSupportJob, MailAnswerJob, MailSupportJob, SupportJob
from application.ports.clock import Clock
from application.ports.mail import Mailer, MailError, SupportMail, VisitorMailKind
from application.ports.support import SupportDesk
from application.ports.unit_of_work import UnitOfWork
from application.unsubscribe import UnsubscribeLinks
from domain.retry import FIRST_REPEAT_OF_MAIL
from domain.support_thread import CLOSES_AFTER, KEPT_CLOSED_FOR

DESK_LINK_LASTS = CLOSES_AFTER + KEPT_CLOSED_FOR
"""As long as the conversation that the mail is about."""


@dataclass(frozen=True)
class MailSupport:
    """Nothing is lost on the way: whatever the mail server says, the message is mailed again until it is accepted."""

    mailer: Mailer
    desk: SupportDesk | None
    backoff: Backoff

    async def __call__(self, uow: UnitOfWork, job: MailSupportJob, attempts: int, /) -> Outcome | Outside:
        thread = await uow.support_threads.get(job.thread_id)
        if thread is None:
            return Done()
        if self.desk is None:
            return self.backoff(attempts, at_least=FIRST_REPEAT_OF_MAIL)
        mail = SupportMail(
            kind="to_operator",
            to=self.desk.operator_email,
            thread=thread,
            number=job.number,
            screenshot=await uow.support_threads.screenshot(job.thread_id, job.number),
            desk_link=self.desk.links.until(thread.messages[job.number].sent_at + DESK_LINK_LASTS),
        )
        return Outside(partial(self._call, mail, job, attempts))

    async def _call(self, mail: SupportMail, job: MailSupportJob, attempts: int) -> Record:
        try:
            await self.mailer.send(mail)
        except MailError:
            return recorded(self.backoff(attempts, at_least=FIRST_REPEAT_OF_MAIL))
        return partial(self._accepted, job=job)

    async def _accepted(self, uow: UnitOfWork, job: MailSupportJob) -> Outcome:
        uow.support_threads.drop_screenshot(job.thread_id, job.number)
        return Done()


@dataclass(frozen=True)
class MailVisitor:
    """That a first message has come, and answers; an address that asked for no more mail gets neither."""

    unsubscribe: UnsubscribeLinks
    mailer: Mailer
    clock: Clock
    backoff: Backoff

    async def receipt(self, uow: UnitOfWork, job: AcknowledgeSupportJob, attempts: int, /) -> Outcome | Outside:
        return await self._mail(uow, job, "receipt", attempts)

    async def answer(self, uow: UnitOfWork, job: MailAnswerJob, attempts: int, /) -> Outcome | Outside:
        return await self._mail(uow, job, "answer", attempts)

    async def _mail(self, uow: UnitOfWork, job: SupportJob, kind: VisitorMailKind, attempts: int) -> Outcome | Outside:
        thread = await uow.support_threads.get(job.thread_id)
        token = await self.unsubscribe.token_for_visitor(uow, thread, self.clock()) if thread else None
        if thread is None or token is None:
            return Done()
        mail = SupportMail(kind=kind, to=thread.email, thread=thread, number=job.number, unsubscribe=token)
        again = self.backoff(attempts, at_least=FIRST_REPEAT_OF_MAIL)
        return Outside(partial(deliver, self.mailer, mail, recorded(Done()), again))
