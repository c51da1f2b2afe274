"""A page that its host has turned off: nothing new is booked, and what is booked goes on."""

from adapters.http.web.pages.editing.form import EditorForm
from application.actor import HostActor
from application.pages.page_edits import PageEdit
from domain.booking_page import LONGEST_TITLE
from tests.support.booked import Booked
from tests.support.builders import a_page, an_event_type, at_the_harbour
from tests.support.editor import an_edited_page, saved, sends
from tests.support.serving import API, Server, a_request, problem
from tests.support.visiting import Visitor


async def test_a_page_turned_off_refuses_bookings_before_it_looks_at_anything_else(server: Server) -> None:
    host = await server.memory.host()
    page = await server.memory.page(a_page(host, meeting_types=(at_the_harbour,), active=False))
    public, client = f"{API}/public/{host.handle}/{page.slug}", server.client()
    address = f"{public}/{page.event_types[0].slug}"

    refused = await client.post(f"{address}/bookings", json={**a_request(), "start": "2001-01-01T00:00:00Z"})
    await server.memory.work_off()

    assert "no-meeting-type-available" == problem(refused)
    assert "turned it off" in refused.json()["detail"]
    assert [] == server.memory.mailer.notices
    assert not (await client.get(public)).json()["accepting_bookings"]
    days = {"from": "2026-03-03", "to": "2026-03-04", "timezone": "UTC"}
    assert [] == (await client.get(f"{address}/slots", params=days)).json()["slots"]
    why = f"{API}/booking-pages/{page.id}/event-types/{page.event_types[0].id}/why"
    told = (await (await server.host_client(host)).get(why, params={"start": "2026-03-03T10:00:00Z"})).json()
    assert ["This page is turned off. Turn it on to accept bookings."] == [each["message"] for each in told["reasons"]]


async def test_what_is_booked_can_be_moved_and_cancelled_once_the_page_is_off() -> None:
    booked = await Booked.on(at_the_harbour)
    await booked.app.change_page(HostActor(booked.host.id), booked.page.id, PageEdit(active=False))
    guest, start = await booked.memory.as_guest(booked.booking_id), (await booked.now()).slot.start

    free = await booked.app.reschedule.free_times(guest, start.date(), start.date(), "UTC")
    await booked.moves(free[0])
    assert free[0] == (await booked.now()).slot.start

    await booked.app.cancel(guest, "")
    assert "cancelled" == (await booked.now()).status


async def test_guests_read_that_the_page_is_off_and_that_their_links_work(server: Server) -> None:
    host = await server.memory.host()
    event_types = an_event_type(), an_event_type(slug="other")
    page = await server.memory.page(a_page(host, *event_types, meeting_types=(at_the_harbour,), active=False))
    visitor = Visitor(server)

    for path in (f"/{host.handle}/{page.slug}", f"/{host.handle}/{page.slug}/other"):
        assert "not taking bookings" in (await visitor.opens(path)).text
        assert "The link in your email still works" in visitor.text
        assert [] == visitor.starts


async def test_the_host_turns_a_page_off_and_on_in_the_dashboard(server: Server) -> None:
    _, visitor, page = await an_edited_page(server)
    path = f"/pages/{page.id}/active"

    await visitor.sends(path, page="/dashboard")
    await visitor.follows()
    assert not (await saved(server, page)).active
    assert "Turned off" in visitor.text
    assert 'name="active" value="1"' in visitor.html

    await visitor.sends(path, {"active": "1"}, page="/dashboard")
    assert (await saved(server, page)).active
    assert "Taking bookings" in (await visitor.follows()).text


async def test_the_editor_has_the_same_switch_and_previews_it(server: Server) -> None:
    _, visitor, page = await an_edited_page(server)

    await sends(visitor, page, active="")

    stored = await saved(server, page)
    assert not stored.active
    assert not EditorForm.of(stored).active
    assert "Can’t be booked right now" in (await visitor.opens(f"/pages/{page.id}/edit")).text


async def test_a_page_is_duplicated_from_its_editor_and_the_copy_opens(server: Server) -> None:
    _, visitor, page = await an_edited_page(server)

    await visitor.sends(f"/pages/{page.id}/duplicate", page=f"/pages/{page.id}/edit")
    await visitor.follows()

    assert ["Duplicated. The copy is turned off until you turn it on."] == visitor.said
    assert (f"{page.slug}-2", f"{page.title} (copy)") == (visitor.value("slug"), visitor.value("title"))


async def test_the_copy_of_a_page_with_the_longest_title_has_one_as_long(server: Server) -> None:
    _, visitor, page = await an_edited_page(server)
    await sends(visitor, page, title="T" * LONGEST_TITLE)

    await visitor.sends(f"/pages/{page.id}/duplicate", page=f"/pages/{page.id}/edit")
    await visitor.follows()

    assert ("TT (copy)", LONGEST_TITLE) == (visitor.value("title")[-9:], len(visitor.value("title")))
