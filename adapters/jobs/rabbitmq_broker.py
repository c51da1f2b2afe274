"""RabbitMQ."""
# Dramatiq leaves most of its attributes without types.
# pyright: reportUnknownMemberType=false

from collections.abc import Sequence

import dramatiq
import pika.exceptions
from dramatiq.brokers.rabbitmq import RabbitmqBroker
from dramatiq.errors import ConnectionClosed
from dramatiq.middleware import Middleware

from adapters.jobs.job_broker import QUEUE, JobBroker


class RabbitBroker(RabbitmqBroker, JobBroker):
    def __init__(self, url: str, middleware: list[Middleware]) -> None:
        """Raises ValueError: the URL can't be read."""
        try:
            # A message that was confirmed is in the queue, even where the connection or the queue had just gone.
            super().__init__(url=url, middleware=middleware, confirm_delivery=True)
        except (SyntaxError, TypeError) as error:
            # The value of `ssl_options` is read as Python.
            raise ValueError(str(error)) from None

    def reach(self) -> None:
        self.waiting()

    def waiting(self) -> int:
        try:
            return self._counted()
        except pika.exceptions.AMQPError:
            # It may be the connection alone that is gone.
            try:
                return self._counted()
            except pika.exceptions.AMQPError as error:
                raise ConnectionClosed(error) from None

    def send(self, messages: Sequence[dramatiq.Message[None]]) -> None:
        for message in messages:
            self.enqueue(message)

    def _counted(self) -> int:
        try:
            return self.get_queue_message_counts(QUEUE)[0]
        except pika.exceptions.AMQPError:
            # The next one makes another.
            del self.connection
            raise
