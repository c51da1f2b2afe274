"""Edits by people in their own calendars, by the page and by `POST /control`."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec

from adapters.sandbox.control import Control, WrongControl
from adapters.sandbox.microsoft.accounts import MicrosoftAccount
from adapters.sandbox.microsoft.mailboxes import GraphCalendar, GraphEvent, Mailboxes, Response, ShowAs
from adapters.sandbox.microsoft.notices import Notices
from adapters.sandbox.microsoft.subscriptions import LifecycleEvent, Subscriptions
from adapters.sandbox.microsoft.timezones import midnight
from adapters.sandbox.registration import by_email


class NewCalendar(msgspec.Struct, forbid_unknown_fields=True):
    """A calendar for an account, by its email address."""

    account: str
    name: str
    can_edit: bool = True


class NewEvent(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """An event for an account's calendar; without `calendar`, its id, for the default one.

    Attributes:
        start, end: instants; of an all-day event any in its first day and in the day after its last, as the mailbox
            counts days.
        every, times: a series repeats after so many days, so often in all.
    """

    account: str
    start: datetime
    end: datetime
    calendar: str | None = None
    subject: str = "Private: dentist"
    is_all_day: bool = False
    show_as: ShowAs = ShowAs.BUSY
    response: Response = Response.ORGANIZER
    is_cancelled: bool = False
    every: int = 1
    times: int = 1
    timezone: str | None = None


class EventChange(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What becomes of an event, by its id; what is left out stays."""

    id: str
    start: datetime | msgspec.UnsetType = msgspec.UNSET
    end: datetime | msgspec.UnsetType = msgspec.UNSET
    subject: str | msgspec.UnsetType = msgspec.UNSET
    show_as: ShowAs | msgspec.UnsetType = msgspec.UNSET
    response: Response | msgspec.UnsetType = msgspec.UNSET
    is_cancelled: bool | msgspec.UnsetType = msgspec.UNSET


class SubscriptionFate(msgspec.Struct, forbid_unknown_fields=True):
    id: str
    event: LifecycleEvent


class CalendarControl(Control):
    """Edits of people's calendars, and what becomes of subscriptions and notifications."""

    add_calendar: NewCalendar | None = None
    remove_calendar: str | None = None
    add_event: NewEvent | None = None
    change_event: EventChange | None = None
    remove_event: str | None = None
    lifecycle: SubscriptionFate | None = None
    lose_notifications: bool | None = None


class CalendarEdits:
    def __init__(
        self,
        accounts: Mapping[str, MicrosoftAccount],
        mailboxes: Mailboxes,
        subscriptions: Subscriptions,
        notices: Notices,
    ) -> None:
        self._accounts = accounts
        self._mailboxes = mailboxes
        self._subscriptions = subscriptions
        self._notices = notices

    def shown(self) -> list[dict[str, Any]]:
        """List the mailboxes for the page."""
        return [
            {
                "account": account,
                "zone": self._mailboxes.zone_of(account.id),
                "calendars": [(each, self._mailboxes.events(each)) for each in self._mailboxes.calendars(account)],
            }
            for account in self._accounts.values()
        ]

    def by_form(self, form: Mapping[str, str]) -> None:
        """Delete the event that is named, or add one.

        Raises:
            WrongControl: there is no such event or calendar, or a time isn't one.
        """
        if "remove" in form:
            self._mailboxes.remove(self._event(form["remove"]))
            return
        calendar = self._calendar(form.get("calendar", ""))
        there = self._mailboxes.zone_of(calendar.user_id)
        try:
            start, end = (datetime.fromisoformat(form.get(name, "")).replace(tzinfo=there) for name in ("start", "end"))
            marks = {"show_as": ShowAs(form.get("show_as", "busy")), "response": Response(form.get("response", "none"))}
        except ValueError as error:
            raise WrongControl(str(error)) from error
        self._put(calendar, (start, end), form.get("subject", ""), is_all_day="is_all_day" in form, **marks)

    def obey(self, control: CalendarControl) -> None:
        """Do what is commanded.

        Raises:
            WrongControl: it can't be done.
        """
        if control.lose_notifications is not None:
            self._subscriptions.loses_notifications = control.lose_notifications
        if control.add_calendar is not None:
            new = control.add_calendar
            self._mailboxes.add_calendar(self._account(new.account), new.name, can_edit=new.can_edit)
        if control.remove_calendar is not None:
            self._mailboxes.remove_calendar(self._calendar(control.remove_calendar))
        if control.add_event is not None:
            self._add(control.add_event)
        if control.change_event is not None:
            changes = msgspec.to_builtins(control.change_event, builtin_types=(datetime,))
            event = self._event(changes.pop("id"))
            self._mailboxes.change(event, **changes)
        if control.remove_event is not None:
            self._mailboxes.remove(self._event(control.remove_event))
        if control.lifecycle is not None:
            self._meets(control.lifecycle)

    def state(self) -> dict[str, Any]:
        """Say what `/control` shows of calendars."""
        return {
            "calendars": [
                {
                    "id": calendar.id,
                    "account": account.email,
                    "name": calendar.name,
                    "is_default": calendar.is_default,
                    "can_edit": calendar.can_edit,
                    "events": self._mailboxes.events(calendar),
                }
                for account in self._accounts.values()
                for calendar in self._mailboxes.calendars(account)
            ],
            "subscriptions": self._subscriptions.all(),
            "notifications": [
                {"url": each.url, "body": each.json(), "status": each.status} for each in self._notices.sent
            ],
        }

    def _add(self, new: NewEvent) -> None:
        main = self._mailboxes.main(self._account(new.account))
        calendar = main if new.calendar is None else self._calendar(new.calendar)
        more: dict[str, Any] = {
            name: getattr(new, name) for name in ("show_as", "response", "is_cancelled", "every", "times")
        }
        if new.timezone is not None:
            more["timezone"] = new.timezone
        self._put(calendar, (new.start, new.end), new.subject, is_all_day=new.is_all_day, **more)

    def _put(
        self,
        calendar: GraphCalendar,
        between: tuple[datetime, datetime],
        subject: str,
        *,
        is_all_day: bool,
        **more: Any,
    ) -> None:
        there = self._mailboxes.zone_of(calendar.user_id)
        start, end = (midnight(at.astimezone(there), there) if is_all_day else at.astimezone(UTC) for at in between)
        if end < start or (is_all_day and end == start):
            raise WrongControl("an event ends after it starts")
        self._mailboxes.add(calendar, start, end, subject, is_all_day=is_all_day, **more)

    def _meets(self, fate: SubscriptionFate) -> None:
        found = next((each for each in self._subscriptions.all() if each.id == fate.id), None)
        if found is None:
            raise WrongControl(f"no subscription {fate.id}")
        self._subscriptions.lifecycle(found, fate.event)

    def _account(self, email: str) -> MicrosoftAccount:
        found = by_email(self._accounts, email)
        if found is None:
            raise WrongControl(f"no account {email}")
        return found

    def _calendar(self, calendar_id: str) -> GraphCalendar:
        for account in self._accounts.values():
            found = self._mailboxes.calendar(account, calendar_id)
            if found is not None:
                return found
        raise WrongControl(f"no calendar {calendar_id}")

    def _event(self, event_id: str) -> GraphEvent:
        for account in self._accounts.values():
            found = self._mailboxes.event(account, event_id)
            if found is not None:
                return found
        raise WrongControl(f"no event {event_id}")
