import msgspec
import pytest

from adapters.http_client.answer import ProviderAnswer
from adapters.http_client.oauth_refusals import oauth_code


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        (b'{"error":"invalid_grant","error_description":"secret"}', "invalid_grant"),
        (b'{"error":"1//0x"}', None),
        (msgspec.json.encode({"error": "a" * 41}), None),
        (b'{"error":5}', None),
        (b"<html>", None),
    ],
)
def test_the_log_sees_the_name_of_an_error_and_nothing_else(body: bytes, shown: str | None) -> None:
    assert shown == oauth_code(ProviderAnswer(400, body))
