"""What mail and calendar programs would make links of, by the rules of several."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any, cast

from jinja2.utils import urlize
from linkify_it import LinkifyIt
from linkify_it.tlds import TLDS

from adapters.mail.inert import HAIR_SPACE, WORD_JOINER

_linkify_it = cast("Any", LinkifyIt)().tlds(TLDS).set({"fuzzy_link": True, "fuzzy_email": True, "fuzzy_ip": True})
_HREF = re.compile(r'href="([^"]*)"')

# Android: android.util.Patterns of AOSP. Everything from U+00A0 on that isn't a space is a letter of a label, and of a
# top-level domain in WEB_URL and in the addresses of AUTOLINK_EMAIL_ADDRESS.
_LETTER = r"[^\x00-\x40\x5b-\x60\x7b-\x9f\s]"
_LABEL_CHAR = rf"(?:{_LETTER}|[0-9])"
_HOST = rf"(?:{_LABEL_CHAR}(?:(?:{_LABEL_CHAR}|[-_])*{_LABEL_CHAR})?\.)+(?:xn--[\w-]+|{_LETTER}{{2,63}})"
_ANDROID = re.compile(
    rf"(?:https?|rtsp|ftp)://\S+|(?:\d{{1,3}}\.){{3}}\d{{1,3}}|(?:{_LABEL_CHAR}|[+\-_%'.])+@{_HOST}|{_HOST}",
    re.IGNORECASE,
)

# Thunderbird: mozTXTToHTMLConv of Gecko. A scheme stands right before its colon; www. and ftp. begin a word; addresses
# are ASCII with a period in the domain.
_THUNDERBIRD = re.compile(
    # No scheme ends in hours, as UTC+02:00 does.
    r"[a-z][a-z0-9+.-]*(?<!\W\d)(?<!\W\d\d):[^\s<>\"`\]}{\[|]"
    r"|(?<![^\s<>\"'`,{\[(|\\])(?:www|ftp)\.[^\s<>\"`\]}{\[|]"
    r"|(?<![\x21-\x7e])[a-z0-9][\x21-\x7e]*@[\x21-\x7e]*\.[\x21-\x7e]",
    re.IGNORECASE,
)

# Outlook: www and ftp begin a word, schemes before ":/", some before ":" alone, and paths on Windows servers.
_OUTLOOK = re.compile(
    r"\b(?:www|ftp)\.\S|\b(?:https?|ftp|gopher|prospero|telnet|wais|file):/"
    r"|\b(?:mailto|news|nntp|tel|sms|callto|sip|outlook|onenote|file|javascript|data):\S|\\\\\S",
    re.IGNORECASE,
)


def as_seen(text: str) -> str:
    """The text without what is set between its signs to keep them from being links."""
    return text.replace(WORD_JOINER, "").replace(HAIR_SPACE, "")


@cache
def _all_found(text: str) -> tuple[str, ...]:
    return tuple(_found(text))


def links_in(text: str) -> list[str]:
    """Whatever any of the programs would make a link of."""
    # Mails repeat themselves.
    return list(_all_found(text))


def _found(text: str) -> Iterator[str]:
    for match in _linkify_it.match(text) or ():
        yield f"linkify-it: {match.raw}"
    for link in _HREF.findall(urlize(text, extra_schemes=["tel:", "sms:", "ftp:"])):
        yield f"urlize: {link}"
    for name, pattern in (("Android", _ANDROID), ("Thunderbird", _THUNDERBIRD), ("Outlook", _OUTLOOK)):
        for match in pattern.finditer(text):
            yield f"{name}: {match[0]}"
