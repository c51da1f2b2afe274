"""Mail a host that a token is about to expire."""

from dataclasses import dataclass
from functools import partial

from application.deliver import deliver
from application.job_runner import Backoff, Done, Outcome, Outside, recorded
from application.jobs import TellTokenExpiryJob
from application.ports.clock import Clock
from application.ports.mail import Mailer, Notice
from application.ports.notices import ApiTokenExpires
from application.ports.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class TellTokenExpiry:
    mailer: Mailer
    clock: Clock
    backoff: Backoff

    async def __call__(self, uow: UnitOfWork, job: TellTokenExpiryJob, attempts: int, /) -> Outcome | Outside:
        account = await uow.accounts.get(job.host_id)
        token = next((each for each in await uow.api_tokens.of(job.host_id) if each.id == job.token_id), None)
        if account is None or account.email_confirmed_at is None or token is None or token.has_expired(self.clock()):
            return Done()
        if token.expires_at is None or token.warned_at is None:
            return Done()
        about = ApiTokenExpires(token.name, token.expires_at, account.host.timezone)
        at = token.warned_at.replace(microsecond=0)
        notice = Notice(f"api-token-expires.{token.id}", at, account.host, about)
        return Outside(partial(deliver, self.mailer, notice, recorded(Done()), self.backoff(attempts)))
