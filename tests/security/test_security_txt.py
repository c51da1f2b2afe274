"""Where to report weaknesses, and who is responsible for a site and for what it stores."""

import re
from datetime import datetime, timedelta

import pytest

from tests.support.builders import a_host, a_page
from tests.support.serving import PUBLIC_URL, Server
from tests.support.visiting import Visitor

SITE = {
    "security_contact": "mailto:security@timetuna.example",
    "security_policy_url": "https://timetuna.example/security",
    "imprint_url": "https://timetuna.example/imprint?a=1&b=2",
    "privacy_url": "https://timetuna.example/privacy",
}
PATH = "/.well-known/security.txt"


@pytest.fixture
def server() -> Server:
    return Server(site=SITE)


async def test_security_txt_says_all_that_rfc_9116_asks_for(server: Server) -> None:
    answer = await server.client().get(PATH)

    assert "text/plain; charset=utf-8" == answer.headers["content-type"]
    fields = dict(line.split(": ", 1) for line in answer.text.splitlines())
    assert {"Contact", "Expires", "Canonical", "Preferred-Languages", "Policy"} == fields.keys()
    assert SITE["security_contact"] == fields["Contact"]
    assert SITE["security_policy_url"] == fields["Policy"]
    assert PUBLIC_URL + PATH == fields["Canonical"]
    assert "en, de" == fields["Preferred-Languages"]
    expires = datetime.fromisoformat(fields["Expires"]) - server.memory.clock()
    assert timedelta(days=90) < expires < timedelta(days=365)


async def test_where_nobody_is_named_there_is_none() -> None:
    assert 404 == (await Server().client().get(PATH)).status_code


async def test_every_page_links_imprint_and_privacy_notice_for_guests_too(server: Server) -> None:
    host = await server.memory.host(a_host())
    page = await server.memory.page(a_page(host))
    for path in ("/", "/signin", "/support", "/api/docs", f"/{host.handle}/{page.slug}", "/b/nobody", "/no/page"):
        visitor = await Visitor(server).opens(path)

        foot = re.findall(r"<footer.*</footer>", visitor.html, re.DOTALL)
        assert 1 == len(foot), path
        assert 'href="https://timetuna.example/imprint?a=1&amp;b=2"' in foot[0], path
        assert 'href="https://timetuna.example/privacy"' in foot[0], path


async def test_without_them_nothing_is_linked() -> None:
    visitor = await Visitor(Server()).opens("/")

    assert "Imprint" not in visitor.text
    assert "Privacy notice" not in visitor.text
