"""What is asked of every broker."""

from abc import ABC, abstractmethod
from collections.abc import Sequence

import dramatiq

QUEUE = "timetuna"


class JobBroker(dramatiq.Broker, ABC):
    """A broker of Dramatiq's, with what the relay and the checks ask of it besides. All of it blocks."""

    @abstractmethod
    def reach(self) -> None:
        """Ask for a sign of life.

        Raises:
            dramatiq.errors.ConnectionError: it can't be reached.
        """

    @abstractmethod
    def waiting(self) -> int:
        """How many messages nobody has taken yet.

        What a worker had taken when it was killed is nowhere in the queue; its leases have to end.
        """

    @abstractmethod
    def send(self, messages: Sequence[dramatiq.Message[None]]) -> None:
        """Put messages into the queue."""
