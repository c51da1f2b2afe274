"""The estimate of how soon a password is guessed."""

from time import process_time

import pytest

from adapters.vault.common_passwords import CommonPasswords
from entrypoints import sample


@pytest.mark.parametrize("made_for_it", ["a4@8({[<369&#!1/|0$5+7%2" * 10, "password1" * 28, "19991231" * 32])
def test_no_password_takes_long_to_rate(made_for_it: str) -> None:
    began = process_time()
    CommonPasswords().covers(made_for_it, ["a4@8", "password"])

    assert process_time() - began < 0.5


def test_the_demos_own_password_is_one_that_may_be_chosen() -> None:
    assert not CommonPasswords().covers(sample.PASSWORD, [sample.EMAIL, sample.HANDLE, "Anna Höst", "TimeTuna"])
