"""Words about a meeting that are the same everywhere: on pages, in mails, in calendar files."""

from collections.abc import Callable

from adapters.presentation.language import gettext as _
from adapters.presentation.providers import words_of
from domain.conference import Conference, Ready
from domain.provider import about
from domain.text import one_line


def join_words(ready: Ready) -> str:
    """What the button says; a link that the host added by hand may lead anywhere."""
    return _("Join meeting") if ready.provider is None else words_of(ready.provider).join


def you_call(name: str, number: str | None) -> str:
    """What whoever makes the phone call reads."""
    sentence = _("You call {name} at {number}") if number else _("You call {name}")
    return sentence.format(name=name, number=number)


def calls_you(name: str, number: str | None) -> str:
    """What whoever gets the phone call reads."""
    sentence = _("{name} calls you at {number}") if number else _("{name} calls you")
    return sentence.format(name=name, number=number)


def join_words_with(ready: Ready, guest: str) -> str:
    """What the button is called in a list of meetings."""
    if ready.provider is None:
        return _("Join meeting with {guest}").format(guest=guest)
    return words_of(ready.provider).join_with(guest)


def meeting_id_words(ready: Ready) -> str:
    """The meeting ID grouped as its provider shows it (812 3456 7890), an unusual one as it is, or nothing."""
    number = one_line(ready.meeting_id or "", 100)
    groups = words_of(ready.provider).id_groups.get(len(number)) if ready.provider else None
    if groups is None or not (number.isascii() and number.isdigit()):
        return number
    first, second = groups
    return f"{number[:first]} {number[first:second]} {number[second:]}"


def meeting_stays(conference: Conference | None, id_words: Callable[[Ready], str] = meeting_id_words) -> str | None:
    """What TimeTuna can't do: a meeting that is used no more is still at the provider."""
    match conference:
        case Ready(provider=str() as provider) as ready if about(provider).shows_meetings:
            number = id_words(ready)
            sentence = (
                _("The {name} meeting (meeting ID {number}) stays in your {name} account. You can delete it there.")
                if number
                else _("The {name} meeting stays in your {name} account. You can delete it there.")
            )
            return sentence.format(name=words_of(provider).name, number=number)
        case _:
            return None
