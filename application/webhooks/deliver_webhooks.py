"""Send webhooks what is due, as a job that goes on while there is more."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import NamedTuple

from application.effects import carry_out, deliveries_pile_up, webhook_alarmed
from application.job_runner import Again, Done, Outcome, Outside, Record, Step
from application.jobs import DeliverWebhooksJob
from application.ports.clock import Clock
from application.ports.unit_of_work import UnitOfWork
from application.ports.vault import Unopenable
from application.ports.webhook_deliveries import TakenDelivery
from application.ports.webhooks import Sent, WebhookSender
from domain.webhook import LANES, Webhook, WebhookSecrets
from domain.webhook_delivery import DeliveryAttempt, WebhookDelivery
from domain.webhook_problem import GuestWasErased, SecretLost

LONGEST_TURN = timedelta(seconds=1)
"""So long a lane begins further deliveries before it makes room for others, who wait as much longer for it.

Otherwise each would take its own way through the outbox and the broker.
"""


class _Turn(NamedTuple):
    """What a lane does under one lease; `has_help` where the other lanes were called already."""

    lane: int
    until: datetime
    has_help: bool = False


@dataclass(frozen=True)
class DeliverWebhooks:
    """Attempts one delivery after the other, and runs again as soon as the next is due.

    Each lane is one job, so that no endpoint gets more requests at once than there are lanes, however much waits for
    it. A worker that dies in between leaves the delivery to its lane, which sends it once more under the same id.
    """

    sender: WebhookSender
    clock: Clock
    jitter: Callable[[], float]

    async def __call__(self, uow: UnitOfWork, job: DeliverWebhooksJob, _attempts: int, /) -> Step:
        webhook = await uow.webhooks.get(job.webhook_id)
        if webhook is None:
            return Done()
        return await self._next(_Turn(job.lane, self.clock() + LONGEST_TURN), uow, webhook)

    async def _next(
        self, turn: _Turn, uow: UnitOfWork, webhook: Webhook, attempted: WebhookDelivery | None = None
    ) -> Step:
        """Take a delivery that is due, other than the one attempted in this unit, while the turn lasts."""
        now, saved = self.clock(), () if attempted is None else (attempted,)
        if now >= turn.until or webhook.is_resting(now):
            return await self._wait(uow, webhook, turn.lane, *saved)
        taken = await uow.webhook_deliveries.take(webhook.id, turn.lane, now, attempted and attempted.id)
        if taken is None:
            return await self._wait(uow, webhook, turn.lane, *saved)
        if not webhook.takes(taken.delivery):
            # Whoever owed it had read the webhook before it was paused.
            given_up = taken.delivery.was_paused()
            uow.webhook_deliveries.save(given_up)
            return await self._wait(uow, webhook, turn.lane, *saved, given_up)
        if taken.more_due and turn.lane == LANES[0] and not turn.has_help and webhook.failing_since is None:
            carry_out(uow, deliveries_pile_up(webhook, now))
            turn = turn._replace(has_help=True)
        try:
            secrets = await uow.webhooks.secrets(webhook.id)
        except Unopenable:
            secrets = None
        return Outside(partial(self._send, webhook, taken, secrets, turn))

    async def _send(
        self, webhook: Webhook, taken: TakenDelivery, secrets: WebhookSecrets | None, turn: _Turn
    ) -> Record:
        at = self.clock()
        if secrets is None:
            sent = Sent(0, problem=SecretLost())
        else:
            sent = await self.sender.send(webhook.url, taken.event, secrets.at(at, webhook.secret_ends_at), at)
        return partial(self._record, asked=webhook, delivery=taken.delivery, sent=sent, at=at, turn=turn)

    async def _record(
        self, uow: UnitOfWork, asked: Webhook, delivery: WebhookDelivery, sent: Sent, at: datetime, turn: _Turn
    ) -> Step:
        webhook = await uow.webhooks.lock(asked.id)
        if webhook is None:
            return Done()
        stored = await uow.webhook_deliveries.lock(delivery.id)
        after = None if stored is None else self._after(stored, sent, at)
        if after is not None:
            uow.webhook_deliveries.save(after)
        if sent.problem is None:
            webhook = webhook.succeeded(self.clock())
        else:
            webhook, alarm = webhook.failed(sent.problem, self.clock(), wish=sent.not_before)
            if alarm is not None:
                carry_out(uow, webhook_alarmed(webhook, alarm, self.clock()))
            if alarm == "paused":
                uow.webhook_deliveries.give_up(webhook.id)
        uow.webhooks.save(webhook)
        uow.webhook_deliveries.count_attempt(sent.problem)
        if webhook.pause and not asked.pause:
            return Done()
        return await self._next(turn, uow, webhook, after)

    def _after(self, stored: WebhookDelivery, sent: Sent, at: datetime) -> WebhookDelivery:
        response = "" if isinstance(stored.given_up, GuestWasErased) else sent.response
        attempt = DeliveryAttempt(at, sent.milliseconds, sent.status, sent.problem, response)
        return stored.attempted(attempt, wish=sent.not_before, jitter=self.jitter())

    async def _wait(self, uow: UnitOfWork, webhook: Webhook, lane: int, *saved: WebhookDelivery) -> Outcome:
        """Run again when something is due, of those `saved` in this unit too: the first lane alone looks ahead."""
        next_due = await uow.webhook_deliveries.next_due_at(webhook.id, *(each.id for each in saved))
        instants = (next_due, *(each.next_attempt_at for each in saved))
        now, due = self.clock(), min((each for each in instants if each is not None), default=None)
        if due is None or (lane != LANES[0] and (due > now or webhook.failing_since is not None)):
            return Done()
        return Again(max(due, webhook.rests_until or due))
