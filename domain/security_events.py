"""Security events: changes of an account that its owner and whoever runs the server want to know of."""

from datetime import datetime, timedelta
from typing import Literal

import msgspec

from domain.calendar import CalendarKind
from domain.ids import HostId
from domain.origin import Origin
from domain.provider import Provider

KEPT_FOR = timedelta(days=90)

MOST_FAILURES = 50
"""As many failures of one day are kept for a host, and as many locks: anybody can cause them."""

SignInWay = Literal["password", "passkey", "sign-up"]


class AccountEvent(msgspec.Struct, frozen=True, kw_only=True, tag_field="what"):
    """Something that happened to an account; its tag is a stable name, for programs too.

    Attributes:
        host_id: whose account; None where nobody knows whether there is one.
        origin: of the request; None where TimeTuna itself or a provider has acted.
    """

    host_id: HostId | None
    at: datetime
    origin: Origin | None = None


class SessionStarted(AccountEvent, frozen=True, kw_only=True, tag="sign-in"):
    way: SignInWay


class SignInFailed(AccountEvent, frozen=True, kw_only=True, tag="failure"):
    """Something was wrong, when signing in or when it was asked for again."""

    way: SignInWay = "password"


class SignInLocked(AccountEvent, frozen=True, kw_only=True, tag="lock"):
    """No more tries are taken from this network until then."""

    until: datetime


class ResetAsked(AccountEvent, frozen=True, kw_only=True, tag="reset-asked"):
    """A mail with a link was asked for, for an address that may be nobody's."""


class PasswordReset(AccountEvent, frozen=True, kw_only=True, tag="reset"):
    """A new password was set by a link from a mail."""


class PasswordChanged(AccountEvent, frozen=True, kw_only=True, tag="password"):
    """A new password was set by who knew the present one."""


class AddressChangeAsked(AccountEvent, frozen=True, kw_only=True, tag="address-asked"):
    """Another address is to be confirmed."""


class AddressChanged(AccountEvent, frozen=True, kw_only=True, tag="address"):
    pass


class TokenMade(AccountEvent, frozen=True, kw_only=True, tag="token-made"):
    """`name` is what the host calls the API token."""

    name: str


class TokenRevoked(AccountEvent, frozen=True, kw_only=True, tag="token-revoked"):
    name: str


class PasskeyAdded(AccountEvent, frozen=True, kw_only=True, tag="passkey-added"):
    """`name` is what the host calls the passkey."""

    name: str


class PasskeyRemoved(AccountEvent, frozen=True, kw_only=True, tag="passkey-removed"):
    name: str


class ProviderConnected(AccountEvent, frozen=True, kw_only=True, tag="connection-made"):
    provider: Provider


class ConnectionEnded(AccountEvent, frozen=True, kw_only=True, tag="connection-ended"):
    provider: Provider


class CalendarsConnected(AccountEvent, frozen=True, kw_only=True, tag="calendar-connection-made"):
    """`account` is what the host knows the connection by, never what it takes to get in."""

    kind: CalendarKind
    account: str


class CalendarsDisconnected(AccountEvent, frozen=True, kw_only=True, tag="calendar-connection-ended"):
    kind: CalendarKind
    account: str


class WebhookAdded(AccountEvent, frozen=True, kw_only=True, tag="webhook-added"):
    """`host_name` is of its address, the rest of which may be a secret."""

    host_name: str


class WebhookRedirected(AccountEvent, frozen=True, kw_only=True, tag="webhook-redirected"):
    """Another address gets what `before` got; both are names of hosts, as in `WebhookAdded`."""

    before: str
    host_name: str


class WebhookRemoved(AccountEvent, frozen=True, kw_only=True, tag="webhook-removed"):
    host_name: str


class SessionEnded(AccountEvent, frozen=True, kw_only=True, tag="session-ended"):
    """The host has ended the session of another browser."""


class SignedOutEverywhere(AccountEvent, frozen=True, kw_only=True, tag="sessions-ended"):
    pass


class Disowned(AccountEvent, frozen=True, kw_only=True, tag="not-me"):
    """The host has said of an event that it wasn't them."""


class GuestDetailsErased(AccountEvent, frozen=True, kw_only=True, tag="guest-erased"):
    """The host has had a guest's details erased; whose is not said."""


class DataExported(AccountEvent, frozen=True, kw_only=True, tag="export"):
    """`contents` are everything about the account, or a list of bookings."""

    contents: Literal["account", "bookings"] = "account"


class AccountDeleted(AccountEvent, frozen=True, kw_only=True, tag="deletion"):
    """The host has asked for it; the rows go a little later."""


SecurityEvent = (
    SessionStarted
    | SignInFailed
    | SignInLocked
    | ResetAsked
    | PasswordReset
    | PasswordChanged
    | AddressChangeAsked
    | AddressChanged
    | TokenMade
    | TokenRevoked
    | PasskeyAdded
    | PasskeyRemoved
    | ProviderConnected
    | ConnectionEnded
    | CalendarsConnected
    | CalendarsDisconnected
    | WebhookAdded
    | WebhookRedirected
    | WebhookRemoved
    | SessionEnded
    | SignedOutEverywhere
    | Disowned
    | GuestDetailsErased
    | DataExported
    | AccountDeleted
)


def what_of(event: SecurityEvent) -> str:
    return str(event.__struct_config__.tag)
