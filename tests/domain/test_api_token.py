"""What a token may do, and until when."""

from datetime import timedelta

import pytest

from domain.api_token import SCOPES, WARNED_BEFORE, ApiToken, GrantedScope, holds
from domain.faults import InvalidValue
from domain.ids import ApiTokenId, HostId
from tests.support.builders import NOW

A_SECOND = timedelta(seconds=1)


def a_token(*scopes: GrantedScope, lasts: timedelta | None = None) -> ApiToken:
    return ApiToken(ApiTokenId("t"), HostId("h"), "CI", scopes, NOW, None if lasts is None else NOW + lasts)


def test_everything_holds_each_scope_and_no_number_of_them_holds_everything() -> None:
    assert all(holds({"*"}, each) for each in (*SCOPES, "*"))
    assert not holds(SCOPES, "*")


@pytest.mark.parametrize("scopes", [(), ("webhooks", "webhooks")], ids=["none", "twice"])
def test_a_token_has_scopes_each_once(scopes: tuple[GrantedScope, ...]) -> None:
    with pytest.raises(InvalidValue) as refused:
        a_token(*scopes)

    assert "scopes" == refused.value.member


def test_a_token_expires_at_its_instant_or_never() -> None:
    token = a_token("*", lasts=A_SECOND)

    assert [False, True] == [token.has_expired(at) for at in (NOW, NOW + A_SECOND)]
    assert not a_token("*").has_expired(NOW + timedelta(days=10_000))


def test_its_host_is_warned_a_week_before_where_it_lasts_longer_than_that() -> None:
    lengths = (None, WARNED_BEFORE, WARNED_BEFORE + A_SECOND)

    assert [None, None, NOW + A_SECOND] == [a_token("*", lasts=each).warned_at for each in lengths]
