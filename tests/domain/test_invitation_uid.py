"""Copies of our invitations are known by their UIDs."""

from domain.ids import BookingId
from domain.invitation_uid import invitation_uid, invitation_uids

ID = BookingId("0198fbe02f1c7a3e8d5b6c4a39271f00")


def test_a_copy_is_known_by_its_uid_in_lower_case() -> None:
    assert {invitation_uid(ID, "Tuna.Example").lower()} == invitation_uids([ID], "Tuna.Example")


def test_without_a_domain_there_are_no_invitations() -> None:
    assert frozenset() == invitation_uids([ID], "")
