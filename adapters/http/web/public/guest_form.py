"""The guest's form and its errors."""

from datetime import UTC, datetime
from typing import cast, get_args

import msgspec

from adapters.http.web.booking_words import Offered
from adapters.http.web.forms import Errors, Form
from adapters.presentation.language import spoken
from application.booking.book import BookingRequest, GuestDetails
from application.people import email_address, person_name, phone_number
from domain.booking_page import EventType, Question, answers_to
from domain.errors import InvalidInput
from domain.faults import NumberToCall, Required
from domain.host import Host
from domain.meeting_type import MeetingTypeName
from domain.text import one_line


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
    answers: dict[str, str] = {}
    wanted: datetime | None = None

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
            answers={each.id: form.text(f"answers.{each.id}") for each in questions},
            wanted=start_of(form.text("wanted")),
        )

    def errors(self, event_type: EventType, offers: tuple[Offered, ...], host: Host) -> Errors:
        """Everything that is wrong, so that nobody mends one thing to be told of the next."""
        found = Errors()
        if self.start is None:
            found.note("start", Required())
        wanted = next((each for each in offers if each.name == self.meeting_type), None)
        # One that could be chosen when the form was opened: the booking falls back, or its refusal says why.
        if self.meeting_type not in get_args(MeetingTypeName):
            found.note("meeting_type", Required())
        found.check(lambda: person_name(self.name, "guest.name"))
        found.check(lambda: email_address(self.email, "guest.email"))
        if wanted is not None and wanted.asks_number:
            found.check(lambda: self._number(host))
        elif wanted is not None and wanted.online and self.phone.strip():
            found.check(lambda: phone_number(self.phone, "guest.phone"))
        for question in event_type.questions:
            given = {question.id: self.answers.get(question.id, "")}
            found.check(lambda given=given, question=question: answers_to((question,), given))
        return found

    def request(self, start: datetime) -> BookingRequest:
        return BookingRequest(
            start=start,
            # The use case refuses what is not one of them.
            meeting_type=cast("MeetingTypeName", self.meeting_type),
            guest=GuestDetails(self.name, self.email, self.timezone, self._usable_number(), spoken().tag),
            answers={key: text for key, text in self.answers.items() if text.strip()},
        )

    def _usable_number(self) -> str | None:
        """What was typed, also where nothing asks for it: a call is what an online meeting may fall back to.

        Where the field is out of sight by now, what can't be used in it is no reason to refuse anything.
        """
        if not self.phone.strip():
            return None
        try:
            return phone_number(self.phone, "guest.phone")
        except InvalidInput:
            return None

    def _number(self, host: Host) -> None:
        if not self.phone.strip():
            raise InvalidInput.at("guest.phone", NumberToCall(host.name))
        phone_number(self.phone, "guest.phone")


def start_of(text: str | None) -> datetime | None:
    """The instant in an address or a form, if it is one that a calendar could hold."""
    try:
        start = datetime.fromisoformat(text) if text else None
    except ValueError:
        return None
    if start is None or start.tzinfo is None or not _FIRST_YEAR <= start.year < _LAST_YEAR:
        return None
    return start.astimezone(UTC)


# Far enough from the edges of time for every sum with a start in it.
_FIRST_YEAR, _LAST_YEAR = 1970, 9990
