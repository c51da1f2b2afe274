"""Make, change and remove booking pages."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import msgspec
from msgspec import UnsetType

from application.actor import HostActor
from application.calendars.follow_page import FollowPage
from application.pages.page_checks import each_slug_once
from application.pages.page_edits import (
    Choices,
    EventTypeEdit,
    PageEdit,
    edited_event_type,
    edited_page,
    new_event_type,
    new_page,
)
from application.ports.calendars import HostCalendars
from application.ports.clock import Clock, Ids
from application.ports.conflicts import Taken
from application.ports.host_views import HostPages, HostSchedules
from application.ports.public_pages import PublicPages
from application.ports.schedules import ScheduleGone
from application.ports.unit_of_work import Begin, UnitOfWork
from application.schedules.public_holidays import CheckHolidays
from domain.booking_page import MOST_PAGES, BookingPage, EventType, check_texts
from domain.calendar import Calendar, CalendarKind
from domain.errors import Checks, InvalidInput, NotFound
from domain.faults import AlreadyUsed, ChangedElsewhere, Fault, NoRoom, NoSuchSchedule, Repeated
from domain.host import free_slug
from domain.ids import CalendarId, EventTypeId, HostId, PageId
from domain.page_calendars import MOST_CALENDARS
from domain.schedule import Schedule


@dataclass(frozen=True)
class CreatePage:
    """Make a page.

    The calendars that block other pages of the host block it too; the first page, all main calendars.
    """

    begin: Begin
    calendars: HostCalendars
    schedules: HostSchedules
    pages: HostPages
    ids: Ids
    writable: frozenset[CalendarKind]
    check_holidays: CheckHolidays
    follow: FollowPage

    async def __call__(self, actor: HostActor, edit: PageEdit) -> BookingPage:
        """Raises Forbidden, InvalidInput where something is missing, wrong, taken or too much, and NotFound."""
        host_id = actor.require("pages:write")
        calendars = await self.calendars.calendars(host_id)
        schedules = await schedules_for(self.schedules, host_id, edit)
        choices = choices_among(calendars, self.writable, schedules, await self.check_holidays(edit.availability))
        begin_with = await self._begin_with(host_id, calendars) if calendars else ()
        page = new_page(
            PageId(self.ids.new_id()), host_id, edit, self._event_type, choices, begin_with[:MOST_CALENDARS]
        )
        check_texts(page)
        try:
            async with self.begin() as uow:
                await _check_room(uow, host_id)
                uow.pages.add(page)
                await self.follow(uow, None, page)
        except Taken as taken:
            raise _address_taken() from taken
        except ScheduleGone as gone:
            raise _no_schedule() from gone
        return page

    async def _begin_with(self, host_id: HostId, calendars: list[Calendar]) -> tuple[CalendarId, ...]:
        pages = await self.pages.pages(host_id)
        blocking = {each for page in pages for each in page.calendars.blocking}
        return tuple(each.id for each in calendars if (each.id in blocking if pages else each.is_main))

    def _event_type(self, edit: EventTypeEdit, place: int) -> EventType:
        return new_event_type(EventTypeId(self.ids.new_id()), edit, f"event_types.{place}.")


@dataclass(frozen=True)
class DuplicatePage:
    """Make a copy of a page, under an address that leads nowhere yet and never did so lately."""

    begin: Begin
    pages: HostPages
    public: PublicPages
    clock: Clock
    ids: Ids
    follow: FollowPage

    async def __call__(
        self, actor: HostActor, page_id: PageId, rename: Callable[[str], str] = lambda title: title
    ) -> BookingPage:
        """Raises Forbidden, NotFound, and InvalidInput where the host has as many as there may be.

        Args:
            rename: makes the copy's title of the page's.
        """
        host_id = actor.require("pages:write")
        while True:
            slug = await self._free_slug(host_id, page_id)
            try:
                async with self.begin() as uow:
                    await _check_room(uow, host_id)
                    page = await uow.pages.lock(host_id, page_id)
                    if page is None:
                        raise no_page()
                    copy = page.duplicate(
                        PageId(self.ids.new_id()),
                        slug,
                        rename(page.title),
                        [EventTypeId(self.ids.new_id()) for _ in page.event_types],
                    )
                    uow.pages.add(copy)
                    await self.follow(uow, None, copy)
            except Taken:
                # Two copies at once: the next one finds another address.
                continue
            except ScheduleGone as gone:
                raise _no_schedule() from gone
            return copy

    async def _free_slug(self, host_id: HostId, page_id: PageId) -> str:
        pages = {each.id: each.slug for each in await self.pages.pages(host_id)}
        async with self.begin() as uow:
            host = await uow.hosts.get(host_id)
        if host is None or page_id not in pages:
            raise no_page()
        wanted, taken = pages[page_id], set(pages.values())
        slug = free_slug(wanted, taken)
        while await self.public.present_slugs(host.handle, slug, None, self.clock()) is not None:
            taken.add(slug)
            slug = free_slug(wanted, taken)
        return slug


@dataclass(frozen=True)
class ChangePage:
    begin: Begin
    calendars: HostCalendars
    schedules: HostSchedules
    writable: frozenset[CalendarKind]
    check_holidays: CheckHolidays
    follow: FollowPage

    async def __call__(self, actor: HostActor, page_id: PageId, edit: PageEdit) -> BookingPage:
        """Change a page; it counts from the next booking on.

        Raises:
            Forbidden, NotFound, InvalidInput
        """
        if not isinstance(edit.event_types, UnsetType):
            raise InvalidInput.at("event_types", ChangedElsewhere())
        choices = await choices_for(self.calendars, self.schedules, actor, edit, self.writable, self.check_holidays)
        return await changed(self.begin, actor, page_id, lambda page: edited_page(page, edit, choices), self.follow)


class EventTypeRow(msgspec.Struct, frozen=True):
    """An event type as it shall be; without an id it is a new one, and so are its questions whose id is empty."""

    id: EventTypeId | None
    edit: EventTypeEdit


class SavedMeanwhile(Exception):
    """Somebody saved the page after it was read for this edit; nothing was changed.

    Attributes:
        mine: what would have been saved.
        theirs: what is stored.
    """

    def __init__(self, mine: BookingPage, theirs: BookingPage) -> None:
        super().__init__(theirs.version)
        self.mine = mine
        self.theirs = theirs


@dataclass(frozen=True)
class RewritePage:
    """Save a whole editor at once: the page and all its event types, or nothing of it."""

    begin: Begin
    calendars: HostCalendars
    schedules: HostSchedules
    ids: Ids
    writable: frozenset[CalendarKind]
    check_holidays: CheckHolidays
    follow: FollowPage

    async def __call__(
        self, actor: HostActor, page_id: PageId, edit: PageEdit, rows: tuple[EventTypeRow, ...], *, version: int
    ) -> BookingPage:
        """Change the page; event types that aren't among `rows` are removed.

        Args:
            version: of the page that the edit began with.

        Raises:
            Forbidden, NotFound, InvalidInput
            SavedMeanwhile: the stored page has another version, and differs from what was to be saved.
        """
        choices = await choices_for(self.calendars, self.schedules, actor, edit, self.writable, self.check_holidays)

        def rewrite(page: BookingPage) -> BookingPage:
            if page.version == version:
                return self._rewritten(page, edit, rows, choices)
            # An event type that was removed meanwhile comes back as a new one.
            known = {each.id for each in page.event_types}
            mine = tuple(row if row.id in known else EventTypeRow(None, row.edit) for row in rows)
            rewritten = self._rewritten(page, edit, mine, choices)
            if rewritten != page:
                raise SavedMeanwhile(rewritten, page)
            return page

        return await changed(self.begin, actor, page_id, rewrite, self.follow)

    def _rewritten(
        self, page: BookingPage, edit: PageEdit, rows: tuple[EventTypeRow, ...], choices: Choices
    ) -> BookingPage:
        checks = Checks()
        kept = [row.id for row in rows if row.id is not None]
        if len(set(kept)) < len(kept):
            checks.note("event_types", Repeated())
        edited = checks.run(page, edited_page, page, edit, choices)
        made = tuple(checks.run(None, self._event_type, page, row, place) for place, row in enumerate(rows))
        checks.run(None, each_slug_once, [each.slug if each else "" for each in made], "event_types.")
        checks.done()
        return msgspec.structs.replace(edited, event_types=tuple(each for each in made if each is not None))

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


async def choices_for(
    calendars: HostCalendars,
    schedules: HostSchedules,
    actor: HostActor,
    edit: PageEdit,
    writable: frozenset[CalendarKind],
    check_holidays: CheckHolidays,
) -> Choices:
    """What an edit can name, as far as it names any. Raises Forbidden."""
    host_id = actor.require("pages:write")
    known = [] if isinstance(edit.calendars, UnsetType) else await calendars.calendars(host_id)
    named = await schedules_for(schedules, host_id, edit)
    return choices_among(known, writable, named, await check_holidays(edit.availability))


async def schedules_for(schedules: HostSchedules, host_id: HostId, edit: PageEdit) -> list[Schedule]:
    return await schedules.schedules(host_id) if edit.schedule_id else []


def choices_among(
    calendars: Sequence[Calendar],
    writable: frozenset[CalendarKind],
    schedules: Sequence[Schedule],
    faults: tuple[Fault, ...],
) -> Choices:
    """What a host's things are good for; `writable` are the kinds that something can be written to at all."""
    return Choices(
        frozenset(each.id for each in calendars),
        frozenset(each.id for each in calendars if each.writable and each.kind in writable),
        {each.id: each for each in schedules},
        faults,
    )


async def changed(
    begin: Begin,
    actor: HostActor,
    page_id: PageId,
    change: Callable[[BookingPage], BookingPage],
    follow: FollowPage | None = None,
) -> BookingPage:
    """Save what becomes of a host's page while nobody else can change it.

    Args:
        follow: where `change` may choose other calendars or a further horizon.

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
            after = change(page)
            # A save that changes nothing is no reason to ask another editor anything.
            if after != page:
                check_texts(after)
                if follow is not None:
                    await follow(uow, page, after)
                uow.pages.save(after)
    except Taken as taken:
        raise _address_taken() from taken
    except ScheduleGone as gone:
        raise _no_schedule() from gone
    return after


def event_type_of(page: BookingPage, event_type_id: EventTypeId) -> EventType:
    """Raises NotFound."""
    for each in page.event_types:
        if each.id == event_type_id:
            return each
    raise NotFound("event-type")


def no_page() -> NotFound:
    return NotFound("booking-page")


async def _check_room(uow: UnitOfWork, host_id: HostId) -> None:
    """Lock the host, so that requests at once count one another, and refuse one page more than there may be."""
    if await uow.hosts.lock(host_id) is None:
        raise NotFound("account")
    if await uow.pages.count(host_id) >= MOST_PAGES:
        raise InvalidInput.at("title", NoRoom("booking-pages", MOST_PAGES))


def _address_taken() -> InvalidInput:
    return InvalidInput.at("slug", AlreadyUsed())


def _no_schedule() -> InvalidInput:
    return InvalidInput.at("schedule_id", NoSuchSchedule())
