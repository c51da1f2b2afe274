"""Make, change and remove booking pages."""

from collections.abc import Callable
from dataclasses import dataclass

import msgspec
from msgspec import UNSET, UnsetType

from application.actor import HostActor
from application.pages.page_edits import (
    EventTypeEdit,
    PageEdit,
    edited_event_type,
    edited_page,
    new_event_type,
    with_event_types,
)
from application.ports.clock import Ids
from application.ports.storage import Begin, Taken
from domain.booking_page import BookingPage, EventType
from domain.errors import InvalidInput, NotFound
from domain.ids import EventTypeId, PageId


@dataclass(frozen=True)
class CreatePage:
    begin: Begin
    ids: Ids

    async def __call__(self, actor: HostActor, edit: PageEdit) -> BookingPage:
        """Raises Forbidden, and InvalidInput where something is missing, wrong or taken."""
        host_id = actor.require("pages:write")
        if edit.slug is UNSET:
            raise InvalidInput("slug", "A page needs a slug, the last part of its address.")
        if edit.title is UNSET:
            raise InvalidInput("title", "A page needs a title.")
        page = BookingPage(id=PageId(self.ids.new_id()), host_id=host_id, slug="", title="")
        page = edited_page(page, edit)
        if not isinstance(edit.event_types, UnsetType):
            made = tuple(
                new_event_type(EventTypeId(self.ids.new_id()), each, f"event_types.{place}.")
                for place, each in enumerate(edit.event_types)
            )
            page = with_event_types(page, made)
        try:
            async with self.begin() as uow:
                uow.pages.add(page)
        except Taken as taken:
            raise _address_taken() from taken
        return page


@dataclass(frozen=True)
class ChangePage:
    begin: Begin

    async def __call__(self, actor: HostActor, page_id: PageId, edit: PageEdit) -> BookingPage:
        """Change a page; it counts from the next booking on.

        Raises:
            Forbidden, NotFound, InvalidInput
        """
        if not isinstance(edit.event_types, UnsetType):
            raise InvalidInput("event_types", "Change event types one by one, under the page's event-types.")
        return await changed(self.begin, actor, page_id, lambda page: edited_page(page, edit))


class EventTypeRow(msgspec.Struct, frozen=True):
    """An event type as it shall be; without an id it is a new one, and so are its questions whose id is empty."""

    id: EventTypeId | None
    edit: EventTypeEdit


@dataclass(frozen=True)
class RewritePage:
    """Save a whole editor at once: the page and all its event types, or nothing of it."""

    begin: Begin
    ids: Ids

    async def __call__(
        self, actor: HostActor, page_id: PageId, edit: PageEdit, rows: tuple[EventTypeRow, ...]
    ) -> BookingPage:
        """Change the page; event types that aren't among `rows` are removed.

        Raises:
            Forbidden, NotFound, InvalidInput
        """

        def rewrite(page: BookingPage) -> BookingPage:
            kept = [row.id for row in rows if row.id is not None]
            if len(set(kept)) < len(kept):
                raise InvalidInput("event_types", "An event type is listed twice. Nothing was saved.")
            event_types = tuple(self._event_type(page, row, place) for place, row in enumerate(rows))
            return with_event_types(edited_page(page, edit), event_types)

        return await changed(self.begin, actor, page_id, rewrite)

    def _event_type(self, page: BookingPage, row: EventTypeRow, place: int) -> EventType:
        path, edit = f"event_types.{place}.", self._named(row.edit)
        if row.id is None:
            return new_event_type(EventTypeId(self.ids.new_id()), edit, path)
        return edited_event_type(event_type_of(page, row.id), edit, path)

    def _named(self, edit: EventTypeEdit) -> EventTypeEdit:
        if isinstance(edit.questions, UnsetType):
            return edit
        named = tuple(
            each if each.id else msgspec.structs.replace(each, id=self.ids.new_id()) for each in edit.questions
        )
        return msgspec.structs.replace(edit, questions=named)


@dataclass(frozen=True)
class RemovePage:
    begin: Begin

    async def __call__(self, actor: HostActor, page_id: PageId) -> None:
        """Take a page offline for good; its bookings stay. Raises Forbidden or NotFound."""
        host_id = actor.require("pages:write")
        async with self.begin() as uow:
            if await uow.pages.lock(host_id, page_id) is None:
                raise no_page()
            uow.pages.remove(host_id, page_id)


async def changed(
    begin: Begin, actor: HostActor, page_id: PageId, change: Callable[[BookingPage], BookingPage]
) -> BookingPage:
    """Save what becomes of a host's page while nobody else can change it.

    Raises:
        Forbidden
        NotFound: the host has no such page.
        InvalidInput: another page of the host has its slug, or what `change` refuses.
    """
    host_id = actor.require("pages:write")
    try:
        async with begin() as uow:
            page = await uow.pages.lock(host_id, page_id)
            if page is None:
                raise no_page()
            page = change(page)
            uow.pages.save(page)
    except Taken as taken:
        raise _address_taken() from taken
    return page


def event_type_of(page: BookingPage, event_type_id: EventTypeId) -> EventType:
    """Raises NotFound."""
    for each in page.event_types:
        if each.id == event_type_id:
            return each
    raise NotFound("There is no such event type on this page.")


def no_page() -> NotFound:
    return NotFound("There is no such booking page.")


def _address_taken() -> InvalidInput:
    return InvalidInput("slug", "Another page of yours has this address. Please choose another one.")
