from base64 import b64encode, urlsafe_b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.vault.keys import FEWEST_DIFFERENT_BYTES, BadKeys, parse_keys

A_KEY = b64encode(bytes(range(224, 256))).decode()

keys_of_32_bytes = st.binary(min_size=32, max_size=32).filter(lambda key: len(set(key)) >= FEWEST_DIFFERENT_BYTES)


@given(st.lists(keys_of_32_bytes, min_size=1, max_size=4))
def test_keys_are_read_in_their_order(keys: list[bytes]) -> None:
    assert keys == parse_keys(",".join(b64encode(key).decode() for key in keys))


@given(keys_of_32_bytes)
def test_every_tools_base64_is_read(key: bytes) -> None:
    assert [key] == parse_keys(f" {urlsafe_b64encode(key).decode().rstrip('=')}\n")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no key is given"),
        ("  ", "no key is given"),
        ("not base64!", "key 1 of 1 is not base64"),
        (f"{A_KEY},schlüssel", "key 2 of 2 is not base64"),
        (f"{A_KEY},", "key 2 of 2 has 0 bytes instead of 32"),
        ("c2hvcnQ=", "key 1 of 1 has 5 bytes instead of 32"),
        ("c", "key 1 of 1 is not base64"),
        (b64encode(bytes(32)).decode(), "key 1 of 1 can be guessed"),
        (f"{A_KEY},{b64encode(b'k' * 32).decode()}", "key 2 of 2 can be guessed"),
        (b64encode(b"password" * 4).decode(), "key 1 of 1 can be guessed"),
    ],
)
def test_a_setting_that_cannot_be_used_is_explained_in_one_line(text: str, words: str) -> None:
    with pytest.raises(BadKeys, match=words) as caught:
        parse_keys(text)

    assert "\n" not in str(caught.value)


def test_the_explanation_does_not_repeat_a_key() -> None:
    with pytest.raises(BadKeys) as caught:
        parse_keys(f"{A_KEY},{A_KEY}?")

    assert A_KEY[:8] not in str(caught.value)
