"""A host proposes times on a page without scripts, and the guest's link asks once more before it moves the booking."""

from tests.support.builders import a_booking, a_page, phone_by_guest
from tests.support.serving import API, TUESDAY_AT_TEN, Server, problem
from tests.support.store import keep
from tests.support.visiting import Visitor, a_signed_in_host

NOON, ONE = "2026-03-03T12:00:00Z", "2026-03-03T13:00:00Z"


async def test_what_is_chosen_is_kept_from_week_to_week_and_mailed_and_one_click_leads_to_a_button(
    server: Server,
) -> None:
    host, visitor = await a_signed_in_host(server)
    page = await server.memory.page(a_page(host, meeting_types=(phone_by_guest,)))
    booking = a_booking(page)
    await keep(server.memory.store, booking)
    await visitor.opens(f"/bookings/{booking.id}")
    assert f'href="/bookings/{booking.id}/propose">Propose other times' in visitor.html
    await visitor.opens(f"/bookings/{booking.id}/propose")
    assert f'value="{NOON}"' in visitor.html

    await visitor.sends(f"/bookings/{booking.id}/propose", {"start": NOON, "show": "2026-03-10", "note": "Sorry!"})
    assert 200 == visitor.status
    assert f'value="{NOON}" checked' in visitor.html
    assert "Sorry!" in visitor.html

    await visitor.sends(f"/bookings/{booking.id}/propose", {"start": NOON, "note": "Sorry!"})
    await visitor.follows()
    assert "We’ll email Ana Brito the times." in visitor.text

    guest = Visitor(server)
    await guest.opens(f"/b/{booking.token}/proposed/{NOON}")
    assert "Sorry!" in guest.text
    await guest.sends(f"/b/{booking.token}/proposed/{NOON}", {})
    await guest.follows()
    assert 200 == guest.status

    await guest.opens(f"/b/{booking.token}/proposed/{ONE}")
    assert 410 == guest.status
    assert f'href="/b/{booking.token}/reschedule"' in guest.html


async def test_without_a_time_nothing_typed_is_lost(server: Server) -> None:
    host, visitor = await a_signed_in_host(server)
    page = await server.memory.page(a_page(host, meeting_types=(phone_by_guest,)))
    booking = a_booking(page)
    await keep(server.memory.store, booking)

    await visitor.sends(f"/bookings/{booking.id}/propose", {"note": "Sorry!"})

    assert 400 == visitor.status
    assert "Choose at least one time." in visitor.text
    assert "Sorry!" in visitor.html


async def test_a_time_taken_meanwhile_is_told_beside_others(server: Server) -> None:
    host = await server.memory.host()
    page = await server.memory.page(a_page(host, meeting_types=(phone_by_guest,)))
    booking = a_booking(page)
    await keep(server.memory.store, booking)
    client = await server.host_client(host)
    proposed = await client.post(f"{API}/bookings/{booking.id}/proposals", json={"starts": [NOON]})
    assert (200, "times_proposed") == (proposed.status_code, proposed.json()["timeline"][-1]["what"])
    guest = {"name": "Bea", "email": "bea@guests.example", "timezone": "Europe/Berlin", "phone": "+493055512345"}
    at = f"{API}/booking-pages/{page.id}/event-types/{page.event_types[0].id}/bookings"
    await client.post(at, json={"start": NOON, "meeting_type": "phone", "guest": guest})

    visitor = Visitor(server)
    for opened in (True, False):
        path = f"/b/{booking.token}/proposed/{NOON}"
        await (visitor.opens(path) if opened else visitor.sends(path, {}))
        assert 409 == visitor.status
        assert "This time is no longer free." in visitor.text

    refused = await client.post(f"{API}/bookings/{booking.id}/proposals", json={"starts": [NOON, TUESDAY_AT_TEN]})
    assert problem(refused) in {"invalid-input", "slot-taken"}
