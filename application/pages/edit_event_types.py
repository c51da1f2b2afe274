"""Add, change and remove what can be booked on a page, one by one."""

from dataclasses import dataclass

import msgspec

from application.actor import HostActor
from application.pages.edit_pages import changed, event_type_of
from application.pages.page_edits import EventTypeEdit, edited_event_type, new_event_type, with_event_types
from application.ports.clock import Ids
from application.ports.unit_of_work import Begin
from domain.booking_page import BookingPage, EventType
from domain.ids import EventTypeId, PageId


@dataclass(frozen=True)
class AddEventType:
    begin: Begin
    ids: Ids

    async def __call__(self, actor: HostActor, page_id: PageId, edit: EventTypeEdit) -> EventType:
        """Raises Forbidden, NotFound or InvalidInput."""
        made = new_event_type(EventTypeId(self.ids.new_id()), edit, "")

        def add(page: BookingPage) -> BookingPage:
            return with_event_types(page, (*page.event_types, made), "")

        await changed(self.begin, actor, page_id, add)
        return made


@dataclass(frozen=True)
class ChangeEventType:
    begin: Begin

    async def __call__(
        self, actor: HostActor, page_id: PageId, event_type_id: EventTypeId, edit: EventTypeEdit
    ) -> EventType:
        """Raises Forbidden, NotFound or InvalidInput."""

        def change(page: BookingPage) -> BookingPage:
            event_type_of(page, event_type_id)
            event_types = tuple(
                edited_event_type(each, edit, "") if each.id == event_type_id else each for each in page.event_types
            )
            return with_event_types(page, event_types, "")

        return event_type_of(await changed(self.begin, actor, page_id, change), event_type_id)


@dataclass(frozen=True)
class RemoveEventType:
    begin: Begin

    async def __call__(self, actor: HostActor, page_id: PageId, event_type_id: EventTypeId) -> None:
        """Raises Forbidden or NotFound."""

        def remove(page: BookingPage) -> BookingPage:
            gone = event_type_of(page, event_type_id)
            return msgspec.structs.replace(page, event_types=tuple(each for each in page.event_types if each != gone))

        await changed(self.begin, actor, page_id, remove)
