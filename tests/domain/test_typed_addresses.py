"""What people type or paste where several addresses are asked for."""

import pytest

from domain.typed_addresses import addresses_in

BOB, EVE, TOM = "bob@guests.example", "eve@guests.example", "tom.o'neil+x@guests.example"


@pytest.mark.parametrize(
    "text",
    [
        f"{BOB},{EVE}, {TOM}",
        f"{BOB}; {EVE};\t{TOM};",
        f"  {BOB} {EVE}\u00a0{TOM} ",
        f"{BOB}\r\n{EVE}\n\n{TOM}\n",
        f"{BOB}，{EVE}、{TOM}",
        f'"{BOB}","{EVE}","{TOM}"',
        f"<{BOB}> <{EVE}> <{TOM}>",
        f"Bob B. Brown <{BOB}>, J.R. Eve<{EVE}>, {TOM}",
        f'"Brown, Bob" <{BOB}>, {EVE}, "Tom" <{TOM}>',
        f"Brown, Bob <{BOB}>; Adams, Eve <{EVE}>; {TOM}",
        f"{BOB}, Eve <{EVE}>\n{TOM}",
    ],
)
def test_addresses_are_found_however_they_are_separated_and_named(text: str) -> None:
    assert (BOB, EVE, TOM) == addresses_in(text)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("bob", ("bob",)),
        (f"bobguests.example, Eve <{EVE}>", ("bobguests.example", EVE)),
        (f"bob@, {EVE}", ("bob@", EVE)),
        (f"{BOB} Eve <{EVE}>", (BOB, "Eve", EVE)),
        (f"Bob <{BOB}", ("Bob", BOB)),
    ],
)
def test_what_is_no_address_is_kept_to_be_complained_about(text: str, found: tuple[str, ...]) -> None:
    assert found == addresses_in(text)


@pytest.mark.parametrize("text", ["", " \n,;, ", '""<>'])
def test_nothing_is_found_in_nothing(text: str) -> None:
    assert () == addresses_in(text)
