import msgspec
import pytest

from adapters.google.wire import Space
from adapters.http_client.wire import read

NAME = "spaces/jQCFfuBOdN5z"


def space(**changes: object) -> bytes:
    whole = {"name": NAME, "meetingUri": "https://meet.google.com/abc-mnop-xyz", "meetingCode": "abc-mnop-xyz"}
    return msgspec.json.encode({**whole, "config": {"accessType": "OPEN"}, **changes})


def test_a_space_is_read_as_google_writes_it() -> None:
    assert Space(NAME, "https://meet.google.com/abc-mnop-xyz", "abc-mnop-xyz") == read(space(), Space)


@pytest.mark.parametrize("changes", [{"name": None}, {"name": ""}, {"name": "abc"}, {"name": 5}, {"meetingUri": None}])
def test_a_space_without_a_name_or_a_link_is_none(changes: dict[str, object]) -> None:
    assert read(space(**changes), Space) is None


@pytest.mark.parametrize(
    "meeting_uri",
    ["https://meet.google.com/abc-mnop-xyz", "https://meet.google.com:443/abc-mnop-xyz?hs=1&authuser=0"],
)
def test_links_to_meet_are_good_and_name_the_code_where_nothing_else_does(meeting_uri: str) -> None:
    assert "abc-mnop-xyz" == Space(NAME, meeting_uri).code


@pytest.mark.parametrize(
    "meeting_uri",
    [
        "",
        "http://meet.google.com/abc-mnop-xyz",
        "https://meet.google.com",
        "https://meet.google.com/",
        "https://google.com/abc-mnop-xyz",
        "https://notmeet.google.com/abc-mnop-xyz",
        "https://meet.google.com.evil.example/abc-mnop-xyz",
        "https://meet.google.com@evil.example/abc-mnop-xyz",
        "https://evil.example\\@meet.google.com/abc-mnop-xyz",
        "https://meet.google.com:8443/abc-mnop-xyz",
        "https://meet.google.com/abc-mnop-xyz\n",
        'https://meet.google.com/abc"><script>',
        "javascript:alert(1)//meet.google.com/",
        f"https://meet.google.com/{'a' * 3000}",
    ],
)
def test_links_elsewhere_are_not(meeting_uri: str) -> None:
    assert Space(NAME, meeting_uri, "abc-mnop-xyz").code is None
