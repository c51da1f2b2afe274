"""Which ID tokens identify an account."""

import pytest

from adapters.microsoft.signed_in import PERSONAL_TENANT, is_personal, signed_in
from adapters.sandbox.opaque import base64url, id_token
from domain.connection import ProviderAccount

OID = "6d1f1a52-8a0c-4a1e-9f51-2f9a3f0c7b01"
TID = "0f4f3c9e-51d3-4c0b-8a5e-1b7f6c2d9a10"
MIA = "mia@contoso.example"


def token(**changes: object) -> str:
    whole = {"aud": "our-id", "oid": OID, "tid": TID, "preferred_username": MIA, "name": "Mia Höst", **changes}
    return id_token({name: value for name, value in whole.items() if value is not None})


def test_the_object_id_and_the_directory_say_who_it_is() -> None:
    assert ProviderAccount(OID, TID, MIA, "Mia Höst") == signed_in(token(), "our-id")


def test_ids_are_the_same_in_capitals() -> None:
    assert ProviderAccount(OID, TID, MIA, "Mia Höst") == signed_in(token(oid=OID.upper(), tid=TID.upper()), "our-id")


@pytest.mark.parametrize(
    ("changes", "email", "name"),
    [
        ({"preferred_username": None, "email": "m@contoso.example"}, "m@contoso.example", "Mia Höst"),
        ({"preferred_username": None}, "Mia Höst", "Mia Höst"),
        ({"name": None}, MIA, MIA),
        ({"name": "Mia\u202e\r\nHöst 🐟"}, MIA, "Mia Höst 🐟"),
        ({"name": " "}, MIA, MIA),
    ],
)
def test_an_account_always_has_something_to_show(changes: dict[str, object], email: str, name: str) -> None:
    assert ProviderAccount(OID, TID, email, name) == signed_in(token(**changes), "our-id")


@pytest.mark.parametrize(
    "id_token",
    [
        None,
        "",
        "a.b.c",
        "a.%%%.c",
        "naïve.🐟.x",
        f"a.{base64url(b'[]')}.c",
        f"a.{base64url(b'{')}.c",
        token(aud="another-app"),
        token(tid=None),
        token(oid=None),
        token(oid="../../etc"),
        token(tid=""),
        token(preferred_username=None, name=None),
    ],
)
def test_a_token_that_says_too_little_is_nobodys(id_token: str | None) -> None:
    assert signed_in(id_token, "our-id") is None


@pytest.mark.parametrize(("tid", "expected"), [(PERSONAL_TENANT, True), (PERSONAL_TENANT.upper(), True), (TID, False)])
def test_personal_accounts_all_live_in_one_directory(tid: str, expected: bool) -> None:
    account = signed_in(token(tid=tid), "our-id")

    assert account is not None
    assert expected == is_personal(account)
