"""Faults of one member of an input, as types with parameters."""

from datetime import datetime
from typing import Literal

import msgspec

from domain.calendar_problem import CalendarProblem
from domain.webhook_problem import WebhookProblem


class Required(msgspec.Struct, frozen=True):
    """Left out, or nothing readable in it."""


Unfilled = Literal["own-name", "new-password", "guest-name", "guest-email", "guest-phone"]
"""The name of whoever is asked for theirs; the password that an account is to have; what a host says of a guest."""


class LeftOut(msgspec.Struct, frozen=True):
    """The same as `Required`, for what the member's own name doesn't tell."""

    what: Unfilled


class Unanswered(msgspec.Struct, frozen=True):
    """A required question of the page, which the guest left out."""

    question: str


class NumberToCall(msgspec.Struct, frozen=True):
    """The guest's phone number, which the host needs to call."""

    host: str


class NumberForGuests(msgspec.Struct, frozen=True):
    """The host's phone number, which guests need to call."""


class AddressForGuests(msgspec.Struct, frozen=True):
    """Where host and guest meet in person."""


class NotAsked(msgspec.Struct, frozen=True):
    """The answer to a question that the event type doesn't have."""


class NoGuestsAlong(msgspec.Struct, frozen=True):
    """The page's host wants guests to come alone."""


class NotKnown(msgspec.Struct, frozen=True):
    """A member that nothing here has."""


class ReadOnly(msgspec.Struct, frozen=True):
    """A member that answers have and nobody can set."""


class ChangedElsewhere(msgspec.Struct, frozen=True):
    """A member that can be set when something is created, and has calls of its own afterwards."""


Kind = Literal[
    "text",
    "whole-number",
    "yes-or-no",
    "object",
    "list",
    "json",
    "instant",
    "instant-with-offset",
    "date",
    "time-of-day",
    "hours",
    "country-code",
    "region-code",
    "language-tag",
    "slug",
    "phone-number",
    "colour",
    "https-link",
    "whole-link",
    "cursor",
    "feed-address",
    "server-address",
    "webhook-address",
    "site",
    "site-by-name",
    "base64",
    "idempotency-key",
]


class Malformed(msgspec.Struct, frozen=True):
    """Not of the kind that is expected here."""

    expected: Kind


EmailFault = Literal["no-at-sign", "no-local-part", "no-domain", "no-period", "two-periods", "not-latin", "other"]


class NotAnEmail(msgspec.Struct, frozen=True):
    why: EmailFault


class UnknownTimeZone(msgspec.Struct, frozen=True):
    """Not in the IANA time zone database."""

    name: str


class NotOneOf(msgspec.Struct, frozen=True):
    """None of the values that can be chosen; `choices` is empty where they are named elsewhere."""

    choices: tuple[str, ...] = ()


class OutOfRange(msgspec.Struct, frozen=True):
    least: int
    most: int


class TooShort(msgspec.Struct, frozen=True):
    """Fewer characters than `least`."""

    least: int


class TooLong(msgspec.Struct, frozen=True):
    """More characters than `limit`; `length` is how many there are."""

    limit: int
    length: int


class TooFew(msgspec.Struct, frozen=True):
    """Fewer entries than `least`."""

    least: int


class TooMany(msgspec.Struct, frozen=True):
    """More entries than `limit`."""

    limit: int


Limited = Literal[
    "api-tokens", "booking-links", "booking-pages", "calendar-connections", "passkeys", "schedules", "webhooks"
]


class NoRoom(msgspec.Struct, frozen=True):
    """There are as many of these already as there may be, which is `limit`; the field is of what was to be added."""

    of: Limited
    limit: int


class TooMuchText(msgspec.Struct, frozen=True):
    """More text in all than `kilobytes`, although each part is fine."""

    kilobytes: int


class TooLarge(msgspec.Struct, frozen=True):
    """A file of more than `megabytes`."""

    megabytes: int


PictureFault = Literal["not-a-picture", "not-png-jpeg-webp", "too-many-pixels", "broken"]


class UnreadablePicture(msgspec.Struct, frozen=True):
    why: PictureFault


class CalendarFault(msgspec.Struct, frozen=True):
    """The address leads to no calendar that can be read."""

    problem: CalendarProblem


class WebhookFault(msgspec.Struct, frozen=True):
    """Nothing can be sent to the address."""

    problem: WebhookProblem


class NoSuchCalendar(msgspec.Struct, frozen=True):
    """None of the host's calendars, or none that can be written to where that is needed."""


class NoSuchSchedule(msgspec.Struct, frozen=True):
    """None of the host's schedules."""


class Repeated(msgspec.Struct, frozen=True):
    """In the list already."""


class Overlapping(msgspec.Struct, frozen=True):
    """Two ranges of one day that overlap, each as `09:00–12:00`."""

    earlier: str
    later: str


class TooManyRanges(msgspec.Struct, frozen=True):
    """More ranges of hours in one day than `limit`."""

    limit: int


class AlreadyUsed(msgspec.Struct, frozen=True):
    """Somebody or something else has it."""


class Reserved(msgspec.Struct, frozen=True):
    """A handle that the product itself needs."""

    handle: str


class CommonPassword(msgspec.Struct, frozen=True):
    """A password that attackers try first: a common one, a run of keys, a repetition."""


class PersonalPassword(msgspec.Struct, frozen=True):
    """A password made of what anybody knows: the host's address, handle or name, or the product's name."""


class Unchanged(msgspec.Struct, frozen=True):
    """The new value is the present one."""


class Mismatch(msgspec.Struct, frozen=True):
    """Not what it has to repeat or to prove: a handle, a password."""


class WrongOrder(msgspec.Struct, frozen=True):
    """After what it has to come before."""


class TimeOver(msgspec.Struct, frozen=True):
    """Nothing can be booked then any more."""


class OutlivesToken(msgspec.Struct, frozen=True):
    """Later than the token with which it is asked for expires."""

    until: datetime


class OutsideCalendar(msgspec.Struct, frozen=True):
    """A day that no calendar holds; both ends are ISO 8601 dates."""

    first: str
    last: str


FaultKind = (
    Required
    | LeftOut
    | Unanswered
    | NumberToCall
    | NumberForGuests
    | AddressForGuests
    | NotAsked
    | NoGuestsAlong
    | NotKnown
    | ReadOnly
    | ChangedElsewhere
    | Malformed
    | NotAnEmail
    | UnknownTimeZone
    | NotOneOf
    | OutOfRange
    | TooShort
    | TooLong
    | TooFew
    | TooMany
    | NoRoom
    | TooMuchText
    | TooLarge
    | UnreadablePicture
    | CalendarFault
    | WebhookFault
    | NoSuchCalendar
    | NoSuchSchedule
    | Repeated
    | Overlapping
    | TooManyRanges
    | AlreadyUsed
    | Reserved
    | CommonPassword
    | PersonalPassword
    | Unchanged
    | Mismatch
    | WrongOrder
    | TimeOver
    | OutlivesToken
    | OutsideCalendar
)


class InvalidValue(ValueError):
    """Refused by the type of a value when one is constructed.

    Attributes:
        member: what of the value is wrong; empty where the value is wrong as a whole.
    """

    def __init__(self, problem: FaultKind, member: str = "") -> None:
        super().__init__(member, problem)
        self.problem = problem
        self.member = member


class Fault(msgspec.Struct, frozen=True):
    """What is wrong with one member; `field` is its dotted path, such as `guest.email` or `event_types.0.slug`."""

    field: str
    problem: FaultKind
