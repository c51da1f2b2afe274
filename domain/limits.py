"""Limits of whole numbers: stated beside the type that keeps them, repeated nowhere."""

from datetime import timedelta

import msgspec

_MINUTE = timedelta(minutes=1)


class Limits(msgspec.Struct, frozen=True):
    """The whole numbers from `least` to `most`, both included."""

    least: int
    most: int

    def __contains__(self, number: int) -> bool:
        return self.least <= number <= self.most

    @property
    def meta(self) -> msgspec.Meta:
        """The same limits for an annotated type that is read from JSON and described in OpenAPI."""
        return msgspec.Meta(ge=self.least, le=self.most)

    def check(self, number: int, name: str) -> None:
        """Raises ValueError for a number outside."""
        if number not in self:
            raise ValueError(f"{name} has to be from {self.least} to {self.most}, not {number}")

    def check_minutes(self, length: timedelta, name: str) -> None:
        """Raises ValueError for a length that isn't in whole minutes, or is outside."""
        if length % _MINUTE:
            raise ValueError(f"{name} has to be in whole minutes, not {length}")
        self.check(length // _MINUTE, name)
