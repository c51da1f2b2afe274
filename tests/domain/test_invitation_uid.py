"""Copies of our invitations are told apart from events of others."""

import pytest

from domain.ids import BookingId
from domain.invitation_uid import invitation_uid, is_invitation

ID = BookingId("0198fbe02f1c7a3e8d5b6c4a39271f00")


@pytest.mark.parametrize("uid", [f"{ID}@tuna.example", f"{ID}@tuna.example".upper()])
def test_a_copy_is_known_by_its_uid_as_it_is_and_in_upper_case(uid: str) -> None:
    assert invitation_uid(ID, "tuna.example").lower() == uid.lower()
    assert is_invitation(uid, "tuna.example")


@pytest.mark.parametrize(
    ("uid", "domain"),
    [
        (f"{ID}@tuna.example", "other.example"),
        (f"{ID}@tunaXexample", "tuna.example"),
        (f"{ID}@tuna.example.org", "tuna.example"),
        ("7f0e@tuna.example", "tuna.example"),
        (f"{ID}@", ""),
        ("", ""),
    ],
)
def test_everything_else_is_an_event_of_its_own(uid: str, domain: str) -> None:
    assert not is_invitation(uid, domain)
