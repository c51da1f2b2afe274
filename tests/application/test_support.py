"""Somebody writes to whoever runs the server."""

from datetime import timedelta
from typing import Any

import pytest

from application.ports.mail import MailMisconfigured, MailTryLater, RecipientRefused
from application.support.ask_support import (
    LARGEST_SCREENSHOT,
    SupportMessage,
    SupportNotSetUp,
)
from domain.budgets import SUPPORT_COPIES, SUPPORT_MESSAGES
from domain.errors import InvalidInput, TooManyRequests
from domain.mail_problem import ServerAnswered
from tests.support.faults import fields
from tests.support.memory_app import OPERATOR, MemoryApp

PNG = b"\x89PNG and so on"
AN_HOUR = timedelta(hours=1)


async def ask(memory: MemoryApp, *, client: str = "203.0.113.7", **changes: Any) -> bool:
    typed: dict[str, Any] = {
        "email": "ana@guests.example",
        "page_url": "https://timetuna.example/hanne/intro",
        "message": "Nothing happens.",
        **changes,
    }
    return await memory.app.ask_support(SupportMessage(**typed), client)


async def kept(memory: MemoryApp) -> list[str]:
    """The messages that were mailed and are stored still."""
    ids = {mail.request.id for mail in memory.mailer.support}
    async with memory.store.begin() as uow:
        return [each for each in ids if await uow.support_requests.get(each)]


async def is_owed(memory: MemoryApp) -> bool:
    return await memory.store.backlog.next_due_at() is not None


async def test_the_operator_gets_the_message_and_the_sender_a_copy() -> None:
    memory = MemoryApp()

    assert await ask(memory, screenshot=PNG)
    await memory.work_off()

    to_operator, copy = memory.mailer.support
    assert ("to_operator", OPERATOR) == (to_operator.kind, to_operator.to)
    assert to_operator.request.screenshot
    assert PNG == to_operator.request.screenshot.content
    assert "Nothing happens." == to_operator.request.message
    assert ("copy", "ana@guests.example") == (copy.kind, copy.to)


async def test_nothing_is_kept_once_both_are_mailed_and_no_screenshot_once_the_operator_has_it() -> None:
    memory = MemoryApp()
    await ask(memory, screenshot=PNG)

    await memory.work_off()

    assert [] == await kept(memory)
    assert memory.mailer.support[1].request.screenshot is None


@pytest.mark.parametrize(
    "error",
    [
        MailTryLater(ServerAnswered(421, "busy")),
        MailMisconfigured(ServerAnswered(535, "no")),
        RecipientRefused(ServerAnswered(550, "nobody")),
    ],
    ids=str,
)
async def test_a_message_is_kept_until_the_mail_server_takes_it(error: Exception) -> None:
    memory = MemoryApp()
    memory.mailer.refuse(error, times=2)  # pyright: ignore[reportArgumentType] - all of them are MailErrors
    await ask(memory)

    await memory.work_off()
    assert [] == memory.mailer.support
    for _ in range(2):
        memory.clock.advance(AN_HOUR)
        await memory.work_off()

    assert ["to_operator", "copy"] == [mail.kind for mail in memory.mailer.support]
    assert [] == await kept(memory)


async def test_a_copy_that_nobody_takes_is_given_up() -> None:
    memory = MemoryApp()
    await ask(memory)
    [lease] = await memory.store.backlog.lease(1, AN_HOUR)
    await memory.app.run_job(lease)
    memory.mailer.refuse(RecipientRefused(ServerAnswered(550, "nobody")))

    await memory.work_off()

    assert ["to_operator"] == [mail.kind for mail in memory.mailer.support]
    assert [] == await kept(memory)


async def test_a_mailbox_gets_few_copies_and_the_operator_all_messages() -> None:
    memory = MemoryApp()

    told = [
        await ask(memory, email=email, client=f"203.0.113.{number}")
        for number, email in enumerate(["ana@guests.example", "ANA@guests.example"] * 2)
    ]
    await memory.work_off()

    assert SUPPORT_COPIES.most * [True] + [False] == told
    kinds = [mail.kind for mail in memory.mailer.support]
    assert (4, SUPPORT_COPIES.most) == (kinds.count("to_operator"), kinds.count("copy"))
    assert [] == await kept(memory)


async def test_one_place_can_send_so_many_messages_an_hour() -> None:
    memory = MemoryApp()
    for _ in range(SUPPORT_MESSAGES.most):
        await ask(memory)

    with pytest.raises(TooManyRequests):
        await ask(memory, email="other@guests.example")
    await ask(memory, client="2001:db8::7")
    memory.clock.advance(AN_HOUR)
    await ask(memory)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"email": "ana"}, "email"),
        ({"email": "ana@guests.example\nBcc: b@c.example"}, "email"),
        ({"message": " \n\u200e "}, "message"),
        ({"message": "x" * 5001}, "message"),
        ({"page_url": "x" * 501}, "page_url"),
        ({"screenshot": b"GIF89a"}, "screenshot"),
        ({"screenshot": PNG + bytes(LARGEST_SCREENSHOT)}, "screenshot"),
    ],
)
async def test_what_cannot_be_sent_is_refused_and_nothing_is_stored(changes: dict[str, Any], field: str) -> None:
    memory = MemoryApp()

    with pytest.raises(InvalidInput) as refusal:
        await ask(memory, **changes)

    assert [field] == fields(refusal.value)
    assert not await is_owed(memory)


async def test_without_an_operator_nobody_is_there_to_write_to() -> None:
    memory = MemoryApp(operator=None)

    with pytest.raises(SupportNotSetUp):
        await ask(memory)

    assert not await is_owed(memory)
