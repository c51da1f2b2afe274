"""Fetching from an address that somebody typed."""

from datetime import datetime
from typing import Protocol

import msgspec

from domain.calendar_problem import CalendarProblem


class Validators(msgspec.Struct, frozen=True):
    """What a server said about the body that was fetched last, for asking whether it has changed."""

    etag: str | None = None
    last_modified: str | None = None


NOTHING_KNOWN = Validators()


class Fetched(msgspec.Struct, frozen=True):
    """A body with what the server says about it."""

    body: bytes
    validators: Validators = NOTHING_KNOWN


class NotModified(msgspec.Struct, frozen=True):
    """The body is the one that was fetched last."""


class FetchFailed(Exception):
    """There is no body; `not_before` is when the server wants to be asked again, where it says so."""

    def __init__(self, problem: CalendarProblem, not_before: datetime | None = None) -> None:
        super().__init__(problem)
        self.problem = problem
        self.not_before = not_before


class SafeFetcher(Protocol):
    """Fetches over https from public addresses, and from private networks that the operator allows, over http too.

    MUST resolve a name once, check every address it leads to, and connect to a checked one; MUST treat each redirect
    so, and follow few; MUST bound time and size of the whole; MUST NOT log or raise the address, which is a secret.

    Only the reader of feeds fetches, and that has a fake in memory: this needs none.
    """

    async def fetch(self, url: str, known: Validators = NOTHING_KNOWN, /) -> Fetched | NotModified:
        """Fetch the whole body.

        Raises:
            FetchFailed
        """
        ...
