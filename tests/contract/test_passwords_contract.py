"""Passwords: what every way of keeping them promises."""

import pytest

from adapters.memory.accounts import MemoryPasswords
from adapters.vault.passwords import Argon2Passwords
from application.ports.accounts import Passwords


@pytest.fixture(params=[MemoryPasswords, Argon2Passwords], ids=["memory", "argon2"])
def passwords(request: pytest.FixtureRequest) -> Passwords:
    return request.param()


@pytest.mark.parametrize("password", ["correct horse", "påsswörd 密码 🐟", " ", "x" * 1000])
async def test_a_password_matches_its_own_hash_only(passwords: Passwords, password: str) -> None:
    password_hash = await passwords.hash(password)

    assert await passwords.matches(password, password_hash)
    assert not await passwords.matches(password + "x", password_hash)


async def test_a_hash_does_not_show_the_password(passwords: Passwords) -> None:
    assert "correct horse" not in await passwords.hash("correct horse")


async def test_without_a_hash_nothing_matches(passwords: Passwords) -> None:
    assert not await passwords.matches("correct horse", None)
    assert not await passwords.matches("", None)
