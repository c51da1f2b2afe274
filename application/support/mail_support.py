"""Mail a message to the operator, and then a copy of it to its sender."""

from collections.abc import Callable
from dataclasses import dataclass

from application.ports.clock import Clock
from application.ports.mail import Mailer, MailError, RecipientRefused, SupportMail
from application.ports.owed import Claim, Work
from application.ports.storage import Begin
from application.ports.support import SupportDesk, SupportRequest
from domain.retry import FIRST_REPEAT_OF_MAIL, next_try_at


@dataclass(frozen=True)
class MailSupport:
    """Nothing is lost on the way: whatever the mail server says, the message is kept until it is accepted."""

    begin: Begin
    mailer: Mailer
    desk: SupportDesk | None
    clock: Clock
    jitter: Callable[[], float]

    async def __call__(self, claim: Claim) -> None:
        request = await _taken(self.begin, claim)
        if request is None:
            return
        try:
            if self.desk is None:
                raise RecipientRefused("No operator is set any more.")
            await self.mailer.send(SupportMail("to_operator", self.desk.operator_email, request))
        except MailError:
            await _put_off(self.begin, claim, self.clock, self.jitter)
            return
        async with self.begin() as uow:
            if request.wants_copy:
                uow.support_requests.drop_screenshot(request.id)
                uow.owed.owe(Work("copy_support", request.id, self.clock()))
            else:
                uow.support_requests.remove(request.id)
            uow.owed.settle(claim)


@dataclass(frozen=True)
class CopySupport:
    begin: Begin
    mailer: Mailer
    clock: Clock
    jitter: Callable[[], float]

    async def __call__(self, claim: Claim) -> None:
        request = await _taken(self.begin, claim)
        if request is None:
            return
        try:
            await self.mailer.send(SupportMail("copy", request.email, request))
        except RecipientRefused:
            pass
        except MailError:
            await _put_off(self.begin, claim, self.clock, self.jitter)
            return
        async with self.begin() as uow:
            uow.support_requests.remove(request.id)
            uow.owed.settle(claim)


async def _taken(begin: Begin, claim: Claim) -> SupportRequest | None:
    async with begin() as uow:
        if not await uow.owed.take(claim):
            return None
        request = await uow.support_requests.get(claim.subject)
    if request is None:
        async with begin() as uow:
            uow.owed.settle(claim)
    return request


async def _put_off(begin: Begin, claim: Claim, clock: Clock, jitter: Callable[[], float]) -> None:
    now = clock()
    again_at = next_try_at(claim.attempts + 1, now, wish=now + FIRST_REPEAT_OF_MAIL, jitter=jitter())
    async with begin() as uow:
        uow.owed.postpone(claim, again_at)
