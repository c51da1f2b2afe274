import asyncio
import threading

import pytest
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError

from adapters.vault.passwords import Argon2Passwords
from tests.support.processes import PATIENCE

PASSWORD = "corréct horse 🐟"


async def test_a_password_matches_its_own_hash_and_no_other_does() -> None:
    passwords = Argon2Passwords()
    stored = await passwords.hash(PASSWORD)

    assert await passwords.matches(PASSWORD, stored)
    assert not await passwords.matches(PASSWORD.upper(), stored)


async def test_a_hash_shows_its_parameters_and_not_the_password() -> None:
    stored = await Argon2Passwords().hash(PASSWORD)

    assert stored.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert "horse" not in stored


async def test_the_way_a_letter_was_typed_makes_no_difference() -> None:
    passwords = Argon2Passwords()

    assert await passwords.matches("corre\u0301ct horse 🐟", await passwords.hash(PASSWORD))


async def test_the_width_of_a_letter_makes_no_difference() -> None:
    passwords = Argon2Passwords()

    assert await passwords.matches("ｃｏｒｒéｃｔ horse 🐟", await passwords.hash(PASSWORD))


async def test_a_hash_of_another_normalization_goes_on_matching() -> None:
    assert await Argon2Passwords().matches("½ horse", PasswordHasher().hash("½ horse"))


@pytest.mark.parametrize("missing", [None, ""])
async def test_without_a_hash_nothing_matches_for_the_price_of_a_real_comparison(
    missing: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared: list[str] = []
    verify = PasswordHasher.verify

    def noting(self: PasswordHasher, hash: str, password: str) -> bool:
        compared.append(hash)
        return verify(self, hash, password)

    monkeypatch.setattr(PasswordHasher, "verify", noting)

    assert not await Argon2Passwords().matches(PASSWORD, missing)
    assert ["$argon2id$v=19$m=65536,t=3,p=4"] == [stored.rsplit("$", 2)[0] for stored in compared]


async def test_a_stored_hash_that_is_none_is_a_mistake_that_shows() -> None:
    with pytest.raises(InvalidHashError):
        await Argon2Passwords().matches(PASSWORD, "plain text")


async def test_hashing_leaves_the_event_loop_and_takes_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    running: set[int] = set()
    most: list[int] = []
    both_in = threading.Barrier(2, timeout=PATIENCE)

    def slow(self: PasswordHasher, password: str) -> str:
        del self
        running.add(id(password))
        most.append(len(running))
        both_in.wait()
        running.discard(id(password))
        return f"hash of {password} in {threading.current_thread() is threading.main_thread()}"

    monkeypatch.setattr(PasswordHasher, "hash", slow)
    passwords = Argon2Passwords(at_once=2)

    hashes = await asyncio.gather(*(passwords.hash(f"password {number}") for number in range(6)))

    assert [f"hash of password {number} in False" for number in range(6)] == hashes
    assert 2 == max(most)
