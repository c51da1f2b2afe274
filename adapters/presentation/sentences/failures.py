"""Sentences about meetings that weren't made."""

from typing import assert_never

from adapters.presentation.language import gettext as _
from adapters.presentation.providers import words_of
from adapters.presentation.sentences.provider_problems import for_host
from domain.conference import Failure


def failure_for_host(failure: Failure) -> str:
    """What happened at the provider, and what the host can do about it."""
    return for_host(failure.problem)


def failure_for_guest(failure: Failure) -> str:
    """What a guest may read of it: nothing that only the host, or an administrator, can act on."""
    name = words_of(failure.problem.provider).name
    match failure.type:
        case "not-connected":
            return _("The connection to {name} has ended.").format(name=name)
        case "not-permitted":
            return _("The {name} account isn’t allowed to create meetings.").format(name=name)
        case "daily-limit":
            return _("{name} allows no more meetings today. The limit resets at 00:00 UTC.").format(name=name)
        case "try-later" | "misconfigured" | "unclear":
            return _("{name} couldn’t create the meeting in time.").format(name=name)
        case _:
            assert_never(failure.type)
