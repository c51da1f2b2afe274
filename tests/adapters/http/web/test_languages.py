"""Everybody gets pages and mails in their own language."""

import pytest

from adapters.http.languages import accepted
from domain.ids import GuestToken
from tests.support.serving import TUESDAY_AT_TEN, Server, a_request, an_open_page
from tests.support.visiting import Fields, Visitor, a_signed_in_host

PUBLIC = "/api/v1/public"


def a_german(server: Server) -> Visitor:
    visitor = Visitor(server)
    visitor.client.headers["accept-language"] = "fr-CH, de-AT;q=0.9, en;q=0.8"
    return visitor


async def language_of_the_guest(server: Server, token: str) -> str:
    """As it is stored with the booking."""
    view = await server.memory.ports.views.booking_for(GuestToken(token))
    assert view is not None
    return view.booking.contact.language


@pytest.mark.parametrize(
    ("header", "tags"),
    [
        ("de", ["de"]),
        ("en;q=0.5, de", ["de", "en"]),
        ("de-AT,de;q=0.9,en;q=0.8", ["de-AT", "de", "en"]),
        ("fr;q=0, de;q=0.1", ["de"]),
        ("", []),
        (";;;, q=1;q=x, de;q=nan", []),
        ("," * 100_000, []),
    ],
)
def test_the_most_wanted_language_comes_first(header: str, tags: list[str]) -> None:
    assert tuple(tags) == accepted(header)


async def test_pages_are_in_the_language_that_the_browser_asks_for() -> None:
    visitor = await a_german(Server()).opens("/signin")

    assert '<html lang="de">' in visitor.html
    assert "Anmelden" in visitor.text


async def test_pages_are_in_english_for_everybody_else() -> None:
    visitor = Visitor(Server())
    visitor.client.headers["accept-language"] = "fr, ja;q=0.5"

    assert '<html lang="en">' in (await visitor.opens("/signin")).html


async def test_another_language_can_be_chosen_and_is_remembered() -> None:
    visitor = await Visitor(Server()).sends("/language", {"language": "de", "back": "/signup?x=1"}, page="/signup")
    assert "/signup?x=1" == visitor.location

    assert '<html lang="de">' in (await visitor.opens("/signup")).html


async def test_the_choice_leads_nowhere_but_back_to_us() -> None:
    visitor = await Visitor(Server()).sends(
        "/language", {"language": "xx", "back": "https://evil.example/"}, page="/signup"
    )

    assert "/" == visitor.location
    assert '<html lang="en">' in (await visitor.opens("/signup")).html


async def test_another_site_changes_no_language() -> None:
    visitor = await Visitor(Server()).opens("/signup")

    await visitor.client.post("/language", data={"language": "de"}, headers={"sec-fetch-site": "cross-site"})

    assert '<html lang="en">' in (await visitor.opens("/signup")).html


async def test_a_public_page_sets_no_cookie() -> None:
    server = Server()
    _, path = await an_open_page(server)

    assert "set-cookie" not in (await Visitor(server).opens(path.removeprefix(PUBLIC))).answer.headers


async def test_times_and_dates_follow_the_language() -> None:
    server = Server()
    _, path = await an_open_page(server)
    path = path.removeprefix(PUBLIC)

    visitor = await a_german(server).opens(f"{path}?date=2026-03-03&timezone=Europe/Berlin")

    assert "März 2026" in visitor.text
    assert "Dienstag, 3. März 2026" in visitor.text


async def test_what_is_wrong_with_a_form_is_said_in_the_language() -> None:
    server = Server()
    _, path = await an_open_page(server)
    path = path.removeprefix(PUBLIC)

    visitor = await a_german(server).sends(
        path,
        {"start": TUESDAY_AT_TEN, "timezone": "Europe/Berlin", "name": "", "email": "nobody"},
        page=f"{path}?start={TUESDAY_AT_TEN}",
    )

    assert "Bitte geben Sie Ihren Namen ein." in visitor.text


async def test_pages_that_are_not_there_say_so_in_the_language() -> None:
    visitor = await a_german(Server()).opens("/nobody/nothing/at-all")

    assert (404, True) == (visitor.status, "Nicht gefunden" in visitor.text)


async def test_the_language_of_the_page_is_kept_for_the_guests_mails() -> None:
    server = Server()
    _, path = await an_open_page(server)
    path = path.removeprefix(PUBLIC)

    visitor = await a_german(server).sends(
        path,
        {
            "start": TUESDAY_AT_TEN,
            "timezone": "Europe/Berlin",
            "name": "Ana",
            "email": "ana@guests.example",
            "meeting_type": "zoom",
        },
        page=f"{path}?start={TUESDAY_AT_TEN}",
    )

    assert "de-AT" == await language_of_the_guest(server, visitor.location.rpartition("/")[2])


async def test_programs_may_name_the_guests_language() -> None:
    server = Server()
    _, path = await an_open_page(server)
    guest = {**a_request()["guest"], "language": "de-AT"}

    answer = await server.client().post(f"{path}/bookings", json=a_request(guest=guest))

    assert 201 == answer.status_code
    assert "de-AT" == await language_of_the_guest(server, answer.json()["manage_url"].rpartition("/")[2])


@pytest.mark.parametrize("language", ["", "German", "de_DE", "x" * 100, "de\r\nX: y"])
async def test_a_language_that_is_no_tag_is_refused(language: str) -> None:
    server = Server()
    _, path = await an_open_page(server)
    guest = {**a_request()["guest"], "language": language}

    answer = await server.client().post(f"{path}/bookings", json=a_request(guest=guest))

    assert (400, ["guest.language"]) == (answer.status_code, [each["field"] for each in answer.json()["errors"]])


async def test_the_api_speaks_english_to_everybody() -> None:
    server = Server()
    _, path = await an_open_page(server)

    answer = await server.client().get(f"{path}/slots", headers={"accept-language": "de"})

    assert "is required" in answer.text or "missing" in answer.text.lower()


async def test_a_host_chooses_the_language_of_mails_and_pages_in_the_profile() -> None:
    server = Server()
    host, visitor = await a_signed_in_host(server)

    fields = {"name": host.name, "handle": host.handle, "timezone": host.timezone, "language": "de"}
    await (await visitor.sends("/settings/profile", {**fields})).follows()

    assert ["Gespeichert."] == visitor.said
    assert '<option value="de" lang="de" selected>Deutsch</option>' in visitor.html


async def test_a_hosts_pages_are_in_the_language_too() -> None:
    server = Server()
    _, visitor = await a_signed_in_host(server)
    visitor.client.headers["accept-language"] = "de"

    assert "Verbundene Anbieter" in (await visitor.opens("/settings/providers")).text


async def test_hours_that_were_chosen_stay_and_reach_the_guests_mails() -> None:
    server = Server()
    _, path = await an_open_page(server)
    path = path.removeprefix(PUBLIC)
    visitor = Visitor(server)
    visitor.client.headers["accept-language"] = "en-US,en;q=0.9"
    times = f"{path}?date=2026-03-03&timezone=Europe/Berlin"

    assert "3:30 PM" in (await visitor.opens(times)).text
    assert "Tuesday, March 3, 2026" in visitor.text
    await visitor.sends("/language", {"hours": "h23", "back": times}, page=times)
    await visitor.follows()
    assert "15:30" in visitor.text
    assert "3:30 PM" not in visitor.text
    form = f"{path}?start={TUESDAY_AT_TEN}&timezone=Europe/Berlin"
    guest = {"start": TUESDAY_AT_TEN, "timezone": "Europe/Berlin", "meeting_type": "zoom"}
    await visitor.sends(path, {**guest, "name": "Ana", "email": "ana@guests.example"}, page=form)

    assert "en-US-u-hc-h23" == await language_of_the_guest(server, visitor.location.rpartition("/")[2])


async def test_the_hosts_mails_have_the_conventions_of_the_browser_that_saved_the_profile() -> None:
    server = Server()
    host, visitor = await a_signed_in_host(server)
    visitor.client.headers["accept-language"] = "de-CH,en;q=0.5"
    typed: Fields = {"name": host.name, "handle": host.handle, "timezone": host.timezone, "language": "en"}

    await visitor.sends("/settings/profile", typed)

    async with server.memory.store.begin() as uow:
        saved = await uow.hosts.get(host.id)
    assert saved is not None
    assert "en-CH" == saved.language
