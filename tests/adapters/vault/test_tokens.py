import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.vault.keys import BadKeys
from adapters.vault.tokens import MissingKey, Tampered, TokenVault

KEYS = [bytes([number]) * 32 for number in (1, 2, 3)]
CONTEXT = "connection host-1 zoom"
# printf '\001%.0s' {1..32} | sha256sum | cut -c1-16
FIRST_KEY_ID = "72cd6e8422c407fb"

vault = TokenVault(KEYS)


@given(st.binary(), st.text())
def test_what_was_sealed_opens_in_its_own_place(plain: bytes, context: str) -> None:
    assert plain == vault.open(vault.seal(plain, context), context)


@given(st.binary(), st.text(), st.text())
def test_it_opens_in_no_other_place(plain: bytes, context: str, elsewhere: str) -> None:
    sealed = vault.seal(plain, context)

    if context != elsewhere:
        with pytest.raises(Tampered):
            vault.open(sealed, elsewhere)


@given(st.binary(max_size=50), st.data())
def test_one_changed_bit_anywhere_is_noticed(plain: bytes, data: st.DataObject) -> None:
    sealed = bytearray(vault.seal(plain, CONTEXT))
    sealed[data.draw(st.integers(0, len(sealed) - 1))] ^= 1 << data.draw(st.integers(0, 7))

    with pytest.raises((Tampered, MissingKey)):
        vault.open(bytes(sealed), CONTEXT)


@given(st.binary(max_size=80))
def test_nothing_that_was_not_sealed_opens(junk: bytes) -> None:
    with pytest.raises((Tampered, MissingKey)):
        vault.open(junk, CONTEXT)


@given(st.binary(max_size=30), st.data())
def test_a_part_of_something_sealed_does_not_open(plain: bytes, data: st.DataObject) -> None:
    sealed = vault.seal(plain, CONTEXT)

    with pytest.raises(Tampered):
        vault.open(sealed[: data.draw(st.integers(0, len(sealed) - 1))], CONTEXT)


@given(st.permutations(KEYS))
def test_keys_can_be_rotated_in_any_order(keys: list[bytes]) -> None:
    assert b"a token" == TokenVault(keys).open(vault.seal(b"a token", CONTEXT), CONTEXT)


def test_the_first_key_seals() -> None:
    assert b"a token" == TokenVault(KEYS[:1]).open(vault.seal(b"a token", CONTEXT), CONTEXT)


def test_a_missing_key_is_named() -> None:
    with pytest.raises(MissingKey, match=FIRST_KEY_ID) as caught:
        TokenVault(KEYS[1:]).open(vault.seal(b"a token", CONTEXT), CONTEXT)

    assert FIRST_KEY_ID == caught.value.key_id


def test_the_same_secret_is_sealed_differently_each_time() -> None:
    assert 100 == len({vault.seal(b"a token", CONTEXT) for _ in range(100)})


def test_the_secret_is_not_in_what_is_stored() -> None:
    assert b"a token" not in vault.seal(b"a token", CONTEXT)


def test_a_derived_secret_depends_on_purpose_and_first_key_alone() -> None:
    secret = vault.derive("web")

    assert 32 == len(secret)
    assert secret == TokenVault(KEYS[:1]).derive("web")
    assert 4 == len({secret, vault.derive("session"), TokenVault(KEYS[1:]).derive("web"), KEYS[0]})


@pytest.mark.parametrize("keys", [[], [b"short"], [KEYS[0], b""]])
def test_a_vault_needs_whole_keys(keys: list[bytes]) -> None:
    with pytest.raises(BadKeys):
        TokenVault(keys)


def test_a_vault_shows_names_of_keys_and_no_key() -> None:
    assert f"TokenVault(keys=['{FIRST_KEY_ID}'])" == repr(TokenVault(KEYS[:1]))
