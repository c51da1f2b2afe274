"""What a host has typed for a new page so far, kept in a cookie until the page is created.

So the three screens can be reloaded, gone back to, and left for a provider's own pages, with or without scripts.
"""

import base64
from collections.abc import Mapping

import msgspec
from litestar.datastructures import Cookie
from msgspec import UNSET, UnsetType

from adapters.http.settings import HttpSettings
from adapters.http.web.forms import Errors, Form, Visit
from adapters.http.web.pages.editing.hours_form import WHOLE_DAY
from adapters.http.web.pages.editing.numbers import whole_number
from adapters.http.web.pages.editing.types_form import TypesForm
from adapters.http.web.pages.slugs import slug_from
from application.pages.page_checks import title
from application.pages.page_edits import EventTypeEdit, PageEdit
from application.people import time_zone
from domain.availability import WEEKDAYS, Availability, Hours, Weekday, WeeklyHours
from domain.booking_page import DURATION_MINUTES, LONGEST_TITLE
from domain.connection import ProviderStatus
from domain.faults import Malformed, Required, TooLong
from domain.host import Host
from domain.ids import HostId, ScheduleId
from domain.meeting_type import LONGEST_PHONE_NUMBER, LONGEST_PLACE, MADE_BY, MeetingType, name_of
from domain.provider import Provider

_COOKIE = "timetuna_new_page"
_LASTS = 24 * 60 * 60
_LONGEST = 3800
"""Browsers drop cookies of more than 4,096 bytes."""

LENGTHS = ("15", "30", "45", "60")
_NOTICE = 240
"""Minutes: nobody who creates a page expects to be booked for the next quarter of an hour."""

Providers = Mapping[Provider, ProviderStatus]


class Draft(msgspec.Struct, frozen=True):
    """All fields as typed.

    Attributes:
        length: of the meeting, in minutes.
        types: None until the host has chosen: what is connected then.
        timezone: None where it is the host's own.
        schedule: the id of the one whose hours count; empty for the page's own, None until the host has chosen.
    """

    host_id: HostId
    title: str = ""
    length: str = "30"
    types: TypesForm | None = None
    days: tuple[Weekday, ...] = WEEKDAYS[:5]
    start: str = WHOLE_DAY.start
    end: str = WHOLE_DAY.end
    timezone: str | None = None
    schedule: str | None = None

    @classmethod
    def kept(cls, request: Visit, host: Host) -> "Draft":
        """What this browser keeps of the host's; nothing yet where that is somebody else's, or can't be read."""
        try:
            draft = msgspec.json.decode(base64.urlsafe_b64decode(request.cookies.get(_COOKIE, "")), type=cls)
        except (msgspec.DecodeError, ValueError):
            return cls(host.id)
        return draft if draft.host_id == host.id else cls(host.id)

    def cookie(self, settings: HttpSettings) -> Cookie | None:
        """None where more is typed than a cookie holds; what fits its field does."""
        value = base64.urlsafe_b64encode(msgspec.json.encode(self)).decode()
        return _cookie(value, _LASTS, settings) if len(value) <= _LONGEST else None

    def with_title(self, form: Form) -> "Draft":
        length = form.text("length")
        chosen = length if length in LENGTHS else form.text("other_length")
        return msgspec.structs.replace(self, title=form.text("title"), length=chosen)

    def with_types(self, form: Form) -> "Draft":
        types = TypesForm.sent(form, "")
        wished = form.text("connect")
        on = types.on | {name for name in types.order if wished and _provider_of(name) == wished}
        return msgspec.structs.replace(self, types=msgspec.structs.replace(types, on=on))

    def with_hours(self, form: Form) -> "Draft":
        days = tuple(each for each in WEEKDAYS if each in form.all("day"))
        zone = form.text("timezone") or None
        return msgspec.structs.replace(
            self,
            days=days,
            start=form.text("start"),
            end=form.text("end"),
            timezone=zone,
            schedule=form.text("schedule"),
        )

    def types_for(self, providers: Providers) -> TypesForm:
        """The chosen types as far as they can be used now."""
        usable = tuple(made for provider, made in MADE_BY.items() if providers[provider] == "connected")
        types = self.types or TypesForm.of(usable)
        return msgspec.structs.replace(types, on=frozenset(each for each in types.on if _is_usable(each, providers)))

    def check_lengths(self, errors: Errors) -> None:
        """Note what doesn't fit its field, whether it counts or not."""
        types = self.types or TypesForm.of(())
        for field, typed, limit in (
            ("title", self.title, LONGEST_TITLE),
            ("number", types.number, LONGEST_PHONE_NUMBER),
            ("address", types.address, LONGEST_PLACE),
        ):
            if len(typed) > limit:
                errors.note(field, TooLong(limit, len(typed)))

    def checked_title(self, errors: Errors) -> int:
        """The length of the meeting in minutes."""
        errors.check(lambda: title(self.title, "title"))
        return whole_number(self.length, "other_length", DURATION_MINUTES, errors)

    def checked_types(self, providers: Providers, errors: Errors) -> tuple[MeetingType, ...]:
        types = self.types_for(providers)
        if not types.on:
            errors.note("meeting_types", Required())
        return types.checked("", errors)

    def checked_hours(self, errors: Errors) -> Availability | UnsetType:
        """The page's own hours; unset where those of a schedule count."""
        if self.schedule:
            return UNSET
        if not self.days:
            errors.note("days", Required())
        if self.timezone is not None:
            zone = self.timezone
            errors.check(lambda: time_zone(zone, "timezone"))
        try:
            hours = msgspec.convert([self.start, "24:00" if self.end == "00:00" else self.end], Hours)
        except msgspec.ValidationError:
            errors.note("hours", Malformed("hours"))
            return Availability()
        return Availability(WeeklyHours(**dict.fromkeys(self.days, (hours,))))

    def edit(self, providers: Providers, taken: list[str], errors: Errors) -> PageEdit:
        """The page to create, unless something was added to the errors."""
        minutes = self.checked_title(errors)
        return PageEdit(
            title=self.title,
            slug=slug_from(self.title, taken),
            meeting_types=self.checked_types(providers, errors),
            availability=self.checked_hours(errors),
            schedule_id=ScheduleId(self.schedule) if self.schedule else UNSET,
            minimum_notice_minutes=_NOTICE,
            event_types=(EventTypeEdit(slug=f"{minutes}-minutes", title=self.title, duration_minutes=minutes),),
        )


def forgotten(settings: HttpSettings) -> Cookie:
    return _cookie("", 0, settings)


def _is_usable(name: str, providers: Providers) -> bool:
    provider = _provider_of(name)
    return provider is None or providers[provider] == "connected"


def _provider_of(name: str) -> Provider | None:
    return next((provider for provider, made in MADE_BY.items() if name_of(made) == name), None)


def _cookie(value: str, max_age: int, settings: HttpSettings) -> Cookie:
    return Cookie(
        key=_COOKIE,
        value=value,
        max_age=max_age,
        path="/pages",
        secure=settings.https,
        httponly=True,
        samesite="lax",
    )
