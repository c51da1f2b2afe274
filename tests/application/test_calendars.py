"""Calendars whose busy times can't be booked, from connecting to disconnecting."""

from datetime import date, datetime, timedelta

import msgspec
import pytest

from application.actor import HostActor
from application.booking.book import BookingRequest, GuestDetails
from application.calendars.change_rules import RulesEdit
from application.calendars.read_calendar import SOON
from application.pages.page_edits import CalendarsEdit, PageEdit
from domain.api_token import Scope
from domain.booking_page import BookingPage
from domain.busy import BusyTime, CalendarRules, Mark
from domain.calendar import Calendar
from domain.calendar_problem import NotACalendar, ServerBusy
from domain.errors import CalendarsUnreadable, Forbidden, InvalidInput, NotFound, SlotTaken, TooManyRequests
from domain.faults import CalendarFault, Fault, Malformed, NoRoom, NoSuchCalendar, Repeated
from domain.host import Host
from domain.ids import CalendarId
from domain.page_calendars import PageCalendars, WhenUnreadable
from domain.slot import Slot
from domain.why_not import CalendarBusy, CalendarNotRead
from tests.support.builders import A_NETWORK, NOW, a_host, a_page, phone_by_guest
from tests.support.memory_app import MemoryApp

FEED = "https://calendar.example/anna.ics"
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
TEN = datetime.fromisoformat("2026-03-03T10:00:00Z")
POLL, GRACE = 15 * MINUTE, 6 * HOUR


def busy(start: datetime = TEN, length: timedelta = HOUR, mark: Mark = "busy") -> BusyTime:
    return BusyTime(Slot.lasting(length, start), mark)


class World:
    """A host with a page, and a feed that can be connected."""

    def __init__(self, memory: MemoryApp, host: Host, page: BookingPage) -> None:
        self.memory = memory
        self.app = memory.app
        self.host = host
        self.page = page
        self.actor = HostActor(host.id)

    async def connect(self, *times: BusyTime, url: str = FEED) -> Calendar:
        self.memory.feeds.publish(url, *times)
        [calendar] = (await self.app.connect_feed(self.actor, url)).calendars
        return calendar

    async def starts(self) -> list[datetime]:
        """What a guest is offered on the third of March."""
        return (await self.slots()).slots

    async def slots(self):
        day = date(2026, 3, 3)
        event_type = self.page.event_types[0].slug
        return await self.app.list_slots(self.host.handle, self.page.slug, event_type, day, day, "UTC")

    async def books(self, start: datetime = TEN) -> None:
        guest = GuestDetails("Ben", "ben@guests.example", "UTC")
        event_type = self.page.event_types[0].slug
        request = BookingRequest(start, "phone", guest)
        await self.app.book(self.host.handle, self.page.slug, event_type, request, network=A_NETWORK)

    async def calendar(self) -> Calendar:
        [calendar] = await self.memory.store.views.calendars(self.host.id)
        return calendar

    async def stored_page(self, page: BookingPage | None = None) -> BookingPage:
        stored = await self.memory.store.views.page(self.host.id, (page or self.page).id)
        assert stored is not None
        return stored

    async def passes(self, time: timedelta) -> None:
        """Let time pass, and the worker do what is due."""
        self.memory.clock.advance(time)
        await self.memory.work_off()


async def a_world(*, policy: WhenUnreadable = "close") -> World:
    memory = MemoryApp()
    host = await memory.host()
    page = a_page(host, meeting_types=(phone_by_guest,))
    page = msgspec.structs.replace(page, calendars=PageCalendars(when_unreadable=policy))
    return World(memory, host, await memory.page(page))


async def test_a_connected_feed_blocks_on_all_pages_at_once() -> None:
    world = await a_world()
    other = await world.memory.page(a_page(world.host))

    calendar = await world.connect(busy())

    assert (FEED, "fresh") == (world.memory.feeds.asked[0], calendar.state(NOW))
    for page in (world.page, other):
        assert (calendar.id,) == (await world.stored_page(page)).calendars.blocking
    assert TEN not in await world.starts()
    assert TEN + HOUR in await world.starts()


async def test_a_time_that_a_calendar_blocks_is_taken_and_explained() -> None:
    world = await a_world()
    calendar = await world.connect(busy())

    with pytest.raises(SlotTaken) as taken:
        await world.books()
    told = await world.app.explain_time(world.actor, world.page.id, world.page.event_types[0].id, TEN)

    assert TEN + HOUR in taken.value.alternatives
    assert (CalendarBusy(calendar.id),) == told.reasons


async def test_buffers_keep_distance_from_calendars_as_from_bookings() -> None:
    world = await a_world()
    rules = msgspec.structs.replace(world.page.rules, buffer_before=30 * MINUTE, buffer_after=30 * MINUTE)
    async with world.memory.store.begin() as uow:
        uow.pages.save(msgspec.structs.replace(world.page, rules=rules))

    await world.connect(busy())

    offered = await world.starts()
    assert TEN - HOUR in offered
    assert all(each not in offered for each in (TEN - HOUR / 2, TEN, TEN + HOUR))
    assert TEN + HOUR + HOUR / 2 in offered


@pytest.mark.parametrize(
    "url", ["", "calendar.example/a.ics", "ftp://calendar.example/", "file:///etc/passwd", "https:///"]
)
async def test_what_is_no_address_is_refused_before_anything_is_asked(url: str) -> None:
    world = await a_world()

    with pytest.raises(InvalidInput) as refused:
        await world.app.connect_feed(world.actor, url)

    assert (Fault("url", Malformed("feed-address")),) == refused.value.faults
    assert [] == world.memory.feeds.asked


async def test_a_feed_that_cannot_be_read_is_not_connected() -> None:
    world = await a_world()
    world.memory.feeds.fail(FEED, NotACalendar())

    with pytest.raises(InvalidInput) as refused:
        await world.app.connect_feed(world.actor, FEED)

    assert (Fault("url", CalendarFault(NotACalendar())),) == refused.value.faults
    assert [] == await world.app.show_calendars(world.actor)


async def test_a_host_has_at_most_twenty_connections() -> None:
    world = await a_world()
    for number in range(20):
        await world.connect(url=f"https://calendar.example/{number}.ics")

    with pytest.raises(InvalidInput) as refused:
        await world.connect(url="https://calendar.example/one-too-many.ics")

    assert (Fault("url", NoRoom("calendar-connections", 20)),) == refused.value.faults


async def test_a_feed_is_read_again_and_again_and_pages_follow() -> None:
    world = await a_world()
    await world.connect(busy())
    world.memory.feeds.publish(FEED, busy(TEN + HOUR))

    await world.passes(2 * POLL)

    assert TEN in await world.starts()
    assert TEN + HOUR not in await world.starts()


@pytest.mark.parametrize(
    ("wished", "kept"),
    [
        (2 * HOUR, 2 * HOUR),
        pytest.param(MINUTE, POLL, id="never sooner than other feeds"),
        pytest.param(timedelta(days=365), GRACE / 2, id="while the last reading still counts"),
    ],
)
async def test_a_feed_is_read_as_often_as_it_wants(wished: timedelta, kept: timedelta) -> None:
    world = await a_world()
    world.memory.feeds.refresh_every = wished
    await world.connect(busy())
    await world.passes(2 * POLL)
    asked = len(world.memory.feeds.asked)

    await world.passes(0.8 * kept)
    early = len(world.memory.feeds.asked)
    await world.passes(0.4 * kept)

    assert (asked, asked + 1) == (early, len(world.memory.feeds.asked))


async def test_a_reading_that_fails_leaves_the_last_one_in_place_until_its_grace_is_over() -> None:
    world = await a_world()
    await world.connect(busy())
    world.memory.feeds.fail(FEED, ServerBusy())

    await world.passes(POLL * 2)
    stale, offered, then = await world.calendar(), await world.starts(), world.memory.clock()
    await world.passes(GRACE)

    assert ("stale", ServerBusy()) == (stale.state(then), stale.problem)
    assert offered
    assert TEN not in offered
    assert "broken" == (await world.calendar()).state(world.memory.clock())
    assert ([], "calendar-unreadable") == ((await world.slots()).slots, (await world.slots()).unavailable)


async def test_a_page_with_an_unreadable_calendar_takes_no_booking_and_stores_nothing() -> None:
    world = await a_world()
    calendar = await world.connect()
    world.memory.clock.advance(GRACE)

    with pytest.raises(CalendarsUnreadable):
        await world.books()
    told = await world.app.explain_time(world.actor, world.page.id, world.page.event_types[0].id, TEN)

    assert (CalendarNotRead(calendar.id),) == told.reasons
    listed = await world.app.list_bookings(world.actor, "upcoming", cursor=None, limit=10)
    assert [] == listed.items


async def test_a_page_that_trusts_the_last_reading_goes_on_with_it() -> None:
    world = await a_world(policy="trust_last")
    await world.connect(busy())
    world.memory.clock.advance(GRACE)

    assert TEN not in await world.starts()
    await world.books(TEN + HOUR)


async def test_a_page_that_trusts_the_last_reading_has_to_have_one() -> None:
    world = await a_world(policy="trust_last")
    never_read = msgspec.structs.replace(world.page.calendars, blocking=(CalendarId("never-read"),))
    async with world.memory.store.begin() as uow:
        uow.pages.save(msgspec.structs.replace(world.page, calendars=never_read))

    assert ([], "calendar-unreadable") == ((await world.slots()).slots, (await world.slots()).unavailable)


async def test_reading_fails_ever_more_slowly_and_heals_by_itself() -> None:
    world = await a_world()
    await world.connect(busy())
    world.memory.feeds.fail(FEED, ServerBusy())
    asked = len(world.memory.feeds.asked)

    for _ in range(240):
        await world.passes(MINUTE)
    tries = len(world.memory.feeds.asked) - asked
    world.memory.feeds.publish(FEED)
    await world.passes(2 * POLL)

    assert 10 < tries < 40
    assert ("fresh", None) == ((await world.calendar()).state(world.memory.clock()), (await world.calendar()).problem)
    assert TEN in await world.starts()


async def test_a_reading_that_lost_most_times_is_repeated_soon_before_it_is_believed() -> None:
    world = await a_world()
    many = [busy(TEN + n * HOUR / 12, HOUR / 12) for n in range(12)]
    await world.connect(*many)
    world.memory.feeds.publish(FEED)

    await world.passes(2 * POLL)
    doubted = await world.starts()
    await world.passes(SOON)

    assert TEN not in doubted
    assert TEN in await world.starts()


async def test_an_unchanged_feed_counts_as_read() -> None:
    world = await a_world()
    before = await world.connect(busy())

    await world.passes(2 * POLL)

    after = await world.calendar()
    assert before.revision == after.revision
    assert after.read_at is not None
    assert after.read_at > NOW


async def test_a_lost_key_breaks_the_calendar_and_nothing_else() -> None:
    world = await a_world()
    await world.connect(busy())
    world.memory.store.lose_keys()

    await world.passes(2 * POLL)

    assert "stale" == (await world.calendar()).state(world.memory.clock())
    assert TEN not in await world.starts()


async def test_rules_count_at_once() -> None:
    world = await a_world()
    calendar = await world.connect(busy(mark="tentative"))

    changed = await world.app.change_calendar_rules(world.actor, calendar.id, RulesEdit(tentative="free"))

    assert CalendarRules(tentative="free") == changed.rules
    assert TEN in await world.starts()


async def test_reading_now_tells_what_came_of_it() -> None:
    world = await a_world()
    calendar = await world.connect(busy())
    world.memory.feeds.publish(FEED)
    await world.app.read_calendar_now(world.actor, calendar.id)
    assert TEN in await world.starts()

    world.memory.feeds.fail(FEED, ServerBusy())
    after = (await world.app.read_calendar_now(world.actor, calendar.id)).calendar

    assert (ServerBusy(), 1) == (after.problem, after.failures)


async def test_a_page_that_looks_further_ahead_makes_its_calendars_be_read_further() -> None:
    world = await a_world()
    await world.connect()
    await world.app.change_page(world.actor, world.page.id, PageEdit(horizon_days=700))

    await world.passes(2 * POLL)

    read_until = (await world.calendar()).read_until
    assert read_until is not None
    assert read_until > world.memory.clock() + timedelta(days=700)


async def test_reading_at_once_is_budgeted_and_reading_in_the_background_is_not() -> None:
    world = await a_world()
    calendar = await world.connect(busy())
    for _ in range(59):
        await world.app.read_calendar_now(world.actor, calendar.id)

    for refused in (
        world.app.read_calendar_now(world.actor, calendar.id),
        world.app.connect_feed(world.actor, "https://calendar.example/b.ics"),
    ):
        with pytest.raises(TooManyRequests):
            await refused
    asked = len(world.memory.feeds.asked)
    await world.passes(2 * POLL)

    assert asked < len(world.memory.feeds.asked)


async def test_disconnecting_forgets_everything_and_frees_all_times() -> None:
    world = await a_world()
    calendar = await world.connect(busy())

    await world.app.disconnect_calendars(world.actor, calendar.connection_id)
    asked = len(world.memory.feeds.asked)
    await world.passes(2 * POLL)

    assert asked == len(world.memory.feeds.asked)
    assert PageCalendars() == (await world.stored_page()).calendars
    assert TEN in await world.starts()


async def test_new_pages_begin_with_the_calendars_that_block_the_others() -> None:
    memory = MemoryApp()
    host = await memory.host()
    world = World(memory, host, a_page(host))
    used = await world.connect()
    first = await world.app.create_page(world.actor, PageEdit(slug="first", title="First"))
    unused = await world.connect(url="https://calendar.example/b.ics")
    only = CalendarsEdit(blocking=(used.id,))
    await world.app.change_page(world.actor, first.id, PageEdit(calendars=only))

    second = await world.app.create_page(world.actor, PageEdit(slug="second", title="Second"))

    assert (used.id,) == first.calendars.blocking == second.calendars.blocking
    assert unused.id not in second.calendars.blocking


async def test_a_page_names_calendars_of_its_own_host_once_each_and_writes_to_none_that_cannot_be_written() -> None:
    world = await a_world()
    mine = await world.connect()
    other = World(world.memory, await world.memory.host(a_host()), world.page)
    theirs = await other.connect(url="https://calendar.example/theirs.ics")
    edit = CalendarsEdit(blocking=(mine.id, theirs.id, mine.id), writes_to=mine.id)

    with pytest.raises(InvalidInput) as refused:
        await world.app.change_page(world.actor, world.page.id, PageEdit(calendars=edit))

    assert (
        Fault("calendars.blocking.1", NoSuchCalendar()),
        Fault("calendars.blocking.2", Repeated()),
        Fault("calendars.writes_to", NoSuchCalendar()),
    ) == refused.value.faults


async def test_a_partial_edit_of_a_pages_calendars_leaves_the_rest() -> None:
    world = await a_world()
    calendar = await world.connect()

    edit = PageEdit(calendars=CalendarsEdit(when_unreadable="trust_last"))
    page = await world.app.change_page(world.actor, world.page.id, edit)

    assert PageCalendars((calendar.id,), when_unreadable="trust_last") == page.calendars


async def test_another_hosts_calendars_are_not_found() -> None:
    world = await a_world()
    calendar = await world.connect()
    stranger = HostActor((await world.memory.host(a_host())).id)

    for refused in (
        world.app.disconnect_calendars(stranger, calendar.connection_id),
        world.app.change_calendar_rules(stranger, calendar.id, RulesEdit(tentative="free")),
        world.app.read_calendar_now(stranger, calendar.id),
        world.app.show_calendars.one(stranger, calendar.id),
    ):
        with pytest.raises(NotFound):
            await refused
    assert [] == await world.app.show_calendars(stranger)


@pytest.mark.parametrize("scope", ["bookings:write", "pages:write", "account:read"])
async def test_changing_calendars_needs_the_accounts_scope(scope: Scope) -> None:
    world = await a_world()
    calendar = await world.connect()
    actor = HostActor(world.host.id, frozenset({scope}))

    for refused in (
        world.app.connect_feed(actor, FEED),
        world.app.disconnect_calendars(actor, calendar.connection_id),
        world.app.change_calendar_rules(actor, CalendarId("c"), RulesEdit()),
        world.app.read_calendar_now(actor, calendar.id),
    ):
        with pytest.raises(Forbidden):
            await refused
