"""The form in which a host books for a guest, without scripts, and the call that does the same."""

from datetime import datetime

from domain.budgets import NEW_BOOKINGS
from tests.support.builders import A_NETWORK, a_page, phone_by_guest, phone_by_host
from tests.support.serving import API, Server, problem
from tests.support.visiting import Fields, a_signed_in_host

SATURDAY_NIGHT: Fields = {
    "at": "2026-03-07T23:10",
    "meeting_type": "phone",
    "name": "Ana Brito",
    "email": "ana@guests.example",
    "timezone": "America/Sao_Paulo",
}


async def test_a_host_books_from_the_dashboard_at_a_time_of_their_own_zone(server: Server) -> None:
    host, visitor = await a_signed_in_host(server)
    page = await server.memory.page(a_page(host, meeting_types=(phone_by_guest,)))
    await visitor.opens("/dashboard")
    assert f'href="/pages/{page.id}/book"' in visitor.html

    await visitor.sends(f"/pages/{page.id}/book", SATURDAY_NIGHT)
    await visitor.follows()

    assert "Ana Brito" in visitor.text
    [view] = (
        await server.memory.store.views.bookings(host.id, "upcoming", now=server.memory.clock(), cursor=None, limit=9)
    ).items
    assert "2026-03-07T22:10:00+00:00" == view.booking.slot.start.isoformat()


async def test_what_is_wrong_is_told_and_everything_typed_stays(server: Server) -> None:
    host, visitor = await a_signed_in_host(server)
    page = await server.memory.page(a_page(host, meeting_types=(phone_by_guest,)))

    await visitor.sends(f"/pages/{page.id}/book", {**SATURDAY_NIGHT, "email": "nobody"})
    assert 400 == visitor.status
    assert "Ana Brito" == visitor.value("name")
    assert 'href="#email"' in visitor.html

    await visitor.sends(f"/pages/{page.id}/book", {**SATURDAY_NIGHT, "at": ""})
    assert 400 == visitor.status
    assert 'href="#at"' in visitor.html


async def test_page_and_call_ask_the_host_for_what_is_the_guests(server: Server) -> None:
    host, visitor = await a_signed_in_host(server)
    page = await server.memory.page(a_page(host, meeting_types=(phone_by_host,)))
    at = f"{API}/booking-pages/{page.id}/event-types/{page.event_types[0].id}/bookings"
    guest = {"name": "", "email": "", "timezone": "America/Sao_Paulo"}
    body = {"start": "2026-03-07T22:10:00Z", "meeting_type": "phone", "guest": guest}

    await visitor.sends(f"/pages/{page.id}/book", {**SATURDAY_NIGHT, "name": "", "email": ""})
    answer = await (await server.host_client(host)).post(at, json=body)

    expected = {
        "guest.phone": "Enter the guest’s phone number.",
        "guest.name": "Enter the guest’s name.",
        "guest.email": "Enter the guest’s email address.",
    }
    assert expected == {each["field"]: each["message"] for each in answer.json()["errors"]}
    assert all(words in visitor.text for words in expected.values())


async def test_a_taken_time_names_free_ones_that_are_booked_by_one_click(server: Server) -> None:
    host, visitor = await a_signed_in_host(server)
    page = await server.memory.page(a_page(host, meeting_types=(phone_by_guest,)))
    await visitor.sends(f"/pages/{page.id}/book", SATURDAY_NIGHT)

    await visitor.sends(f"/pages/{page.id}/book", SATURDAY_NIGHT)
    assert 409 == visitor.status
    assert "Free times near it:" in visitor.text
    free = visitor.value("instead")
    await visitor.sends(f"/pages/{page.id}/book", {**SATURDAY_NIGHT, "instead": free})
    await visitor.follows()

    found = await server.memory.store.views.bookings(
        host.id, "upcoming", now=server.memory.clock(), cursor=None, limit=9
    )
    assert datetime.fromisoformat(free) in {each.booking.slot.start for each in found.items}


async def test_too_many_bookings_keep_the_form_and_say_when_to_go_on(server: Server) -> None:
    host, visitor = await a_signed_in_host(server)
    page = await server.memory.page(a_page(host, meeting_types=(phone_by_guest,)))
    for _ in range(NEW_BOOKINGS.most):
        await server.memory.app.spend(NEW_BOOKINGS.of(A_NETWORK, host.id))

    await visitor.sends(f"/pages/{page.id}/book", SATURDAY_NIGHT)

    assert 429 == visitor.status
    assert int(visitor.answer.headers["retry-after"]) > 0
    assert "Ana Brito" == visitor.value("name")


async def test_a_program_books_for_a_guest(server: Server) -> None:
    host = await server.memory.host()
    page = await server.memory.page(a_page(host, meeting_types=(phone_by_guest,)))
    client = await server.host_client(host)
    at = f"{API}/booking-pages/{page.id}/event-types/{page.event_types[0].id}/bookings"
    guest = {"name": "Ana Brito", "email": "ana@guests.example", "timezone": "America/Sao_Paulo"}
    body = {"start": "2026-03-07T22:10:00Z", "meeting_type": "phone", "guest": guest}

    made = await client.post(at, json=body)

    assert (201, "confirmed") == (made.status_code, made.json()["status"])
    assert "slot-taken" == problem(await client.post(at, json=body))
