"""The help pages about providers."""

import re
from datetime import timedelta

import pytest

from adapters.google import client as google_client
from adapters.http.web.help.help_pages import HELP_PAGES
from adapters.microsoft import client as microsoft_client
from adapters.presentation.providers import words_of
from adapters.zoom import client as zoom_client
from domain.connection import NeedsReconnect
from domain.provider import PROVIDERS, Provider
from domain.provider_problem import SignInRequired, UserUnknown
from tests.support.builders import NOW, a_page, phone_by_host, zoom
from tests.support.serving import Server
from tests.support.visiting import Visitor, a_signed_in_host


async def test_every_page_leads_to_the_list_of_help_which_leads_to_each_page_of_it(server: Server) -> None:
    visitor = await Visitor(server).opens("/signin")

    assert '<a href="/help">Help</a>' in visitor.html
    await visitor.opens("/help")
    assert {each.path for each in HELP_PAGES} - {"/help"} == set(re.findall(r'href="(/help/[^"]+)"', visitor.html))


async def test_everybody_can_read_it(server: Server) -> None:
    visitor = await Visitor(server).opens("/help/zoom")

    assert 'id="not-connected"' in visitor.html
    assert 'id="not-created"' in visitor.html
    assert "right now" not in visitor.text


async def test_a_host_sees_the_reason_and_the_next_step(server: Server) -> None:
    host, visitor = await a_signed_in_host(server)
    await server.memory.connect(host, state=NeedsReconnect(UserUnknown("zoom")))

    await visitor.opens("/help/zoom")

    assert "Zoom doesn’t know this user any more." in visitor.text
    assert ">Reconnect Zoom</button>" in visitor.html


async def test_a_host_sees_which_pages_are_not_set_to_zoom(server: Server) -> None:
    host, visitor = await a_signed_in_host(server)
    await server.memory.connect(host)
    await server.memory.page(a_page(host, title="First", meeting_types=(zoom,)))
    await server.memory.page(a_page(host, title="Second", meeting_types=(phone_by_host,)))

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
        uow.connections.save(found.reached_limit(NOW + timedelta(hours=16)))

    await visitor.opens("/help/zoom")

    assert "Daily limit reached (resets 00:00 UTC)." in visitor.text
    assert "Reconnect Zoom</button>" not in visitor.html


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_each_provider_has_a_page_on_adding_using_and_removing_it(server: Server, provider: Provider) -> None:
    visitor = await Visitor(server).opens(f"/help/{words_of(provider).help}")

    assert 200 == visitor.status
    for part in ("adding", "using", "removing", "permissions", "troubleshooting"):
        assert f'id="{part}"' in visitor.html
    assert f"Connect {words_of(provider).name}" in visitor.text
    assert f"{words_of(provider).removal}" in visitor.text


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_every_step_of_the_troubleshooting_leads_to_where_it_is_done(server: Server, provider: Provider) -> None:
    host, visitor = await a_signed_in_host(server)
    await server.memory.connect(host, provider)
    await visitor.opens(f"/help/{words_of(provider).help}")

    troubleshooting = visitor.html.partition('id="not-created"')[2]
    links = re.findall(r'href="(/[^"#]*)', troubleshooting.partition("</ol>")[0])

    assert ["/settings/providers", "/settings/providers", "/dashboard"] == links
    assert [200, 200, 200] == [(await visitor.opens(each)).status for each in links]


@pytest.mark.parametrize(
    ("provider", "scopes"),
    [("zoom", zoom_client.SCOPES), ("google", google_client.SCOPES), ("microsoft", microsoft_client.SCOPES)],
)
async def test_every_permission_that_is_asked_for_is_explained(
    server: Server, provider: Provider, scopes: frozenset[str]
) -> None:
    visitor = await Visitor(server).opens(f"/help/{words_of(provider).help}")

    for scope in scopes:
        assert f"<code>{scope.rpartition('/')[2].removeprefix('auth.')}</code>" in visitor.html


async def test_a_host_sees_how_each_provider_is_doing(server: Server) -> None:
    host, visitor = await a_signed_in_host(server)
    await server.memory.connect(host, "microsoft", state=NeedsReconnect(SignInRequired("microsoft")))

    await visitor.opens("/help/microsoft-teams")
    assert "Your organisation wants you to sign in to Microsoft again." in visitor.text
    assert ">Reconnect Microsoft</button>" in visitor.html
    await visitor.opens("/help/google-meet")

    assert ">Connect Google</button>" in visitor.html
