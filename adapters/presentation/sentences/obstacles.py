"""Sentences about meeting types that can't be used."""

from typing import assert_never

from adapters.presentation.language import gettext as _
from adapters.presentation.providers import words_of
from domain.meeting_type import Obstacle


def obstacle_words(obstacle: Obstacle) -> str:
    """The reason as both guest and host may read it."""
    name = words_of(obstacle.provider).name if obstacle.provider else ""
    match obstacle.what:
        case "not-set-up":
            return _("{name} is not set up on this server.").format(name=name)
        case "not-connected":
            return _("No {name} account is connected.").format(name=name)
        case "needs-reconnect":
            return _("The connection to {name} has ended.").format(name=name)
        case "blocked":
            return _("The {name} account isn’t allowed to create meetings.").format(name=name)
        case "number-missing":
            return _("A phone call needs the guest’s number.")
        case _:
            assert_never(obstacle.what)
