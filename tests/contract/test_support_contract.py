"""Support conversations: what every store promises about them."""

import asyncio
from datetime import timedelta

import msgspec
import pytest

from application.ports.conflicts import Conflict
from application.ports.support import Screenshot
from domain.ids import SupportThreadId, SupportToken
from domain.support_thread import SupportThread, ThreadMessage
from tests.support.builders import A_DAY, NOW
from tests.support.processes import PATIENCE
from tests.support.store import Store, a_unit_that_fails

PNG = Screenshot(b"\x89PNG\0\xff", "png")
FIRST = ThreadMessage("visitor", NOW, "Nothing happens.\n\nWhat now? 🐟", has_screenshot=True)
THREAD = SupportThread(
    id=SupportThreadId("thread-1"),
    token=SupportToken("token-1"),
    email="ana@guests.example",
    page_url="https://timetuna.example/hanne/intro",
    language="pt-BR",
    messages=(FIRST,),
)


def another(number: int, *, at: timedelta = A_DAY, side: str = "visitor") -> SupportThread:
    message = msgspec.convert({"side": side, "sent_at": NOW + at, "text": "Hello"}, ThreadMessage)
    token = SupportToken(f"token-{number}")
    return SupportThread(SupportThreadId(f"thread-{number}"), token, "bo@guests.example", "", "en", (message,))


async def add(store: Store, *threads: SupportThread, screenshot: Screenshot | None = None) -> None:
    for thread in threads:
        async with store.begin() as uow:
            uow.support_threads.add(thread, screenshot)


async def kept(store: Store, thread_id: str = THREAD.id) -> SupportThread | None:
    async with store.begin() as uow:
        return await uow.support_threads.get(SupportThreadId(thread_id))


async def test_a_conversation_is_kept_as_it_is(store: Store) -> None:
    closed = another(2).closed(NOW + 2 * A_DAY)
    await add(store, THREAD, closed)

    assert THREAD == await kept(store)
    assert closed == await kept(store, closed.id)


async def test_a_conversation_of_a_unit_that_fails_is_not_kept(store: Store) -> None:
    async with a_unit_that_fails(store) as uow:
        uow.support_threads.add(THREAD, PNG)

    assert await kept(store) is None


async def test_a_visitor_finds_their_own_conversation_alone(store: Store) -> None:
    await add(store, THREAD, another(2))

    async with store.begin() as uow:
        assert THREAD == await uow.support_threads.of_visitor(SupportToken("token-1"))
        assert THREAD == await uow.support_threads.lock_of_visitor(SupportToken("token-1"))
        assert await uow.support_threads.of_visitor(SupportToken("thread-1")) is None


async def test_a_conversation_goes_on(store: Store) -> None:
    await add(store, THREAD)
    answered = THREAD.with_message(ThreadMessage("operator", NOW + A_DAY, "Try again."))

    async with store.begin() as uow:
        uow.support_threads.save(answered)

    assert msgspec.structs.replace(answered, version=2) == await kept(store)


async def test_what_was_changed_meanwhile_is_not_overwritten(store: Store) -> None:
    await add(store, THREAD)
    async with store.begin() as uow:
        uow.support_threads.save(THREAD.closed(NOW))

    with pytest.raises(Conflict):
        async with store.begin() as uow:
            uow.support_threads.save(THREAD)


async def test_a_picture_is_kept_with_its_message_until_it_is_dropped(store: Store) -> None:
    await add(store, THREAD, screenshot=PNG)
    second = Screenshot(b"\xff\xd8", "jpeg")
    async with store.begin() as uow:
        uow.support_threads.save(THREAD.with_message(FIRST), second)

    async with store.begin() as uow:
        uow.support_threads.drop_screenshot(THREAD.id, 0)
        uow.support_threads.drop_screenshot(SupportThreadId("unknown"), 0)

    async with store.begin() as uow:
        assert await uow.support_threads.screenshot(THREAD.id, 0) is None
        assert second == await uow.support_threads.screenshot(THREAD.id, 1)


async def test_those_who_wait_are_listed_with_the_longest_wait_first(store: Store) -> None:
    late, early, answered, closed, silent = (
        another(2, at=3 * A_DAY),
        another(3, at=2 * A_DAY),
        another(4, side="operator"),
        another(5).closed(NOW + A_DAY),
        another(6, at=timedelta(0)),
    )
    await add(store, late, early, answered, closed, silent)

    async with store.begin() as uow:
        assert (early, late) == await uow.support_threads.waiting(NOW, 10)
        assert (early,) == await uow.support_threads.waiting(NOW, 1)


async def test_whoever_watches_a_conversation_is_woken_when_it_is_saved(store: Store) -> None:
    await add(store, THREAD)

    with store.changes.watching(THREAD.id) as changed:
        async with store.begin() as uow:
            uow.support_threads.save(THREAD.closed(NOW))

        async with asyncio.timeout(PATIENCE):
            await changed.wait()
