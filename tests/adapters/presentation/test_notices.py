import pytest

from adapters.presentation.sentences.notices import notice_words
from application.ports.notices import (
    About,
    ConfirmSignUp,
    ConnectionNeedsHost,
    ConnectionRemoved,
    GuestCouldNotBook,
    MeetingTypeStatus,
    ResetPasswordLink,
)
from domain.connection import Blocked, NeedsReconnect
from domain.meeting_type import Obstacle
from domain.provider_problem import GrantEnded, MeetingsNotAllowed

ABOUT_PROVIDERS: tuple[About, ...] = (
    ConnectionNeedsHost("zoom", NeedsReconnect(GrantEnded("zoom"))),
    ConnectionNeedsHost("zoom", Blocked(MeetingsNotAllowed("zoom"))),
    ConnectionRemoved("zoom"),
    GuestCouldNotBook("Talk to me", (MeetingTypeStatus("zoom", Obstacle("not-connected", "zoom")),)),
)


@pytest.mark.parametrize("about", ABOUT_PROVIDERS, ids=lambda about: type(about).__name__)
def test_what_only_the_host_can_mend_asks_for_action_and_leads_to_the_providers(about: About) -> None:
    words = notice_words(about)

    assert words.subject.startswith("Action needed: ")
    assert "/settings/providers" == words.path


def test_a_link_that_works_once_is_where_the_button_leads() -> None:
    assert "/confirm-email/secret" == notice_words(ConfirmSignUp("secret")).path
    assert "/reset/secret" == notice_words(ResetPasswordLink("secret")).path


def test_each_meeting_type_is_named_with_what_keeps_it_from_being_used() -> None:
    statuses = (MeetingTypeStatus("zoom", Obstacle("blocked", "zoom")), MeetingTypeStatus("in_person", None))

    said = notice_words(GuestCouldNotBook("Talk to me", statuses)).paragraphs

    assert "Zoom: The Zoom account isn’t allowed to create meetings." in said
    assert "In person: works" in said
