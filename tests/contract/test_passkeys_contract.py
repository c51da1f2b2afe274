"""Passkeys and their challenges: what every store promises about them."""

import asyncio
from datetime import timedelta

import msgspec
import pytest

from application.ports.conflicts import Taken
from application.ports.passkeys import Ceremony, Challenge
from domain.host import Host
from tests.support.builders import NOW, a_host
from tests.support.store import Store, keep
from tests.support.stored_passkeys import a_passkey, added, of

A_MINUTE = timedelta(minutes=1)


async def test_passkeys_are_listed_for_their_host_and_the_newest_comes_first(store: Store, host: Host) -> None:
    other = a_host()
    await keep(store, other)
    old, new = a_passkey(host, "Old"), a_passkey(host, "New", added_at=NOW + A_MINUTE, last_used_at=NOW + A_MINUTE)
    await added(store, old, new, a_passkey(other))

    assert (new, old) == await of(store, host)


async def test_a_passkey_is_found_by_its_credential(store: Store, host: Host) -> None:
    passkey = a_passkey(host)
    await added(store, passkey)

    async with store.begin() as uow:
        assert passkey == await uow.passkeys.find(passkey.credential_id)
        assert await uow.passkeys.find(b"unknown") is None


async def test_a_credential_belongs_to_one_passkey(store: Store, host: Host) -> None:
    passkey = a_passkey(host)
    await added(store, passkey)

    with pytest.raises(Taken, match="passkey"):
        await added(store, a_passkey(host, "Another", credential_id=passkey.credential_id))


async def test_what_changed_is_saved_unless_it_was_removed(store: Store, host: Host) -> None:
    kept, gone = a_passkey(host, "Kept"), a_passkey(host, "Gone")
    await added(store, kept, gone)
    async with store.begin() as uow:
        uow.passkeys.remove(gone.id)
    changed = [each.was_used(2**32 - 1, NOW).renamed("Anna’s phone 📱") for each in (kept, gone)]
    async with store.begin() as uow:
        for each in changed:
            uow.passkeys.save(each)

    assert (changed[0],) == await of(store, host)


async def test_all_passkeys_of_one_host_are_removed(store: Store, host: Host) -> None:
    other = a_host()
    await keep(store, other)
    theirs = a_passkey(other)
    await added(store, a_passkey(host), a_passkey(host, "Laptop"), theirs)

    async with store.begin() as uow:
        uow.passkeys.remove_all(host.id)

    assert () == await of(store, host)
    assert (theirs,) == await of(store, other)


async def test_passkeys_are_erased_with_their_host(store: Store, host: Host) -> None:
    passkey = a_passkey(host)
    await added(store, passkey)

    async with store.begin() as uow:
        uow.accounts.erase(host.id, NOW)

    async with store.begin() as uow:
        assert await uow.passkeys.find(passkey.credential_id) is None


def a_challenge(host: Host, value: str = "challenge", **changes: object) -> Challenge:
    made = Challenge(value, "browser", "sign-in", host.id, NOW + A_MINUTE)
    return msgspec.structs.replace(made, **changes)


async def take(store: Store, value: str, browser: str, ceremony: Ceremony, seconds: int = 0) -> Challenge | None:
    async with store.begin() as uow:
        return await uow.challenges.take(value, browser, ceremony, NOW + timedelta(seconds=seconds))


@pytest.mark.parametrize("signed_in", [True, False])
async def test_a_challenge_is_taken_once(store: Store, host: Host, signed_in: bool) -> None:
    challenge = a_challenge(host, host_id=host.id if signed_in else None)
    async with store.begin() as uow:
        uow.challenges.remember(challenge)

    tried = await asyncio.gather(*(take(store, "challenge", "browser", "sign-in") for _ in range(5)))

    assert [challenge] == [each for each in tried if each]


async def test_a_challenge_is_for_its_browser_its_ceremony_and_its_time(store: Store, host: Host) -> None:
    async with store.begin() as uow:
        uow.challenges.remember(a_challenge(host))

    assert await take(store, "another", "browser", "sign-in") is None
    assert await take(store, "challenge", "another", "sign-in") is None
    assert await take(store, "challenge", "browser", "confirm") is None
    assert await take(store, "challenge", "browser", "sign-in", seconds=60) is None
    assert await take(store, "challenge", "browser", "sign-in", seconds=59) is not None
