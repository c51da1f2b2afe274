"""A conversation with whoever runs the server: who waits for an answer, until when, and how long it is kept."""

from datetime import datetime, timedelta
from typing import Literal

import msgspec

from domain.ids import SupportThreadId, SupportToken

CLOSES_AFTER = timedelta(days=30)
"""Without a message for as long, a conversation is over."""

KEPT_CLOSED_FOR = timedelta(days=30)

BUSINESS_DAY = timedelta(days=1)
_SATURDAY = 5

Side = Literal["visitor", "operator"]


class ThreadMessage(msgspec.Struct, frozen=True):
    """What one side wrote.

    Attributes:
        has_screenshot: a picture came with it, which only the operator's mail holds.
    """

    side: Side
    sent_at: datetime
    text: str
    has_screenshot: bool = False


class SupportThread(msgspec.Struct, frozen=True):
    """A conversation, begun by its visitor.

    Attributes:
        token: of the visitor's link; None where the key that sealed it is lost.
        email: that the visitor typed; nobody has checked whose it is.
        page_url: whatever the visitor calls the page's address, or nothing.
        language: of the visitor, as a tag.
        messages: in the order in which they were sent, at least one.
        closed_at: when the operator has closed it.
        version: of the state that was read; the store counts.
    """

    id: SupportThreadId
    token: SupportToken | None
    email: str
    page_url: str
    language: str
    messages: tuple[ThreadMessage, ...]
    closed_at: datetime | None = None
    version: int = 1

    def __post_init__(self) -> None:
        if not self.messages:
            raise ValueError("a conversation begins with a message")

    @property
    def last_at(self) -> datetime:
        return self.messages[-1].sent_at

    @property
    def waiting_since(self) -> datetime | None:
        """When the oldest message was sent that nobody has answered; None where the operator has nothing to do."""
        unanswered: datetime | None = None
        for message in reversed(self.messages):
            if message.side == "operator":
                break
            unanswered = message.sent_at
        return None if self.closed_at else unanswered

    def is_closed(self, now: datetime) -> bool:
        return self.closed_at is not None or self.last_at + CLOSES_AFTER <= now

    def with_message(self, message: ThreadMessage) -> "SupportThread":
        """Go on; a closed conversation is open again."""
        return msgspec.structs.replace(self, messages=(*self.messages, message), closed_at=None)

    def closed(self, at: datetime) -> "SupportThread":
        """End it, with or without an answer; it stays as it is where it is closed already."""
        return self if self.closed_at else msgspec.structs.replace(self, closed_at=at)


def answer_due_at(asked_at: datetime) -> datetime:
    """When one business day is over: 24 hours, of which those of Saturdays and Sundays (UTC) don't count."""
    due = _weekday_from(asked_at) + BUSINESS_DAY
    return due if due.weekday() < _SATURDAY else due + 2 * BUSINESS_DAY


def _weekday_from(at: datetime) -> datetime:
    """The same instant, or the beginning of the Monday after a weekend."""
    if at.weekday() < _SATURDAY:
        return at
    midnight = at.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + (7 - at.weekday()) * BUSINESS_DAY
