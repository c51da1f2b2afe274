"""Labels of the editor."""

from adapters.presentation.language import gettext as _
from adapters.presentation.language import marked
from domain.availability import Weekday
from domain.booking_page import QuestionKind

DAY_NAMES: dict[Weekday, str] = {
    "mon": marked("Monday"),
    "tue": marked("Tuesday"),
    "wed": marked("Wednesday"),
    "thu": marked("Thursday"),
    "fri": marked("Friday"),
    "sat": marked("Saturday"),
    "sun": marked("Sunday"),
}

KIND_NAMES: dict[QuestionKind, str] = {
    "text": marked("Short text"),
    "long_text": marked("Long text"),
    "choice": marked("Choice"),
    "yes_no": marked("Yes or no"),
}

_NOTHING_ON = marked("No meeting type is on, so this page takes no bookings.")
_NOTHING_ON_HERE = marked("No meeting type is on. Switch on at least one, or take the page’s.")
_ONE_ON = marked(
    "Only way to meet: {first}. If that can’t be used, nothing can be booked: there is nothing to fall back to."
)
_SEVERAL_ON = marked(
    "Guests can choose any that are on. Selected first: {first}. If their choice can’t be used, a booking falls back "
    "in this order: {first}, then {rest}."
)
_BETWEEN = marked(", then ")


def order_patterns(*, own: bool = False) -> dict[str, str]:
    """The sentence about the order of falling back, for no type, one, and several; `own` is an event type's list."""
    return {
        "none": _(_NOTHING_ON_HERE if own else _NOTHING_ON),
        "one": _(_ONE_ON),
        "several": _(_SEVERAL_ON),
        "between": _(_BETWEEN),
    }


def order_words(sentences: list[str], *, own: bool = False) -> str:
    """The order of falling back in a sentence; `sentences` are the names of the types that are on."""
    patterns = order_patterns(own=own)
    if not sentences:
        return patterns["none"]
    first, *rest = sentences
    if not rest:
        return patterns["one"].format(first=first)
    return patterns["several"].format(first=first, rest=patterns["between"].join(rest))


def too_long_words() -> str:
    """What a host is told of an event type that no window has room for."""
    return _("Longer than any of your available times, so guests can’t book it.")
