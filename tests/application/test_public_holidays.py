"""Public holidays that a host keeps free."""

from datetime import UTC, date, datetime

import msgspec
import pytest

from application.actor import HostActor
from application.booking.book import BookingRequest, GuestDetails
from application.pages.page_edits import PageEdit
from application.schedules.edit_schedules import ScheduleEdit
from domain.availability import WEEKDAYS_NINE_TO_FIVE, BookingRules, Hours
from domain.booking_page import BookingPage
from domain.errors import InvalidInput, SlotNotOffered
from domain.host import Host
from domain.public_holidays import HolidayCalendar
from domain.why_not import OutsideHours, PublicHoliday
from tests.support.builders import A_NETWORK, a_host, a_page, phone_by_host
from tests.support.memory_app import MemoryApp

GERMANY, BAVARIA = HolidayCalendar("DE"), HolidayCalendar("DE", "BY")
GOOD_FRIDAY, CORPUS_CHRISTI, A_TUESDAY = date(2026, 4, 3), date(2026, 6, 4), date(2026, 4, 7)
TEN_ON_GOOD_FRIDAY = datetime(2026, 4, 3, 10, tzinfo=UTC)
ANA = GuestDetails("Ana", "ana@example.com", "UTC", "+493012345")


class World:
    """A host in UTC with a page, half a year of which can be booked."""

    def __init__(self, memory: MemoryApp, host: Host, page: BookingPage) -> None:
        self.memory, self.host, self.page = memory, host, page
        self.app, self.actor = memory.app, HostActor(host.id)

    @classmethod
    async def keeping(cls, holidays: HolidayCalendar) -> "World":
        memory = MemoryApp()
        host = await memory.host(a_host(timezone="UTC"))
        hours = msgspec.structs.replace(WEEKDAYS_NINE_TO_FIVE, public_holidays=holidays)
        made = a_page(host, meeting_types=(phone_by_host,), availability=hours, rules=BookingRules(horizon_days=180))
        return cls(memory, host, await memory.page(made))

    @property
    def address(self) -> tuple[str, str, str]:
        return self.host.handle, self.page.slug, self.page.event_types[0].slug

    async def is_open(self, day: date) -> bool:
        return bool((await self.app.list_slots(*self.address, day, day, "UTC")).slots)


async def test_a_public_holiday_offers_nothing_and_takes_nothing() -> None:
    world = await World.keeping(GERMANY)

    assert [False, True, True] == [await world.is_open(each) for each in (GOOD_FRIDAY, CORPUS_CHRISTI, A_TUESDAY)]
    with pytest.raises(SlotNotOffered):
        await world.app.book(*world.address, BookingRequest(TEN_ON_GOOD_FRIDAY, "phone", ANA), network=A_NETWORK)


async def test_a_region_keeps_its_own_holidays_and_an_override_works_on_one() -> None:
    world = await World.keeping(BAVARIA)
    hours = msgspec.structs.replace(world.page.availability, overrides={GOOD_FRIDAY: (Hours("09:00", "12:00"),)})
    await world.app.change_page(world.actor, world.page.id, PageEdit(availability=hours))

    assert [True, False] == [await world.is_open(each) for each in (GOOD_FRIDAY, CORPUS_CHRISTI)]


async def test_a_holiday_is_a_reason_by_its_day_and_calendar() -> None:
    world = await World.keeping(BAVARIA)
    event_type = world.page.event_types[0].id

    told = await world.app.explain_time(world.actor, world.page.id, event_type, TEN_ON_GOOD_FRIDAY)

    assert (PublicHoliday(GOOD_FRIDAY, BAVARIA),) == told.reasons


@pytest.mark.parametrize(("language", "name"), [("de", "Karfreitag"), ("en", "Good Friday")])
async def test_the_holiday_among_reasons_is_named_in_the_readers_language(language: str, name: str) -> None:
    reasons = OutsideHours(), PublicHoliday(GOOD_FRIDAY, GERMANY)

    assert {GOOD_FRIDAY: name} == await MemoryApp().app.name_holidays(reasons, language)


async def test_a_schedule_keeps_them_for_its_pages() -> None:
    world = await World.keeping(GERMANY)
    shared = await world.app.create_schedule(
        world.actor, ScheduleEdit("Bayern", msgspec.structs.replace(WEEKDAYS_NINE_TO_FIVE, public_holidays=BAVARIA))
    )
    await world.app.change_page(world.actor, world.page.id, PageEdit(schedule_id=shared.id))

    assert not await world.is_open(CORPUS_CHRISTI)


async def test_the_coming_ones_are_listed_from_today_on() -> None:
    world = await World.keeping(GERMANY)

    coming = await world.app.show_holidays(world.actor, BAVARIA, "de")

    assert "Bayern" == coming.regions["BY"]
    assert (GOOD_FRIDAY, "Karfreitag") == coming.days[0]
    assert coming.days[-1][0] < date(2027, 3, 2)


@pytest.mark.parametrize(
    ("holidays", "member"), [(HolidayCalendar("XX"), "country"), (HolidayCalendar("DE", "ZZ"), "region")]
)
async def test_hours_name_no_holidays_that_there_arent(holidays: HolidayCalendar, member: str) -> None:
    world = await World.keeping(GERMANY)
    hours = msgspec.structs.replace(WEEKDAYS_NINE_TO_FIVE, public_holidays=holidays)

    for edit in (
        lambda: world.app.change_page(world.actor, world.page.id, PageEdit(availability=hours)),
        lambda: world.app.create_schedule(world.actor, ScheduleEdit("Holidays", hours)),
    ):
        with pytest.raises(InvalidInput) as refused:
            await edit()
        assert [f"availability.public_holidays.{member}"] == [each.field for each in refused.value.faults]
