"""The calendars of a page, as chosen in the editor."""

from typing import Self, TypeVar, get_args

import msgspec

from adapters.http.web.forms import Form
from application.pages.page_edits import CalendarsEdit
from domain.booking_page import BookingPage
from domain.ids import CalendarId
from domain.page_calendars import OnDelete, OnMove

T = TypeVar("T")


class CalendarsForm(msgspec.Struct, frozen=True):
    blocking: tuple[CalendarId, ...]
    writes_to: CalendarId | None
    trust_last: bool
    on_delete: OnDelete
    on_move: OnMove

    @classmethod
    def of(cls, page: BookingPage) -> Self:
        stored = page.calendars
        trusts = stored.when_unreadable == "trust_last"
        return cls(stored.blocking, stored.writes_to, trusts, stored.on_delete, stored.on_move)

    @classmethod
    def sent(cls, form: Form) -> Self:
        return cls(
            tuple(map(CalendarId, dict.fromkeys(form.all("blocking")))),
            CalendarId(form.text("writes_to")) if form.text("writes_to") else None,
            form.text("when_unreadable") == "trust_last",
            _one_of(get_args(OnDelete), form.text("on_delete")),
            _one_of(get_args(OnMove), form.text("on_move")),
        )

    def edit(self) -> CalendarsEdit:
        return CalendarsEdit(
            blocking=self.blocking,
            writes_to=self.writes_to,
            when_unreadable="trust_last" if self.trust_last else "close",
            on_delete=self.on_delete,
            on_move=self.on_move,
        )


def _one_of(choices: tuple[T, ...], sent: str) -> T:
    """The choice that was sent; where none was, the first, which asks."""
    return next((each for each in choices if each == sent), choices[0])
