"""What a browser keeps that has signed in before."""

from datetime import timedelta

import msgspec
import pytest

from adapters.vault.devices import LASTS, SignedDevices
from application.ports.account_storage import Account
from tests.support.builders import NOW, a_host

DEVICES = SignedDevices(b"k" * 32)
A_SECOND = timedelta(seconds=1)


def an_account() -> Account:
    return Account(a_host(), "a hash", NOW, None)


def test_a_browser_is_recognized_for_half_a_year() -> None:
    account = an_account()
    cookie = DEVICES.remembered("", account, NOW)

    known = DEVICES.recognized(cookie, account, NOW + LASTS - A_SECOND)

    assert known is not None
    assert cookie.startswith(known)
    assert DEVICES.recognized(cookie, account, NOW + LASTS) is None


def test_it_counts_for_its_account_its_password_and_its_server_alone() -> None:
    account = an_account()
    cookie = DEVICES.remembered("", account, NOW)

    assert DEVICES.recognized(cookie, an_account(), NOW) is None
    assert DEVICES.recognized(cookie, msgspec.structs.replace(account, password_hash="another"), NOW) is None
    assert SignedDevices(b"l" * 32).recognized(cookie, account, NOW) is None


def test_the_latest_three_accounts_of_a_browser_are_remembered_once_each() -> None:
    accounts = [an_account() for _ in range(4)]
    cookie = ""
    for account in (*accounts, accounts[-1]):
        cookie = DEVICES.remembered(cookie, account, NOW)

    known = [DEVICES.recognized(cookie, each, NOW) is not None for each in accounts]

    assert [False, True, True, True] == known
    assert 3 == len(cookie.split("~"))


@pytest.mark.parametrize("change", ["id", "issued", "signature"])
def test_an_entry_that_was_changed_is_nobodys(change: str) -> None:
    account = an_account()
    entry_id, issued, signature = DEVICES.remembered("", account, NOW).split(".")
    parts = {
        "id": f"{'A' * 16}.{issued}.{signature}",
        "issued": f"{entry_id}.{int(issued) + 1}.{signature}",
        "signature": f"{entry_id}.{issued}.{'A' * 43}",
    }

    assert DEVICES.recognized(parts[change], account, NOW) is None


@pytest.mark.parametrize("cookie", ["é.1.é", "a.９.b", "\ud800", "~~~", f"{'a' * 16}.{'9' * 12}.{'a' * 43}"])
def test_what_nobody_wrote_is_ignored(cookie: str) -> None:
    account = an_account()

    assert DEVICES.recognized(cookie, account, NOW) is None
    assert DEVICES.recognized(DEVICES.remembered(cookie, account, NOW), account, NOW) is not None
