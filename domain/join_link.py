"""Join links that a host may set."""

import re
from urllib.parse import urlsplit

from domain.errors import InvalidInput
from domain.faults import Malformed
from domain.link import URL_CHARACTERS

LONGEST_JOIN_LINK = 1998
_HTTPS = re.compile(rf"https://{URL_CHARACTERS}{{1,{LONGEST_JOIN_LINK - len('https://')}}}", re.IGNORECASE)


def join_link(text: str, field: str = "join_url") -> str:
    """Check a link that people will click on.

    Raises:
        InvalidInput: anything but an https address that names a host and no user.
    """
    url = text.strip()
    if not url.lower().startswith("https://"):
        raise InvalidInput.at(field, Malformed("https-link"))
    if not is_https_link(url):
        raise InvalidInput.at(field, Malformed("whole-link"))
    return url


def is_https_link(url: str) -> bool:
    return _HTTPS.fullmatch(url) is not None and _names_a_host(url)


def _names_a_host(url: str) -> bool:
    try:
        parts = urlsplit(url)
        # Reading the port is what checks it.
        _ = parts.port
    except ValueError:
        return False
    return bool(parts.hostname) and "@" not in parts.netloc
