"""What others show of a page: browsers an icon, messengers a preview of its link."""

import re

from tests.support.builders import a_page, an_event_type
from tests.support.serving import Server


def preview(html: str) -> dict[str, str]:
    return dict(re.findall(r'<meta property="og:(\w+)" content="([^"]*)">', html))


async def test_a_link_in_a_messenger_says_what_it_is_and_with_whom(server: Server) -> None:
    host = await server.memory.host()
    described = a_page(host, an_event_type(title="Intro call"), title="Talk to me", description="Ask <me> anything.")
    page = await server.memory.page(described)
    address = f"/{host.handle}/{page.slug}"

    shown = preview((await server.client().get(f"{address}?utm_source=mail")).text)

    assert "Intro call with Hanne Höst" == shown["title"]
    assert "Ask &lt;me&gt; anything." == shown["description"]
    assert f"{server.public_url}{address}" == shown["url"]
    assert 200 == (await server.client().get(shown["image"])).status_code


async def test_every_browser_finds_an_icon(server: Server) -> None:
    icon = await server.client().get("/favicon.ico")
    touch = re.search(r'rel="apple-touch-icon" href="([^"]+)"', (await server.client().get("/")).text)

    assert (200, b"\x00\x00\x01\x00") == (icon.status_code, icon.content[:4])
    assert touch
    assert (await server.client().get(touch[1])).content.startswith(b"\x89PNG")
