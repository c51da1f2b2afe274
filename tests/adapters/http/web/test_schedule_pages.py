"""Settings → Schedules, and their choice in the editor of a page, without scripts."""

from domain.availability import Hours
from domain.booking_page import BookingPage
from domain.host import Host
from domain.ids import HostId
from domain.schedule import Schedule
from tests.support.builders import a_page, a_schedule, phone_by_host
from tests.support.editor import as_shown, saved
from tests.support.serving import Server
from tests.support.store import keep
from tests.support.visiting import Fields, Visitor, a_signed_in_host

SCHEDULES = "/settings/schedules"
MONDAYS: Fields = {"hours.mon.start": ["09:00"], "hours.mon.end": ["12:00"]}


async def a_host_with_a_page(server: Server) -> tuple[Host, Visitor, BookingPage]:
    host, visitor = await a_signed_in_host(server)
    return host, visitor, await server.memory.page(a_page(host, meeting_types=(phone_by_host,)))


async def schedules_of(server: Server, host_id: HostId) -> list[Schedule]:
    return await server.memory.store.views.schedules(host_id)


async def test_the_hours_of_a_page_are_shared_and_chosen_on_another(server: Server) -> None:
    host, visitor, page = await a_host_with_a_page(server)
    other = await server.memory.page(a_page(host, meeting_types=(phone_by_host,)))

    await visitor.opens(f"/pages/{page.id}/edit")
    assert f'"{SCHEDULES}/new?page={page.id}"' in visitor.html
    await visitor.sends(f"{SCHEDULES}/new", {"name": "Winter", "timezone": "", "page": page.id, **MONDAYS})
    [schedule] = await schedules_of(server, host.id)
    await visitor.sends(f"/pages/{other.id}/edit", {**as_shown(other), "schedule": schedule.id})

    assert schedule.availability.weekly.mon == (Hours("09:00", "12:00"),)
    for each in (page, other):
        assert schedule == (await saved(server, each)).schedule
    await visitor.opens(SCHEDULES)
    assert f"Used by: {page.title}, {other.title}" in visitor.text
    assert "Monday 09:00–12:00" in visitor.text


async def test_the_buttons_change_a_schedules_form_and_save_nothing(server: Server) -> None:
    host, visitor, _ = await a_host_with_a_page(server)
    schedule = a_schedule(host)
    await keep(server.memory.store, schedule)

    await visitor.sends(f"{SCHEDULES}/{schedule.id}", {"name": "Typed", **MONDAYS, "do": "hours-add:tue"})

    assert 200 == visitor.status
    assert "Typed" == visitor.value("name")
    assert 'name="hours.tue.start"' in visitor.html
    assert [schedule] == await schedules_of(server, host.id)


async def test_what_is_wrong_with_a_schedule_is_told_at_its_field(server: Server) -> None:
    host, visitor, _ = await a_host_with_a_page(server)
    await keep(server.memory.store, a_schedule(host, name="Winter"))

    wrong: Fields = {"hours.mon.start": ["nine"], "hours.mon.end": ["five"]}
    await visitor.sends(f"{SCHEDULES}/new", {"name": "", "timezone": "Mars/Olympus", **wrong})
    assert 400 == visitor.status
    for field in ("name", "timezone", "hours-mon"):
        assert f'href="#{field}"' in visitor.html

    await visitor.sends(f"{SCHEDULES}/new", {"name": "Winter", **MONDAYS})
    assert 400 == visitor.status
    assert "Another schedule of yours has this name" in visitor.text
    assert 1 == len(await schedules_of(server, host.id))


async def test_who_saves_a_schedule_second_sees_both_and_saves_theirs_over_it(server: Server) -> None:
    host, visitor, _ = await a_host_with_a_page(server)
    schedule = a_schedule(host, name="Winter")
    await keep(server.memory.store, schedule)
    at, version = f"{SCHEDULES}/{schedule.id}", str(schedule.version)

    await visitor.sends(at, {"name": "Theirs", "version": version, **MONDAYS})
    await visitor.sends(at, {"name": "Mine", "version": version, **MONDAYS})

    assert 409 == visitor.status
    assert "Theirs" in visitor.text
    assert ["Theirs"] == [each.name for each in await schedules_of(server, host.id)]
    await visitor.sends(at, {"name": "Mine", "version": str(schedule.version + 1), **MONDAYS})
    assert ["Mine"] == [each.name for each in await schedules_of(server, host.id)]


async def test_a_schedule_is_deleted_once_no_page_uses_it(server: Server) -> None:
    host, visitor, page = await a_host_with_a_page(server)
    schedule = a_schedule(host)
    await keep(server.memory.store, schedule)
    await visitor.sends(f"/pages/{page.id}/edit", {**as_shown(page), "schedule": schedule.id})

    await visitor.sends(f"{SCHEDULES}/{schedule.id}/remove", {})
    assert 409 == visitor.status
    assert page.title in visitor.text

    await visitor.sends(f"/pages/{page.id}/edit", as_shown(page))
    await visitor.sends(f"{SCHEDULES}/{schedule.id}/remove", {})
    assert [] == await schedules_of(server, host.id)


async def test_the_preview_explains_a_time_by_the_schedule_that_is_chosen(server: Server) -> None:
    host, visitor, page = await a_host_with_a_page(server)
    schedule = a_schedule(host, timezone="Asia/Tokyo")
    await keep(server.memory.store, schedule)
    asked: Fields = {"why_event": page.event_types[0].id, "why_at": "2026-03-03T01:00", "do": "why"}

    await visitor.sends(f"/pages/{page.id}/edit", {**as_shown(page), **asked})
    assert "outside your hours" in visitor.text

    await visitor.sends(f"/pages/{page.id}/edit", {**as_shown(page), "schedule": schedule.id, **asked})
    assert "Guests can book this time." in visitor.text
