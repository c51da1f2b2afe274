import pytest

from application.actor import HostActor
from domain.api_token import SCOPES, Scope
from domain.errors import Forbidden
from domain.ids import HostId

ANNA = HostId("anna")


@pytest.mark.parametrize("scope", SCOPES)
def test_a_host_in_person_holds_every_scope(scope: Scope) -> None:
    assert ANNA == HostActor(ANNA).require(scope)


def test_a_scope_to_write_includes_the_one_to_read() -> None:
    assert HostActor(ANNA, frozenset({"pages:write"})).may("pages:read")


def test_a_scope_to_read_does_not_include_the_one_to_write() -> None:
    assert not HostActor(ANNA, frozenset({"pages:read"})).may("pages:write")


def test_what_a_token_lacks_is_named() -> None:
    with pytest.raises(Forbidden) as refused:
        HostActor(ANNA, frozenset({"bookings:write"})).require("account:read")

    assert "account:read" == refused.value.scope
