"""Passwords: what every way of keeping them promises."""

import pytest

from adapters.memory.accounts import MemoryBlocklist, MemoryPasswords
from adapters.vault.common_passwords import CommonPasswords
from adapters.vault.passwords import Argon2Passwords
from application.ports.accounts import PasswordBlocklist, Passwords


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


@pytest.fixture(params=[MemoryBlocklist, CommonPasswords], ids=["memory", "zxcvbn"])
def blocklist(request: pytest.FixtureRequest) -> PasswordBlocklist:
    return request.param()


@pytest.mark.parametrize("password", ["password1234", "QWERTYUIOP12", "123456789012", " " * 12, "x" * 256])
def test_the_blocklist_covers_common_passwords_runs_and_repetitions(
    blocklist: PasswordBlocklist, password: str
) -> None:
    assert blocklist.covers(password, ())


def test_the_blocklist_covers_what_is_made_of_the_words(blocklist: PasswordBlocklist) -> None:
    assert not blocklist.covers("brito-lightwood", ())
    assert blocklist.covers("Brito-Lightwood1", ["brito-lightwood"])


@pytest.mark.parametrize(
    "password", ["correct horse battery staple", "tuna-time-demo", "a tuna swims over seven lazy reefs; " * 7]
)
def test_the_blocklist_leaves_other_passwords_alone(blocklist: PasswordBlocklist, password: str) -> None:
    assert not blocklist.covers(password, ["Anna Höst", "anna@timetuna.example", "TimeTuna"])
