"""Sources of instants, ids and secrets."""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

Clock = Callable[[], datetime]
"""The present instant, aware, in UTC."""


class Ids(Protocol):
    def new_id(self) -> str:
        """Make an id that nobody else has; ids made later sort later."""
        ...

    def new_token(self) -> str:
        """Make a URL-safe secret of at least 128 random bits."""
        ...
