"""The rules for bookings, and when guests are reminded, as typed in the editor."""

from typing import Self

import msgspec

from adapters.http.web.forms import Errors, Form
from adapters.http.web.pages.editing.numbers import in_units, minutes, minutes_in, whole_number
from application.pages.page_edits import PageEdit
from domain.availability import BUFFER_MINUTES, DAILY_CAP, HORIZON_DAYS, INTERVAL_MINUTES, MAX_PER_GUEST, NOTICE_MINUTES
from domain.booking_page import A_DAY, MOST_REMINDERS, REMINDER_MINUTES, BookingPage
from domain.faults import Repeated


class LeadForm(msgspec.Struct, frozen=True):
    """How long before a meeting its guest is reminded; without a number there is no such reminder."""

    number: str
    unit: str


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
    leads: tuple[LeadForm, ...]

    @classmethod
    def of(cls, page: BookingPage) -> Self:
        rules = page.rules
        notice, unit = in_units(rules.minimum_notice)
        leads = tuple(LeadForm(*in_units(each)) for each in sorted(page.reminders or (A_DAY,), reverse=True))
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
            remind=bool(page.reminders),
            leads=(*leads, *[LeadForm("", "hours")] * (MOST_REMINDERS - len(leads))),
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
            leads=tuple(
                LeadForm(form.text(f"lead.{place}"), form.text(f"lead.{place}_unit")) for place in range(MOST_REMINDERS)
            ),
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
            reminders=self._reminders(errors) if self.remind else (),
        )

    def _reminders(self, errors: Errors) -> tuple[int, ...]:
        """Those that are filled in; the first has to be."""
        found: list[int] = []
        for place, each in enumerate(self.leads):
            if each.number.strip() or not place:
                length = minutes_in(each.number, each.unit, f"lead.{place}", REMINDER_MINUTES, errors)
                if length in found and f"lead.{place}" not in errors:
                    errors.note(f"lead.{place}", Repeated())
                found.append(length)
        return tuple(found)
