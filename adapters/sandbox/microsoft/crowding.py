"""The number of simultaneous calls in a mailbox."""

from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager
from typing import Final

MOST: Final = 4


class Crowds:
    """Attributes:
    most_at_once: per mailbox the highest number of calls that there were, those turned away included.
    """

    def __init__(self) -> None:
        self.most_at_once: Counter[str] = Counter()
        self._inside: Counter[str] = Counter()

    @contextmanager
    def entered(self, mailbox: str) -> Generator[bool]:
        """Count a call for as long as the block lasts; False where it is one too many."""
        self._inside[mailbox] += 1
        self.most_at_once[mailbox] = max(self.most_at_once[mailbox], self._inside[mailbox])
        try:
            yield self._inside[mailbox] <= MOST
        finally:
            self._inside[mailbox] -= 1
