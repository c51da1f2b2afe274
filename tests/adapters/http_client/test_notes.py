"""Descriptions of events, and what their hosts add to them."""

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.http_client.notes import marks_of, with_notes, with_notes_in_html

OLD = "The link follows\n\nAna\nPhone: +49 30 1234\n\nBooking: https://x.example/1"
NEW = "https://meet.example/1\n\nAna\n\nBooking: https://x.example/1"
LINE = st.text(st.characters(categories=["L", "N", "P", "S"]), min_size=1, max_size=12)
TEXT = st.lists(LINE, min_size=1, max_size=6).map("\n".join)


@pytest.mark.parametrize(
    ("held", "noted"),
    [
        (OLD, NEW),
        (f"Mine\n{OLD}", f"Mine\n\n{NEW}"),
        (f"{OLD}\n\n\nMine\n\nToo", f"{NEW}\n\nMine\n\nToo"),
        (OLD.replace("\nPhone", "\nLikes tea\nPhone"), f"{NEW}\n\nLikes tea"),
        (OLD.replace("Ana", "Ana, my cousin"), f"{NEW}\n\nAna, my cousin"),
        ("All mine", f"{NEW}\n\nAll mine"),
        ("", NEW),
    ],
    ids=["nothing", "above", "below", "between", "in a line of ours", "in place of ours", "all gone"],
)
def test_what_the_host_has_written_stays_wherever_it_is(held: str, noted: str) -> None:
    assert noted == with_notes(held, marks_of(OLD), NEW)
    assert noted == with_notes(noted, marks_of(NEW), NEW)


def test_without_marks_all_up_to_the_link_to_the_booking_is_ours() -> None:
    assert f"{NEW}\n\nMine" == with_notes(f"Old\n{OLD}\nMine", None, NEW)
    assert NEW == with_notes("Something else", None, NEW)


@given(TEXT, TEXT, TEXT, TEXT)
def test_nothing_the_host_has_typed_is_lost(old: str, new: str, above: str, below: str) -> None:
    theirs = {*above.split("\n"), *below.split("\n")} - {*old.split("\n")}

    noted = with_notes(f"{above}\n{old}\n{below}", marks_of(old), new)

    assert theirs | {*new.split("\n")} <= {*noted.split("\n")}


def test_outlooks_html_keeps_its_marks_and_the_hosts_own_and_is_closed_as_it_was_opened() -> None:
    ours = "<br>\r\n".join(map(html.escape, OLD.split("\n"))).replace(
        "https://x.example/1", '<a href="https://x.example/1">https://x.example/1</a>'
    )
    frame = '<html><head><style>p {{margin:0}}</style></head><body class="x">\r\n{}\r\n</body></html>'
    held = frame.format(f'<p><b>Bring</b> tea</p><div class="PlainText">{ours}</div><ul><li>and <i>cake</i></li></ul>')

    noted = with_notes_in_html(held, marks_of(OLD), NEW, breaks_at_newlines=False)

    assert noted is not None
    assert noted.startswith('<html><head><style>p {margin:0}</style></head><body class="x">')
    assert "<p><b>Bring</b> tea</p>" in noted
    assert "<ul><li>and <i>cake</i></li></ul>" in noted
    assert noted.count("<div") == noted.count("</div>")
    words = re.sub(r"<[^>]*>", "\n", noted.partition("<body")[2]).split("\n")
    read = [word.strip() for word in words if word.strip() and ">" not in word]
    assert read == ["Bring", "tea", "https://meet.example/1", "Ana", "Booking: https://x.example/1", "and", "cake"]


def test_html_in_which_everything_is_ours_gives_way_to_plain_text() -> None:
    held = f"<html><body><div>{OLD.replace(chr(10), '<br>')}</div></body></html>"

    assert with_notes_in_html(held, marks_of(OLD), NEW, breaks_at_newlines=False) is None
    assert with_notes_in_html(
        f"{held[:-14]}<img src='a.png'></body></html>", marks_of(OLD), NEW, breaks_at_newlines=False
    )


@pytest.mark.parametrize("repeated", ["\n", "<!--", "<body>"])
def test_a_description_of_any_length_is_gone_through_once(repeated: str) -> None:
    """Minutes, where each sign is compared with all others: one host could keep a worker from everybody."""
    held = f"Mine\n{repeated * 20_000}\n{OLD}"

    assert with_notes(held, marks_of(OLD), NEW).startswith("Mine")
    assert with_notes_in_html(held, marks_of(OLD), NEW, breaks_at_newlines=True)
