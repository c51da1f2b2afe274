"""What is said of a meeting in the same words everywhere: on pages, in mails, in calendar files."""

from adapters.presentation.language import gettext as _
from adapters.presentation.providers import words_of
from domain.conference import Ready
from domain.text import one_line


def join_words(ready: Ready) -> str:
    """What the button says; a link that the host added by hand may lead anywhere."""
    return _("Join meeting") if ready.provider is None else words_of(ready.provider).join


def meeting_id_words(ready: Ready) -> str:
    """The meeting ID grouped as its provider shows it (812 3456 7890), an unusual one as it is, or nothing."""
    number = one_line(ready.meeting_id or "", 100)
    groups = words_of(ready.provider).id_groups.get(len(number)) if ready.provider else None
    if groups is None or not (number.isascii() and number.isdigit()):
        return number
    first, second = groups
    return f"{number[:first]} {number[first:second]} {number[second:]}"
