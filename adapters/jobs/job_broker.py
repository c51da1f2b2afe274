"""The interface of every broker."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import ParamSpec, TypeVar

import dramatiq

P = ParamSpec("P")
T = TypeVar("T")

QUEUE = "timetuna"

AHEAD = "ahead"
"""The option of a message that goes before those that wait, because it takes a worker's thread for no time."""

_thread = ThreadPoolExecutor(1, "broker")


async def apart(call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Call what blocks on a broker in the one thread that is there for that.

    A connection to RabbitMQ belongs to the thread that has made it, and is closed by the server where that thread
    doesn't come by for two heartbeats: one thread that looks into the queue each second keeps one connection alive.
    """
    return await asyncio.get_running_loop().run_in_executor(_thread, partial(call, *args, **kwargs))


class JobBroker(dramatiq.Broker, ABC):
    """A broker of Dramatiq's, with what the relay and the checks ask of it besides. All of it blocks."""

    @abstractmethod
    def reach(self) -> None:
        """Ask for a sign of life.

        Raises:
            dramatiq.errors.BrokerConnectionError: it can't be reached.
        """

    @abstractmethod
    def waiting(self) -> int:
        """How many messages nobody has taken yet.

        What a worker had taken when it was killed is nowhere in the queue; its leases have to end.
        """

    @abstractmethod
    def send(self, messages: Sequence[dramatiq.Message[None]]) -> None:
        """Put messages into the queue."""
