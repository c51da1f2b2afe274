"""View model of the editor."""

from collections.abc import Sequence
from datetime import date

import msgspec

from adapters.http.settings import HttpSettings
from adapters.http.web.forms import Errors
from adapters.http.web.pages.editing.complaints import complaints
from adapters.http.web.pages.editing.form import EditorForm
from adapters.http.web.pages.editing.preview import Preview
from adapters.http.web.pages.editing.questions_form import KINDS
from adapters.http.web.pages.editing.tabs import opened, tabs
from adapters.http.web.pages.editing.types_form import TypesForm
from adapters.http.web.pages.editing.words import (
    DAY_NAMES,
    KIND_NAMES,
    hours_in_words,
    order_patterns,
    order_words,
    too_long_words,
)
from adapters.presentation.countries import countries_by_name
from adapters.presentation.language import gettext as _
from adapters.presentation.providers import words_of
from adapters.presentation.sentences.meeting_types import label
from domain.availability import BUFFER_MINUTES, DAILY_CAP, HORIZON_DAYS, INTERVAL_MINUTES, MAX_PER_GUEST, NOTICE_MINUTES
from domain.booking_page import DURATION_MINUTES, MOST_CHOICES, MOST_QUESTIONS, REMINDER_MINUTES, BookingPage
from domain.connection import ProviderStatus
from domain.host import Host
from domain.limits import Limits
from domain.meeting_type import MeetingTypeName, Obstacle, name_of, online_type, provider_obstacle, provider_of
from domain.provider import Provider
from domain.schedule import Schedule

LIMITS: dict[str, Limits] = {
    "notice_minutes": NOTICE_MINUTES,
    "horizon_days": HORIZON_DAYS,
    "interval_minutes": INTERVAL_MINUTES,
    "daily_cap": DAILY_CAP,
    "max_per_guest": MAX_PER_GUEST,
    "buffer_minutes": BUFFER_MINUTES,
    "duration_minutes": DURATION_MINUTES,
    "reminder_minutes": REMINDER_MINUTES,
}


class MeetingTypeSwitch(msgspec.Struct, frozen=True):
    """A meeting type in a list.

    Attributes:
        obstacle: why it can't be used right now.
        connect: the words of the button that takes the obstacle away; empty where none does.
    """

    name: MeetingTypeName
    on: bool
    backup: bool
    obstacle: Obstacle | None

    @property
    def connect(self) -> str:
        match self.obstacle:
            case Obstacle("not-connected", str() as provider):
                return _("Connect {name}").format(name=words_of(provider).name)
            case Obstacle("needs-reconnect", str() as provider):
                return _("Reconnect {name}").format(name=words_of(provider).name)
            case _:
                return ""


class TypesList(msgspec.Struct, frozen=True):
    """A list of meeting types, the page's or an event type's own; `words` say what bookings fall back to."""

    form: TypesForm
    switches: tuple[MeetingTypeSwitch, ...]
    words: str
    patterns: dict[str, str]


def editor_context(
    host: Host,
    settings: HttpSettings,
    page: BookingPage,
    form: EditorForm,
    providers: dict[Provider, ProviderStatus],
    schedules: Sequence[Schedule],
    errors: Errors,
    wished_tab: str,
    today: date,
    version: int | None = None,
) -> dict[str, object]:
    preview = Preview.of(form, providers, schedules, today)
    prefix = f"{settings.public_url}/{host.handle}/"
    return {
        "me": host,
        "page": page,
        "version": version or page.version,
        "form": form,
        "errors": errors,
        "complaints": complaints(form, errors),
        "unsaved": form != EditorForm.of(page),
        "tab": opened(wished_tab, errors),
        "tabs": tabs(errors),
        "schedules": [(each, hours_in_words(each.availability)) for each in schedules],
        "types": types_list(form.types, providers, own=False),
        "own_types": {
            each.number: types_list(each.own, providers, own=True) for each in form.events if each.own is not None
        },
        "countries": countries_by_name(),
        "day_names": {weekday: _(name) for weekday, name in DAY_NAMES.items()},
        "kinds": [(kind, _(KIND_NAMES[kind])) for kind in KINDS],
        "most_questions": MOST_QUESTIONS,
        "most_choices": MOST_CHOICES,
        "prefix": prefix,
        "event_prefix": f"{prefix}{page.slug}/",
        "limits": LIMITS,
        "share_events": [(each.slug, each.title) for each in page.event_types],
        "share_types": [(name_of(each), label(name_of(each))) for each in page.meeting_types],
        "preview": preview,
        "unfolded": _unfolded(form, errors),
        "too_long": {each.number: too_long_words() for each in preview.offers if each.too_long},
    }


def _unfolded(form: EditorForm, errors: Errors) -> set[str]:
    """The numbers of the event types whose fields are in sight: the only one, new ones, and those to check."""
    is_alone = len(form.events) == 1
    wrong = {field.split(".")[1] for field in errors if field.startswith("event.")}
    return {each.number for each in form.events if is_alone or not each.id or each.number in wrong}


def types_list(form: TypesForm, providers: dict[Provider, ProviderStatus], *, own: bool) -> TypesList:
    switches = tuple(
        MeetingTypeSwitch(name, name in form.on, name in form.backups, _obstacle(name, providers))
        for name in form.order
    )
    words = order_words(
        [label(each) for each in form.switched_on], [label(each) for each in form.fallen_back_to], own=own
    )
    return TypesList(form, switches, words, order_patterns(own=own))


def _obstacle(name: MeetingTypeName, providers: dict[Provider, ProviderStatus]) -> Obstacle | None:
    online = online_type(name)
    provider = provider_of(online) if online else None
    return provider_obstacle(provider, providers[provider]) if provider else None
