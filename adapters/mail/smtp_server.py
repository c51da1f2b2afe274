"""The mail server, and its settings in one URL."""

from typing import Literal, Self, get_args
from urllib.parse import parse_qs, unquote, urlsplit

import msgspec

Tls = Literal["starttls", "tls", "none"]

_PORTS: dict[Tls, int] = {"starttls": 587, "tls": 465, "none": 25}


class SmtpServer(msgspec.Struct, frozen=True):
    """Where mails are handed over; its repr leaves user and password out.

    Attributes:
        tls: `starttls` and `tls` insist on encryption and on a valid certificate; nothing is tried in the clear.
    """

    host: str
    port: int
    tls: Tls = "starttls"
    username: str | None = None
    password: str | None = None

    @classmethod
    def parse(cls, url: str) -> Self:
        """Read `smtp://user:pass@host:587?tls=starttls`; user and password are percent-encoded and may be left out.

        Raises:
            ValueError: says in one line what is wrong, never with the password.
        """
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            # The original words repeat what stands there, which may be part of a password.
            raise ValueError("the host or port can't be read; percent-encode / ? # @ : in user and password") from None
        if parts.scheme != "smtp" or not parts.hostname or parts.path not in {"", "/"} or parts.fragment:
            raise ValueError("use the form smtp://user:password@host:587?tls=starttls")
        tls = _tls(parts.query)
        if bool(parts.username) != bool(parts.password):
            raise ValueError("give both user and password, or neither")
        return cls(
            host=parts.hostname,
            port=port or _PORTS[tls],
            tls=tls,
            username=unquote(parts.username) if parts.username else None,
            password=unquote(parts.password) if parts.password else None,
        )

    def __repr__(self) -> str:
        return f"SmtpServer({self.host}:{self.port}, tls={self.tls})"

    def __rich_repr__(self) -> list[tuple[str, str]]:
        return [("server", f"{self.host}:{self.port}"), ("tls", self.tls)]


def _tls(query: str) -> Tls:
    options = parse_qs(query, keep_blank_values=True)
    chosen = options.pop("tls", ["starttls"])
    for mode in get_args(Tls):
        if chosen == [mode] and not options:
            return mode
    raise ValueError("after the ? only tls=starttls, tls=tls or tls=none is known")
