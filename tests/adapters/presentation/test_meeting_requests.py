"""What a meeting is called at its provider."""

import msgspec

from adapters.locales.catalogues import languages
from adapters.presentation.language import speaking
from adapters.presentation.sentences.meeting_requests import meeting_agenda, meeting_topic
from tests.support.zoom_connected import REQUEST

ALL = languages()


def test_it_is_in_the_hosts_language_whoever_is_spoken_to() -> None:
    german = msgspec.structs.replace(REQUEST, language="de-AT")

    with speaking(ALL.of("de")):
        assert "Intro call: Anna Host and Ana Brito" == meeting_topic(REQUEST, ALL)
    assert "Intro call: Anna Host und Ana Brito" == meeting_topic(german, ALL)
    assert "Gebucht von Ana Brito mit TimeTuna." == meeting_agenda(german, ALL)


def test_braces_in_names_stay_as_they_are() -> None:
    request = msgspec.structs.replace(REQUEST, title="{guest}", host_name="{0}")

    assert "{guest}: {0} and Ana Brito" == meeting_topic(request, ALL)
