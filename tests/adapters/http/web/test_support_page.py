"""The support form."""

from typing import Any

import httpx
import pytest

from adapters.http.web.support.form import LARGEST_WITH_PICTURE
from application.ports.mail import SupportMail
from application.support.ask_support import LARGEST_SCREENSHOT
from domain.budgets import SUPPORT_MESSAGES
from tests.support.memory_app import MemoryApp
from tests.support.serving import Server
from tests.support.visiting import Visitor, a_signed_in_host

PNG = b"\x89PNG and so on"
TYPED = {
    "email": "ana@guests.example",
    "page_url": "timetuna.example/hanne/intro",
    "message": "Nothing happens.\n<b>What now?</b>",
}


async def send(visitor: Visitor, fields: dict[str, str] | None = None, screenshot: bytes | None = None) -> Visitor:
    """Send the form as browsers do: with a file, or with a part for none."""
    await visitor.opens("/support")
    name = "" if screenshot is None else "shot.png"
    files: Any = {"screenshot": (name, screenshot or b"", "image/png")}
    visitor.answer = await visitor.client.post("/support", data=TYPED if fields is None else fields, files=files)
    return visitor


async def to_operator(server: Server) -> SupportMail:
    """The latest mail to the operator."""
    await server.memory.work_off()
    return [mail for mail in server.memory.mailer.support if mail.kind == "to_operator"][-1]


async def test_a_message_from_a_stranger_reaches_the_operator(server: Server) -> None:
    visitor = await (await send(Visitor(server), screenshot=PNG)).follows()

    assert "We’ve got your message" in visitor.text
    assert "We’ll email you the link to this page" in visitor.text
    mail = await to_operator(server)
    assert ("ana@guests.example", "Nothing happens.\n<b>What now?</b>") == (mail.thread.email, mail.message.text)
    assert mail.screenshot
    assert PNG == mail.screenshot.content


async def test_a_screenshot_may_be_left_out(server: Server) -> None:
    await send(Visitor(server))

    assert (await to_operator(server)).screenshot is None


async def test_hosts_find_their_own_address_in_the_form(server: Server) -> None:
    host, visitor = await a_signed_in_host(server)

    await visitor.opens("/support")

    assert host.email == visitor.value("email")


async def test_everything_that_is_wrong_is_said_and_what_was_typed_is_kept(server: Server) -> None:
    visitor = await send(Visitor(server), {"email": "ana", "page_url": "x&y", "message": " "}, PNG)

    assert 400 == visitor.status
    assert "Enter a valid email address" in visitor.text
    assert "Write what you need help with" in visitor.text
    assert "hoose the screenshot once more" in visitor.text
    assert ("ana", "x&y") == (visitor.value("email"), visitor.value("page_url"))


@pytest.mark.parametrize(
    ("screenshot", "words"),
    [(b"GIF89a", "neither a PNG nor a JPEG"), (PNG + bytes(LARGEST_SCREENSHOT), "larger than 5 MB")],
    ids=["gif", "large"],
)
async def test_a_picture_that_cannot_be_sent_costs_nothing_typed(server: Server, screenshot: bytes, words: str) -> None:
    visitor = await send(Visitor(server), screenshot=screenshot)

    assert 400 == visitor.status
    assert words in visitor.text
    assert "Nothing happens. <b>What now?</b>" in visitor.text
    assert await server.memory.store.backlog.next_due_at() is None


async def test_more_than_a_form_can_hold_is_refused_by_a_page(server: Server) -> None:
    visitor = await send(Visitor(server), screenshot=bytes(LARGEST_WITH_PICTURE))

    assert 413 == visitor.status
    assert "Too large" in visitor.text
    assert "Nothing was saved" in visitor.text


async def test_too_many_messages_are_told_when_to_come_back(server: Server) -> None:
    for _ in range(SUPPORT_MESSAGES.most):
        await send(Visitor(server))

    visitor = await send(Visitor(server))

    assert 429 == visitor.status
    assert "Too many messages came from your network" in visitor.text
    assert "Nothing happens." in visitor.text


async def test_without_an_operator_the_page_says_what_to_do_instead() -> None:
    server = Server(MemoryApp(operator=None))
    visitor = await Visitor(server).opens("/support")

    assert 200 == visitor.status
    assert "you can’t send a message from here" in visitor.text
    assert "What you can do instead" in visitor.text
    assert 'action="/support"' not in visitor.html


ELSEWHERE = {"Origin": "https://elsewhere.example"}


async def test_a_form_from_elsewhere_is_refused(server: Server) -> None:
    answer = await server.client().post("/support", data=TYPED, files={"screenshot": ("a.png", PNG)}, headers=ELSEWHERE)

    assert 403 == answer.status_code
    assert await server.memory.store.backlog.next_due_at() is None


HOSTILE = {
    "unknown encoding": (
        b'--x\r\nContent-Disposition: form-data; name="a"\r\nContent-Type: text/plain; charset=nope',
        415,
    ),
    "not in its encoding": (b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n\xff\xfe', 415),
    "no end": (b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nhello', 400),
    "nothing": (b"", 400),
    "no form": (b"hello", 400),
}


@pytest.mark.parametrize("case", HOSTILE)
async def test_hostile_forms_get_a_clear_answer(server: Server, case: str) -> None:
    body, status = HOSTILE[case]
    if status == 415:
        body += b"\r\n\r\nx\r\n--x--\r\n" if case == "unknown encoding" else b"\r\n--x--\r\n"

    answer = await post(server, body, "multipart/form-data; boundary=x")

    assert status == answer.status_code, answer.text


async def test_a_form_without_a_boundary_gets_a_clear_answer(server: Server) -> None:
    assert (await post(server, b"x", "multipart/form-data")).status_code in {400, 415}


async def post(server: Server, body: bytes, content_type: str) -> httpx.Response:
    return await server.client().post("/support", content=body, headers={"content-type": content_type})
