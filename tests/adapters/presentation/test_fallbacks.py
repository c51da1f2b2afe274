"""What is said of a booking that uses another meeting type than the one that was asked for."""

from itertools import permutations

from adapters.presentation.sentences.fallbacks import booked_instead, now_instead
from domain.fallback import ChosenByHost
from domain.meeting_type import GoogleMeet, InPerson, MeetingType, MicrosoftTeams, Phone, Zoom, name_of
from tests.support.builders import a_booking, a_host, a_page, altered

BOOKING = a_booking(a_page(a_host()))
WAYS: dict[MeetingType, tuple[str, str]] = {
    Zoom(): ("on Zoom", "Zoom"),
    GoogleMeet(): ("on Google Meet", "Google Meet"),
    MicrosoftTeams(): ("on Microsoft Teams", "Microsoft Teams"),
    Phone("host"): ("by phone", "by phone"),
    InPerson("Main Street 1"): ("in person", "in person"),
}


def test_each_pair_of_meeting_types_has_headlines_of_its_own() -> None:
    for used, asked in permutations(WAYS, 2):
        booking = altered(BOOKING, meeting_type=used, requested=name_of(asked), fallback=ChosenByHost())
        instead = f"{WAYS[used][0]} instead of {WAYS[asked][1]}"

        assert (f"Booked, {instead}", f"Now {instead}") == (booked_instead(booking), now_instead(booking))
