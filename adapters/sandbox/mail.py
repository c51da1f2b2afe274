"""Parses received mails and their invites."""

from datetime import datetime
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from typing import Any

import icalendar
import msgspec


class Envelope(msgspec.Struct, frozen=True):
    """What the mail came in: its number here, and what SMTP said about it."""

    number: int
    sender: str
    recipients: tuple[str, ...]
    received_at: datetime


class Invite(msgspec.Struct, frozen=True):
    """One event of a calendar part, in words."""

    method: str
    what: str
    when: str
    where: str
    organizer: str
    attendees: tuple[str, ...]
    sequence: int
    uid: str
    status: str


class Mail(msgspec.Struct, frozen=True):
    """One mail; `raw` is what came over the wire, to the byte."""

    envelope: Envelope
    raw: bytes

    @property
    def message(self) -> EmailMessage:
        parsed = BytesParser(policy=default).parsebytes(self.raw)
        assert isinstance(parsed, EmailMessage)
        return parsed

    @property
    def number(self) -> int:
        return self.envelope.number

    @property
    def recipients(self) -> tuple[str, ...]:
        return self.envelope.recipients

    @property
    def subject(self) -> str:
        return str(self.message["subject"] or "")

    @property
    def text(self) -> str:
        return self._body("plain")

    @property
    def html(self) -> str:
        return self._body("html")

    @property
    def ics(self) -> bytes | None:
        """The calendar part (or attachment) as it would be saved, None where there is none."""
        for part in self.message.walk():
            is_calendar = part.get_content_type() in ("text/calendar", "application/ics")
            if is_calendar or (part.get_filename() or "").endswith(".ics"):
                payload = part.get_payload(decode=True)
                return payload if isinstance(payload, bytes) else None
        return None

    def _body(self, subtype: str) -> str:
        part = self.message.get_body((subtype,))
        return "" if part is None else str(part.get_content())


def invites(ics: bytes) -> list[Invite]:
    """Read the events of a calendar.

    Raises:
        ValueError: it is no calendar.
    """
    calendar: Any = icalendar.Calendar.from_ical(ics)
    method = str(calendar.get("method", ""))
    return [_invite(method, event) for event in calendar.walk("VEVENT")]


def _invite(method: str, event: Any) -> Invite:
    attendees: list[Any] = event.attendees
    return Invite(
        method=method,
        what=str(event.get("summary", "")),
        when=_when(event),
        where=str(event.get("location", "")),
        organizer=_person(event["organizer"]) if "organizer" in event else "",
        attendees=tuple(_person(one) for one in attendees),
        sequence=int(event.get("sequence", 0)),
        uid=str(event.get("uid", "")),
        status=str(event.get("status", "")),
    )


def _when(event: Any) -> str:
    if "dtstart" not in event:
        return ""
    start: Any = event["dtstart"].dt
    end: Any = event["dtend"].dt if "dtend" in event else start
    if not isinstance(start, datetime) or not isinstance(end, datetime):
        return f"{start} to {end}"
    until = f"{end:%H:%M}" if end.date() == start.date() else f"{end:%A, %d %B %Y, %H:%M}"
    return f"{start:%A, %d %B %Y, %H:%M} to {until} {start.tzname() or 'local time'}"


def _person(address: Any) -> str:
    name = str(address.params.get("cn", ""))
    email = str(address).removeprefix("mailto:").removeprefix("MAILTO:")
    return f"{name} <{email}>" if name and name != email else email
