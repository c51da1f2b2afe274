"""What a new booking needs room in, and what it was decided by."""

import msgspec

from application.ports.offers import OfferMark
from domain.budgets import Bucket
from domain.provider import Provider


class OfferChanged(Exception):
    """The offer that a booking was decided by is no longer as it was; nothing was stored."""


class Basis(msgspec.Struct, frozen=True):
    """What a booking was decided by, where that may be old.

    Attributes:
        mark: of the offer.
        scarce: the provider of its meeting, where that makes so many meetings a day and no more.
        first_kept: with so many of them made on the present day of UTC, the last are left.
    """

    mark: OfferMark
    scarce: Provider | None = None
    first_kept: int | None = None


class Admission(msgspec.Struct, frozen=True):
    """What a new booking needs room in: each of these buckets, and what its guest may have coming on its page.

    With a basis it is refused, before anything is counted, where that is no longer so.
    """

    buckets: tuple[Bucket, ...] = ()
    max_per_guest: int | None = None
    basis: Basis | None = None


UNLIMITED = Admission()
