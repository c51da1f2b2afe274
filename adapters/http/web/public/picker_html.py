"""The picker as HTML, which is most of a public page's work, kept for as long as it stays the same."""

from functools import lru_cache

from markupsafe import Markup

from adapters.http.web.picker import Picker
from adapters.http.web.templating import rendered
from adapters.presentation.language import Language, spoken
from domain.host import Host

_KEPT = 256
"""Of some 20 kB each."""


def picker_html(picker: Picker, owner: Host) -> Markup:
    # What one guest's address brings along is asked for once, and nobody else's to keep.
    made = _made.__wrapped__ if picker.carried else _made
    return made(picker, owner, spoken())


@lru_cache(_KEPT)
def _made(picker: Picker, owner: Host, _: Language) -> Markup:
    """All that its template reads: what is shown, whose it is, and the reader's language."""
    return Markup(rendered("_picker.html", picker=picker, owner=owner))  # noqa: S704 - a template escapes for itself
