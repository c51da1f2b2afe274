"""What guest and host see of a booking: both pages, the list, both mails and both calendar files."""

from typing import Any

from adapters.presentation.sentences.fallbacks import fallback_reason
from adapters.presentation.sentences.meeting_types import asked_for, label, will_be
from adapters.presentation.sentences.provider_problems import for_host
from domain.booking import Booking
from domain.booking_page import BookingPage
from domain.conference import DelayAnnounced, Failed, NoConference, Pending, Ready
from domain.events import PARTIES
from domain.meeting_type import name_of
from tests.application.failures import Setting
from tests.application.provider_world import THURSDAY_AT_TEN, ProviderWorld
from tests.support.serving import Server
from tests.support.visiting import Fields, Visitor

AnyWorld = ProviderWorld[Any]


async def meets_as_asked_for(world: AnyWorld, booking: Booking, revision: int) -> None:
    now = await world.now(booking)
    assert isinstance(now.conference, Ready)
    link = now.conference.join_url
    asked = world.asks_for
    assert (asked, asked, None, revision) == (now.requested, name_of(now.meeting_type), now.fallback, now.revision)
    guest, host, listed = await _pages(world, booking)
    for page in (guest, host, listed):
        assert f'href="{link}"' in page.html
    assert "Action needed" not in host.text
    for party in PARTIES:
        mails = world.mails(booking, party)
        assert revision + 1 == len(mails)
        assert link in mails[-1].text
        assert "Action needed" not in mails[-1].subject
        assert mails[-1].subject.startswith("Link added" if revision else "Confirmed")
        assert _invites(mails[-1].ics, revision)
        assert f"LOCATION:{link}" in mails[-1].ics


async def meets_in_another_way(world: AnyWorld, booking: Booking, setting: Setting, revision: int) -> None:
    now = await world.now(booking)
    assert setting.falls_back_to is not None
    used = name_of(setting.falls_back_to)
    assert NoConference() == now.conference
    assert (world.asks_for, used, revision) == (now.requested, name_of(now.meeting_type), now.revision)
    assert now.fallback
    why = fallback_reason(now.fallback)
    guest, host, listed = await _pages(world, booking)
    for page, reader in zip((guest, host), PARTIES, strict=True):
        assert f"{asked_for(now.requested, 'Ana Brito', reader)} {will_be(used)}" in page.text
        assert why in page.text
    for page in (guest, host, listed):
        assert label(used) in page.text
        assert setting.place in page.text
    assert "Action needed" not in host.text
    assert f"Fell back from {world.about.product}" in listed.text
    for party in PARTIES:
        mail = world.mails(booking, party)[-1]
        assert revision + 1 == len(world.mails(booking, party))
        assert f"{asked_for(now.requested, 'Ana Brito', party)} {will_be(used)}" in mail.text
        assert why.split()[0] in mail.text
        assert setting.place in mail.text
        assert _invites(mail.ics, revision)
        assert setting.place in mail.ics
        assert "Join:" not in mail.ics


async def the_host_has_to_act(world: AnyWorld, booking: Booking, revision: int = 0) -> None:
    now = await world.now(booking)
    assert isinstance(now.conference, Failed)
    assert ("confirmed", world.asks_for, revision) == (now.status, name_of(now.meeting_type), now.revision)
    reason = for_host(now.conference.failure.problem)
    guest, host, listed = await _pages(world, booking)
    assert "Hanne Höst will send the link" in guest.text
    assert reason not in guest.text
    assert "Action needed: no join link" in listed.text
    for words in ("Action needed: no join link", reason, "Ana Brito", "Thursday, 5 March 2026, 11:00"):
        assert words in host.text
    for way_out in ("Open Connected providers", "Try again", "Add join link", "Use another meeting type"):
        assert way_out in host.text
    to_guest, to_host = world.mails(booking, "guest")[-1], world.mails(booking, "host")[-1]
    assert "Hanne Höst will send the link." in to_guest.text
    assert to_host.subject.startswith("Action needed")
    for words in (reason, "Ana Brito", "Thursday, 5 March 2026, 11:00", "Central European Time – Berlin"):
        assert words in to_host.text
    for way_out in ("reconnect", "try again", "add a link", "switch to another"):
        assert way_out in to_host.text
    for mail in (to_guest, to_host):
        assert _invites(mail.ics, revision)
        assert "LOCATION:Online" in mail.ics
        assert "Join:" not in mail.ics
    attention = await world.memory.ports.views.bookings(
        world.host.id, "needs_attention", now=world.memory.clock(), cursor=None, limit=9
    )
    assert [booking.id] == [each.booking.id for each in attention.items]


async def the_link_follows(world: AnyWorld, booking: Booking, *, daily: bool) -> None:
    now = await world.now(booking)
    assert isinstance(now.conference, Pending)
    assert now.conference.failure is not None
    assert 0 == now.revision
    guest, host, listed = await _pages(world, booking)
    assert "We’ll email the link." in guest.text
    assert for_host(now.conference.failure.problem) in host.text
    assert daily == ("00:00 UTC" in host.text)
    for page in (host, listed):
        assert "No join link yet. We’re trying again" in page.text
    assert "Action needed" not in host.text
    [to_guest], [to_host] = world.mails(booking, "guest"), world.mails(booking, "host")
    assert "The link follows by email" in to_guest.text
    assert isinstance(now.conference.announced, DelayAnnounced)
    assert for_host(now.conference.announced.failure.problem) in to_host.text
    assert daily == ("00:00 UTC" in to_host.text)
    for mail in (to_guest, to_host):
        assert mail.subject.startswith("Confirmed")
        assert _invites(mail.ics, 0)
        assert "LOCATION:Online" in mail.ics
        assert "The link follows by email." in mail.ics


async def nothing_was_booked(world: AnyWorld, page: BookingPage, *, takes_bookings: bool) -> None:
    """Nothing is stored, the host was told once, and the page says so from now on."""
    ports = world.memory.ports
    upcoming = await ports.views.bookings(world.host.id, "upcoming", now=ports.clock(), cursor=None, limit=9)
    assert 1 == len(upcoming.items)
    assert 1 == len([each for each in world.memory.mailer.notices if each.id.startswith("refusal")])
    guest = Visitor(Server(world.memory))
    path = f"/{world.host.handle}/{page.slug}"
    await guest.opens(path)
    assert takes_bookings == ("not taking bookings" not in guest.text)
    if takes_bookings:
        await _is_refused_with_the_form_kept(world, guest, f"{path}/{page.event_types[0].slug}")


async def _is_refused_with_the_form_kept(world: AnyWorld, guest: Visitor, path: str) -> None:
    """Somebody had the form open while the provider could still be chosen."""
    start = f"{THURSDAY_AT_TEN:%Y-%m-%dT%H:%M:%SZ}"
    form = f"{path}?start={start}&timezone=America/Sao_Paulo"
    await guest.opens(form)
    fields: Fields = {
        "name": "Ana Brito",
        "email": "ana@guests.example",
        "meeting_type": world.asks_for,
        "start": start,
        "timezone": "America/Sao_Paulo",
        "key": guest.value("key"),
    }
    await guest.sends(path, fields, page=form)
    assert ("Ana Brito", "ana@guests.example", start) == tuple(map(guest.value, ("name", "email", "start")))
    assert "Phone call" in guest.text
    assert "You’re booked" not in guest.text


async def _pages(world: AnyWorld, booking: Booking) -> tuple[Visitor, Visitor, Visitor]:
    """The booking's page as its guest sees it, the one that its host sees, and the host's list."""
    server = Server(world.memory)
    guest = await Visitor(server).opens(f"/b/{booking.token}")
    host = await (await Visitor(server).signs_in(world.host)).opens(f"/bookings/{booking.id}")
    listed = Visitor(server)
    listed.client = host.client
    return guest, host, await listed.opens("/bookings")


def _invites(ics: str, revision: int) -> bool:
    return "METHOD:REQUEST" in ics and f"SEQUENCE:{revision}\r\n" in ics and "STATUS:CONFIRMED" in ics
