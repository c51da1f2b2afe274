"""A host's bookings as a file for spreadsheets.

Excel takes a file without a byte order mark for the system's old code page, and splits lines at the region's separator:
a semicolon where numbers are written with a comma. LibreOffice and programs read both.
"""

import csv
import re
from collections.abc import AsyncIterable, AsyncIterator, Sequence
from io import StringIO
from zoneinfo import ZoneInfo

from babel.numbers import get_decimal_symbol

from adapters.http.web.booking_words import guest_name, state_words
from adapters.presentation.language import Language, speaking
from adapters.presentation.language import gettext as _
from adapters.presentation.phone_numbers import international
from adapters.presentation.sentences.meeting_types import label
from application.ports.booking_views import BookingView
from domain.conference import Ready
from domain.meeting_type import InPerson, name_of

_BOM = "\ufeff"
_SIGNS = "=+@＝＋－＠-"
_BEGINS_A_FORMULA = (*_SIGNS, "\t", "\r", "\n")
_BETWEEN = r""",;|"'\s"""
# Each run is looked through once, however long it is and whatever it ends at.
_ELSEWHERE = re.compile(rf"(?<![{_BETWEEN}])[{_BETWEEN}]++(?=[{_SIGNS}])")
_SPLITS = re.compile(r"[,;|\t\r\n]")
"""Where a program that splits at another sign than we do finds a cell's beginning: Excel goes by its own region."""


async def csv_file(pages: AsyncIterable[Sequence[BookingView]], zone: str, language: Language) -> AsyncIterator[str]:
    """The lines, as many at once as are read at once; times are in the zone, words in the language.

    Args:
        language: told, for the file goes out after the request that knows it.
    """
    with speaking(language):
        head = _lines([_titles()], language)
    yield _BOM + head
    async for views in pages:
        with speaking(language):
            lines = _lines([_row(view, zone) for view in views], language)
        yield lines


def inert(text: str) -> str:
    """A text that a spreadsheet shows and doesn't work out, whoever typed it."""
    text = _ELSEWHERE.sub(lambda run: f"{run[0]}'" if _SPLITS.search(run[0], not run.start()) else run[0], text)
    return f"'{text}" if text.lstrip(" ").startswith(_BEGINS_A_FORMULA) else text


def _lines(rows: Sequence[Sequence[str]], language: Language) -> str:
    target = StringIO()
    separator = ";" if get_decimal_symbol(language.locale) == "," else ","
    csv.writer(target, delimiter=separator, lineterminator="\r\n").writerows(
        [inert(cell) for cell in row] for row in rows
    )
    return target.getvalue()


def _titles() -> list[str]:
    return [
        _("Date"), _("Start"), _("End"), _("Time zone"), _("Event"), _("Guest"), _("Email"), _("Phone number"),
        _("Meeting type"), _("Where"), _("Status"), _("Answers"), _("Tracking"), _("Additional guests"), _("Booked on"),
    ]  # fmt: skip


def _row(view: BookingView, zone: str) -> list[str]:
    booking, there = view.booking, ZoneInfo(zone)
    start, end = booking.slot.start.astimezone(there), booking.slot.end.astimezone(there)
    return [
        f"{start:%Y-%m-%d}",
        f"{start:%H:%M}",
        f"{end:%H:%M}",
        zone,
        booking.title,
        guest_name(booking),
        booking.guest.email or "",
        international(booking.guest.phone) or "",
        label(name_of(booking.meeting_type)),
        _place(view),
        state_words(booking),
        "\n".join(f"{each.question}: {each.answer}" for each in booking.answers),
        "\n".join(f"{name}={value}" for name, value in booking.tracking.items()),
        "\n".join(each.email for each in booking.invited.values()),
        f"{booking.created_at.astimezone(there):%Y-%m-%d %H:%M}",
    ]


def _place(view: BookingView) -> str:
    if isinstance(view.booking.conference, Ready):
        return view.booking.conference.join_url
    return view.booking.meeting_type.address if isinstance(view.booking.meeting_type, InPerson) else ""
