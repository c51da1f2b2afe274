"""The rules for bookings, and when guests are reminded, as typed in the editor."""

from typing import Self

import msgspec

from adapters.http.web.forms import Errors, Form
from adapters.http.web.pages.editing.numbers import in_units, minutes, minutes_in, whole_number
from application.pages.page_edits import PageEdit
from domain.availability import BUFFER_MINUTES, DAILY_CAP, HORIZON_DAYS, INTERVAL_MINUTES, MAX_PER_GUEST, NOTICE_MINUTES
from domain.booking_page import A_DAY, REMINDER_MINUTES, BookingPage


class RulesForm(msgspec.Struct, frozen=True):
    notice: str
    notice_unit: str
    not_today: bool
    horizon: str
    before: str
    after: str
    interval: str
    cap: str
    per_guest: str
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
            not_today=rules.not_today,
            horizon=str(rules.horizon_days),
            before=str(minutes(rules.buffer_before)),
            after=str(minutes(rules.buffer_after)),
            interval=str(minutes(rules.slot_interval)),
            cap="" if rules.daily_cap is None else str(rules.daily_cap),
            per_guest=str(rules.max_per_guest),
            remind=page.remind_before is not None,
            lead=lead,
            lead_unit=lead_unit,
        )

    @classmethod
    def sent(cls, form: Form) -> Self:
        return cls(
            notice=form.text("notice"),
            notice_unit=form.text("notice_unit"),
            not_today=bool(form.text("not_today")),
            horizon=form.text("horizon"),
            before=form.text("before"),
            after=form.text("after"),
            interval=form.text("interval"),
            cap=form.text("cap"),
            per_guest=form.text("per_guest"),
            remind=bool(form.text("remind")),
            lead=form.text("lead"),
            lead_unit=form.text("lead_unit"),
        )

    def checked(self, errors: Errors) -> PageEdit:
        """The part of the edit that is about rules, unless something was added to the errors."""
        return PageEdit(
            minimum_notice_minutes=minutes_in(self.notice, self.notice_unit, "notice", NOTICE_MINUTES, errors),
            not_today=self.not_today,
            horizon_days=whole_number(self.horizon, "horizon", HORIZON_DAYS, errors),
            buffer_before_minutes=whole_number(self.before, "before", BUFFER_MINUTES, errors),
            buffer_after_minutes=whole_number(self.after, "after", BUFFER_MINUTES, errors),
            slot_interval_minutes=whole_number(self.interval, "interval", INTERVAL_MINUTES, errors),
            daily_cap=whole_number(self.cap, "cap", DAILY_CAP, errors) if self.cap.strip() else None,
            max_per_guest=whole_number(self.per_guest, "per_guest", MAX_PER_GUEST, errors),
            reminder_minutes_before=minutes_in(self.lead, self.lead_unit, "lead", REMINDER_MINUTES, errors)
            if self.remind
            else None,
        )
