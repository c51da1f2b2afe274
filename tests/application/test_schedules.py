"""Hours that pages share: made, changed and removed by their host."""

from datetime import date, datetime

import msgspec
import pytest

from application.actor import HostActor
from application.pages.page_edits import PageEdit
from application.schedules.edit_schedules import ScheduleEdit, ScheduleSavedMeanwhile
from domain.availability import NINE_TO_FIVE, WEEKDAYS_NINE_TO_FIVE, Availability, WeeklyHours
from domain.booking_page import BookingPage
from domain.errors import InvalidInput, NotFound, ScheduleInUse
from domain.faults import AlreadyUsed, Fault, NoRoom, NoSuchSchedule
from domain.host import Host
from domain.ids import ScheduleId
from domain.schedule import MOST_SCHEDULES, Schedule
from tests.support.builders import TOMORROW_AT_TEN, a_host, a_page, zoom
from tests.support.memory_app import MemoryApp

TUESDAYS = Availability(WeeklyHours(tue=NINE_TO_FIVE))
TUESDAY = TOMORROW_AT_TEN.date()
GONE = ScheduleId("gone")


class Scheduling:
    """A host with two pages."""

    def __init__(self, memory: MemoryApp, host: Host, page: BookingPage, other: BookingPage) -> None:
        self.app, self.host, self.page, self.other = memory.app, host, page, other
        self.actor = HostActor(host.id)

    async def makes(self, name: str = "Winter", zone: str | None = None) -> Schedule:
        return await self.app.create_schedule(self.actor, ScheduleEdit(name, TUESDAYS, zone))

    async def uses(self, schedule: ScheduleId | None, page: BookingPage) -> BookingPage:
        return await self.app.change_page(self.actor, page.id, PageEdit(schedule_id=schedule))

    async def is_offered(self, page: BookingPage, day: date, zone: str) -> list[datetime]:
        event_type = page.event_types[0].slug
        return (await self.app.list_slots(self.host.handle, page.slug, event_type, day, day, zone)).slots


@pytest.fixture
async def case() -> Scheduling:
    memory = MemoryApp()
    host = await memory.host(a_host())
    await memory.connect(host)
    pages = [await memory.page(a_page(host, meeting_types=(zoom,))) for _ in range(2)]
    return Scheduling(memory, host, *pages)


async def test_a_page_offers_the_hours_of_its_schedule_in_their_time_zone(case: Scheduling) -> None:
    schedule = await case.makes(zone="Asia/Tokyo")

    await case.uses(schedule.id, case.page)

    starts = await case.is_offered(case.page, TUESDAY, "Asia/Tokyo")
    assert "2026-03-03T00:00:00+00:00" == starts[0].isoformat()
    assert "2026-03-03T07:30:00+00:00" == starts[-1].isoformat()


async def test_a_changed_schedule_counts_on_all_its_pages_at_once(case: Scheduling) -> None:
    schedule = await case.makes()
    for page in (case.page, case.other):
        await case.uses(schedule.id, page)

    await case.app.change_schedule(case.actor, schedule.id, ScheduleEdit(availability=Availability()))

    for page in (case.page, case.other):
        assert [] == await case.is_offered(page, TUESDAY, "Europe/Berlin")


async def test_a_page_goes_back_to_its_own_hours(case: Scheduling) -> None:
    schedule = await case.makes()
    await case.uses(schedule.id, case.page)

    back = await case.uses(None, case.page)

    assert WEEKDAYS_NINE_TO_FIVE == back.hours


async def test_hours_that_a_page_is_given_without_a_schedule_are_its_own(case: Scheduling) -> None:
    schedule = await case.makes()
    await case.uses(schedule.id, case.page)

    changed = await case.app.change_page(case.actor, case.page.id, PageEdit(availability=Availability()))

    assert changed.schedule is None
    assert Availability() == changed.hours


async def test_a_schedule_in_use_stays_and_its_pages_are_named(case: Scheduling) -> None:
    schedule = await case.makes()
    await case.uses(schedule.id, case.page)

    with pytest.raises(ScheduleInUse) as refused:
        await case.app.remove_schedule(case.actor, schedule.id)

    assert (case.page.title,) == refused.value.pages
    await case.uses(None, case.page)
    await case.app.remove_schedule(case.actor, schedule.id)
    assert [] == await case.app.list_schedules(case.actor)


async def test_an_edit_of_what_somebody_saved_meanwhile_is_put_to_its_editor(case: Scheduling) -> None:
    schedule = await case.makes()
    theirs = await case.app.change_schedule(case.actor, schedule.id, ScheduleEdit("Theirs"), version=schedule.version)

    with pytest.raises(ScheduleSavedMeanwhile) as meanwhile:
        await case.app.change_schedule(case.actor, schedule.id, ScheduleEdit("Mine"), version=schedule.version)

    stored = await case.app.show_schedule(case.actor, schedule.id)
    assert ("Mine", "Theirs") == (meanwhile.value.mine.name, meanwhile.value.theirs.name)
    assert theirs == msgspec.structs.replace(stored, version=theirs.version)
    # Whoever wants the same as they do has nothing to decide.
    assert stored == await case.app.change_schedule(
        case.actor, schedule.id, ScheduleEdit("Theirs"), version=schedule.version
    )


async def test_what_cannot_be_a_schedule_is_refused(case: Scheduling) -> None:
    await case.makes("Winter")

    async def faults(edit: ScheduleEdit) -> set[Fault]:
        with pytest.raises(InvalidInput) as refused:
            await case.app.create_schedule(case.actor, edit)
        return set(refused.value.faults)

    assert {Fault("name", AlreadyUsed())} == await faults(ScheduleEdit("Winter"))
    assert {"name", "timezone"} == {each.field for each in await faults(ScheduleEdit(" ", timezone="Mars/Olympus"))}
    for number in range(MOST_SCHEDULES - 1):
        await case.makes(f"Schedule {number}")
    assert {Fault("name", NoRoom("schedules", MOST_SCHEDULES))} == await faults(ScheduleEdit("One more"))


async def test_a_page_uses_only_its_hosts_schedules(case: Scheduling) -> None:
    with pytest.raises(InvalidInput) as refused:
        await case.uses(GONE, case.page)

    assert (Fault("schedule_id", NoSuchSchedule()),) == refused.value.faults


async def test_what_is_gone_is_said_to_be_gone(case: Scheduling) -> None:
    with pytest.raises(NotFound):
        await case.app.change_schedule(case.actor, GONE, ScheduleEdit("Winter"))
    with pytest.raises(NotFound):
        await case.app.remove_schedule(case.actor, GONE)
    with pytest.raises(NotFound):
        await case.app.show_schedule(case.actor, GONE)
