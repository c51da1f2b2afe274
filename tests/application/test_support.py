"""Somebody writes to whoever runs the server, and they talk."""

from datetime import timedelta
from typing import Any

import pytest

from application.actor import OperatorActor, VisitorActor
from application.jobs import AcknowledgeSupportJob
from application.ports.mail import MailMisconfigured, MailTryLater, RecipientRefused, SupportMail
from application.support.ask_support import (
    LARGEST_SCREENSHOT,
    Asked,
    SupportMessage,
    SupportNotSetUp,
)
from application.support.mail_support import DESK_LINK_LASTS
from domain.budgets import MESSAGES_IN_THREAD, SUPPORT_MESSAGES, SUPPORT_RECEIPTS
from domain.errors import InvalidInput, NotFound, TooManyRequests
from domain.ids import SupportThreadId, SupportToken
from domain.mail_problem import ServerAnswered
from domain.support_thread import SupportThread
from tests.support.faults import fields
from tests.support.memory_app import OPERATOR, MemoryApp

PNG = b"\x89PNG and so on"
AN_HOUR = timedelta(hours=1)
HOME = "203.0.113.7"


async def ask(memory: MemoryApp, *, client: str = HOME, **changes: Any) -> Asked:
    typed: dict[str, Any] = {
        "email": "ana@guests.example",
        "page_url": "https://timetuna.example/hanne/intro",
        "message": "Nothing happens.",
        **changes,
    }
    return await memory.app.ask_support(SupportMessage(**typed), client)


async def a_conversation(memory: MemoryApp, **changes: Any) -> tuple[VisitorActor, SupportThreadId]:
    visitor = VisitorActor((await ask(memory, **changes)).token)
    return visitor, (await memory.app.show_support_thread(visitor)).id


def operator(memory: MemoryApp, lasts: timedelta = DESK_LINK_LASTS) -> OperatorActor:
    return OperatorActor(memory.desk_links.until(memory.clock() + lasts))


async def said(memory: MemoryApp, visitor: VisitorActor) -> list[tuple[str, str]]:
    thread = await memory.app.show_support_thread(visitor)
    return [(each.side, each.text) for each in thread.messages]


def mails(memory: MemoryApp, kind: str) -> list[SupportMail]:
    return [mail for mail in memory.mailer.support if mail.kind == kind]


async def is_owed(memory: MemoryApp) -> bool:
    return await memory.store.backlog.next_due_at() is not None


async def test_the_operator_gets_the_message_and_the_sender_a_receipt() -> None:
    memory = MemoryApp()

    assert (await ask(memory, screenshot=PNG)).with_receipt
    await memory.work_off()

    [to_operator], [receipt] = mails(memory, "to_operator"), mails(memory, "receipt")
    assert OPERATOR == to_operator.to
    assert to_operator.screenshot
    assert PNG == to_operator.screenshot.content
    assert "Nothing happens." == to_operator.message.text
    assert ("ana@guests.example", None, None) == (receipt.to, receipt.screenshot, receipt.desk_link)


async def test_the_screenshot_is_kept_only_until_the_operator_has_it() -> None:
    memory = MemoryApp()
    visitor, thread_id = await a_conversation(memory, screenshot=PNG)

    await memory.work_off()

    async with memory.store.begin() as uow:
        assert await uow.support_threads.screenshot(thread_id, 0) is None
    assert (await memory.app.show_support_thread(visitor)).messages[0].has_screenshot


async def test_they_talk_on_the_page_and_by_mail() -> None:
    memory = MemoryApp()
    visitor, thread_id = await a_conversation(memory)
    await memory.app.answer_support(operator(memory), thread_id, "Try again.")
    await memory.app.write_to_support(visitor, "Thank you!", PNG, HOME)
    await memory.work_off()

    assert [("visitor", "Nothing happens."), ("operator", "Try again."), ("visitor", "Thank you!")] == await said(
        memory, visitor
    )
    [answer] = mails(memory, "answer")
    assert ("ana@guests.example", "Try again.") == (answer.to, answer.message.text)
    assert {"Nothing happens.", "Thank you!"} == {mail.message.text for mail in mails(memory, "to_operator")}
    assert 1 == len(mails(memory, "receipt"))


async def test_the_link_in_the_operators_mail_opens_the_desk() -> None:
    memory = MemoryApp()
    _, thread_id = await a_conversation(memory)
    await memory.work_off()
    [mail] = mails(memory, "to_operator")
    assert mail.desk_link

    [waiting] = await memory.app.show_support_desk(OperatorActor(mail.desk_link))

    assert thread_id == waiting.id


async def test_the_desk_shows_who_waits_with_the_longest_wait_first() -> None:
    memory = MemoryApp()
    asked: list[tuple[VisitorActor, SupportThreadId]] = []
    for _ in range(4):
        asked.append(await a_conversation(memory))
        memory.clock.advance(AN_HOUR)
    (first, first_id), (_, second_id), (_, third_id), (_, fourth_id) = asked
    await memory.app.answer_support(operator(memory), first_id, "Try again.")
    await memory.app.close_support_thread(operator(memory), third_id)
    await memory.app.write_to_support(first, "Still nothing.", None, HOME)

    waiting = await memory.app.show_support_desk(operator(memory))

    assert [second_id, fourth_id, first_id] == [each.id for each in waiting]


async def test_a_closed_conversation_opens_again_when_somebody_writes() -> None:
    memory = MemoryApp()
    visitor, thread_id = await a_conversation(memory)
    await memory.app.close_support_thread(operator(memory), thread_id)
    assert (await memory.app.show_support_thread(visitor)).is_closed(memory.clock())

    await memory.app.write_to_support(visitor, "But…", None, HOME)

    thread: SupportThread = await memory.app.show_support_thread(visitor)
    assert not thread.is_closed(memory.clock())
    assert [thread] == [*await memory.app.show_support_desk(operator(memory))]


@pytest.mark.parametrize("link", ["", "é", "0" * 74, "zz" * 37])
async def test_nobody_without_the_operators_link_sees_or_changes_anything(link: str) -> None:
    memory = MemoryApp()
    visitor, thread_id = await a_conversation(memory)
    stranger = OperatorActor(link)

    for attempt in (
        memory.app.show_support_desk(stranger),
        memory.app.show_support_desk.one(stranger, thread_id),
        memory.app.answer_support(stranger, thread_id, "Send me your password."),
        memory.app.close_support_thread(stranger, thread_id),
    ):
        with pytest.raises(NotFound):
            await attempt

    assert [("visitor", "Nothing happens.")] == await said(memory, visitor)


async def test_an_operators_link_ends() -> None:
    memory = MemoryApp()
    link = operator(memory, AN_HOUR)
    assert () == await memory.app.show_support_desk(link)

    memory.clock.advance(AN_HOUR)

    with pytest.raises(NotFound):
        await memory.app.show_support_desk(link)


async def test_one_visitors_link_leads_to_no_other_conversation() -> None:
    memory = MemoryApp()
    visitor, thread_id = await a_conversation(memory)
    await a_conversation(memory, message="Something else.")

    assert [("visitor", "Nothing happens.")] == await said(memory, visitor)
    for guess in (SupportToken(thread_id), SupportToken("")):
        with pytest.raises(NotFound):
            await memory.app.write_to_support(VisitorActor(guess), "Hello", None, HOME)


@pytest.mark.parametrize(
    "error",
    [
        MailTryLater(ServerAnswered(421, "busy")),
        MailMisconfigured(ServerAnswered(535, "no")),
        RecipientRefused(ServerAnswered(550, "nobody")),
    ],
    ids=str,
)
async def test_a_message_is_mailed_again_until_the_operators_server_takes_it(error: Exception) -> None:
    memory = MemoryApp()
    memory.mailer.refuse(error, times=3)  # pyright: ignore[reportArgumentType] - all of them are MailErrors
    await ask(memory, screenshot=PNG)

    await memory.work_off()
    assert [] == mails(memory, "to_operator")
    for _ in range(2):
        memory.clock.advance(AN_HOUR)
        await memory.work_off()

    [mail] = mails(memory, "to_operator")
    assert mail.screenshot


async def test_a_receipt_that_nobody_takes_is_given_up() -> None:
    memory = MemoryApp()
    await ask(memory, email="nobody@guests.example")
    [lease] = [
        each for each in await memory.store.backlog.lease(2, AN_HOUR) if isinstance(each.job, AcknowledgeSupportJob)
    ]
    memory.mailer.refuse(RecipientRefused(ServerAnswered(550, "nobody")))

    await memory.app.run_job(lease)
    memory.clock.advance(AN_HOUR)
    await memory.work_off()

    assert ["to_operator"] == [mail.kind for mail in memory.mailer.support]
    assert not await is_owed(memory)


async def test_a_mailbox_gets_few_receipts_and_the_operator_all_messages() -> None:
    memory = MemoryApp()

    told = [
        (await ask(memory, email=email, client=f"203.0.113.{number}")).with_receipt
        for number, email in enumerate(["ana@guests.example", "ANA@guests.example"] * 2)
    ]
    await memory.work_off()

    assert SUPPORT_RECEIPTS.most * [True] + [False] == told
    assert (4, SUPPORT_RECEIPTS.most) == (len(mails(memory, "to_operator")), len(mails(memory, "receipt")))


async def test_one_place_can_send_so_many_messages_an_hour() -> None:
    memory = MemoryApp()
    visitor, _ = await a_conversation(memory)
    for _ in range(SUPPORT_MESSAGES.most - 1):
        await memory.app.write_to_support(visitor, "Hello?", None, HOME)

    with pytest.raises(TooManyRequests):
        await ask(memory, email="other@guests.example")
    with pytest.raises(TooManyRequests):
        await memory.app.write_to_support(visitor, "Hello?", None, HOME)
    await ask(memory, client="2001:db8::7")
    memory.clock.advance(AN_HOUR)
    await ask(memory)


async def test_one_conversation_takes_so_many_messages_a_day_from_all_places_together() -> None:
    memory = MemoryApp()
    visitor, _ = await a_conversation(memory)
    for number in range(MESSAGES_IN_THREAD.most):
        await memory.app.write_to_support(visitor, "Hello?", None, f"198.51.100.{number}")

    with pytest.raises(TooManyRequests):
        await memory.app.write_to_support(visitor, "Hello?", None, "2001:db8::7")


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


async def test_an_empty_answer_is_refused() -> None:
    memory = MemoryApp()
    visitor, thread_id = await a_conversation(memory)

    with pytest.raises(InvalidInput) as refusal:
        await memory.app.answer_support(operator(memory), thread_id, " ")

    assert ["message"] == fields(refusal.value)
    assert 1 == len(await said(memory, visitor))


async def test_without_an_operator_nobody_is_there_to_write_to() -> None:
    memory = MemoryApp(operator=None)

    with pytest.raises(SupportNotSetUp):
        await ask(memory)

    assert not await is_owed(memory)
