"""The editor's tab Share: who may embed a page, and the link and the code that a host hands out."""

import re
from html import unescape
from urllib.parse import parse_qs, parse_qsl, urlsplit

from application.actor import HostActor
from domain.booking_page import BookingPage, Question
from domain.host import Host
from tests.support.builders import a_page, an_event_type
from tests.support.editor import as_shown
from tests.support.serving import Server
from tests.support.visiting import Fields, Visitor, a_signed_in_host

TOPIC = Question("topic", "What about?")


async def an_editor(server: Server, **details: object) -> tuple[Host, BookingPage, Visitor]:
    host, visitor = await a_signed_in_host(server)
    page = await server.memory.page(a_page(host, an_event_type(questions=(TOPIC,)), **details))  # pyright: ignore[reportArgumentType]
    return host, page, await visitor.opens(f"/pages/{page.id}/edit")


async def saves(visitor: Visitor, page: BookingPage, fields: Fields) -> Visitor:
    visitor.answer = await visitor.client.post(f"/pages/{page.id}/edit", data={**as_shown(page), **fields})
    return visitor


async def stored(server: Server, host: Host, page: BookingPage) -> BookingPage:
    return await server.memory.app.show_page(HostActor(host.id), page.id)


def codes(visitor: Visitor) -> list[str]:
    """The link, the code with the loader, and that of a plain frame."""
    return [unescape(each) for each in re.findall(r"<pre[^>]*><code>(.*?)</code>", visitor.html, flags=re.DOTALL)]


async def test_sites_are_saved_one_on_each_line(server: Server) -> None:
    host, page, visitor = await an_editor(server)
    sites = " https://Shop.example/\r\n\r\nhttp://localhost:3000"

    await saves(visitor, page, {"embedding": "sites", "sites": sites})

    assert 303 == visitor.status, visitor.text
    assert ("https://shop.example", "http://localhost:3000") == (await stored(server, host, page)).embedding


async def test_a_site_that_cant_be_one_is_named_and_nothing_typed_is_lost(server: Server) -> None:
    host, page, visitor = await an_editor(server, embedding="anywhere")
    sites = "https://shop.example\nhttps://*.example"

    await saves(visitor, page, {"embedding": "sites", "sites": sites, "tab": "share"})

    assert 400 == visitor.status
    assert "Sites that may embed this page: https://*.example: Enter a site such as https://example.com" in visitor.text
    assert f'aria-invalid="true">{sites}</textarea>' in visitor.html
    assert 'name="tab" value="share"' in visitor.html
    assert "anywhere" == (await stored(server, host, page)).embedding


async def test_only_sites_without_any_is_asked_about(server: Server) -> None:
    _, page, visitor = await an_editor(server)

    await saves(visitor, page, {"embedding": "sites", "sites": " \n"})

    assert 400 == visitor.status


async def test_link_and_code_are_made_of_what_is_typed_and_nothing_is_saved(server: Server) -> None:
    host, page, visitor = await an_editor(server)
    before = await stored(server, host, page)
    wanted = {"name": 'Ana "Nan" & <Co>', "type": "phone", "utm_source": "news", "q.topic": "Nets"}
    fields: Fields = {f"link.{name}": text for name, text in wanted.items()}
    shape: Fields = {"link.event": "intro", "link.mode": "popup", "link.theme": "dark", "link.accent": "#B4236F"}

    await saves(visitor, page, {**fields, **shape, "link.email": "nobody", "do": "link", "tab": "share"})

    path = f"{host.handle}/{page.slug}/intro"
    link, script, iframe = codes(visitor)
    assert link.startswith(f"{server.public_url}/{path}?")
    assert wanted == dict(parse_qsl(urlsplit(link).query))
    attributes = {name: unescape(text) for name, text in re.findall(r'data-([\w.-]+)="([^"]*)"', script)}
    look = {"theme": "dark", "accent": "b4236f"}
    assert {"timetuna": path, "mode": "popup", **look, **wanted} == attributes
    [framed] = re.findall(r'<iframe src="([^"]+)"', iframe)
    assert {name: [text] for name, text in {**look, **wanted}.items()} == parse_qs(urlsplit(unescape(framed)).query)
    assert "This can’t be used in a link. Check it." in visitor.text
    assert 'value="nobody"' in visitor.html
    assert before == await stored(server, host, page)


async def test_the_preview_is_shown_of_a_page_that_no_site_may_embed(server: Server) -> None:
    _, _, visitor = await an_editor(server)
    [preview] = re.findall(r'<iframe class="share-preview" src="([^"]+)"', visitor.html)
    policy = visitor.answer.headers["content-security-policy"]

    framed = await visitor.client.get(unescape(preview))

    assert "frame-src 'self';" in policy
    assert policy.endswith("frame-ancestors 'none'")
    assert framed.headers["content-security-policy"].endswith("frame-ancestors 'self'")


async def test_a_link_that_no_code_has_room_for_is_shown_without_one(server: Server) -> None:
    _, page, visitor = await an_editor(server)
    long = {f"link.{name}": "ä" * 500 for name in ("q.topic", "utm_source", "utm_campaign")}

    await saves(visitor, page, {**long, "link.event": "intro", "do": "link"})

    assert "This link is too long for a QR code." in visitor.text
