"""Pause the webhooks of an account that somebody else may have been in."""

from datetime import datetime

from application.accounts.ask_for_mail import ask, mail_to
from application.ports.clock import Ids
from application.ports.unit_of_work import UnitOfWork
from domain.host import Host


async def distrust_webhooks(
    uow: UnitOfWork, host: Host, ids: Ids, now: datetime, *, made_before: datetime | None = None
) -> None:
    """Pause all webhooks of a host, or those that are older than an instant, and mail the host which ones.

    Whoever was in may have added them, or led them elsewhere: it takes the host to tell them apart. Nothing that waits
    is sent to them any more.
    """
    webhooks = [each for each in await uow.webhooks.of(host.id) if made_before is None or each.created_at < made_before]
    for each in webhooks:
        if (webhook := await uow.webhooks.lock(each.id)) is not None:
            uow.webhooks.save(webhook.distrusted())
            uow.webhook_deliveries.give_up(webhook.id)
    if webhooks:
        ask(uow, mail_to(host, "webhooks_paused", ids.new_id(), now))
