"""The operator's links."""

from datetime import UTC, datetime

from adapters.vault.desk_links import KeyedDeskLinks

LINKS = KeyedDeskLinks(b"a key", "operator@timetuna.example")
END = datetime(2026, 12, 1, tzinfo=UTC)


def test_a_link_says_until_when_it_is_good() -> None:
    link = LINKS.until(END)

    assert END == LINKS.ends_at(link)
    assert link.isalnum()
    assert link == LINKS.until(END)


def test_a_link_that_was_changed_is_none() -> None:
    link, later = LINKS.until(END), LINKS.until(END.replace(year=2027))

    for changed in (later[:10] + link[10:], link[:-1], link + "0", link.upper(), ""):
        assert LINKS.ends_at(changed) is None, changed


def test_links_end_with_the_operators_address_and_with_the_key() -> None:
    link = LINKS.until(END)

    assert KeyedDeskLinks(b"a key", "other@timetuna.example").ends_at(link) is None
    assert KeyedDeskLinks(b"another key", "operator@timetuna.example").ends_at(link) is None
