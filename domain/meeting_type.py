"""The five meeting types, and what each needs to be usable."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Literal

import msgspec

from domain.connection import ProviderStatus
from domain.faults import AddressForGuests, InvalidValue, Malformed, NumberForGuests
from domain.limits import check_text
from domain.provider import Provider
from domain.text import ROOM, one_line

MeetingTypeName = Literal["zoom", "google_meet", "microsoft_teams", "phone", "in_person"]


LONGEST_PHONE_NUMBER = 40
LONGEST_PLACE = 300

_PHONE = re.compile(r"\+?[0-9][0-9 ()./-]{3,28}")


def is_phone_number(text: str) -> bool:
    """Whether somebody could dial it, however it is spaced."""
    return len(text) <= ROOM * LONGEST_PHONE_NUMBER and _is_dialable(text)


@lru_cache(maxsize=1024)
def _is_dialable(text: str) -> bool:
    return _PHONE.fullmatch(one_line(text, LONGEST_PHONE_NUMBER)) is not None


class _Listed(
    msgspec.Struct, frozen=True, kw_only=True, tag_field="type", forbid_unknown_fields=True, omit_defaults=True
):
    """A meeting type on a host's list; `backup` is whether bookings may fall back to it."""

    backup: bool = True


class Zoom(_Listed, frozen=True, tag="zoom"):
    pass


class GoogleMeet(_Listed, frozen=True, tag="google_meet"):
    pass


class MicrosoftTeams(_Listed, frozen=True, tag="microsoft_teams"):
    pass


class Phone(_Listed, frozen=True, tag="phone"):
    """A phone call. The host calls the guest's number, or the guest calls `number`."""

    caller: Literal["host", "guest"]
    number: str | None = None

    def __post_init__(self) -> None:
        if self.caller == "guest" and not self.number:
            raise InvalidValue(NumberForGuests(), "number")
        if self.number and not is_phone_number(self.number):
            raise InvalidValue(Malformed("phone-number"), "number")


class InPerson(_Listed, frozen=True, tag="in_person"):
    address: str

    def __post_init__(self) -> None:
        if not self.address:
            raise InvalidValue(AddressForGuests(), "address")
        check_text(self.address, LONGEST_PLACE, "address")


MeetingType = Zoom | GoogleMeet | MicrosoftTeams | Phone | InPerson

MADE_BY: Mapping[Provider, MeetingType] = {
    "zoom": Zoom(),
    "google": GoogleMeet(),
    "microsoft": MicrosoftTeams(),
}
"""What each provider makes."""

Hindrance = Literal["not-set-up", "not-connected", "needs-reconnect", "blocked", "number-missing"]


class Obstacle(msgspec.Struct, frozen=True):
    """Why a meeting type can't be used right now; `provider` where it is the provider's doing."""

    what: Hindrance
    provider: Provider | None = None

    def __post_init__(self) -> None:
        if (self.provider is None) != (self.what == "number-missing"):
            raise ValueError("everything but a missing number is the doing of a provider")


def name_of(meeting_type: MeetingType) -> MeetingTypeName:
    return meeting_type.__struct_config__.tag  # type: ignore[return-value]


def as_booked(meeting_type: MeetingType) -> MeetingType:
    """The type as a booking has it: what else it could be used for is the page's business."""
    return msgspec.structs.replace(meeting_type, backup=True)


def provider_of(meeting_type: MeetingType) -> Provider | None:
    """Whose meeting has to be created for it; none for phone and in person."""
    return _MAKERS.get(type(meeting_type))


def online_type(name: MeetingTypeName) -> MeetingType | None:
    """The type of this name where it needs nothing else to be said; none for phone and in person."""
    return next((each for each in MADE_BY.values() if name_of(each) == name), None)


def names_of(provider: Provider) -> tuple[MeetingTypeName, ...]:
    """The meeting types that need this provider."""
    return (name_of(MADE_BY[provider]),)


def asks_for_number(meeting_type: MeetingType) -> bool:
    return isinstance(meeting_type, Phone) and meeting_type.caller == "host"


def obstacle(
    meeting_type: MeetingType, providers: Mapping[Provider, ProviderStatus], guest_phone: str | None
) -> Obstacle | None:
    """What keeps this type from being used with what is connected and with what the guest has told us."""
    if asks_for_number(meeting_type):
        return None if guest_phone else Obstacle("number-missing")
    provider = provider_of(meeting_type)
    if provider is None:
        return None
    return provider_obstacle(provider, providers.get(provider, "not_configured"))


def provider_obstacle(provider: Provider, status: ProviderStatus) -> Obstacle | None:
    match status:
        case "connected":
            return None
        case "not_configured":
            return Obstacle("not-set-up", provider)
        case "not_connected":
            return Obstacle("not-connected", provider)
        case "needs_reconnect":
            return Obstacle("needs-reconnect", provider)
        case "blocked":
            return Obstacle("blocked", provider)


def offered(order: tuple[MeetingType, ...], providers: Mapping[Provider, ProviderStatus]) -> tuple[MeetingType, ...]:
    """The types that a guest may be offered, in the host's order: those that could be used once the form is filled."""
    return tuple(each for each in order if asks_for_number(each) or obstacle(each, providers, None) is None)


_MAKERS: dict[type[MeetingType], Provider] = {type(made): provider for provider, made in MADE_BY.items()}
