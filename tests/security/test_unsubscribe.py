"""Whoever gets mail about a booking can stop all mail from this installation, and nobody else can do it for them."""

import re
from base64 import urlsafe_b64encode
from email import message_from_bytes
from email.policy import default
from hashlib import sha256
from typing import Any

import pytest

from adapters.mail.message import booking_message
from adapters.vault.mailed_tokens import KeyedMailedTokens
from application.accounts.sign_up import NewHost
from application.actor import HostActor
from application.booking.book import BookingRequest, GuestDetails
from application.ports.mail import BookingMail, Notice
from application.support.ask_support import SupportMessage
from domain.booking import Booking
from domain.events import MailRefused, ReminderRefused
from domain.host import Host
from domain.ids import BookingId
from domain.mail_problem import MailsStopped
from tests.support.builders import (
    A_DAY,
    A_NETWORK,
    HALF_AN_HOUR,
    TOMORROW_AT_TEN,
    a_host,
    a_page,
    at_the_harbour,
    token_of,
)
from tests.support.read_mail import ORIGIN, read
from tests.support.serving import Server
from tests.support.visiting import PASSWORD, Visitor

ANA = "ana@guests.example"
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


async def books(server: Server, *, host: Host | None = None, email: str = ANA, days: int = 0) -> Booking:
    """Ana books a host's time, a page with which is made for it; what is due is done."""
    host = host or await server.memory.host(password=PASSWORD)
    page = await server.memory.page(a_page(host, meeting_types=(at_the_harbour,)))
    guest = GuestDetails("Ana Brito", email, "UTC")
    request = BookingRequest(TOMORROW_AT_TEN + days * A_DAY, "in_person", guest)
    submit = await server.memory.app.book(host.handle, page.slug, page.event_types[0].slug, request, network=A_NETWORK)
    await server.memory.work_off()
    return submit.booking.booking


def path_of(server: Server, booking: Booking) -> str:
    """Where the link leads in the mails about a booking."""
    tokens = {each.unsubscribe for each in to_ana(server) if each.booking.id == booking.id}
    [token] = tokens
    return f"/unsubscribe/{token}"


def to_ana(server: Server) -> list[BookingMail]:
    return server.memory.mailer.mails_to("guest")


async def stops(server: Server, booking: Booking) -> None:
    answer = await server.client().post(path_of(server, booking), data=ONE_CLICK)
    assert 200 == answer.status_code, answer.text


async def test_every_mail_to_a_guest_has_the_link_and_the_headers_of_one_click(server: Server) -> None:
    booking = await books(server)
    [mail] = to_ana(server)
    link = f"{ORIGIN.public_url}{path_of(server, booking)}"

    headers = message_from_bytes(booking_message(mail, ORIGIN).content, policy=default)

    assert f"<{link}>" == headers["List-Unsubscribe"]
    assert "List-Unsubscribe=One-Click" == headers["List-Unsubscribe-Post"]
    assert link in read(mail).text
    assert b"List-Unsubscribe" not in booking_message(server.memory.mailer.mails_to("host")[0], ORIGIN).content


async def test_the_link_in_a_mail_from_support_stops_all_mails_too(server: Server) -> None:
    asks = SupportMessage(ANA, "", "Nothing happens.")
    await server.memory.app.ask_support(asks, A_NETWORK)
    await server.memory.work_off()
    [token] = {mail.unsubscribe for mail in server.memory.mailer.support if mail.to == ANA}

    assert 200 == (await server.client().post(f"/unsubscribe/{token}", data=ONE_CLICK)).status_code
    await books(server)
    await server.memory.app.ask_support(asks, A_NETWORK)
    await server.memory.work_off()

    assert ([], 1) == (to_ana(server), len([mail for mail in server.memory.mailer.support if mail.to == ANA]))


async def test_looking_at_the_page_stops_nothing(server: Server) -> None:
    booking = await books(server)

    visitor = await Visitor(server).opens(path_of(server, booking))
    await books(server, days=1)

    assert "Stop all emails" in visitor.text
    assert 2 == len(to_ana(server))


async def test_after_one_click_nothing_leaves_any_more(server: Server) -> None:
    host = await server.memory.host(password=PASSWORD)
    booking, app = await books(server, host=host, days=3), server.memory.app
    before, by_host = len(to_ana(server)), await server.memory.by_host(booking.id)

    await stops(server, booking)
    await app.reschedule(by_host, booking.slot.start + HALF_AN_HOUR)
    await server.memory.work_off()
    await app.resend(by_host)
    await server.memory.work_off()
    server.memory.clock.set(booking.slot.start - A_DAY + HALF_AN_HOUR)
    await server.memory.work_off()
    await app.cancel(by_host, "")
    await server.memory.work_off()
    await books(server, email="ANA+tag@guests.example", days=3)

    assert before == len(to_ana(server))
    view = await app.show_booking(HostActor(host.id), booking.id)
    problems = [each.event.problem for each in view.timeline if isinstance(each.event, MailRefused | ReminderRefused)]
    assert {MailsStopped()} == set(problems)
    assert any(isinstance(each.event, ReminderRefused) for each in view.timeline)


async def test_the_host_reads_that_the_guest_gets_no_mails(server: Server) -> None:
    host = await server.memory.host(password=PASSWORD)
    await stops(server, await books(server, host=host))
    booking = await books(server, host=host, days=1)
    visitor = await Visitor(server).signs_in(host)

    await visitor.opens(f"/bookings/{booking.id}")

    assert "Ana Brito has stopped all emails from this server" in visitor.text
    assert "couldn’t deliver" not in visitor.text


async def test_the_same_page_is_the_way_back(server: Server) -> None:
    booking = await books(server)
    visitor = await Visitor(server).sends(path_of(server, booking))
    assert ["We won’t send any more emails to the address that got this link."] == visitor.said

    visitor.answer = await visitor.client.post(path_of(server, booking), data={"emails": "allow"})

    assert "Stop all emails" in visitor.text
    await books(server, days=1)
    assert 2 == len(to_ana(server))


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"origin": "https://mail.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site", "origin": "https://mail.example"},
    ],
)
async def test_mail_programs_may_send_the_click_from_anywhere(server: Server, headers: dict[str, str]) -> None:
    booking = await books(server)

    answer = await server.client().post(path_of(server, booking), data=ONE_CLICK, headers=headers)

    assert 200 == answer.status_code
    assert "set-cookie" not in answer.headers
    await books(server, days=1)
    assert 1 == len(to_ana(server))


async def test_another_site_allows_nothing_again(server: Server) -> None:
    booking = await books(server)
    await stops(server, booking)

    await server.client().post(
        path_of(server, booking), data={"emails": "allow"}, headers={"sec-fetch-site": "cross-site"}
    )

    await books(server, days=1)
    assert 1 == len(to_ana(server))


async def test_a_link_is_good_for_nothing_else_and_nothing_else_for_it(server: Server) -> None:
    booking = await books(server)
    client = server.client()

    for token in (booking.token, "nobody"):
        assert 404 == (await client.get(f"/unsubscribe/{token}")).status_code
        assert 404 == (await client.post(f"/unsubscribe/{token}", data=ONE_CLICK)).status_code
    assert 404 == (await client.get(path_of(server, booking).replace("/unsubscribe/", "/b/"))).status_code
    await books(server, days=1)
    assert 2 == len(to_ana(server))


def test_a_link_tells_neither_the_booking_nor_its_key() -> None:
    booking_id = BookingId("018f0000000070008000000000000001")

    token = KeyedMailedTokens(b"one key").of(booking_id)

    assert re.fullmatch(r"[0-9a-f]{64}", token)
    assert token == KeyedMailedTokens(b"one key").of(booking_id)
    assert token != KeyedMailedTokens(b"another").of(booking_id)


async def test_clicks_are_counted(server: Server) -> None:
    booking, client = await books(server), server.client()

    answers = [(await client.post(path_of(server, booking), data=ONE_CLICK)).status_code for _ in range(61)]

    assert [200] * 60 + [429] == answers


async def test_nobody_can_have_a_stopped_address_mailed_by_typing_it(server: Server) -> None:
    await stops(server, await books(server))
    app, sent = server.memory.app, server.memory.mailer.sent
    before = len(sent)

    await app.sign_up(NewHost(ANA, "Mallory", "mallory", "UTC", "a long enough passphrase"))
    await app.ask_for_mail("reset", ANA)
    await app.ask_support(SupportMessage(ANA, "", "Hello"), "203.0.113.9")
    await server.memory.work_off()

    assert [] == [mail for mail in sent[before:] if _reaches_ana(mail)]


def _reaches_ana(mail: Any) -> bool:
    return getattr(mail, "to", None) == ANA or (isinstance(mail, Notice) and mail.to.email == ANA)


async def test_a_host_who_has_stopped_mails_as_a_guest_still_hears_of_the_own_account(server: Server) -> None:
    host = await server.memory.host(a_host(email=ANA), password=PASSWORD)
    await stops(server, await books(server))

    await server.memory.app.ask_for_mail("reset", ANA)
    await server.memory.work_off()

    assert host.email == server.memory.mailer.notices[-1].to.email


async def test_who_books_with_another_persons_address_cant_stop_their_mails(server: Server) -> None:
    # The stranger knows the booking and the guest's link, and reads no mail of Ana's.
    booking = await books(server)
    [mail] = to_ana(server)
    known = [booking.id, token_of(booking)]
    derived = [
        urlsafe_b64encode(sha256(f"{before}{each}".encode()).digest()).decode().rstrip("=")
        for each in known
        for before in ("", "unsubscribe ", "unsubscribe")
    ]

    answers = [await server.client().post(f"/unsubscribe/{each}", data=ONE_CLICK) for each in (*known, *derived)]

    assert {404} == {each.status_code for each in answers}
    assert (await server.client().get(f"/b/{token_of(booking)}")).text.count("/unsubscribe/") == 0
    assert "/unsubscribe/" in read(mail).text
