import msgspec
import pytest

from adapters.http_client.wire import read
from adapters.zoom.wire import CreatedMeeting, MeetingSettings, ZoomUser

START_URL = "https://us05web.zoom.us/s/81418912311?zak=eyJ0"


def test_a_host_login_ends_at_the_parser() -> None:
    body = msgspec.json.encode(
        {"id": 81418912311, "join_url": "https://zoom.us/j/1", "start_url": START_URL, "host_email": "a@b.example"}
    )

    assert CreatedMeeting(81418912311, "https://zoom.us/j/1") == read(body, CreatedMeeting)


def test_a_user_may_lack_names() -> None:
    assert ZoomUser("_rvy", "DaVH", "a@b.example") == read(
        b'{"id":"_rvy","account_id":"DaVH","email":"a@b.example","display_name":null,"timezone":""}', ZoomUser
    )


@pytest.mark.parametrize(
    "join_url",
    [
        "https://us05web.zoom.us/j/81418912311?pwd=HTuFIGHrA58mA7IRyYIMJoWNub3ZjY.1",
        "https://zoom.us/j/1",
        "https://company.zoom.us/j/91538056781",
        "https://a.b.zoom.com/j/1",
        "https://agency.zoomgov.com/j/1",
        "HTTPS://ZOOM.US/j/1",
        "https://zoom.us:443/j/1",
    ],
)
def test_links_to_zoom_are_good(join_url: str) -> None:
    assert CreatedMeeting(1, join_url).is_joinable


@pytest.mark.parametrize(
    "join_url",
    [
        "",
        "http://zoom.us/j/1",
        "javascript:alert(1)//zoom.us/",
        "https://notzoom.us/j/1",
        "https://zoom.us.evil.example/j/1",
        "https://evil.example/zoom.us/j/1",
        "https://zoom.us@evil.example/j/1",
        "https://evil.example\\@zoom.us/j/1",
        "https://user:pass@zoom.us/j/1",
        "https://zoom.us:8443/j/1",
        "https://zoom.us/j/1\n",
        "https://zoom.us/j/ 1",
        'https://zoom.us/j/1"><script>',
        "https://zоom.us/j/1",
        "https://zoom.us",
        f"https://zoom.us/j/{'1' * 3000}",
    ],
)
def test_links_elsewhere_are_not(join_url: str) -> None:
    assert not CreatedMeeting(1, join_url).is_joinable


@pytest.mark.parametrize(
    ("created", "is_personal"),
    [
        (CreatedMeeting(1, "", settings=MeetingSettings(use_pmi=True)), True),
        (CreatedMeeting(1, "", pmi="7764777964"), True),
        (CreatedMeeting(1, "", pmi=7764777964), True),
        (CreatedMeeting(1, "", pmi="", settings=MeetingSettings(use_pmi=False)), False),
        (CreatedMeeting(1, "", settings=MeetingSettings()), False),
        (CreatedMeeting(1, ""), False),
    ],
)
def test_the_personal_room_is_recognised(created: CreatedMeeting, is_personal: bool) -> None:
    assert is_personal == created.is_personal_room
