"""An account at a CalDAV server."""

from urllib.parse import SplitResult, quote, unquote_to_bytes, urljoin, urlsplit, urlunsplit

import msgspec

from domain.calendar import LONGEST_CALENDAR_ADDRESS
from domain.errors import InvalidInput
from domain.faults import Malformed, TooLong

LONGEST_USER_NAME = 254
LONGEST_APP_PASSWORD = 256

_PORTS = {"https": 443, "http": 80}


class CaldavAccount(msgspec.Struct, frozen=True):
    """An account, as it stays when its password changes.

    Attributes:
        url: where to look for its calendars, always in the same form; it's no secret.
    """

    url: str
    username: str

    @property
    def login(self) -> str:
        """Both in one; an address has no spaces."""
        return f"{self.url} {self.username}"

    @classmethod
    def of(cls, login: str) -> "CaldavAccount":
        url, _, username = login.partition(" ")
        return cls(url, username)

    def address_of(self, remote_id: str) -> str:
        """The absolute URL of one of its calendars, always in the same form, however its server writes it."""
        parts = urlsplit(urljoin(self.url, remote_id))
        # By segments, so that an escaped slash stays what it is.
        segments = (quote(unquote_to_bytes(each), safe="") for each in parts.path.rstrip("/").split("/"))
        return urlunsplit((parts.scheme, _place(parts), "/".join(segments), parts.query, ""))


def server_address(typed: str, field: str) -> str:
    """Bring the address of a server into one form; a host's name will do, and https goes without saying.

    Raises:
        InvalidInput: no host, another scheme than https and http, a password in it, or too long.
    """
    address = typed.strip()
    if len(address) > LONGEST_CALENDAR_ADDRESS:
        raise InvalidInput.at(field, TooLong(LONGEST_CALENDAR_ADDRESS, len(address)))
    try:
        parts = urlsplit(address if "://" in address else f"https://{address}")
        scheme, host, place = parts.scheme, parts.hostname, _place(parts)
    except ValueError:
        raise InvalidInput.at(field, Malformed("server-address")) from None
    is_plain = address.isprintable() and " " not in address and "@" not in parts.netloc
    if scheme not in _PORTS or not host or not is_plain:
        raise InvalidInput.at(field, Malformed("server-address"))
    return urlunsplit((scheme, place, parts.path or "/", parts.query, ""))


def _place(parts: SplitResult) -> str:
    """The host in lower case, and its port where that doesn't go without saying."""
    host = parts.hostname or ""
    place = f"[{host}]" if ":" in host else host
    return place if parts.port in {None, _PORTS.get(parts.scheme)} else f"{place}:{parts.port}"
