"""Settings from the environment: all are checked at the start, and a wrong one is named in one line."""

import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from ipaddress import ip_network
from typing import Literal, TypeVar, get_args
from urllib.parse import urlsplit

import msgspec

from adapters.google.settings import GoogleCalendarSettings, GoogleMeetSettings
from adapters.mail.smtp_server import SmtpServer
from adapters.microsoft.settings import MicrosoftCalendarSettings, MicrosoftTeamsSettings, calendar_authority
from adapters.vault.keys import parse_keys
from adapters.zoom.settings import ZoomSettings
from application.calendars.timings import CalendarTimings
from application.people import email_address
from domain.errors import InvalidInput
from domain.network import parsed_address
from entrypoints.errors import CommandError

T = TypeVar("T")

LogLevel = Literal["debug", "info", "warning", "error"]
ZOOM_CALLBACK = "/integrations/zoom/callback"
ZOOM_DEAUTHORIZED = "/integrations/zoom/deauthorized"
GOOGLE_CALLBACK = "/integrations/google/callback"
GOOGLE_CALENDAR_CALLBACK = "/integrations/google/calendar/callback"
MICROSOFT_CALLBACK = "/integrations/microsoft/callback"
MICROSOFT_CALENDAR_CALLBACK = "/integrations/microsoft/calendar/callback"
GOOGLE_CALENDAR_NOTIFICATIONS = "/integrations/google/calendar/notifications"
MICROSOFT_CALENDAR_NOTIFICATIONS = "/integrations/microsoft/calendar/notifications"


BROKER_PATTERN = "write it like redis://host:6379/0 or amqp://host:5672; escape special characters"


class SettingsError(CommandError):
    """A setting is missing or malformed; the message is one line that begins with its name."""


class Settings(msgspec.Struct, frozen=True):
    """All that an operator can set; secrets are kept out of the repr by the structs that hold them."""

    database_url: str | None
    database_direct_url: str | None
    broker_url: str | None
    public_url: str
    public_url_is_set: bool
    secret_keys: tuple[bytes, ...]
    smtp: SmtpServer | None
    mail_from: str
    operator_email: str | None
    link_wait: timedelta
    retention: timedelta | None
    zoom: ZoomSettings | None
    google: GoogleMeetSettings | None
    google_calendars: GoogleCalendarSettings | None
    microsoft: MicrosoftTeamsSettings | None
    microsoft_calendars: MicrosoftCalendarSettings | None
    metrics_token: str | None
    security_contact: str | None
    security_policy_url: str | None
    imprint_url: str | None
    privacy_url: str | None
    log_format: str | None
    log_level: LogLevel
    otlp_url: str | None
    database_folder: str | None
    sign_up_open: bool
    rate_limit: bool
    trusted_proxies: tuple[str, ...]
    allowed_networks: tuple[str, ...]
    calendar_timings: CalendarTimings

    @property
    def server_url(self) -> str | None:
        """The database server's own address, whether or not a pooler is in front of it."""
        return self.database_url and (self.database_direct_url or self.database_url)

    @property
    def server_setting(self) -> str:
        """The name of the setting that `server_url` is."""
        return "DATABASE_DIRECT_URL" if self.database_direct_url else "DATABASE_URL"

    def __repr__(self) -> str:
        return f"Settings(public_url={self.public_url!r}, …)"


def read_settings(environ: Mapping[str, str], *, port: int = 8000) -> Settings:
    """Read and check every `TIMETUNA_…` variable; an empty one counts as unset.

    Raises:
        SettingsError: names the first one that is wrong.
    """
    read = _Reader(environ)
    public_url = read.checked("PUBLIC_URL", _base_url, f"http://127.0.0.1:{port}")
    microsoft = _microsoft(read, public_url)
    return Settings(
        database_url=read.optional("DATABASE_URL", _database_url),
        database_direct_url=read.optional("DATABASE_DIRECT_URL", _database_url),
        broker_url=read.optional("BROKER_URL", _broker_url),
        public_url=public_url,
        public_url_is_set=read.get("PUBLIC_URL") is not None,
        secret_keys=tuple(read.optional("SECRET_KEYS", parse_keys) or ()),
        smtp=read.optional("SMTP_URL", SmtpServer.parse),
        mail_from=read.checked("MAIL_FROM", _mail_from, "invites@localhost"),
        operator_email=read.optional("OPERATOR_EMAIL", _email),
        link_wait=read.checked("LINK_WAIT_SECONDS", _seconds, "60"),
        retention=read.checked("RETENTION_DAYS", _retention, "365"),
        zoom=_zoom(read, public_url),
        google=_google(read, public_url),
        google_calendars=_google_calendars(read, public_url),
        microsoft=microsoft,
        microsoft_calendars=microsoft and _microsoft_calendars(microsoft, public_url),
        security_contact=_security_contact(read),
        security_policy_url=read.optional("SECURITY_POLICY_URL", _https_url),
        imprint_url=read.optional("IMPRINT_URL", _web_url),
        privacy_url=read.optional("PRIVACY_URL", _web_url),
        metrics_token=read.optional("METRICS_TOKEN", _bearer_token),
        log_format=read.optional("LOG_FORMAT", _one_of("console", "json")),
        log_level=read.checked("LOG_LEVEL", _log_level, "info"),
        otlp_url=read.optional("OTLP_URL", _base_url),
        # Told by the demo, which brings its database.
        database_folder=None,
        sign_up_open=read.checked("SIGNUP", _one_of("open", "closed"), "open") == "open",
        rate_limit=read.checked("RATE_LIMIT", _one_of("on", "off"), "on") == "on",
        trusted_proxies=read.checked("TRUSTED_PROXIES", _networks, "none"),
        allowed_networks=read.checked("ALLOWED_NETWORKS", _networks, "none"),
        calendar_timings=CalendarTimings(
            calendar_poll=read.checked("CALENDAR_POLL_SECONDS", _period, "120"),
            feed_poll=read.checked("FEED_POLL_SECONDS", _period, "900"),
            grace=read.checked("CALENDAR_GRACE_SECONDS", _period, "1800"),
        ),
    )


def require(value: T | None, name: str, why: str) -> T:
    """Raises SettingsError where a setting is unset that this command can't do without."""
    if not value:
        raise SettingsError(f"TIMETUNA_{name} is not set: {why}")
    return value


class _Reader:
    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ

    def get(self, name: str) -> str | None:
        return self._environ.get(f"TIMETUNA_{name}", "").strip() or None

    def optional(self, name: str, parse: Callable[[str], T]) -> T | None:
        text = self.get(name)
        return None if text is None else self.checked(name, parse, text)

    def checked(self, name: str, parse: Callable[[str], T], default: str) -> T:
        text = self.get(name) or default
        try:
            return parse(text)
        except ValueError as error:
            raise SettingsError(f"TIMETUNA_{name} can’t be used: {error}") from None


def _zoom(read: _Reader, public_url: str) -> ZoomSettings | None:
    auth_url = read.checked("ZOOM_AUTH_URL", _base_url, "https://zoom.us")
    api_url = read.checked("ZOOM_API_URL", _base_url, "https://api.zoom.us/v2")
    secret_tokens = read.optional("ZOOM_SECRET_TOKENS", _secret_tokens) or ()
    client = _client(read, "ZOOM")
    if client is None:
        return None
    return ZoomSettings(*client, public_url + ZOOM_CALLBACK, auth_url, api_url, secret_tokens)


def _google(read: _Reader, public_url: str) -> GoogleMeetSettings | None:
    oauth = _google_oauth(read)
    api_url = read.checked("GOOGLE_API_URL", _base_url, "https://meet.googleapis.com")
    client = _client(read, "GOOGLE")
    return client and GoogleMeetSettings(*client, public_url + GOOGLE_CALLBACK, *oauth, api_url)


def _google_calendars(read: _Reader, public_url: str) -> GoogleCalendarSettings | None:
    oauth = _google_oauth(read)
    api_url = read.checked("GOOGLE_CALENDAR_API_URL", _base_url, "https://www.googleapis.com/calendar/v3")
    client = _client(read, "GOOGLE")
    return client and GoogleCalendarSettings(*client, public_url + GOOGLE_CALENDAR_CALLBACK, *oauth, api_url)


def _google_oauth(read: _Reader) -> tuple[str, str]:
    """Where Google lets people sign in, and where it gives out tokens."""
    return (
        read.checked("GOOGLE_AUTH_URL", _base_url, "https://accounts.google.com/o/oauth2/v2/auth"),
        read.checked("GOOGLE_TOKEN_URL", _base_url, "https://oauth2.googleapis.com/token"),
    )


def _microsoft(read: _Reader, public_url: str) -> MicrosoftTeamsSettings | None:
    auth_url = read.checked("MICROSOFT_AUTH_URL", _base_url, "https://login.microsoftonline.com/organizations")
    api_url = read.checked("MICROSOFT_API_URL", _base_url, "https://graph.microsoft.com/v1.0")
    client = _client(read, "MICROSOFT")
    if client is None:
        return None
    return MicrosoftTeamsSettings(*client, public_url + MICROSOFT_CALLBACK, auth_url, api_url)


def _microsoft_calendars(app: MicrosoftTeamsSettings, public_url: str) -> MicrosoftCalendarSettings:
    """The same registration, for calendars."""
    redirect_uri, authority = public_url + MICROSOFT_CALENDAR_CALLBACK, calendar_authority(app.auth_url)
    return MicrosoftCalendarSettings(app.client_id, app.client_secret, redirect_uri, authority, app.api_url)


def _client(read: _Reader, provider: str) -> tuple[str, str] | None:
    """Our client id and secret at a provider; None where this server isn't set up for it."""
    client_id, client_secret = read.get(f"{provider}_CLIENT_ID"), read.get(f"{provider}_CLIENT_SECRET")
    if client_id is None and client_secret is None:
        return None
    if client_id is None or client_secret is None:
        missing = "CLIENT_ID" if client_id is None else "CLIENT_SECRET"
        raise SettingsError(f"TIMETUNA_{provider}_{missing} is not set, but its other half is")
    return client_id, client_secret


def _base_url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not _names_a_host(text) or parts.query or parts.fragment:
        raise ValueError("write it like https://meet.example.com")
    return text.rstrip("/")


def _database_url(text: str) -> str:
    # Only whoever has a database needs what reads its URL.
    from adapters.postgres.urls import check_url  # noqa: PLC0415

    check_url(text)
    return text


def _broker_url(text: str) -> str:
    if not text.startswith(("redis://", "rediss://", "amqp://", "amqps://")) or not _names_a_host(text):
        raise ValueError(BROKER_PATTERN)
    parts = urlsplit(text)
    # An @ behind the host is most likely the one of a login whose password has a / or a ? in it.
    is_unescaped = "@" in parts.path or "@" in parts.query or parts.fragment
    # Redis takes any other path for its first database.
    is_database = parts.scheme.startswith("amqp") or re.fullmatch(r"/?|/\d+", parts.path)
    if is_unescaped or not is_database:
        raise ValueError(BROKER_PATTERN)
    return text


def is_loopback(host: str) -> bool:
    """Whether a host, by its name or its address, is this machine and can be reached from nowhere else."""
    address = parsed_address(host)
    return host == "localhost" or host.endswith(".localhost") or (address is not None and address.is_loopback)


def is_plain_http(url: str) -> bool:
    """Whether what people send to this address can be read on its way."""
    parts = urlsplit(url)
    return parts.scheme == "http" and not is_loopback(parts.hostname or "")


def _names_a_host(url: str) -> bool:
    """Whether host and port can be read from it; what can't must not be shown, for it may hold a password."""
    try:
        parts = urlsplit(url)
        return bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _email(text: str) -> str:
    try:
        return email_address(text, "")
    except InvalidInput as error:
        # With it comes all that people read, which no start needs.
        from adapters.presentation.sentences.refusals import refusal_sentence  # noqa: PLC0415

        raise ValueError(refusal_sentence(error)) from None


def _mail_from(text: str) -> str:
    # The default sender has a domain without a dot, which only the built-in mailbox takes.
    return text if text.endswith("@localhost") else _email(text)


def _seconds(text: str) -> timedelta:
    seconds = float(text)
    if not 0 <= seconds <= 3600:  # noqa: PLR2004 - an hour, in words below
        raise ValueError("give seconds between 0 and 3600")
    return timedelta(seconds=seconds)


def _retention(text: str) -> timedelta | None:
    days = int(text)
    if not 0 <= days <= 36_500:  # noqa: PLR2004 - a century, in words below
        raise ValueError("give days between 0, to keep them, and 36500")
    return timedelta(days=days) if days else None


def _security_contact(read: _Reader) -> str | None:
    """Where weaknesses are reported, as a URI; to the operator unless told."""
    return read.optional("SECURITY_CONTACT", _contact) or read.optional("OPERATOR_EMAIL", _contact)


def _contact(text: str) -> str:
    return f"mailto:{_email(text)}" if "://" not in text else _https_url(text)


def _https_url(text: str) -> str:
    if not _web_url(text).startswith("https://"):
        raise ValueError("write it like https://example.com/page")
    return text


def _web_url(text: str) -> str:
    parts = urlsplit(text)
    is_plain = text.isascii() and text.isprintable() and not set(text) & set(' "<>\\^`{|}')
    if parts.scheme not in {"http", "https"} or not _names_a_host(text) or "@" in parts.netloc or not is_plain:
        raise ValueError("write it like https://example.com/page; percent-encode other characters")
    return text


def _period(text: str) -> timedelta:
    seconds = float(text)
    if not 1 <= seconds <= 86400:  # noqa: PLR2004 - a day, in words below
        raise ValueError("give seconds between 1 and 86400")
    return timedelta(seconds=seconds)


def _bearer_token(text: str) -> str:
    # What a header can carry as one word.
    if not text.isascii() or not text.isprintable() or " " in text:
        raise ValueError("use letters, digits and signs without spaces, as made by: openssl rand -hex 32")
    return text


def _secret_tokens(text: str) -> tuple[str, ...]:
    tokens = tuple(part.strip() for part in text.split(","))
    if not all(tokens):
        raise ValueError("give one or more secret tokens with a comma between them, and none empty")
    return tokens


def _networks(text: str) -> tuple[str, ...]:
    return () if text == "none" else tuple(str(ip_network(part.strip())) for part in text.split(","))


def _log_level(text: str) -> LogLevel:
    for level in get_args(LogLevel):
        if text == level:
            return level
    raise ValueError(f"choose one of: {', '.join(get_args(LogLevel))}")


def _one_of(*allowed: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text not in allowed:
            raise ValueError(f"choose one of: {', '.join(allowed)}")
        return text

    return parse
