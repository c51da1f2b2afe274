"""Settings → Webhooks: add one, see how it fares, send again, and the code that people copy."""

import re
import sys
from pathlib import Path

import playwright

from adapters.memory.webhook_sender import TAKEN
from application.actor import HostActor
from application.ports.webhooks import Sent
from domain.webhook_problem import EndpointAnswered
from tests.support.builders import a_page, phone_by_guest
from tests.support.copied_webhook_code import RIGHT, verdicts
from tests.support.serving import Server
from tests.support.visiting import Visitor, a_signed_in_host

PATH, URL = "/settings/webhooks", "https://hooks.example/timetuna"
BROKEN = Sent(7, 500, EndpointAnswered(500), "<b>Oops</b>")
# Playwright brings its own, so that none has to be installed.
NODE = Path(playwright.__file__).parent / "driver" / "node"


async def added(visitor: Visitor) -> str:
    """The path of a new webhook."""
    sent = await visitor.sends(PATH, {"url": URL, "events": "booking.created"}, page=PATH)
    return sent.location


async def test_a_webhook_is_added_and_its_secret_shown_once(server: Server) -> None:
    host, visitor = await a_signed_in_host(server)
    await server.memory.page(a_page(host, meeting_types=(phone_by_guest,)))

    path = await added(visitor)
    shown = (await visitor.opens(path)).text
    again = (await visitor.opens(path)).text

    assert "Webhook to hooks.example" in shown
    assert "No event was sent yet." in shown
    secret = "whsec_[A-Za-z0-9+/=]{24,}"
    assert re.search(secret, shown)
    assert not re.search(secret, again)


async def test_what_was_typed_stays_where_something_is_wrong(server: Server) -> None:
    _, visitor = await a_signed_in_host(server)
    server.memory.webhooks.inside.add("https://10.0.0.1/hooks")

    refused = await visitor.sends(PATH, {"url": "https://10.0.0.1/hooks"}, page=PATH)

    assert 400 == refused.status
    assert "The address leads into a private network" in refused.text
    assert "Choose at least one event." in refused.text
    assert 'value="https://10.0.0.1/hooks"' in refused.html


async def test_a_failing_webhook_says_why_and_sends_again(server: Server) -> None:
    _, visitor = await a_signed_in_host(server)
    path = await added(visitor)
    server.memory.webhooks.answer(URL, BROKEN)
    await visitor.sends(f"{path}/test", page=path)
    await server.memory.work_off()

    page = await visitor.opens(path)
    assert "Failing" in page.text
    assert "It answered 500. Only 2xx counts as taken." in page.text
    [delivery] = re.findall(rf'href="({path}/deliveries/[^"]+)"', page.html)
    one = await visitor.opens(delivery)
    assert "answered 500" in one.text
    assert "&lt;b&gt;Oops" in one.html
    assert '"type": "ping"' in one.text

    server.memory.webhooks.answer(URL, TAKEN)
    await visitor.sends(delivery, page=delivery)
    await server.memory.work_off()
    assert "Delivered" in (await visitor.opens(delivery)).text
    assert "Works" in (await visitor.opens(PATH)).text


async def test_a_paused_webhook_is_resumed_changed_and_removed(server: Server) -> None:
    _, visitor = await a_signed_in_host(server)
    path = await added(visitor)
    server.memory.webhooks.answer(URL, Sent(7, 410, EndpointAnswered(410)))
    await visitor.sends(f"{path}/test", page=path)
    await server.memory.work_off()
    assert "Nothing is sent until you resume it." in (await visitor.opens(path)).text

    resumed = await (await visitor.sends(f"{path}/resume", page=path)).follows()
    assert "Resumed." in resumed.text
    recovered = await (await visitor.sends(f"{path}/recover", {"since": "week"}, page=path)).follows()
    assert "No events were missed." in recovered.text
    saved = await visitor.sends(path, {"url": f"{URL}/2", "events": "booking.cancelled"}, page=path)
    assert f'value="{URL}/2"' in (await saved.follows()).html
    rotated = await (await visitor.sends(f"{path}/secret", page=path)).follows()
    assert "we also sign events with the old secret" in rotated.text
    removed = await (await visitor.sends(f"{path}/remove", page=path)).follows()
    assert "The webhook is removed." in removed.text
    assert 404 == (await visitor.opens(path)).status


async def test_a_webhook_of_a_removed_page_hears_of_no_other_after_it_is_saved(server: Server) -> None:
    host, visitor = await a_signed_in_host(server)
    talk = await server.memory.page(a_page(host, slug="talk"))
    await server.memory.page(a_page(host, slug="private"))
    sent = {"url": URL, "events": "booking.created", "page_id": talk.id}
    path = (await visitor.sends(PATH, sent, page=PATH)).location
    await server.memory.app.remove_page(HostActor(host.id), talk.id)

    [chosen] = re.findall(
        r'<option value="([^"]*)" selected>A page that you removed<', (await visitor.opens(path)).html
    )
    saved = await visitor.sends(path, {**sent, "events": "booking.cancelled", "page_id": chosen}, page=path)

    assert 303 == saved.status
    [webhook] = await server.memory.app.show_webhooks(HostActor(host.id))
    assert (("booking.cancelled",), talk.id) == (webhook.events, webhook.page_id)


async def test_a_page_that_never_was_there_is_called_no_removed_one(server: Server) -> None:
    _, visitor = await a_signed_in_host(server)
    path = await added(visitor)

    for each in (PATH, path):
        refused = await visitor.sends(each, {"url": URL, "events": "booking.created", "page_id": "x"}, page=each)

        assert 400 == refused.status
        assert "A page that you removed" not in refused.html


async def test_another_hosts_webhook_is_not_there(server: Server) -> None:
    _, visitor = await a_signed_in_host(server)
    path = await added(visitor)
    _, stranger = await a_signed_in_host(server)

    assert 404 == (await stranger.opens(path)).status


def test_the_python_that_people_copy_tells_real_signatures_from_others() -> None:
    ask = "import json, sys\nprint(json.dumps([verify(s, h, b.encode()) for s, h, b in json.load(sys.stdin)]))"

    assert RIGHT == verdicts("python", [sys.executable, "-c"], ask)


def test_the_javascript_that_people_copy_tells_real_signatures_from_others() -> None:
    ask = (
        'import { readFileSync } from "node:fs"; console.log(JSON.stringify('
        "JSON.parse(readFileSync(0)).map(([s, h, b]) => verify(s, h, Buffer.from(b)))));"
    )

    assert RIGHT == verdicts("node", [str(NODE), "--input-type=module", "-e"], ask)
