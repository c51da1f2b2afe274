import pytest

from adapters.http_client.wire import Tokens, read


def test_an_api_address_in_a_token_answer_is_not_even_read() -> None:
    body = b'{"access_token":"a","refresh_token":"r","expires_in":3599,"api_url":"https://elsewhere.example"}'

    assert Tokens("a", 3599, "r") == read(body, Tokens)


def test_tokens_do_not_show_in_a_repr() -> None:
    assert "secret" not in repr(Tokens("secret-a", 3599, "secret-r"))


@pytest.mark.parametrize(
    "body",
    [
        b'{"access_token":"a","refresh_token":"r"}',
        b'{"access_token":"","refresh_token":"r","expires_in":3599}',
        b'{"access_token":"a\\r\\nX-Evil: 1","refresh_token":"r","expires_in":3599}',
        b'{"access_token":"a","refresh_token":"r","expires_in":0}',
        b'{"access_token":"a","refresh_token":"","expires_in":3599}',
        b'{"error":"invalid_grant"}',
        b"<html>",
        b"",
        b"null",
        b'"\xff"',
    ],
)
def test_a_token_answer_without_usable_tokens_is_none(body: bytes) -> None:
    assert read(body, Tokens) is None


def test_a_lifetime_in_quotes_is_a_lifetime() -> None:
    assert Tokens("a", 3599, "r") == read(b'{"access_token":"a","refresh_token":"r","expires_in":"3599"}', Tokens)
