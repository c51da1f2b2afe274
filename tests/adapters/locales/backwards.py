"""A language in which each sentence is reversed, and what is left of pages and mails without their words."""

import re
from email import message_from_bytes
from email.policy import default
from gettext import NullTranslations
from typing import Any
from urllib.parse import urlsplit

from adapters.mail.smtp import composed
from adapters.memory.mail import MemoryMailer
from adapters.presentation.language import ENGLISH, Language, Languages
from tests.support.mail_examples import ORIGIN
from tests.support.visiting import Visitor

_KEPT = re.compile(r"(<[^>]*>|&\w+;|%\(\w+\)s|\{\w*\})")
# The order of a list is its reader's.
_CONTROLS = re.compile(r'(?<!<option )\b(?:action|formaction|name|value)="([^" ]*)"')
_NO_TEXT = (
    "METHOD", "UID", "SEQUENCE", "STATUS", "DTSTAMP", "DTSTART", "DTEND", "CREATED", "LAST-MODIFIED", "TRANSP", "URL",
)  # fmt: skip


def backwards(message: str) -> str:
    """Each stretch between placeholders, tags and entities from its end to its beginning."""
    pieces = _KEPT.split(message)
    return "".join(piece if place % 2 else piece[::-1] for place, piece in enumerate(pieces))


class _Backwards(NullTranslations):
    def gettext(self, message: str) -> str:
        # Dates have patterns, not sentences.
        return message if message.startswith(("EEE", "LLL")) else backwards(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1 if n == 1 else msgid2)


BACKWARDS = Language("el", "Ελληνικά", _Backwards())
BOTH = Languages((ENGLISH, BACKWARDS))


def controls(visitor: Visitor) -> tuple[int, str, list[str]]:
    """What the last answer lets people do: its status, where it leads, and its forms without the choice of language."""
    leads_to = urlsplit(_without_ids(visitor.answer.headers.get("location", ""))).path
    html = re.sub(r'<form[^>]*action="/language".*?</form>', "", _without_ids(visitor.html), flags=re.DOTALL)
    return visitor.status, leads_to, _CONTROLS.findall(html)


def mails_of(mailer: MemoryMailer) -> list[Any]:
    """What mail and calendar programs go by in what was mailed: headers, parts, links and the event."""
    return [_for_programs(composed(mail, ORIGIN).content) for mail in mailer.sent]


def _for_programs(content: bytes) -> list[Any]:
    message = message_from_bytes(content, policy=default)
    headers = [_without_ids(str(message[name])) for name in ("Message-ID", "References", "Date", "Reply-To")]
    parts = list(message.walk())
    html = next(part.get_content() for part in parts if part.get_content_type() == "text/html")
    calendars = [part.get_content() for part in parts if part.get_content_type() == "text/calendar"]
    return [
        headers,
        [part.get_content_type() for part in parts],
        re.findall(r'href="([^"]*)"', _without_ids(html)),
        [_event_in(each) for each in calendars],
    ]


def _event_in(calendar: str | bytes) -> list[str]:
    """What a calendar program goes by: the properties that are no text, addresses and links."""
    text = calendar if isinstance(calendar, str) else calendar.decode()
    unfolded = _without_ids(re.sub(r"\r?\n[ \t]", "", text))
    return [
        *re.findall(rf"^(?:{'|'.join(_NO_TEXT)})[:;].*", unfolded, flags=re.MULTILINE),
        *re.findall(r"mailto:[^\s;]+", unfolded),
        *re.findall(r"https?://[^\s\\,;]+", unfolded),
    ]


def _without_ids(text: str) -> str:
    # The key of a form is drawn each time.
    return re.sub(r"(host|page|event-type|id|token)-?\d+|\b[0-9a-f]{32}\b", "", text)
