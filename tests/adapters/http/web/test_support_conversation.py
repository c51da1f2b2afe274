"""A conversation with support, on the visitor's page and at the operator's desk."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from adapters.http.web import live
from application.ports.mail import SupportMail
from domain.budgets import SUPPORT_MESSAGES
from tests.support.processes import PATIENCE
from tests.support.serving import Server
from tests.support.visiting import Visitor, a_signed_in_host

TYPED: dict[str, Any] = {"email": "ana@guests.example", "page_url": "", "message": "Nothing happens."}
TEN_HOURS = timedelta(hours=10)


async def asks(server: Server, **changes: str) -> Visitor:
    """Somebody who has just written, on the page that they came to."""
    visitor = await Visitor(server).sends("/support", {**TYPED, **changes})
    return await visitor.follows()


def path_of(visitor: Visitor) -> str:
    return visitor.answer.url.path


async def writes(visitor: Visitor, message: str) -> Visitor:
    path = path_of(visitor)
    visitor.answer = await visitor.client.post(path, data={"message": message})
    return visitor


async def desk_link(server: Server) -> str:
    """The operator's link in the latest mail, as a path."""
    await server.memory.work_off()
    mails: list[SupportMail] = [mail for mail in server.memory.mailer.support if mail.kind == "to_operator"]
    return f"/support/desk/{mails[-1].desk_link}"


async def thread_path(server: Server) -> str:
    """Where the operator answers the latest message."""
    return f"{await desk_link(server)}/{server.memory.mailer.support[-1].thread.id}"


async def test_a_visitor_comes_to_a_page_of_their_own_and_writes_on(server: Server) -> None:
    visitor = await asks(server)

    assert path_of(visitor).removeprefix("/support/").isalnum()
    await (await writes(visitor, "And <b>now</b>?")).follows()

    assert "Nothing happens." in visitor.text
    assert "And &lt;b&gt;now&lt;/b&gt;?" in visitor.html


async def test_the_pages_are_kept_from_search_engines_and_their_addresses_from_other_sites(server: Server) -> None:
    visitor = await asks(server)

    for path in (path_of(visitor), await desk_link(server)):
        headers = (await visitor.opens(path)).answer.headers
        assert ("noindex", "strict-origin") == (headers["x-robots-tag"], headers["referrer-policy"])


async def test_a_conversations_address_is_masked_where_somebody_else_reads_it(server: Server) -> None:
    visitor = await asks(server)
    address = f"https://timetuna.example{path_of(visitor)}"

    await asks(server, page_url=address, message=f"{address} is empty")
    await server.memory.work_off()

    mail = server.memory.mailer.support[-1]
    assert ("https://timetuna.example/support/…", "https://timetuna.example/support/… is empty") == (
        mail.thread.page_url,
        mail.message.text,
    )


async def test_a_single_use_link_is_masked_where_somebody_else_reads_it(server: Server) -> None:
    address = "https://timetuna.example/hanne/intro?name=Ana&link="

    await asks(server, page_url=f"{address}{'x' * 43}&utm_source=mail", message="Nothing happens.")
    await server.memory.work_off()

    assert f"{address}…&utm_source=mail" == server.memory.mailer.support[-1].thread.page_url


async def test_an_answer_comes_to_the_open_page(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "HELD_FOR", 2 * PATIENCE)
    visitor = await asks(server)
    address = visitor.html.split('data-url="')[1].split('"')[0]
    desk = Visitor(server)
    path = await thread_path(server)

    async with asyncio.timeout(PATIENCE):
        waiting = asyncio.create_task(visitor.client.get(address))
        await asyncio.sleep(0)
        await desk.sends(path, {"message": "Try again."})
        answer = await waiting

    assert 200 == answer.status_code
    assert "Try again." in answer.text


async def test_times_are_in_the_zone_that_was_chosen_in_the_browser_or_else_in_its_own(server: Server) -> None:
    visitor = await asks(server)
    path, here = path_of(visitor), "?timezone=Europe/Berlin"

    assert "Times are in UTC" in visitor.text
    assert "data-unsettled" in visitor.html
    for own_or_desk in (path + here, f"{path}/live{here}", await thread_path(server) + here):
        assert "Times are in Central European Time – Berlin" in (await visitor.opens(own_or_desk)).text
        assert "data-unsettled" not in visitor.html
    visitor.client.cookies.set("timetuna_timezone", "Asia/Tokyo")
    assert "Times are in Japan Time – Tokyo" in (await visitor.opens(path + here)).text


async def test_a_signed_in_hosts_times_are_in_the_zone_of_the_account(server: Server) -> None:
    path = path_of(await asks(server))
    _, host = await a_signed_in_host(server)
    host.client.cookies.set("timetuna_timezone", "Asia/Tokyo")

    await host.opens(f"{path}?timezone=America/New_York")

    assert "Times are in Central European Time – Berlin" in host.text


async def test_the_operator_answers_whoever_waits_longest_first(server: Server) -> None:
    await asks(server, email="first@guests.example")
    server.memory.clock.advance(TEN_HOURS)
    await asks(server, email="second@guests.example")
    server.memory.clock.advance(2 * TEN_HOURS)
    desk = await Visitor(server).opens(await desk_link(server))

    late, early = "first@guests.example Overdue by 6 hours", "second@guests.example 4 hours left"
    assert desk.text.index(late) < desk.text.index(early)
    first = desk.html.split(f'href="{path_of(desk)}')[1].split('"')[0]
    await (await desk.sends(path_of(desk) + first, {"message": "Try again."})).follows()

    assert "Answer sent" in desk.said[0]
    assert "first@guests.example" not in desk.text
    assert "second@guests.example" in desk.text


async def test_an_empty_answer_is_told_and_nothing_is_sent(server: Server) -> None:
    await asks(server)
    desk = await Visitor(server).sends(path := await thread_path(server), {"message": " "})

    assert 400 == desk.status
    assert 'id="message-error"' in desk.html
    assert 1 == (await desk.opens(path)).html.count('<li class="said')


async def test_looking_at_the_operators_pages_changes_nothing(server: Server) -> None:
    visitor = await asks(server)
    desk, path = Visitor(server), await thread_path(server)

    for each in (path, f"{path}/close", await desk_link(server)):
        await desk.opens(each)

    assert "closed" not in (await visitor.opens(path_of(visitor))).text


async def test_the_operator_closes_a_conversation(server: Server) -> None:
    visitor = await asks(server)
    path = await thread_path(server)
    desk = Visitor(server)
    await (await desk.sends(f"{path}/close", page=path)).follows()

    assert "Nobody is waiting" in desk.text
    assert "This conversation is closed" in (await visitor.opens(path_of(visitor))).text


async def test_links_that_are_none_lead_to_a_page_that_says_so(server: Server) -> None:
    await asks(server)
    thread_id = (await thread_path(server)).rpartition("/")[2]
    visitor = Visitor(server)

    for path, words in (
        ("/support/nobody", "no such conversation"),
        (f"/support/desk/{'0' * 74}", "no longer works"),
        (f"/support/desk/{'0' * 74}/{thread_id}", "no longer works"),
        (f"{await desk_link(server)}/nothing", "no such conversation"),
    ):
        await visitor.opens(path)
        assert (404, True) == (visitor.status, words in visitor.text), path


async def test_what_was_typed_stays_where_it_cannot_be_sent(server: Server) -> None:
    visitor = await asks(server)
    path = path_of(visitor)
    for _ in range(SUPPORT_MESSAGES.most - 1):
        await visitor.client.post(path, data={"message": "Hello?"})

    await writes(visitor, "One more thing.")

    assert 429 == visitor.status
    assert "retry-after" in visitor.answer.headers
    assert "One more thing." in visitor.text
