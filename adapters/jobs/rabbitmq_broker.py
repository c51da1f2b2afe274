"""RabbitMQ."""
# Dramatiq leaves most of its attributes without types.
# pyright: reportUnknownMemberType=false

from collections.abc import Sequence

import dramatiq
from dramatiq.brokers.rabbitmq import RabbitmqBroker

from adapters.jobs.job_broker import QUEUE, JobBroker


class RabbitBroker(RabbitmqBroker, JobBroker):
    def reach(self) -> None:
        self.waiting()

    def waiting(self) -> int:
        return self.get_queue_message_counts(QUEUE)[0]

    def send(self, messages: Sequence[dramatiq.Message[None]]) -> None:
        for message in messages:
            self.enqueue(message)
