"""Mail a host that a webhook keeps failing, or was paused."""

from dataclasses import dataclass
from functools import partial

from application.deliver import deliver
from application.job_runner import Backoff, Done, Outcome, Outside, recorded
from application.jobs import TellWebhookJob
from application.ports.mail import Mailer, Notice
from application.ports.notices import WebhookFailing, WebhookPaused
from application.ports.unit_of_work import UnitOfWork
from domain.webhook import PAUSED_AFTER, WARNED_AFTER, Webhook


@dataclass(frozen=True)
class TellWebhook:
    mailer: Mailer
    backoff: Backoff

    async def __call__(self, uow: UnitOfWork, job: TellWebhookJob, attempts: int, /) -> Outcome | Outside:
        webhook = await uow.webhooks.get(job.webhook_id)
        account = await uow.accounts.get(webhook.host_id) if webhook else None
        if webhook is None or account is None or account.email_confirmed_at is None:
            return Done()
        about = _about(webhook, job, account.host.timezone)
        if about is None:
            return Done()
        at = job.at.replace(microsecond=0)
        notice = Notice(f"webhook.{job.alarm}.{webhook.id}.{at:%Y%m%dT%H%M%S}", at, account.host, about)
        return Outside(partial(deliver, self.mailer, notice, recorded(Done()), self.backoff(attempts)))


def _about(webhook: Webhook, job: TellWebhookJob, timezone: str) -> WebhookFailing | WebhookPaused | None:
    """What to say now; nothing where it works again, or its host was faster."""
    if webhook.problem is None or webhook.failing_since is None:
        return None
    if job.alarm == "paused":
        if webhook.pause is None or webhook.pause == "distrusted":
            return None
        return WebhookPaused(webhook.id, webhook.host_name, webhook.pause, webhook.problem, timezone)
    if webhook.pause is not None:
        return None
    pauses_at = max(webhook.failing_since + PAUSED_AFTER, job.at + WARNED_AFTER)
    return WebhookFailing(webhook.id, webhook.host_name, webhook.failing_since, webhook.problem, pauses_at, timezone)
