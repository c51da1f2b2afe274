"""Limits of whole numbers and of text: stated beside the type that keeps them, repeated nowhere."""

from datetime import timedelta

import msgspec

from domain.faults import InvalidValue, Malformed, OutOfRange, Required, TooLong

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
        """Raises InvalidValue for what isn't a whole number, or is outside."""
        if type(number) is not int:
            raise InvalidValue(Malformed("whole-number"), name)
        if number not in self:
            raise InvalidValue(OutOfRange(self.least, self.most), name)

    def check_minutes(self, length: timedelta, name: str) -> None:
        """Raises InvalidValue for a length that isn't in whole minutes, or is outside."""
        if length % _MINUTE:
            raise InvalidValue(Malformed("whole-number"), name)
        self.check(length // _MINUTE, name)


ITEMS_LISTED = Limits(1, 200)
"""How many items one page of a list holds, whatever it lists."""


def check_text(text: str, longest: int, member: str, *, required: bool = True) -> None:
    """Raises InvalidValue for text that is too long, and for none where it is required."""
    if required and not text.strip():
        raise InvalidValue(Required(), member)
    if len(text) > longest:
        raise InvalidValue(TooLong(longest, len(text)), member)
