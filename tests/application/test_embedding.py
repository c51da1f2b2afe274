"""Which sites may embed a page is read as browsers write origins, and nothing else is taken for one."""

import pytest

from application.pages.embedding import checked_embedding
from domain.embedding import MOST_SITES, Embedding
from domain.errors import InvalidInput
from domain.faults import Fault, Malformed
from tests.support.builders import a_host, a_page


@pytest.mark.parametrize(
    ("typed", "origin"),
    [
        ("HTTPS://Shop.Example:443", "https://shop.example"),
        ("https://shop.example:08443", "https://shop.example:8443"),
        ("https://straße.example", "https://xn--strae-oqa.example"),
        ("http://localhost:3000", "http://localhost:3000"),
        ("http://127.0.0.1:80", "http://127.0.0.1"),
        ("http://127.0.0.2", "http://127.0.0.2"),
        ("http://0x7f.1:3000", "http://127.0.0.1:3000"),
        ("http://Shop.localhost:3000", "http://shop.localhost:3000"),
        ("https://192.168.1.7", "https://192.168.1.7"),
        ("https://１９２.168.1.7", "https://192.168.1.7"),
        ("https://bücher.example:8443", "https://xn--bcher-kva.example:8443"),
    ],
)
def test_a_site_is_kept_as_its_origin(typed: str, origin: str) -> None:
    assert (origin,) == checked_embedding((typed,))


@pytest.mark.parametrize(
    "typed",
    [
        "https://shop.example/",
        "https://shop.example?",
        "https://*.shop.example",
        "*",
        "null",
        "'self'",
        "https://anna@shop.example",
        "https://shop.example:0",
        "https://shop.example:65536",
        "https://shop.example; script-src *",
        "https://shop.example https://other.example",
        "https://shop.example\n",
        "https://sh\top.example",
        "https://shop.example.",
        "https://[v1.x]",
        "http://[::1",
        "http://192.168.1.7",
        "http://2130706434.example.1",
        "https://256.1.1.1",
        "https://1.2.3.4.5",
        "http://shop.example",
        "http://localhost.shop.example",
        "javascript://shop.example",
        "//shop.example",
        "https://",
        f"https://{'a' * 60}.{'b' * 60}.{'c' * 60}.{'d' * 60}.{'e' * 60}",
    ],
)
def test_what_is_no_origin_is_refused(typed: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        checked_embedding(("https://other.example", typed))

    assert ["embedding.1"] == [each.field for each in refused.value.faults]


@pytest.mark.parametrize("typed", ["http://[::1]", "http://[::1]:3000", "https://[2001:db8::1]"])
def test_an_ipv6_address_which_no_policy_can_name_is_refused_with_a_reason(typed: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        checked_embedding((typed,))

    assert (Fault("embedding.0", Malformed("site-by-name")),) == refused.value.faults


def test_no_site_at_all_is_nowhere() -> None:
    assert "nowhere" == checked_embedding(())


@pytest.mark.parametrize(
    "embedding",
    [
        (),
        ("https://shop.example/",),
        ("https://shop.example:443",),
        ("https://shop.example", "https://shop.example"),
        tuple(f"https://shop{number}.example" for number in range(MOST_SITES + 1)),
    ],
)
def test_no_page_holds_anything_else(embedding: Embedding) -> None:
    with pytest.raises(ValueError, match="embedding"):
        a_page(a_host(), embedding=embedding)
