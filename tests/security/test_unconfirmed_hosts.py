"""Until a host has confirmed their address, their pages take no bookings: nobody is mailed through them."""

from datetime import timedelta

import httpx
import pytest

from application.accounts.api_tokens import NewApiToken
from application.accounts.profile import ProfileEdit
from application.actor import HostActor
from application.decisions import apply_to_connection
from application.ports.account_storage import MailToken
from application.ports.notices import (
    AccountDeletedNotice,
    ApiTokenMade,
    ConnectionRemoved,
    EmailChangeAsked,
    PasswordChangedNotice,
)
from domain.booking_page import BookingPage
from domain.host import Host
from tests.support.builders import NOW, a_host, a_page, an_event_type, at_the_harbour
from tests.support.serving import API, Server, a_request, problem
from tests.support.visiting import PASSWORD, Visitor


@pytest.fixture
async def host(server: Server) -> Host:
    return await server.memory.host(a_host(email="hanne@hosts.example"), password=PASSWORD, confirmed=False)


@pytest.fixture
async def page(server: Server, host: Host) -> BookingPage:
    return await server.memory.page(a_page(host, meeting_types=(at_the_harbour,)))


async def books(server: Server, host: Host, page: BookingPage) -> httpx.Response:
    path = f"{API}/public/{host.handle}/{page.slug}/{page.event_types[0].slug}/bookings"
    return await server.client().post(path, json=a_request(meeting_type="in_person"))


async def is_open(server: Server, host: Host, page: BookingPage) -> bool:
    return (await server.client().get(f"{API}/public/{host.handle}/{page.slug}")).json()["accepting_bookings"]


async def confirms(server: Server, host: Host, email: str, *, signed_in: bool = False) -> None:
    async with server.memory.store.begin() as uow:
        uow.mail_tokens.remember("the-mailed-token", MailToken(host.id, "confirm", email, NOW + timedelta(days=1)))
    await server.memory.app.confirm_email("the-mailed-token", HostActor(host.id) if signed_in else None)


async def test_a_page_takes_no_bookings_until_its_host_has_confirmed_the_address(
    server: Server, host: Host, page: BookingPage
) -> None:
    refused = await books(server, host, page)

    assert "no-meeting-type-available" == problem(refused)
    assert "hasn’t confirmed" in refused.json()["detail"]
    assert not await is_open(server, host, page)

    await confirms(server, host, host.email)

    assert await is_open(server, host, page)
    assert 201 == (await books(server, host, page)).status_code


async def test_a_refused_booking_mails_nobody(server: Server, host: Host, page: BookingPage) -> None:
    await books(server, host, page)
    await server.memory.work_off()

    assert [] == server.memory.mailer.sent


@pytest.mark.parametrize("confirmed", [True, False])
async def test_only_a_confirmed_address_hears_what_is_done_with_the_account(server: Server, *, confirmed: bool) -> None:
    # Whoever signs up with a stranger's address could change the password all night.
    victim, memory = a_host(email="victim@elsewhere.example"), server.memory
    host = await memory.host(victim, password=PASSWORD, confirmed=confirmed)
    await memory.connect(host)

    await memory.app.issue_api_token(HostActor(host.id), NewApiToken("A token", ("*",)), PASSWORD)
    await memory.app.edit_profile(HostActor(host.id), ProfileEdit(email="another@elsewhere.example"))
    await memory.app.change_password(HostActor(host.id), PASSWORD, "a new passphrase")
    async with memory.store.begin() as uow:
        connection = await uow.connections.lock(host.id, "zoom")
        assert connection
        await apply_to_connection(uow, connection.was_revoked(memory.clock()))
    await memory.work_off()
    await memory.app.delete_account(HostActor(host.id), host.handle, "a new passphrase", cancel_bookings=True)
    await memory.work_off()

    told = [type(each.about) for each in memory.mailer.notices if each.to.email == victim.email]
    everything = {ApiTokenMade, EmailChangeAsked, PasswordChangedNotice, ConnectionRemoved, AccountDeletedNotice}
    assert (everything if confirmed else set()) == set(told)


async def test_guests_read_that_the_page_is_not_taking_bookings(server: Server, host: Host, page: BookingPage) -> None:
    several = await server.memory.page(
        a_page(host, an_event_type(), an_event_type(slug="other"), meeting_types=(at_the_harbour,))
    )
    visitor = Visitor(server)

    for path in (f"/{host.handle}/{page.slug}", f"/{host.handle}/{several.slug}"):
        assert "not taking bookings" in (await visitor.opens(path)).text
        assert [] == visitor.starts
    assert 404 == (await visitor.opens(f"/{host.handle}")).status


async def test_the_host_reads_why_on_the_dashboard_and_in_the_editor(
    server: Server, host: Host, page: BookingPage
) -> None:
    visitor = await Visitor(server).signs_in(host)

    for path in ("/dashboard", f"/pages/{page.id}/edit"):
        await visitor.opens(path)
        assert "Your pages aren’t taking bookings yet" in visitor.text
        assert 'action="/settings/email/confirmation"' in visitor.html
    assert "Taking bookings" not in (await visitor.opens("/dashboard")).text


async def test_why_a_time_is_not_offered_names_the_address(server: Server, host: Host, page: BookingPage) -> None:
    client = await server.host_client(host)
    path = f"{API}/booking-pages/{page.id}/event-types/{page.event_types[0].id}/why"

    told = (await client.get(path, params={"start": "2026-03-03T10:00:00Z"})).json()

    assert ["no-meeting-type"] == [each["code"] for each in told["reasons"]]
    assert "Confirm your email address" in told["reasons"][0]["message"]


async def test_a_new_address_that_is_not_confirmed_yet_closes_nothing(server: Server, page: BookingPage) -> None:
    host = await server.memory.host(password=PASSWORD)
    page = await server.memory.page(a_page(host, meeting_types=(at_the_harbour,)))

    await server.memory.app.change_email(HostActor(host.id), "new@hosts.example", PASSWORD)
    assert await is_open(server, host, page)

    await confirms(server, host, "new@hosts.example", signed_in=True)
    assert await is_open(server, host, page)
