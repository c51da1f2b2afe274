"""The position in a list, after a booking."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime

import msgspec

from application.ports.booking_views import BookingFilter
from domain.errors import InvalidInput
from domain.faults import Malformed
from domain.ids import BookingId


class MemoryCursor(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """The last booking of the page before; `show` keeps it from being used for another list."""

    show: BookingFilter
    start: datetime
    id: BookingId


def written(cursor: MemoryCursor) -> str:
    return urlsafe_b64encode(msgspec.json.encode(cursor)).decode()


def read(text: str, show: BookingFilter) -> MemoryCursor:
    """Read a cursor of this list.

    Raises:
        InvalidInput: it was made for another list, or not here.
    """
    try:
        cursor = msgspec.json.decode(urlsafe_b64decode(text), type=MemoryCursor)
    except ValueError as error:
        raise _not_ours() from error
    if cursor.show != show or cursor.start.tzinfo is None:
        raise _not_ours()
    return cursor


def _not_ours() -> InvalidInput:
    return InvalidInput.at("cursor", Malformed("cursor"))
