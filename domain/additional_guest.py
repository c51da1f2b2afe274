"""The people whom the guest of a booking brings along."""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from domain.faults import InvalidValue, Repeated, TooMany
from domain.mailbox import mailbox_of
from domain.person import check_email

MOST_ADDITIONAL_GUESTS = 10
"""Of one booking."""


class AdditionalGuest(msgspec.Struct, frozen=True):
    """Somebody who was invited by the guest, and may have left the meeting again."""

    email: str
    left_at: datetime | None = None

    def __post_init__(self) -> None:
        check_email(self.email)


def check_additional_guests(guests: tuple[AdditionalGuest, ...]) -> None:
    """Raises InvalidValue for too many, and for two who share a mailbox."""
    if len(guests) > MOST_ADDITIONAL_GUESTS:
        raise InvalidValue(TooMany(MOST_ADDITIONAL_GUESTS), "additional_guests")
    if len({mailbox_of(each.email) for each in guests}) < len(guests):
        raise InvalidValue(Repeated(), "additional_guests")


def brought_along(emails: Iterable[str], *, present: Iterable[str]) -> tuple[AdditionalGuest, ...]:
    """The additional guests with these addresses: each mailbox once, and none that is `present` anyway."""
    mailboxes = {mailbox_of(each) for each in present}
    found: list[AdditionalGuest] = []
    for email in emails:
        if (mailbox := mailbox_of(email)) not in mailboxes:
            mailboxes.add(mailbox)
            found.append(AdditionalGuest(email))
    return tuple(found)
