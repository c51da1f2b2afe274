"""Ids and secrets: what every source of them promises."""

import pytest

from adapters.memory.clock import MemoryIds
from adapters.vault.system import SystemIds
from application.ports.clock import Ids


@pytest.fixture(params=[MemoryIds, SystemIds], ids=["memory", "system"])
def ids(request: pytest.FixtureRequest) -> Ids:
    return request.param()


def test_ids_made_later_sort_later(ids: Ids) -> None:
    made = [ids.new_id() for _ in range(1000)]

    assert made == sorted(set(made))


def test_no_two_tokens_are_alike(ids: Ids) -> None:
    assert 1000 == len({ids.new_token() for _ in range(1000)})


def test_tokens_are_letters_and_digits_so_that_no_mail_program_drops_their_last_one(ids: Ids) -> None:
    token = ids.new_token()

    assert token.isascii()
    assert token.isalnum()
    # As many characters as 128 bits take.
    assert 22 <= len(token)
