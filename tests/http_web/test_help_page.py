"""The help page about Zoom."""

from datetime import timedelta

from domain.connection import NeedsReconnect
from tests.http.serving import Server
from tests.http_web.visiting import Visitor, a_signed_in_host
from tests.support.builders import NOW, a_page, phone_by_host, zoom


async def test_everybody_can_read_it(server: Server) -> None:
    visitor = await Visitor(server).opens("/help/zoom")

    assert 'id="not-connected"' in visitor.html
    assert 'id="not-created"' in visitor.html
    assert "right now" not in visitor.text


async def test_a_host_sees_the_reason_and_the_next_step(server: Server) -> None:
    host, visitor = await a_signed_in_host(server)
    await server.memory.connect(host, state=NeedsReconnect("Zoom was removed from your account."))

    await visitor.opens("/help/zoom")

    assert "Zoom was removed from your account." in visitor.text
    assert ">Reconnect Zoom</button>" in visitor.html


async def test_a_host_sees_which_pages_are_not_set_to_zoom(server: Server) -> None:
    host, visitor = await a_signed_in_host(server)
    await server.memory.connect(host)
    await server.memory.page(a_page(host, title="First", meeting_types=(zoom,)))
    await server.memory.page(a_page(host, title="Second", meeting_types=(phone_by_host, zoom)))

    await visitor.opens("/help/zoom")

    assert "Is “Second” set to Zoom?" in visitor.text
    assert "Is “First” set to Zoom?" not in visitor.text
    assert "Open “Second”" in visitor.text
    assert "Reconnect Zoom</button>" not in visitor.html


async def test_at_the_daily_limit_a_host_is_not_sent_to_reconnect(server: Server) -> None:
    host, visitor = await a_signed_in_host(server)
    await server.memory.connect(host)
    async with server.memory.store.begin() as uow:
        found = await uow.connections.lock(host.id, "zoom")
        assert found
        uow.connections.save(found[0].reached_limit(NOW + timedelta(hours=16)))

    await visitor.opens("/help/zoom")

    assert "Daily limit reached (resets 00:00 UTC)." in visitor.text
    assert "Reconnect Zoom</button>" not in visitor.html
