"""Cursors of paginated lists."""

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime
from typing import Annotated, Self

import msgspec

from application.ports.booking_views import BookingFilter
from domain.errors import InvalidInput
from domain.faults import Malformed
from domain.ids import LONGEST_ID
from domain.instants import is_in_calendar


class Cursor(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """The last booking of the part before: its place in the order of this list, and its id."""

    show: BookingFilter
    at: Annotated[datetime, msgspec.Meta(tz=True)]
    id: Annotated[str, msgspec.Meta(pattern=rf"^[!-~]{{1,{LONGEST_ID}}}$")]

    def __str__(self) -> str:
        return urlsafe_b64encode(msgspec.json.encode(self)).decode().rstrip("=")

    @classmethod
    def parse(cls, text: str, show: BookingFilter) -> Self:
        """Read a cursor of this list.

        Raises:
            InvalidInput: it wasn't made by this class, or for another list.
        """
        try:
            plain = urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
            cursor = msgspec.json.decode(plain, type=cls)
        except (ValueError, binascii.Error, msgspec.DecodeError) as error:
            raise _invalid() from error
        if cursor.show != show or cursor.at.utcoffset() or not is_in_calendar(cursor.at) or str(cursor) != text:
            raise _invalid()
        return cursor


def _invalid() -> InvalidInput:
    return InvalidInput.at("cursor", Malformed("cursor"))
