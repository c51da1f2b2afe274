"""Single-use links to a booking page, made over the API and used on it and on the page."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import httpx

from domain.booking_link import MOST_LINKS, BookingLink
from domain.ids import BookingLinkId, BookingLinkToken
from tests.support.builders import a_host, a_page, at_the_harbour
from tests.support.editor import an_edited_page
from tests.support.serving import API, PUBLIC_URL, Json, Server, a_request, an_open_page, fields, problem
from tests.support.visiting import Fields, Visitor

LATER = "2026-03-03T11:00:00Z"


class Linked:
    """A page with its host's client and its event type's address."""

    def __init__(self, server: Server, links: str, client: httpx.AsyncClient, address: str) -> None:
        self.server, self.links, self.client, self.address = server, links, client, address

    @classmethod
    async def of(cls, server: Server) -> "Linked":
        page = a_page(host := a_host(), meeting_types=(at_the_harbour,))
        _, address = await an_open_page(server, page, host)
        return cls(server, f"{API}/booking-pages/{page.id}/links", await server.host_client(host), address)

    async def makes(self, **wanted: Json) -> str:
        answer = await self.client.post(self.links, json=wanted)
        assert 201 == answer.status_code, answer.text
        return answer.json()["url"]

    async def books(self, url: str, **changes: Json) -> httpx.Response:
        link = parse_qs(urlsplit(url).query)["link"][0]
        body = a_request(meeting_type="in_person", **changes)
        return await self.server.client().post(f"{self.address}/bookings", json={**body, "link": link})


async def test_a_link_is_good_for_its_uses_and_a_cancelled_booking_gives_its_use_back(server: Server) -> None:
    linked = await Linked.of(server)
    url = await linked.makes(uses=1)

    first = await linked.books(url)
    refused = await linked.books(url, start=LATER)
    assert (201, "link-ended") == (first.status_code, problem(refused))
    assert "already been used" in refused.json()["detail"]

    token = first.json()["manage_url"].rpartition("/")[2]
    await server.client().post(f"{API}/public/bookings/{token}/cancel", json={})
    assert 201 == (await linked.books(url, start=LATER)).status_code


async def test_a_page_has_so_many_links_and_no_more(server: Server) -> None:
    page = a_page(host := a_host(), meeting_types=(at_the_harbour,))
    await an_open_page(server, page, host)
    async with server.memory.store.begin() as uow:
        for number in map(str, range(MOST_LINKS)):
            link = BookingLink(BookingLinkId(number), host.id, page.id, 1, server.memory.clock())
            uow.booking_links.add(link, BookingLinkToken(number))
    client, links = await server.host_client(host), f"{API}/booking-pages/{page.id}/links"

    refused = await client.post(links, json={"uses": 1})
    await client.delete(f"{links}/7")

    assert ["uses"] == fields(refused)
    assert "This page has too many links. The limit is 1000." in refused.json()["errors"][0]["message"]
    assert 201 == (await client.post(links, json={"uses": 1})).status_code


async def test_a_link_that_expired_or_was_deleted_says_so(server: Server) -> None:
    linked = await Linked.of(server)
    url = await linked.makes(expires_at="2026-03-02T09:00:00Z")
    [listed] = (await linked.client.get(linked.links)).json()
    assert (1, 0, "2026-03-02T09:00:00Z") == (listed["uses"], listed["used"], listed["expires_at"])
    assert "url" not in listed

    server.memory.clock.advance(timedelta(hours=1))
    assert "has expired" in (await linked.books(url)).json()["detail"]
    assert 204 == (await linked.client.delete(f"{linked.links}/{listed['id']}")).status_code
    assert "no longer works" in (await linked.books(url)).json()["detail"]
    assert "not-found" == problem(await linked.client.delete(f"{linked.links}/{listed['id']}"))


async def test_links_are_their_hosts_and_within_limits(server: Server) -> None:
    linked = await Linked.of(server)

    assert 1 == (await linked.client.post(linked.links)).json()["uses"]
    for wrong in ({"uses": 0}, {"uses": 1001}, {"expires_at": "2026-03-01T00:00:00Z"}):
        assert [*wrong] == fields(await linked.client.post(linked.links, json=wrong))
    stranger = await server.host_client(await server.memory.host())
    for answer in (await stranger.get(linked.links), await stranger.post(linked.links, json={})):
        assert "not-found" == problem(answer)


async def test_a_guest_books_by_the_link_on_the_page_and_a_dead_one_explains_itself(server: Server) -> None:
    linked = await Linked.of(server)
    url = (await linked.makes()).removeprefix(PUBLIC_URL)
    guest = await Visitor(server).opens(url)
    path = linked.address.removeprefix(f"{API}/public")
    form = f"{path}?{urlsplit(url).query}&start=2026-03-03T10:00:00Z&timezone=UTC"
    typed: Fields = {"name": "Ana", "email": "ana@guests.example", "meeting_type": "in_person", "timezone": "UTC"}
    sent: Fields = {**typed, "start": "2026-03-03T10:00:00Z"}
    posts_to = f"{path}?{urlsplit(url).query}"

    await guest.sends(posts_to, sent, page=form)
    assert guest.location.startswith("/b/")

    assert 410 == (await guest.opens(url)).status
    assert "This link has already been used" in guest.text
    again = await guest.client.post(posts_to, data={**sent, "start": LATER})
    assert "This link has already been used" in again.text
    assert 'value="ana@guests.example"' in again.text


async def test_the_host_makes_and_deletes_links_on_a_page_of_their_own(server: Server) -> None:
    _, visitor, page = await an_edited_page(server)
    path = f"/pages/{page.id}/links"

    await visitor.sends(path, {"uses": "none", "days": "0"})
    assert 400 == visitor.status
    await visitor.sends(path, {"uses": "2", "days": "7"})
    assert f"/{page.slug}?link=" in visitor.text
    assert "0 of 2 used" in visitor.text
    assert "?link=" not in (await visitor.opens(path)).text

    [remove] = [line for line in visitor.html.split('"') if line.endswith("/remove")]
    await visitor.sends(remove, page=path)
    assert "No links yet." in (await visitor.follows()).text
