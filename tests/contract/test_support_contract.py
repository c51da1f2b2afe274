"""Messages to the operator: what every store promises about them."""

import msgspec
import pytest

from application.ports.support import Screenshot, SupportRequest
from tests.contract.store import Store, a_unit_that_fails
from tests.support.builders import NOW

PNG = Screenshot(b"\x89PNG\0\xff", "png")
REQUEST = SupportRequest(
    id="request-1",
    sent_at=NOW,
    email="ana@guests.example",
    page_url="https://timetuna.example/hanne/intro",
    message="Nothing happens.\n\nWhat now? 🐟",
    language="pt-BR",
    wants_copy=True,
    screenshot=PNG,
)
WITHOUT = msgspec.structs.replace(REQUEST, id="request-2", screenshot=None, wants_copy=False, page_url="")


async def add(store: Store, *requests: SupportRequest) -> None:
    for request in requests:
        async with store.begin() as uow:
            uow.support_requests.add(request)


async def kept(store: Store, request_id: str) -> SupportRequest | None:
    async with store.begin() as uow:
        return await uow.support_requests.get(request_id)


@pytest.mark.parametrize("request_", [REQUEST, WITHOUT], ids=lambda each: each.id)
async def test_a_message_is_kept_as_it_is(store: Store, request_: SupportRequest) -> None:
    await add(store, request_)

    assert request_ == await kept(store, request_.id)


async def test_a_message_of_a_unit_that_fails_is_not_kept(store: Store) -> None:
    async with a_unit_that_fails(store) as uow:
        uow.support_requests.add(REQUEST)

    assert await kept(store, REQUEST.id) is None


async def test_the_screenshot_goes_and_the_words_stay(store: Store) -> None:
    await add(store, REQUEST, WITHOUT)

    async with store.begin() as uow:
        uow.support_requests.drop_screenshot(REQUEST.id)

    assert msgspec.structs.replace(REQUEST, screenshot=None) == await kept(store, REQUEST.id)
    assert WITHOUT == await kept(store, WITHOUT.id)


async def test_a_message_is_removed_alone_and_more_than_once(store: Store) -> None:
    await add(store, REQUEST, WITHOUT)

    for _ in range(2):
        async with store.begin() as uow:
            uow.support_requests.remove(REQUEST.id)
            uow.support_requests.drop_screenshot("unknown")

    assert await kept(store, REQUEST.id) is None
    assert WITHOUT == await kept(store, WITHOUT.id)
