"""The guest's form and its errors."""

from datetime import UTC, datetime
from typing import cast, get_args

import msgspec

from adapters.http.web.additional_guests import errors_of
from adapters.http.web.booking_words import Offered
from adapters.http.web.forms import Errors, Form
from adapters.http.web.query import Pairs
from adapters.presentation.language import spoken
from application.booking.book import (
    BookingRequest,
    GuestDetails,
    checked_additional_guests,
    checked_answers,
    checked_details,
)
from application.phone_numbers import can_be_dialled
from application.ports.public_pages import PublicPage
from domain.booking_page import EventType, Question
from domain.errors import Checks, InvalidInput
from domain.faults import Required
from domain.instants import is_in_calendar
from domain.meeting_type import MeetingTypeName
from domain.text import one_line
from domain.typed_addresses import addresses_in


class GuestForm(msgspec.Struct, frozen=True):
    """The form as typed.

    Attributes:
        key: names this one submit, so that sending it twice books once.
        wanted: the start that was taken meanwhile, where another one is to be chosen.
    """

    start: datetime | None
    timezone: str
    key: str
    meeting_type: str = ""
    name: str = ""
    email: str = ""
    phone: str = ""
    additional_guests: str = ""
    answers: dict[str, str] = {}
    wanted: datetime | None = None

    @classmethod
    def begun(
        cls, start: datetime, timezone: str, key: str, offers: tuple[Offered, ...], carried: Pairs
    ) -> "GuestForm":
        """A form that the address has filled in as far as it could, to be looked through and sent by the guest."""
        given, names = dict(carried), [each.name for each in offers]
        return cls(
            start=start,
            timezone=timezone,
            key=key,
            meeting_type=next((each for each in names if each == given.get("type")), names[0] if names else ""),
            name=given.get("name", ""),
            email=given.get("email", ""),
            phone=given.get("phone", ""),
            additional_guests=given.get("guests", ""),
            answers={name.removeprefix("q."): text for name, text in carried if name.startswith("q.")},
        )

    @classmethod
    def sent(cls, form: Form, timezone: str, questions: tuple[Question, ...]) -> "GuestForm":
        return cls(
            start=start_of(form.text("start")),
            timezone=timezone,
            key=one_line(form.text("key"), 100),
            meeting_type=form.text("meeting_type"),
            name=form.text("name"),
            email=form.text("email"),
            phone=form.text("phone"),
            additional_guests=form.text("additional_guests"),
            answers={each.id: form.text(f"answers.{each.id}") for each in questions},
            wanted=start_of(form.text("wanted")),
        )

    @property
    def guests(self) -> tuple[str, ...]:
        """The addresses of additional guests."""
        return addresses_in(self.additional_guests)

    def request(self, offers: tuple[Offered, ...], tracking: dict[str, str], link: str | None) -> BookingRequest | None:
        """What is to be booked; None where the form lacks what makes it one: see `errors`."""
        # One that could be chosen when the form was opened: the booking falls back, or its refusal says why.
        if self.start is None or self.meeting_type not in get_args(MeetingTypeName):
            return None
        return BookingRequest(
            start=self.start,
            meeting_type=cast("MeetingTypeName", self.meeting_type),
            guest=self._details(offers),
            additional_guests=self.guests,
            answers=self._given(),
            tracking=tracking,
            link=link,
        )

    def errors(self, public: PublicPage, event_type: EventType, offers: tuple[Offered, ...]) -> Errors:
        """Everything that is wrong with a form that is no request, so that nobody mends one thing to hear of the next.

        What is wrong with a request is found where it is accepted.
        """
        checks = Checks()
        if self.start is None:
            checks.note("start", Required())
        if self.meeting_type not in get_args(MeetingTypeName):
            checks.note("meeting_type", Required())
        wanted = self._wanted(offers)
        checked_details(self._details(offers), public.host if wanted and wanted.asks_number else None, checks)
        checked_additional_guests(self.guests, public.page, checks)
        checked_answers(self._given(), event_type.questions, checks)
        return errors_of(InvalidInput(*checks.faults), self.guests)

    def _wanted(self, offers: tuple[Offered, ...]) -> Offered | None:
        return next((each for each in offers if each.name == self.meeting_type), None)

    def _details(self, offers: tuple[Offered, ...]) -> GuestDetails:
        return GuestDetails(self.name, self.email, self.timezone, self._number(offers), spoken().reader_tag)

    def _given(self) -> dict[str, str]:
        return {key: text for key, text in self.answers.items() if text.strip()}

    def _number(self, offers: tuple[Offered, ...]) -> str | None:
        """What was typed, also where nothing asks for it: a call is what an online meeting may fall back to.

        Where the field is out of sight by now, what can't be used in it is no reason to refuse anything.
        """
        wanted = self._wanted(offers)
        is_seen = wanted is not None and (wanted.asks_number or wanted.may_become_call)
        return self.phone if is_seen or can_be_dialled(self.phone, self.timezone, spoken().reader_tag) else None


def start_of(text: str | None) -> datetime | None:
    """The instant in an address or a form, if it is one that a calendar could hold."""
    try:
        start = datetime.fromisoformat(text) if text else None
    except ValueError:
        return None
    if start is None or start.tzinfo is None or not is_in_calendar(start):
        return None
    return start.astimezone(UTC)
