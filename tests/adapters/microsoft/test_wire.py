import msgspec
import pytest

from adapters.http_client.wire import read
from adapters.microsoft.wire import JoinMeetingIdSettings, OnlineMeeting

ID = "MSo2ZDFmMWE1Mg=="
LINK = "https://teams.microsoft.com/l/meetup-join/19%3ameeting_abc%40thread.v2/0?context=%7b%22Tid%22%3a%22x%22%7d"


def meeting(**changes: object) -> bytes:
    return msgspec.json.encode({"@odata.context": "c", "id": ID, "joinWebUrl": LINK, "new": {"field": 1}, **changes})


def test_a_meeting_is_read_as_microsoft_writes_it() -> None:
    typed = {"isPasscodeRequired": True, "joinMeetingId": "123456789012", "passcode": "aB3dE6"}

    found = read(meeting(joinMeetingIdSettings=typed), OnlineMeeting)

    assert OnlineMeeting(ID, LINK, JoinMeetingIdSettings("123456789012", "aB3dE6")) == found


@pytest.mark.parametrize("settings", [None, {}, {"joinMeetingId": None, "passcode": None}])
def test_what_people_type_to_join_may_be_missing(settings: object) -> None:
    assert isinstance(read(meeting(joinMeetingIdSettings=settings), OnlineMeeting), OnlineMeeting)


@pytest.mark.parametrize("changes", [{"id": None}, {"id": ""}, {"joinWebUrl": None}, {"joinWebUrl": 5}])
def test_a_meeting_without_an_id_or_a_link_is_none(changes: dict[str, object]) -> None:
    assert read(meeting(**changes), OnlineMeeting) is None


@pytest.mark.parametrize(
    "url",
    [
        LINK,
        "https://teams.microsoft.com/meet/123456789012?p=aB3dE6",
        "https://teams.microsoft.com:443/l/meetup-join/19:meeting_abc@thread.v2/0",
        "https://teams.cloud.microsoft/meet/123456789012?p=aB3dE6",
        "https://gov.teams.microsoft.us/l/meetup-join/abc",
    ],
)
def test_links_to_teams_are_good(url: str) -> None:
    assert OnlineMeeting(ID, url).is_joinable


@pytest.mark.parametrize(
    "url",
    [
        "",
        "http://teams.microsoft.com/l/meetup-join/abc",
        "https://teams.microsoft.com",
        "https://teams.microsoft.com/",
        "https://microsoft.com/l/meetup-join/abc",
        "https://notteams.microsoft.com/l/meetup-join/abc",
        "https://teams.microsoft.com.evil.example/l/abc",
        "https://teams.microsoft.com@evil.example/l/abc",
        "https://evil.example\\@teams.microsoft.com/l/abc",
        "https://teams.microsoft.com:8443/l/abc",
        f"{LINK}\n",
        'https://teams.microsoft.com/l/abc"><script>',
        "https://teams.microsoft.com/l/abc'x",
        "javascript:alert(1)//teams.microsoft.com/",
        f"https://teams.microsoft.com/{'a' * 3000}",
    ],
)
def test_links_elsewhere_are_not(url: str) -> None:
    assert not OnlineMeeting(ID, url).is_joinable
