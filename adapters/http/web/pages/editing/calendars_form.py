"""Which calendars block the page, as ticked in the editor."""

from typing import Self

import msgspec

from adapters.http.web.forms import Form
from application.pages.page_edits import CalendarsEdit
from domain.booking_page import BookingPage
from domain.ids import CalendarId


class CalendarsForm(msgspec.Struct, frozen=True):
    blocking: tuple[CalendarId, ...]
    trust_last: bool

    @classmethod
    def of(cls, page: BookingPage) -> Self:
        return cls(page.calendars.blocking, page.calendars.when_unreadable == "trust_last")

    @classmethod
    def sent(cls, form: Form) -> Self:
        return cls(
            tuple(map(CalendarId, dict.fromkeys(form.all("blocking")))), form.text("when_unreadable") == "trust_last"
        )

    def edit(self) -> CalendarsEdit:
        return CalendarsEdit(
            blocking=self.blocking, writes_to=None, when_unreadable="trust_last" if self.trust_last else "close"
        )
