"""The suppression list: what every store promises about it."""

import pytest

from tests.support.builders import NOW
from tests.support.store import Store, a_unit_that_fails

ANA = "ana@guests.example"


async def link(store: Store, token: str, email: str) -> None:
    async with store.begin() as uow:
        uow.suppressions.link(token, email, NOW)


async def suppress(store: Store, token: str) -> None:
    async with store.begin() as uow:
        uow.suppressions.suppress(token, NOW)


async def holds(store: Store, email: str) -> bool:
    async with store.begin() as uow:
        return await uow.suppressions.holds(email)


async def state(store: Store, token: str) -> bool | None:
    async with store.begin() as uow:
        return await uow.suppressions.is_suppressed(token)


async def test_an_address_is_suppressed_by_its_link_and_allowed_again(store: Store) -> None:
    await link(store, "token", ANA)
    assert (False, False) == (await holds(store, ANA), await state(store, "token"))

    await suppress(store, "token")
    assert (True, True) == (await holds(store, ANA), await state(store, "token"))

    async with store.begin() as uow:
        uow.suppressions.lift("token")
    assert (False, False) == (await holds(store, ANA), await state(store, "token"))


@pytest.mark.parametrize("spelling", ["ANA@guests.example", "ana+shop@guests.example"])
async def test_another_spelling_is_the_same_mailbox(store: Store, spelling: str) -> None:
    await link(store, "token", ANA)
    await link(store, "another", spelling)
    await suppress(store, "token")

    assert await holds(store, spelling)
    assert await state(store, "another")


async def test_nobody_else_is_suppressed(store: Store) -> None:
    await link(store, "token", ANA)
    await link(store, "another", "ana@others.example")
    await suppress(store, "token")

    assert not await holds(store, "ana@others.example")
    assert await state(store, "another") is False


async def test_a_token_stands_for_its_first_address(store: Store) -> None:
    await link(store, "token", ANA)
    await link(store, "token", "ana@others.example")
    await suppress(store, "token")

    assert (True, False) == (await holds(store, ANA), await holds(store, "ana@others.example"))


async def test_doing_it_twice_is_doing_it_once(store: Store) -> None:
    await link(store, "token", ANA)
    await link(store, "token", ANA)
    await suppress(store, "token")
    await suppress(store, "token")

    assert await holds(store, ANA)


async def test_a_token_that_stands_for_nothing_changes_nothing(store: Store) -> None:
    await suppress(store, "token")
    async with store.begin() as uow:
        uow.suppressions.lift("token")

    assert await state(store, "token") is None
    assert await state(store, "\ud800") is None


async def test_a_unit_that_fails_suppresses_nobody(store: Store) -> None:
    await link(store, "token", ANA)
    async with a_unit_that_fails(store) as uow:
        uow.suppressions.suppress("token", NOW)

    assert not await holds(store, ANA)
