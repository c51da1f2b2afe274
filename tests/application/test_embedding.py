"""Which sites may embed a page is read as browsers write origins, and nothing else is taken for one."""

import pytest

from application.pages.embedding import checked_embedding
from domain.embedding import MOST_SITES, Embedding
from domain.errors import InvalidInput
from tests.support.builders import a_host, a_page


@pytest.mark.parametrize(
    ("typed", "origin"),
    [
        ("HTTPS://Shop.Example:443", "https://shop.example"),
        ("https://shop.example:08443", "https://shop.example:8443"),
        ("https://straße.example", "https://xn--strae-oqa.example"),
        ("http://localhost:3000", "http://localhost:3000"),
        ("http://127.0.0.1:80", "http://127.0.0.1"),
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
        "https://[::1]",
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
