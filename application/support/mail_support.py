"""Mail a message to the operator, and then a copy of it to its sender."""

from dataclasses import dataclass
from functools import partial

from application.deliver import deliver
from application.job_runner import Backoff, Done, Outcome, Outside, Record, recorded
from application.jobs import CopySupportJob, Due, MailSupportJob
from application.ports.clock import Clock
from application.ports.mail import Mailer, MailError, SupportMail
from application.ports.storage import UnitOfWork
from application.ports.support import SupportDesk, SupportRequest
from domain.retry import FIRST_REPEAT_OF_MAIL


@dataclass(frozen=True)
class MailSupport:
    """Nothing is lost on the way: whatever the mail server says, the message is kept until it is accepted."""

    mailer: Mailer
    desk: SupportDesk | None
    clock: Clock
    backoff: Backoff

    async def __call__(self, uow: UnitOfWork, job: MailSupportJob, attempts: int, /) -> Outcome | Outside:
        request = await uow.support_requests.get(job.request_id)
        return Done() if request is None else Outside(partial(self._call, request, attempts))

    async def _call(self, request: SupportRequest, attempts: int) -> Record:
        if self.desk is None:
            return recorded(self.backoff(attempts, at_least=FIRST_REPEAT_OF_MAIL))
        try:
            await self.mailer.send(SupportMail("to_operator", self.desk.operator_email, request))
        except MailError:
            return recorded(self.backoff(attempts, at_least=FIRST_REPEAT_OF_MAIL))
        return partial(self._accepted, request=request)

    async def _accepted(self, uow: UnitOfWork, request: SupportRequest) -> Outcome:
        if request.wants_copy:
            uow.support_requests.drop_screenshot(request.id)
            uow.outbox.enqueue(Due(CopySupportJob(request.id), self.clock()))
        else:
            uow.support_requests.remove(request.id)
        return Done()


@dataclass(frozen=True)
class CopySupport:
    mailer: Mailer
    backoff: Backoff

    async def __call__(self, uow: UnitOfWork, job: CopySupportJob, attempts: int, /) -> Outcome | Outside:
        request = await uow.support_requests.get(job.request_id)
        if request is None:
            return Done()
        if await uow.suppressions.holds(request.email):
            return await self._remove(uow, request.id)
        return Outside(partial(self._call, request, attempts))

    async def _call(self, request: SupportRequest, attempts: int) -> Record:
        copy = SupportMail("copy", request.email, request)
        again = self.backoff(attempts, at_least=FIRST_REPEAT_OF_MAIL)
        return await deliver(self.mailer, copy, partial(self._remove, request_id=request.id), again)

    async def _remove(self, uow: UnitOfWork, request_id: str) -> Outcome:
        uow.support_requests.remove(request_id)
        return Done()
