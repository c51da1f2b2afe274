"""A queue inside this process, where the worker is in it too."""
# Dramatiq leaves most of its attributes without types.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

from collections.abc import Sequence

import dramatiq
from dramatiq.brokers.stub import StubBroker

from adapters.jobs.job_broker import QUEUE, JobBroker


class InProcessBroker(StubBroker, JobBroker):
    def reach(self) -> None:
        pass

    def waiting(self) -> int:
        return self.queues[QUEUE].qsize()

    def send(self, messages: Sequence[dramatiq.Message[None]]) -> None:
        for message in messages:
            self.enqueue(message)
