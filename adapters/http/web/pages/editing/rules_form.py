"""How may bookings lie, and when are guests reminded, as typed in the editor?"""

from typing import Self

import msgspec

from adapters.http.web.forms import Errors, Form
from adapters.http.web.pages.editing.numbers import MINUTES_IN, in_units, minutes, whole_number
from application.pages.page_edits import PageEdit
from domain.booking_page import A_DAY, BookingPage

_A_YEAR = 60 * 24 * 365
_LONGEST_LEAD = 60 * 24 * 30


class RulesForm(msgspec.Struct, frozen=True):
    notice: str
    notice_unit: str
    horizon: str
    before: str
    after: str
    interval: str
    cap: str
    remind: bool
    lead: str
    lead_unit: str

    @classmethod
    def of(cls, page: BookingPage) -> Self:
        rules = page.rules
        notice, unit = in_units(rules.minimum_notice)
        lead, lead_unit = in_units(page.remind_before or A_DAY)
        return cls(
            notice=notice,
            notice_unit=unit,
            horizon=str(rules.horizon_days),
            before=str(minutes(rules.buffer_before)),
            after=str(minutes(rules.buffer_after)),
            interval=str(minutes(rules.slot_interval)),
            cap="" if rules.daily_cap is None else str(rules.daily_cap),
            remind=page.remind_before is not None,
            lead=lead,
            lead_unit=lead_unit,
        )

    @classmethod
    def sent(cls, form: Form) -> Self:
        return cls(
            notice=form.text("notice"),
            notice_unit=form.text("notice_unit"),
            horizon=form.text("horizon"),
            before=form.text("before"),
            after=form.text("after"),
            interval=form.text("interval"),
            cap=form.text("cap"),
            remind=bool(form.text("remind")),
            lead=form.text("lead"),
            lead_unit=form.text("lead_unit"),
        )

    def checked(self, errors: Errors) -> PageEdit:
        """The part of the edit that is about rules, unless something was added to the errors."""
        notice_unit, lead_unit = MINUTES_IN.get(self.notice_unit, 1), MINUTES_IN.get(self.lead_unit, 1)
        return PageEdit(
            minimum_notice_minutes=whole_number(self.notice, "notice", 0, _A_YEAR // notice_unit, errors) * notice_unit,
            horizon_days=whole_number(self.horizon, "horizon", 1, 730, errors),
            buffer_before_minutes=whole_number(self.before, "before", 0, 60 * 24, errors),
            buffer_after_minutes=whole_number(self.after, "after", 0, 60 * 24, errors),
            slot_interval_minutes=whole_number(self.interval, "interval", 5, 60 * 24, errors),
            daily_cap=whole_number(self.cap, "cap", 1, 1000, errors) if self.cap.strip() else None,
            reminder_minutes_before=whole_number(self.lead, "lead", 1, _LONGEST_LEAD // lead_unit, errors) * lead_unit
            if self.remind
            else None,
        )
