"""The line of the preview in which a host reads why a time isn't offered."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

import msgspec

from adapters.http.web.pages.editing.form import EditorForm
from adapters.presentation.language import spoken
from adapters.presentation.sentences.reasons import reason_words
from adapters.presentation.times import day, starts
from application.actor import HostActor
from application.app import App
from application.pages.page_edits import Choices, edited_event_type, edited_page
from domain.booking_page import BookingPage, EventType
from domain.errors import InvalidInput
from domain.host import Host
from domain.ids import BookingId
from domain.instants import is_in_calendar
from domain.schedule import Schedule
from domain.why_not import Reason, TimeBooked, WithinBuffer


class Against(msgspec.Struct, frozen=True):
    """A reason in words, with the booking that it is about."""

    words: str
    booking_id: BookingId | None


class Why(msgspec.Struct, frozen=True):
    """What was asked, as typed, and the answer.

    Attributes:
        event_type: the id of the one that was chosen.
        at: the local time as the field has it.
        asked: whether there is an answer, which without reasons is that the time is offered.
    """

    event_type: str = ""
    at: str = ""
    asked: bool = False
    unreadable: bool = False
    reasons: tuple[Against, ...] = ()


async def explained(
    app: App,
    actor: HostActor,
    host: Host,
    page: BookingPage,
    form: EditorForm,
    schedules: Sequence[Schedule],
    wanted: str,
    at: str,
) -> Why:
    """Answer for the page as it is in the form; while something there is wrong, for the page as it is stored."""
    chosen = next((each for each in page.event_types if each.id == wanted), None) or next(iter(page.event_types), None)
    if not at or chosen is None:
        return Why(wanted, at)
    try:
        local = datetime.fromisoformat(at).replace(tzinfo=ZoneInfo(host.timezone))
    except ValueError:
        return Why(chosen.id, at, unreadable=True)
    if not is_in_calendar(local):
        return Why(chosen.id, at, unreadable=True)
    draft = _draft(page, form, schedules)
    # What is about to be removed is looked at as it is stored.
    draft = draft if draft and draft.event_type_of(chosen.id) else None
    found = await app.explain_time(actor, page.id, chosen.id, local, draft)
    holidays = await app.name_holidays(found.reasons, spoken().tag)
    reasons = tuple(_against(each, host.timezone, holidays) for each in found.reasons)
    return Why(chosen.id, at, asked=True, reasons=reasons)


def _draft(page: BookingPage, form: EditorForm, schedules: Sequence[Schedule]) -> BookingPage | None:
    edit, rows, errors = form.checked()
    if errors:
        return None
    known = ((page.event_type_of(row.id), row.edit) for row in rows if row.id is not None)
    choices = Choices(frozenset(page.calendars.blocking), schedules={each.id: each for each in schedules})
    try:
        event_types: tuple[EventType, ...] = tuple(edited_event_type(each, edit, "") for each, edit in known if each)
        return msgspec.structs.replace(edited_page(page, edit, choices), event_types=event_types)
    except InvalidInput:
        return None


def _against(reason: Reason, zone: str, holidays: Mapping[date, str]) -> Against:
    words = reason_words(reason, lambda at: starts(at, zone), day, holidays)
    return Against(words, reason.booking_id if isinstance(reason, TimeBooked | WithinBuffer) else None)
