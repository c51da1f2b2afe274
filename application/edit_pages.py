"""Make, change and remove booking pages and their event types."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

import msgspec
from msgspec import UNSET, Meta, UnsetType

from application.people import long_text, phone_number, short_text
from application.ports.clock import Ids
from application.ports.storage import Begin, Taken
from domain.availability import Availability, BookingRules
from domain.booking_page import BookingPage, EventType, Question, each_once
from domain.errors import InvalidInput, NotFound
from domain.host import slug
from domain.ids import EventTypeId, HostId, PageId
from domain.meeting_type import InPerson, MeetingType, Phone
from domain.text import one_line

Minutes = Annotated[int, Meta(ge=0, le=60 * 24 * 365)]
Buffer = Annotated[int, Meta(ge=0, le=60 * 24)]
Interval = Annotated[int, Meta(ge=5, le=60 * 24)]
Duration = Annotated[int, Meta(ge=1, le=60 * 24)]
Horizon = Annotated[int, Meta(ge=1, le=730)]
Cap = Annotated[int, Meta(ge=1, le=1000)]
Lead = Annotated[int, Meta(ge=1, le=60 * 24 * 30)]


class EventTypeEdit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A new event type, or changes to one; what is left out stays or takes its default."""

    slug: str | UnsetType = UNSET
    title: str | UnsetType = UNSET
    duration_minutes: Duration | UnsetType = UNSET
    meeting_types: tuple[MeetingType, ...] | UnsetType | None = UNSET
    questions: tuple[Question, ...] | UnsetType = UNSET


class PageEdit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A new page, or changes to one; what is left out stays or takes its default."""

    slug: str | UnsetType = UNSET
    title: str | UnsetType = UNSET
    description: str | UnsetType = UNSET
    meeting_types: tuple[MeetingType, ...] | UnsetType = UNSET
    availability: Availability | UnsetType = UNSET
    minimum_notice_minutes: Minutes | UnsetType = UNSET
    horizon_days: Horizon | UnsetType = UNSET
    buffer_before_minutes: Buffer | UnsetType = UNSET
    buffer_after_minutes: Buffer | UnsetType = UNSET
    slot_interval_minutes: Interval | UnsetType = UNSET
    daily_cap: Cap | UnsetType | None = UNSET
    reminder_minutes_before: Lead | UnsetType | None = UNSET
    event_types: tuple[EventTypeEdit, ...] | UnsetType = UNSET


@dataclass(frozen=True)
class CreatePage:
    begin: Begin
    ids: Ids

    async def __call__(self, host_id: HostId, edit: PageEdit) -> BookingPage:
        """Raises InvalidInput where something is missing, wrong or taken."""
        if edit.slug is UNSET:
            raise InvalidInput("slug", "A page needs a slug, the last part of its address.")
        if edit.title is UNSET:
            raise InvalidInput("title", "A page needs a title.")
        page = BookingPage(id=PageId(self.ids.new_id()), host_id=host_id, slug="", title="")
        page = _edited_page(page, edit)
        if not isinstance(edit.event_types, UnsetType):
            made = tuple(
                _new_event_type(EventTypeId(self.ids.new_id()), each, f"event_types.{position}.")
                for position, each in enumerate(edit.event_types)
            )
            page = msgspec.structs.replace(page, event_types=_distinct(made))
        try:
            async with self.begin() as uow:
                uow.pages.add(page)
        except Taken as taken:
            raise _slug_taken("slug") from taken
        return page


@dataclass(frozen=True)
class ChangePage:
    begin: Begin

    async def __call__(self, host_id: HostId, page_id: PageId, edit: PageEdit) -> BookingPage:
        """Change a page; it counts from the next booking on.

        Raises:
            NotFound, InvalidInput
        """
        if not isinstance(edit.event_types, UnsetType):
            raise InvalidInput("event_types", "Change event types one by one, under the page's event-types.")
        return await _change(self.begin, host_id, page_id, lambda page: _edited_page(page, edit))


class EventTypeRow(msgspec.Struct, frozen=True):
    """An event type as it shall be; without an id it is a new one."""

    id: EventTypeId | None
    edit: EventTypeEdit


@dataclass(frozen=True)
class RewritePage:
    """Save a whole editor at once: the page and all its event types, or nothing of it."""

    begin: Begin
    ids: Ids

    async def __call__(
        self, host_id: HostId, page_id: PageId, edit: PageEdit, rows: tuple[EventTypeRow, ...]
    ) -> BookingPage:
        """Change the page; event types that aren't among `rows` are removed.

        Raises:
            NotFound, InvalidInput
        """

        def rewrite(page: BookingPage) -> BookingPage:
            event_types = tuple(self._event_type(page, row, position) for position, row in enumerate(rows))
            return msgspec.structs.replace(_edited_page(page, edit), event_types=_distinct(event_types))

        return await _change(self.begin, host_id, page_id, rewrite)

    def _event_type(self, page: BookingPage, row: EventTypeRow, position: int) -> EventType:
        path = f"event_types.{position}."
        if row.id is None:
            return _new_event_type(EventTypeId(self.ids.new_id()), row.edit, path)
        return _edited_event_type(_event_type(page, row.id), row.edit, path)


@dataclass(frozen=True)
class RemovePage:
    begin: Begin

    async def __call__(self, host_id: HostId, page_id: PageId) -> None:
        """Take a page offline for good; its bookings stay. Raises NotFound."""
        async with self.begin() as uow:
            if await uow.pages.lock(host_id, page_id) is None:
                raise _no_page()
            uow.pages.remove(host_id, page_id)


@dataclass(frozen=True)
class AddEventType:
    begin: Begin
    ids: Ids

    async def __call__(self, host_id: HostId, page_id: PageId, edit: EventTypeEdit) -> EventType:
        """Raises NotFound or InvalidInput."""
        made = _new_event_type(EventTypeId(self.ids.new_id()), edit, "")

        def add(page: BookingPage) -> BookingPage:
            return msgspec.structs.replace(page, event_types=_distinct((*page.event_types, made)))

        await _change(self.begin, host_id, page_id, add)
        return made


@dataclass(frozen=True)
class ChangeEventType:
    begin: Begin

    async def __call__(
        self, host_id: HostId, page_id: PageId, event_type_id: EventTypeId, edit: EventTypeEdit
    ) -> EventType:
        """Raises NotFound or InvalidInput."""

        def change(page: BookingPage) -> BookingPage:
            _event_type(page, event_type_id)
            changed = tuple(
                _edited_event_type(each, edit, "") if each.id == event_type_id else each for each in page.event_types
            )
            return msgspec.structs.replace(page, event_types=_distinct(changed))

        return _event_type(await _change(self.begin, host_id, page_id, change), event_type_id)


@dataclass(frozen=True)
class RemoveEventType:
    begin: Begin

    async def __call__(self, host_id: HostId, page_id: PageId, event_type_id: EventTypeId) -> None:
        """Raises NotFound."""

        def remove(page: BookingPage) -> BookingPage:
            gone = _event_type(page, event_type_id)
            return msgspec.structs.replace(page, event_types=tuple(each for each in page.event_types if each != gone))

        await _change(self.begin, host_id, page_id, remove)


async def _change(
    begin: Begin, host_id: HostId, page_id: PageId, change: Callable[[BookingPage], BookingPage]
) -> BookingPage:
    try:
        async with begin() as uow:
            page = await uow.pages.lock(host_id, page_id)
            if page is None:
                raise _no_page()
            changed = change(page)
            uow.pages.save(changed)
    except Taken as taken:
        raise _slug_taken("slug") from taken
    return changed


def _edited_page(page: BookingPage, edit: PageEdit) -> BookingPage:
    return msgspec.structs.replace(
        page,
        slug=page.slug if isinstance(edit.slug, UnsetType) else slug(edit.slug),
        title=page.title if isinstance(edit.title, UnsetType) else _title(edit.title, "title"),
        description=page.description
        if isinstance(edit.description, UnsetType)
        else long_text(edit.description, "description"),
        meeting_types=page.meeting_types if isinstance(edit.meeting_types, UnsetType) else _types(edit.meeting_types),
        availability=page.availability if isinstance(edit.availability, UnsetType) else edit.availability,
        rules=_edited_rules(page.rules, edit),
        remind_before=_lead(edit.reminder_minutes_before, page.remind_before),
    )


def _edited_rules(rules: BookingRules, edit: PageEdit) -> BookingRules:
    return BookingRules(
        minimum_notice=_minutes(edit.minimum_notice_minutes, rules.minimum_notice),
        horizon_days=rules.horizon_days if isinstance(edit.horizon_days, UnsetType) else edit.horizon_days,
        buffer_before=_minutes(edit.buffer_before_minutes, rules.buffer_before),
        buffer_after=_minutes(edit.buffer_after_minutes, rules.buffer_after),
        slot_interval=_minutes(edit.slot_interval_minutes, rules.slot_interval),
        daily_cap=rules.daily_cap if isinstance(edit.daily_cap, UnsetType) else edit.daily_cap,
    )


def _new_event_type(id: EventTypeId, edit: EventTypeEdit, path: str) -> EventType:
    for field, given in (("slug", edit.slug), ("title", edit.title), ("duration_minutes", edit.duration_minutes)):
        if given is UNSET:
            raise InvalidInput(path + field, f"An event type needs a {field.replace('_', ' ')}.")
    return _edited_event_type(EventType(id=id, slug="", title="", duration=timedelta()), edit, path)


def _edited_event_type(event_type: EventType, edit: EventTypeEdit, path: str) -> EventType:
    types = edit.meeting_types
    return msgspec.structs.replace(
        event_type,
        slug=event_type.slug if isinstance(edit.slug, UnsetType) else slug(edit.slug, path + "slug"),
        title=event_type.title if isinstance(edit.title, UnsetType) else _title(edit.title, path + "title"),
        duration=_minutes(edit.duration_minutes, event_type.duration),
        meeting_types=event_type.meeting_types if isinstance(types, UnsetType) else _types(types) if types else None,
        questions=event_type.questions if isinstance(edit.questions, UnsetType) else _questions(edit.questions, path),
    )


def _types(meeting_types: tuple[MeetingType, ...]) -> tuple[MeetingType, ...]:
    return each_once(tuple(_clean(each, f"meeting_types.{position}") for position, each in enumerate(meeting_types)))


def _clean(meeting_type: MeetingType, path: str) -> MeetingType:
    match meeting_type:
        case Phone(caller="host"):
            return Phone("host")
        case Phone(number=number):
            return Phone("guest", phone_number(number or "", f"{path}.number"))
        case InPerson():
            address = short_text(meeting_type.address, f"{path}.address", 300)
            if not address:
                raise InvalidInput(f"{path}.address", "Please enter the address where you meet.")
            return InPerson(address)
        case _:
            return meeting_type


def _questions(questions: tuple[Question, ...], path: str) -> tuple[Question, ...]:
    seen: set[str] = set()
    for position, question in enumerate(questions):
        where = f"{path}questions.{position}"
        if slug(question.id, f"{where}.id") in seen:
            raise InvalidInput(f"{where}.id", "Every question needs an id of its own.")
        seen.add(question.id)
        if not one_line(question.label):
            raise InvalidInput(f"{where}.label", "A question needs words.")
        choices = [one_line(each) for each in question.choices]
        if question.kind == "choice" and (not choices or not all(choices) or len(set(choices)) < len(choices)):
            raise InvalidInput(f"{where}.choices", "A question of this kind needs choices, each of them once.")
    return tuple(
        msgspec.structs.replace(each, label=one_line(each.label), choices=tuple(one_line(c) for c in each.choices))
        for each in questions
    )


def _distinct(event_types: tuple[EventType, ...]) -> tuple[EventType, ...]:
    slugs = [each.slug for each in event_types]
    if len(slugs) != len(set(slugs)):
        raise _slug_taken("slug")
    return event_types


def _event_type(page: BookingPage, event_type_id: EventTypeId) -> EventType:
    for each in page.event_types:
        if each.id == event_type_id:
            return each
    raise NotFound("There is no such event type on this page.")


def _title(text: str, field: str) -> str:
    title = short_text(text, field, 120)
    if not title:
        raise InvalidInput(field, "Please enter a title.")
    return title


def _minutes(given: int | UnsetType, otherwise: timedelta) -> timedelta:
    return otherwise if isinstance(given, UnsetType) else timedelta(minutes=given)


def _lead(given: int | UnsetType | None, otherwise: timedelta | None) -> timedelta | None:
    if isinstance(given, UnsetType):
        return otherwise
    return None if given is None else timedelta(minutes=given)


def _no_page() -> NotFound:
    return NotFound("There is no such booking page.")


def _slug_taken(field: str) -> InvalidInput:
    return InvalidInput(field, "This slug is taken. Please choose another one.")
