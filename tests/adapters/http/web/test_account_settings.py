"""Settings: profile, email address, password, API tokens, and one's data."""

import re
from datetime import timedelta

import msgspec

from adapters.http.api.data_file import DataFile
from application.accounts.export_data import AccountData
from application.actor import HostActor
from domain.budgets import SIGN_IN_FAILURES
from domain.conference import Failure
from domain.events import MeetingGivenUp
from domain.fallback import MeetingFailed
from domain.provider_problem import MeetingsNotAllowed
from tests.support.builders import NOW, a_booking, a_host, a_page, an_event_type, at_the_harbour
from tests.support.read_mail import path_in
from tests.support.serving import API, Server
from tests.support.visiting import PASSWORD, Fields, Visitor, a_signed_in_host

ANOTHER = "battery staple"
TABS = ("Connected providers", "Profile", "Password", "API tokens", "Your data")


async def path_in_last_mail(server: Server) -> str:
    await server.memory.work_off()
    return path_in(server.memory.mailer.notices[-1])


async def test_every_page_of_the_settings_leads_to_the_others(server: Server) -> None:
    _, visitor = await a_signed_in_host(server)

    for path in ("providers", "profile", "password", "api-tokens", "data"):
        await visitor.opens(f"/settings/{path}")
        tabs = re.search(r'<nav class="tabs".*?</nav>', visitor.html, flags=re.DOTALL)
        assert tabs
        assert all(each in tabs[0] for each in TABS)
        assert f'href="/settings/{path}" aria-current="page"' in tabs[0]


async def test_a_profile_is_changed_and_wrong_input_is_kept(server: Server) -> None:
    _, visitor = await a_signed_in_host(server)
    typed: Fields = {"name": "Hanne", "handle": "hanne", "timezone": "Asia/Kathmandu"}

    await visitor.sends("/settings/profile", typed)
    await visitor.follows()
    assert ["Saved."] == visitor.said
    assert "hanne" == visitor.value("handle")
    assert re.search(r'<option value="Asia/Kathmandu"[^>]* selected>', visitor.html)

    await visitor.sends("/settings/profile", {**typed, "handle": "Not a handle"})
    assert 400 == visitor.status
    assert "Not a handle" == visitor.value("handle")


async def test_pages_are_found_under_a_former_handle(server: Server) -> None:
    host, visitor = await a_signed_in_host(server, a_host(handle="before"))
    page = await server.memory.page(a_page(host, slug="intro"))
    typed: Fields = {"name": "Hanne", "handle": "after", "timezone": "UTC"}
    await visitor.sends("/settings/profile", typed)

    guest = await Visitor(server).opens("/before/intro?timezone=Asia%2FTokyo")
    other = await Visitor(server).opens(f"/before/intro/{page.event_types[0].slug}")

    assert "/after/intro?timezone=Asia%2FTokyo" == guest.location
    assert f"/after/intro/{page.event_types[0].slug}" == other.location
    assert 200 == (await guest.opens(guest.location)).status
    assert 404 == (await Visitor(server).opens("/nobody/intro")).status


async def test_pages_and_event_types_are_found_under_their_former_addresses(server: Server) -> None:
    host, visitor = await a_signed_in_host(server)
    page = await server.memory.page(a_page(host, an_event_type(slug="call"), slug="intro"))
    program, pages = await server.host_client(host), f"{API}/booking-pages/{page.id}"
    await program.patch(pages, json={"slug": "hello"})
    await program.patch(f"{pages}/event-types/{page.event_types[0].id}", json={"slug": "talk"})
    home = f"/{host.handle}"

    places = [
        (await visitor.opens(f"{home}{path}")).location
        for path in ("/intro?timezone=UTC", "/intro/call", "/hello/call", "/INTRO/talk")
    ]
    assert [f"{home}{path}" for path in ("/hello?timezone=UTC", *["/hello/talk"] * 3)] == places
    assert 404 == (await visitor.opens(f"{home}/hello/nothing")).status
    slots = "slots?from=2026-03-03&to=2026-03-03&timezone=UTC"
    call = await server.client().get(f"{API}/public{home}/intro/call/{slots}")
    assert (308, f"{API}/public{home}/hello/talk/{slots}") == (call.status_code, call.headers["location"])


async def test_calls_under_a_former_handle_are_sent_on_as_they_are(server: Server) -> None:
    host = await server.memory.host(a_host(handle="before"))
    page = await server.memory.page(a_page(host, slug="intro"))
    await (await server.host_client(host)).patch(f"{API}/me", json={"handle": "after"})
    booked = f"intro/{page.event_types[0].slug}/bookings"
    slots = f"intro/{page.event_types[0].slug}/slots?from=2026-03-03&to=2026-03-03&timezone=UTC"

    client = server.client()
    answers = [
        await client.get(f"{API}/public/before/intro"),
        await client.get(f"{API}/public/before/{slots}"),
        await client.post(f"{API}/public/before/{booked}", json={}),
    ]

    assert [308, 308, 308] == [each.status_code for each in answers]
    assert [f"{API}/public/after/{path}" for path in ("intro", slots, booked)] == [
        each.headers["location"] for each in answers
    ]
    assert 404 == (await client.get(f"{API}/public/nobody/intro")).status_code


async def test_who_signed_up_is_asked_to_confirm_until_they_have(server: Server) -> None:
    fields: Fields = {"name": "Ana", "email": "ana@hosts.example", "password": PASSWORD, "handle": "ana"}
    visitor = await Visitor(server).sends("/signup", {**fields, "timezone": "UTC"})
    link = await path_in_last_mail(server)

    await visitor.opens("/dashboard")
    assert "Your pages aren’t taking bookings yet" in visitor.text
    await visitor.sends("/settings/email/confirmation", page="/dashboard")
    await visitor.follows()
    assert ["We’ve resent the email."] == [each.partition(" Check")[0] for each in visitor.said]
    await visitor.opens(link)
    assert "Sign in" not in visitor.text
    await visitor.sends(link)
    await visitor.follows()

    assert "Create your first booking page" in visitor.text
    assert ["Your email address is confirmed."] == visitor.said
    assert "aren’t taking bookings yet" not in visitor.text


async def test_an_address_is_changed_by_its_owner_alone(server: Server) -> None:
    host, visitor = await a_signed_in_host(server)
    new: Fields = {"email": "new@hosts.example", "password": "wrong"}

    await visitor.sends("/settings/email", new, page="/settings/profile")
    assert 400 == visitor.status
    assert "This is not your password" in visitor.text
    assert "new@hosts.example" == visitor.value("email")
    await visitor.sends("/settings/email", {**new, "password": PASSWORD}, page="/settings/profile")
    await visitor.follows()
    assert ["We’ve emailed the new address. It changes once you confirm it there."] == visitor.said
    assert host.email in visitor.text

    await visitor.sends(await path_in_last_mail(server))
    await visitor.follows()
    assert "new@hosts.example" in visitor.text


async def test_a_new_password_ends_every_other_session_and_keeps_this_one(server: Server) -> None:
    host, visitor = await a_signed_in_host(server)
    elsewhere = await Visitor(server).signs_in(host)
    stolen = Visitor(server)
    stolen.client.cookies.update(dict(visitor.client.cookies))

    await visitor.sends("/settings/password", {"current_password": PASSWORD, "password": ANOTHER})
    await visitor.follows()

    assert ["Your new password is set. You were signed out everywhere else."] == visitor.said
    for other in (elsewhere, stolen):
        assert "/signin?next=%2Fdashboard" == (await other.opens("/dashboard")).location


async def test_all_api_tokens_are_revoked_with_a_new_password_where_the_box_is_ticked(server: Server) -> None:
    host, visitor = await a_signed_in_host(server)
    token = await server.memory.token_of(host)
    new: Fields = {"current_password": PASSWORD, "password": "short", "revoke_tokens": "yes"}

    await visitor.sends("/settings/password", new)
    assert 'name="revoke_tokens" value="yes" checked' in visitor.html
    await visitor.sends("/settings/password", {**new, "password": ANOTHER})
    await visitor.follows()

    assert [
        (
            "Your new password is set. You were signed out everywhere else, all your API tokens are revoked, and your "
            "webhooks are paused."
        )
    ] == visitor.said
    assert 401 == (await server.client(token).get(f"{API}/me")).status_code


async def test_a_forgotten_password_is_set_together_with_revoking_all_api_tokens(server: Server) -> None:
    host = await server.memory.host(password=PASSWORD)
    tokens = [await server.memory.token_of(host)]
    visitor = await Visitor(server).sends("/forgot", {"email": host.email})

    await visitor.sends(await path_in_last_mail(server), {"password": ANOTHER, "revoke_tokens": "yes"})

    assert "/signin?done=reset" == visitor.location
    assert [401] == [(await server.client(each).get(f"{API}/me")).status_code for each in tokens]


async def test_another_address_counts_once_its_host_is_signed_in(server: Server) -> None:
    host, visitor = await a_signed_in_host(server)
    _, stranger = await a_signed_in_host(server)
    await (await server.host_client(host)).patch(f"{API}/me", json={"email": "new@hosts.example"})
    link = await path_in_last_mail(server)

    nobody = await Visitor(server).sends(link)
    await stranger.sends(link)
    await visitor.sends(link)
    await visitor.follows()

    assert f"/signin?next={link}" == nobody.location
    assert (404, True) == (stranger.status, "Sign in to the account" in stranger.text)
    assert ["Your email address is confirmed."] == visitor.said


async def test_a_wrong_current_password_changes_nothing_and_says_how_long_to_wait(server: Server) -> None:
    _, visitor = await a_signed_in_host(server)
    wrong: Fields = {"current_password": "wrong", "password": ANOTHER}

    for _ in range(SIGN_IN_FAILURES.most):
        await visitor.sends("/settings/password", wrong)
        assert 400 == visitor.status
    await visitor.sends("/settings/password", wrong)

    assert 429 == visitor.status
    assert "Try again in 15 minutes." in visitor.text


async def test_signing_out_everywhere_ends_every_session(server: Server) -> None:
    host, visitor = await a_signed_in_host(server)
    elsewhere = await Visitor(server).signs_in(host)

    await visitor.sends("/settings/sign-out-everywhere", page="/settings/password")
    await visitor.follows()

    assert ["You’re signed out on all your devices. API tokens still work."] == visitor.said
    for each in (visitor, elsewhere):
        assert "/signin?next=%2Fdashboard" == (await each.opens("/dashboard")).location


async def test_an_api_token_is_shown_once_works_and_is_revoked(server: Server) -> None:
    _, visitor = await a_signed_in_host(server)

    await visitor.sends("/settings/api-tokens", {"name": "Backup <script>", "scopes": "*", "password": PASSWORD})
    await visitor.follows()
    token = re.search(r"<code>([^<]+)</code>", visitor.html)
    assert token
    assert "Backup <script>" in visitor.text
    assert "Created on Monday, 2 March 2026, " in visitor.text
    assert 200 == (await server.client(token[1]).get(f"{API}/me")).status_code

    await visitor.opens("/settings/api-tokens")
    assert token[1] not in visitor.html
    assert "last used on Monday, 2 March 2026" in visitor.text
    [revoke] = re.findall(r'action="(/settings/api-tokens/[^"]+/revoke)"', visitor.html)
    await visitor.sends(revoke, page="/settings/api-tokens")
    await visitor.follows()

    assert ["Token revoked. It no longer works."] == visitor.said
    assert 401 == (await server.client(token[1]).get(f"{API}/me")).status_code


async def test_a_new_api_token_is_kept_for_a_minute_by_a_cookie_of_its_page_alone(server: Server) -> None:
    _, visitor = await a_signed_in_host(server)

    await visitor.sends("/settings/api-tokens", {"name": "Backup", "scopes": "*", "password": PASSWORD})
    kept = visitor.answer.headers["set-cookie"]
    await visitor.follows()
    shown = "Copy your new token now" in visitor.text
    gone = visitor.answer.headers["set-cookie"]
    await visitor.opens("/settings/api-tokens")

    assert all(each in kept for each in ("timetuna_new_token=", "HttpOnly", "Max-Age=60", "Path=/settings/api-tokens"))
    assert (True, False) == (shown, "Copy your new token now" in visitor.text)
    assert "Max-Age=0" in gone
    assert 1 == visitor.html.count("/revoke")


async def test_a_planted_cookie_shows_nobody_a_strangers_token(server: Server) -> None:
    _, stranger = await a_signed_in_host(server)
    _, visitor = await a_signed_in_host(server)
    await stranger.sends("/settings/api-tokens", {"name": "Trap", "scopes": "*", "password": PASSWORD})
    planted = stranger.client.cookies["timetuna_new_token"]

    for value in (planted, "trap.", ".", "trap", "trap.zz"):
        visitor.client.cookies.set("timetuna_new_token", value)
        await visitor.opens("/settings/api-tokens")
        assert 200 == visitor.status
        assert "Copy your new token now" not in visitor.text


async def test_another_hosts_api_token_cannot_be_revoked(server: Server) -> None:
    other, _ = await a_signed_in_host(server)
    token = await server.memory.token_of(other)
    [told] = await server.memory.app.list_api_tokens(HostActor(other.id))
    _, visitor = await a_signed_in_host(server)

    await visitor.sends(f"/settings/api-tokens/{told.id}/revoke", page="/settings/api-tokens")

    assert 404 == visitor.status
    assert 200 == (await server.client(token).get(f"{API}/me")).status_code


async def test_a_host_takes_everything_along_but_the_keys(server: Server) -> None:
    host, visitor = await a_signed_in_host(server)
    await server.memory.connect(host)
    page = await server.memory.page(a_page(host, title="Talk to me"))
    upcoming = a_booking(page)
    past = msgspec.structs.replace(upcoming.slot, start=upcoming.slot.start - timedelta(days=7))
    past = msgspec.structs.replace(past, end=upcoming.slot.end - timedelta(days=7))
    gone = msgspec.structs.replace(a_booking(page), slot=past)
    async with server.memory.store.begin() as uow:
        uow.bookings.add(upcoming)
        uow.bookings.add(gone)
    token = await server.memory.token_of(host)
    stranger = await server.memory.page(a_page(await server.memory.host(), title="Not mine"))

    await visitor.opens("/settings/data")
    await visitor.opens("/settings/data/timetuna.json")
    told = visitor.answer.json()

    assert f'attachment; filename="timetuna-{host.handle}.json"' == visitor.answer.headers["content-disposition"]
    assert "application/json" == visitor.answer.headers["content-type"].partition(";")[0]
    assert (host.email, host.handle) == (told["account"]["email"], told["account"]["handle"])
    assert ["Talk to me"] == [each["title"] for each in told["booking_pages"]]
    assert {upcoming.id, gone.id} == {each["id"] for each in told["bookings"]}
    assert ["zoom"] == [each["provider"] for each in told["connections"]]
    assert ["test"] == [each["name"] for each in told["api_tokens"]]
    for secret in (token, visitor.client.cookies["timetuna_session"], "access_token", "password_hash", stranger.title):
        assert secret not in visitor.html


def test_the_data_file_leaves_nothing_of_the_data_out() -> None:
    renamed = {"pages": "booking_pages"}

    assert {renamed.get(each, each) for each in AccountData.__struct_fields__} == {*DataFile.__struct_fields__}


async def test_the_data_file_tells_of_single_use_links_without_their_secrets(server: Server) -> None:
    host, visitor = await a_signed_in_host(server)
    page = await server.memory.page(a_page(host))
    made = await server.memory.app.make_booking_link(HostActor(host.id), page.id, 3, None)

    await visitor.opens("/settings/data/timetuna.json")

    [told] = visitor.answer.json()["booking_links"]
    assert (3, 0) == (told["link"]["uses"], told["used"])
    assert made.path.partition("link=")[2] not in visitor.html


async def test_the_data_file_tells_of_a_booking_in_facts(server: Server) -> None:
    host, visitor = await a_signed_in_host(server)
    page = await server.memory.page(a_page(host))
    failure = Failure("not-permitted", MeetingsNotAllowed("zoom"))
    booking = msgspec.structs.replace(
        a_booking(page, meeting_type=at_the_harbour), requested="zoom", fallback=MeetingFailed(failure)
    )
    given_up = MeetingGivenUp(booking_id=booking.id, at=NOW, failure=failure, announced_before=False, left_behind=False)
    async with server.memory.store.begin() as uow:
        uow.bookings.add(booking, given_up)

    await visitor.opens("/settings/data/timetuna.json")
    [told] = visitor.answer.json()["bookings"]

    facts = {"type": "not-permitted", "problem": {"type": "meetings-not-allowed", "provider": "zoom"}}
    assert {"why": "meeting_failed", "failure": facts} == told["fallback"]
    assert {"type": "in_person", "address": at_the_harbour.address} == told["meeting_type"]
    assert ("meeting_given_up", facts) == (told["timeline"][0]["what"], told["timeline"][0]["failure"])


async def test_an_account_is_deleted_with_password_handle_and_consent(server: Server) -> None:
    host, visitor = await a_signed_in_host(server, a_host(handle="hanne"))
    page = await server.memory.page(a_page(host, slug="intro"))
    async with server.memory.store.begin() as uow:
        uow.bookings.add(a_booking(page))
    sure: Fields = {"handle": "hanne", "password": PASSWORD, "cancel_bookings": "yes"}

    for slip in ({"handle": "hannah"}, {"password": "wrong"}, {"cancel_bookings": ""}):
        await visitor.sends("/settings/data/delete", {**sure, **slip}, page="/settings/data")
        assert 400 == visitor.status
        assert PASSWORD not in visitor.html
    await visitor.sends("/settings/data/delete", sure, page="/settings/data")
    await visitor.follows()

    assert "Your account is being deleted." in visitor.said[0]
    assert "/signin?next=%2Fdashboard" == (await visitor.opens("/dashboard")).location
    assert 404 == (await visitor.opens("/hanne/intro")).status


async def test_somebody_elses_settings_are_out_of_reach(server: Server) -> None:
    for path in ("profile", "password", "api-tokens", "data", "data/timetuna.json"):
        visitor = await Visitor(server).opens(f"/settings/{path}")
        assert visitor.location.startswith("/signin?next=")
