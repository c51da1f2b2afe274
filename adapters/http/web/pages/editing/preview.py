"""Preview of what guests would see if the form were saved."""

from collections.abc import Sequence
from datetime import date, timedelta

import msgspec
from msgspec import UnsetType

from adapters.http.web.forms import Errors
from adapters.http.web.pages.editing.form import EditorForm
from adapters.http.web.pages.editing.numbers import minutes
from adapters.http.web.pages.editing.types_form import TypesForm
from adapters.presentation.brand import Brand
from domain.booking_page import DURATION_MINUTES, rgb
from domain.connection import ProviderStatus
from domain.errors import InvalidInput
from domain.meeting_type import MeetingTypeName, online_type, provider_obstacle, provider_of
from domain.provider import Provider
from domain.schedule import Schedule
from domain.windows import longest_window


class PreviewedEventType(msgspec.Struct, frozen=True):
    """An event type as guests see it; without meeting types it can't be booked right now.

    Attributes:
        number: of its row in the form.
        too_long: whether no window of the form's hours has room for it.
    """

    number: str
    title: str
    minutes: int
    description: str
    types: tuple[MeetingTypeName, ...]
    too_long: bool


class Preview(msgspec.Struct, frozen=True):
    title: str
    description: str
    offers: tuple[PreviewedEventType, ...]
    brand: Brand | None

    @classmethod
    def of(
        cls, form: EditorForm, providers: dict[Provider, ProviderStatus], schedules: Sequence[Schedule], today: date
    ) -> "Preview":
        """Build the preview of a form as typed; half-typed values are no faults."""
        room = _room(form, schedules, today)
        return cls(
            title=form.title.strip(),
            description=form.description.strip(),
            offers=tuple(
                PreviewedEventType(
                    each.number,
                    each.title.strip(),
                    length := _minutes(each.duration),
                    each.description.strip(),
                    _usable(each.own or form.types, providers) if form.active and length <= room else (),
                    too_long=length > room,
                )
                for each in form.events
                if each.is_kept
            ),
            brand=_brand(form),
        )


def _room(form: EditorForm, schedules: Sequence[Schedule], today: date) -> int:
    """The minutes that the longest window has; unlimited while hours or horizon can't be read."""
    errors = Errors()
    shared = next((each.availability for each in schedules if each.id == form.schedule), None)
    availability, rules = shared or form.hours.checked(errors), form.rules.checked(errors)
    if errors or isinstance(rules.horizon_days, UnsetType):
        return DURATION_MINUTES.most
    return minutes(longest_window(availability, today, today + timedelta(days=rules.horizon_days)))


def _usable(types: TypesForm, providers: dict[Provider, ProviderStatus]) -> tuple[MeetingTypeName, ...]:
    return tuple(name for name in types.switched_on if not _hindered(name, providers))


def _hindered(name: MeetingTypeName, providers: dict[Provider, ProviderStatus]) -> bool:
    online = online_type(name)
    provider = provider_of(online) if online else None
    return provider is not None and provider_obstacle(provider, providers[provider]) is not None


def _minutes(typed: str) -> int:
    text = typed.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 4 else 0  # noqa: PLR2004 - a day has 1440


def _brand(form: EditorForm) -> Brand | None:
    try:
        return Brand(rgb(form.color)) if form.own_color else None
    except InvalidInput:
        return None
