"""Failure switches of a provider and the queue of pending failures."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Final, Generic, TypeVar

import msgspec


class AnyFailure(StrEnum):
    """A stand-in's failures by their stable names, as `fail()`, `/switches` and `/control` take them."""

    @property
    def says(self) -> str:
        raise NotImplementedError

    @property
    def where(self) -> tuple[StrEnum, ...]:
        """The endpoints it can happen at, the usual one first."""
        raise NotImplementedError


F = TypeVar("F", bound=AnyFailure)
E = TypeVar("E", bound=StrEnum)

_LONGEST_HANG: Final = 300.0
_SLOW: Final = 10.0

ALWAYS: Final[Mapping[str, str]] = {
    "unavailable-html": "503 with an HTML body",
    "ok-xml": "200 with an XML body",
    "ok-empty": "200 with nothing in it",
    "redirect": "302 to another host",
    "slow": "the answer takes so many seconds (10 unless told), then all is well",
    "hang-before": "nothing is done and no answer comes, until the client gives up",
    "hang-after": "the work is done, but no answer comes, until the client gives up",
    "drop-before": "the connection closes before anything is done",
    "drop-after": "the work is done (a meeting made, a token given out), then the connection closes",
}
"""The failures that every stand-in has at every call, and what they say."""


class Switch(msgspec.Struct, Generic[F, E], frozen=True):
    """One failure that is on. `times` is how often it still happens; None means until it is put right."""

    failure: F
    on: E
    times: int | None
    seconds: float


class Switches(Generic[F, E]):
    """The failures that are on, in the order in which they happen, and how slow everything is.

    Attributes:
        failures: every failure that there is.
        endpoints: everywhere where one can happen.
        latency: seconds before every call of the API and of the token endpoints.
    """

    def __init__(self, failures: type[F], endpoints: type[E], latency: float, changed: Callable[[], None]) -> None:
        self.failures = failures
        self.endpoints = endpoints
        self.latency = latency
        self._on: list[Switch[F, E]] = []
        self._changed = changed

    def all(self) -> list[Switch[F, E]]:
        return list(self._on)

    def fail(
        self,
        failure: F | str,
        *,
        on: E | str | None = None,
        times: int | None = 1,
        seconds: float | None = None,
    ) -> None:
        """Put a failure on, behind those that are on already.

        Args:
            failure: what happens.
            on: where; by default where it usually happens (`Failure.where`).
            times: how often; None means until `works()`.
            seconds: how long, for `slow` and the hangs.

        Raises:
            ValueError: no such failure, or it can't happen there.
        """
        what = self.failures(failure)
        where = self.endpoints(what.where[0] if on is None else on)
        if where not in what.where:
            raise ValueError(f"{what} can't happen at {where}; it can at {', '.join(what.where)}")
        if times is not None and times < 1:
            raise ValueError("A failure happens at least once.")
        usual = _SLOW if what == "slow" else _LONGEST_HANG
        self._on.append(Switch(what, where, times, usual if seconds is None else seconds))
        self._changed()

    def works(self, on: E | str | None = None) -> None:
        """Put right what is wrong at one endpoint, or everywhere."""
        where = None if on is None else self.endpoints(on)
        self._on = [switch for switch in self._on if where is not None and switch.on != where]
        self._changed()

    def take(self, endpoint: E) -> Switch[F, E] | None:
        """Say what goes wrong with the request at hand, and count it."""
        for index, switch in enumerate(self._on):
            if switch.on == endpoint:
                match switch.times:
                    case None:
                        pass
                    case 1:
                        del self._on[index]
                    case left:
                        self._on[index] = msgspec.structs.replace(switch, times=left - 1)
                self._changed()
                return switch
        return None
