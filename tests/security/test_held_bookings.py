"""Nothing but a mail that was read makes a booking for an address, where a host asks for that."""

from datetime import timedelta
from urllib.parse import urlsplit

import httpx
import pytest

from adapters.mail.origin import MailOrigin
from application.ports.mail import BookingMail
from application.ports.meetings import MeetingRequest
from domain.booking import HELD_FOR
from domain.connection import NeedsReconnect
from domain.host import Host
from domain.provider_problem import GrantEnded
from tests.support.builders import a_host, a_page, bob, phone_by_host, zoom
from tests.support.serving import (
    API,
    PUBLIC_URL,
    TUESDAY_AT_TEN,
    Json,
    Server,
    a_guest,
    a_request,
    an_open_page,
    problem,
)

LATE = HELD_FOR + timedelta(seconds=1)
MOMENTS = timedelta(minutes=1)
HALF_PAST = "2026-03-03T10:30:00Z"


async def a_page_that_asks(server: Server, *, host: Host | None = None) -> tuple[Host, str]:
    """A host whose page has Zoom and a phone call, and wants addresses confirmed."""
    owner = host or a_host()
    page = a_page(owner, meeting_types=(zoom, phone_by_host), confirm_guest_email=True)
    return await an_open_page(server, page, owner)


async def books(server: Server, address: str, **changes: Json) -> Json:
    answer = await server.client().post(f"{address}/bookings", json=a_request(**changes))
    assert 201 == answer.status_code, answer.text
    return answer.json()


def path_of(told: Json) -> str:
    return f"/b/{token_of(told)}"


def token_of(told: Json) -> str:
    return told["manage_url"].rpartition("/")[2]


async def seen(server: Server, told: Json) -> httpx.Response:
    return await server.client().get(f"{API}/public/bookings/{token_of(told)}")


def mailed_link(server: Server) -> str:
    """Where the button of the last mail that asks for confirmation leads."""
    mail = server.memory.mailer.confirmations[-1]
    origin = MailOrigin.of("invites@timetuna.example", PUBLIC_URL)
    return urlsplit(origin.page_to_confirm(mail.link)).path


def told_by_mail(server: Server) -> list[BookingMail]:
    return [mail for mail in server.memory.mailer.sent if isinstance(mail, BookingMail)]


async def slots(server: Server, address: str) -> list[str]:
    span = {"from": "2026-03-03", "to": "2026-03-03", "timezone": "UTC"}
    return (await server.client().get(f"{address}/slots", params=span)).json()["slots"]


def meetings(server: Server) -> list[MeetingRequest]:
    return server.memory.providers["zoom"].meetings


async def test_a_booking_is_held_for_a_quarter_of_an_hour_and_its_guest_alone_hears_of_it(server: Server) -> None:
    _, address = await a_page_that_asks(server)

    told = await books(server, address, additional_guests=[bob.email])
    await server.memory.work_off()

    assert ("held", "2026-03-02T08:15:00Z") == (told["status"], told["held_until"])
    assert [("ana@guests.example", server.memory.clock() + HELD_FOR)] == [
        (mail.booking.guest.email, mail.until) for mail in server.memory.mailer.confirmations
    ]
    assert [] == told_by_mail(server)
    assert [] == meetings(server)


async def test_a_held_time_is_taken(server: Server) -> None:
    _, address = await a_page_that_asks(server)
    await books(server, address)

    again = await server.client().post(f"{address}/bookings", json=a_request())

    assert TUESDAY_AT_TEN not in await slots(server, address)
    assert "slot-taken" == problem(again)


async def test_whoever_follows_the_link_confirms_nothing_before_pressing_the_button(server: Server) -> None:
    _, address = await a_page_that_asks(server)
    told = await books(server, address)
    await server.memory.work_off()

    scanner = await server.client().get(mailed_link(server))
    head = await server.client().head(mailed_link(server))

    assert 200 == scanner.status_code
    assert head.status_code < 500
    assert "held" == (await seen(server, told)).json()["status"]


async def test_the_button_confirms_the_booking_and_only_then_all_else_follows(server: Server) -> None:
    host, address = await a_page_that_asks(server)
    told = await books(server, address, additional_guests=[bob.email])
    await server.memory.work_off()
    server.memory.clock.advance(MOMENTS)

    pressed = await server.client().post(mailed_link(server))
    await server.memory.work_off()

    assert (303, path_of(told)) == (pressed.status_code, urlsplit(pressed.headers["location"]).path)
    now = (await seen(server, told)).json()
    assert ("confirmed", "ready") == (now["status"], now["conference"]["status"])
    assert "held_until" not in now
    assert {("guest", "confirmed"), ("host", "confirmed"), (0, "confirmed")} == {
        (each.recipient, each.kind) for each in told_by_mail(server)
    }
    listed = (await (await server.host_client(host)).get(f"{API}/bookings", params={"status": "upcoming"})).json()
    assert [told["id"]] == [each["id"] for each in listed["items"]]


async def test_the_guests_own_link_alone_confirms_nothing(server: Server) -> None:
    """Whoever books gets it at once, whoever's address it was."""
    _, address = await a_page_that_asks(server)
    mine = await books(server, address, guest=a_guest(email="mallory@elsewhere.example"), start=HALF_PAST)
    await server.memory.work_off()
    proof_of_mine = mailed_link(server).rpartition("/")[2]
    victims = await books(server, address)

    for made_up in (proof_of_mine, token_of(victims), "x", "AAAA", "é", "%00", "=" * 5000):
        guess = await server.client().post(f"{path_of(victims)}/confirm/{made_up}")
        assert guess.status_code in {400, 404, 414}, made_up

    assert "held" == (await seen(server, victims)).json()["status"]
    assert "held" == (await seen(server, mine)).json()["status"]


async def test_confirming_twice_is_friendly_and_does_nothing_more(server: Server) -> None:
    _, address = await a_page_that_asks(server)
    told = await books(server, address)
    await server.memory.work_off()
    link = mailed_link(server)

    first = await server.client().post(link)
    second = await server.client().post(link)
    again = await server.client().get(link)
    await server.memory.work_off()

    assert [303, 303, 303] == [each.status_code for each in (first, second, again)]
    assert {path_of(told)} == {urlsplit(each.headers["location"]).path for each in (first, second, again)}
    assert 1 == len(meetings(server))
    assert 2 == len(told_by_mail(server))


async def test_unconfirmed_it_vanishes_without_a_trace(server: Server) -> None:
    host, address = await a_page_that_asks(server)
    told = await books(server, address)
    await server.memory.work_off()

    server.memory.clock.advance(LATE)
    await server.memory.work_off()

    async with server.memory.store.begin() as uow:
        assert await uow.bookings.get(told["id"]) is None
    assert () == (await server.memory.store.views.metrics_snapshot(server.memory.clock())).jobs
    assert 404 == (await seen(server, told)).status_code
    assert [] == told_by_mail(server)
    assert [] == server.memory.mailer.notices
    assert TUESDAY_AT_TEN in await slots(server, address)
    assert 410 == (await server.client().post(mailed_link(server))).status_code
    client = await server.host_client(host)
    for status in ("upcoming", "past", "cancelled"):
        assert [] == (await client.get(f"{API}/bookings", params={"status": status})).json()["items"]


async def test_the_host_sees_nothing_of_a_held_booking_and_can_do_nothing_to_it(server: Server) -> None:
    host, address = await a_page_that_asks(server)
    told = await books(server, address)
    client = await server.host_client(host)

    one = f"{API}/bookings/{told['id']}"
    answers = [
        await client.get(one),
        await client.post(f"{one}/cancel"),
        await client.post(f"{one}/reschedule", json={"start": HALF_PAST}),
        await client.post(f"{one}/resend"),
        await client.post(f"{one}/retry-meeting"),
        await client.put(f"{one}/join-link", json={"join_url": "https://meet.example/x"}),
    ]

    assert {"not-found"} == {problem(each) for each in answers}
    assert "ana@guests.example" not in (await client.get(f"{API}/bookings")).text
    assert "held" == (await seen(server, told)).json()["status"]


@pytest.mark.parametrize("page_asks", [True, False])
async def test_an_expired_hold_blocks_nobody_while_the_worker_sleeps(server: Server, page_asks: bool) -> None:
    host, address = await a_page_that_asks(server)
    await books(server, address)
    await server.memory.work_off()
    link = mailed_link(server)
    other = await server.memory.page(a_page(host, meeting_types=(zoom,), confirm_guest_email=page_asks))

    server.memory.clock.advance(LATE)
    elsewhere = f"{API}/public/{host.handle}/{other.slug}/{other.event_types[0].slug}"
    assert TUESDAY_AT_TEN in await slots(server, elsewhere)
    told = await books(server, elsewhere, guest=a_guest(email="bela@guests.example"))

    assert ("held" if page_asks else "confirmed") == told["status"]
    late = await server.client().post(link)
    assert 410 == late.status_code
    assert HALF_PAST in late.text
    await server.memory.work_off()
    assert 200 == (await seen(server, told)).status_code


async def test_a_booking_moves_to_a_time_that_an_expired_hold_was_for(server: Server) -> None:
    host, address = await a_page_that_asks(server)
    await books(server, address)
    open_page = await server.memory.page(a_page(host, meeting_types=(zoom,)))
    elsewhere = f"{API}/public/{host.handle}/{open_page.slug}/{open_page.event_types[0].slug}"
    told = await books(server, elsewhere, start=HALF_PAST)

    server.memory.clock.advance(LATE)
    moved = await server.client().post(
        f"{API}/public/bookings/{token_of(told)}/reschedule", json={"start": TUESDAY_AT_TEN}
    )

    assert 200 == moved.status_code, moved.text


async def test_a_submit_that_comes_again_answers_with_the_held_booking(server: Server) -> None:
    _, address = await a_page_that_asks(server)
    key = {"Idempotency-Key": "once"}

    first = await server.client().post(f"{address}/bookings", json=a_request(), headers=key)
    second = await server.client().post(f"{address}/bookings", json=a_request(), headers=key)

    assert first.json() == second.json()
    assert "held" == second.json()["status"]


async def test_a_submit_that_comes_again_too_late_holds_the_time_anew(server: Server) -> None:
    _, address = await a_page_that_asks(server)
    key = {"Idempotency-Key": "once"}
    first = await server.client().post(f"{address}/bookings", json=a_request(), headers=key)

    server.memory.clock.advance(LATE)
    second = await server.client().post(f"{address}/bookings", json=a_request(), headers=key)

    assert 201 == second.status_code
    assert "held" == second.json()["status"]
    assert first.json()["id"] != second.json()["id"]


async def test_cancelling_a_held_booking_just_gives_the_time_back(server: Server) -> None:
    _, address = await a_page_that_asks(server)
    told = await books(server, address, additional_guests=[bob.email])

    answer = await server.client().post(f"{API}/public/bookings/{token_of(told)}/cancel")
    await server.memory.work_off()

    assert (200, "cancelled") == (answer.status_code, answer.json()["status"])
    assert TUESDAY_AT_TEN in await slots(server, address)
    assert [] == server.memory.mailer.sent


async def test_a_held_booking_does_not_move(server: Server) -> None:
    """Or whoever typed somebody's address could hold one time after the other."""
    _, address = await a_page_that_asks(server)
    told = await books(server, address)

    answer = await server.client().post(f"{API}/public/bookings/{token_of(told)}/reschedule", json={"start": HALF_PAST})

    assert "booking-closed" == problem(answer)
    assert "08:15" in answer.json()["detail"]


async def test_a_meeting_type_that_broke_meanwhile_falls_back_as_at_submit(server: Server) -> None:
    host, address = await a_page_that_asks(server)
    told = await books(server, address, guest=a_guest(phone="+49 30 1234567"))
    await server.memory.work_off()
    await server.memory.connect(host, state=NeedsReconnect(GrantEnded("zoom")))

    await server.client().post(mailed_link(server))

    now = (await seen(server, told)).json()
    assert ("confirmed", "zoom", "phone") == (now["status"], now["requested_meeting_type"], now["meeting_type"])
    assert now["fallback_reason"]


async def test_with_no_meeting_type_left_the_time_stays_held_and_the_host_hears_why(server: Server) -> None:
    host, address = await a_page_that_asks(server)
    told = await books(server, address)
    await server.memory.work_off()
    await server.memory.connect(host, state=NeedsReconnect(GrantEnded("zoom")))

    refused = await server.client().post(mailed_link(server))
    await server.memory.work_off()

    assert 409 == refused.status_code
    assert "held" == (await seen(server, told)).json()["status"]
    assert 1 == len(server.memory.mailer.notices)


async def test_the_mail_can_be_asked_for_again_a_few_times(server: Server) -> None:
    _, address = await a_page_that_asks(server)
    told = await books(server, address)
    await server.memory.work_off()

    for _ in range(20):
        server.memory.clock.advance(timedelta(seconds=30))
        await server.client().post(f"{path_of(told)}/mail")
        await server.memory.work_off()

    proofs = [mail.link.proof for mail in server.memory.mailer.confirmations]
    assert 2 <= len(proofs) <= 4
    assert 303 == (await server.client().post(f"{path_of(told)}/confirm/{proofs[0]}")).status_code


async def test_a_held_booking_has_no_invitation_to_download(server: Server) -> None:
    _, address = await a_page_that_asks(server)
    told = await books(server, address)

    assert 409 == (await server.client().get(f"{path_of(told)}/invite.ics")).status_code


async def test_the_why_of_a_held_time_names_no_booking_and_no_guest(server: Server) -> None:
    host, address = await a_page_that_asks(server)
    await books(server, address)
    client = await server.host_client(host)
    page = (await client.get(f"{API}/booking-pages")).json()[0]

    why = await client.get(
        f"{API}/booking-pages/{page['id']}/event-types/{page['event_types'][0]['id']}/why",
        params={"start": TUESDAY_AT_TEN},
    )

    assert [{"code": "booking", "message": why.json()["reasons"][0]["message"]}] == why.json()["reasons"]
    assert "2026-03-02T08:15:00Z" in why.text


async def test_a_held_booking_counts_for_the_daily_limit_until_it_expires(server: Server) -> None:
    host, _ = await a_page_that_asks(server)
    client = await server.host_client(host)
    page = (await client.get(f"{API}/booking-pages")).json()[0]
    await client.patch(f"{API}/booking-pages/{page['id']}", json={"daily_cap": 1})
    address = f"{API}/public/{host.handle}/{page['slug']}/{page['event_types'][0]['slug']}"
    await books(server, address)

    full = await slots(server, address)
    server.memory.clock.advance(LATE)

    assert [] == full
    await books(server, address, start=HALF_PAST)
