"""The calendar of public holidays that a host keeps."""

import re
from typing import Annotated

import msgspec

from domain.faults import InvalidValue, Malformed

_COUNTRY = r"^[A-Z]{2}(?![\s\S])"
_REGION = r"^\S(?:[^\x00-\x1f]{0,38}\S)?(?![\s\S])"
CountryCode = Annotated[str, msgspec.Meta(pattern=_COUNTRY)]
RegionCode = Annotated[str, msgspec.Meta(pattern=_REGION)]

_is_country = re.compile(_COUNTRY).match
_is_region = re.compile(_REGION).match


class HolidayCalendar(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The public holidays of a country, and of one of its regions where they differ.

    Attributes:
        country: two letters of ISO 3166-1.
        region: by its code within the country, as in ISO 3166-2: `BY` for Bavaria.
    """

    country: CountryCode
    region: RegionCode | None = None

    def __post_init__(self) -> None:
        if not _is_country(self.country):
            raise InvalidValue(Malformed("country-code"), "country")
        if self.region is not None and not _is_region(self.region):
            raise InvalidValue(Malformed("region-code"), "region")
