"""Sentences about security events of an account, in the reader's language."""

from typing import assert_never

from adapters.presentation.language import gettext as _
from adapters.presentation.language import ngettext
from adapters.presentation.providers import PROVIDER_NAMES
from domain import security_events
from domain.origin import Origin
from domain.security_events import SecurityEvent, SignInWay


def security_event_words(event: SecurityEvent) -> str:
    match event:
        case security_events.SessionStarted(way=way):
            return _signed_in(way)
        case security_events.SignInFailed(way=way):
            return failures_words(1, way)
        case security_events.SignInLocked():
            return _("Too many wrong passwords. We blocked this network for a while.")
        case security_events.ResetAsked():
            return _("Password reset requested")
        case security_events.PasswordReset():
            return _("New password set with a link from an email")
        case security_events.PasswordChanged():
            return _("Password changed")
        case security_events.AddressChangeAsked():
            return _("Change of email address requested")
        case security_events.AddressChanged():
            return _("Email address changed")
        case security_events.TokenMade(name=name):
            return _("API token “{name}” created").format(name=name)
        case security_events.TokenRevoked(name=name):
            return _("API token “{name}” revoked").format(name=name)
        case security_events.PasskeyAdded(name=name):
            return _("Passkey “{name}” added").format(name=name)
        case security_events.PasskeyRemoved(name=name):
            return _("Passkey “{name}” removed").format(name=name)
        case security_events.ProviderConnected(provider=provider):
            return _("{name} connected").format(name=PROVIDER_NAMES[provider])
        case security_events.ConnectionEnded(provider=provider):
            return _("{name} disconnected").format(name=PROVIDER_NAMES[provider])
        case security_events.CalendarsConnected(account=account):
            return _("Calendars at {account} connected").format(account=account)
        case security_events.CalendarsDisconnected(account=account):
            return _("Calendars at {account} disconnected").format(account=account)
        case security_events.WebhookAdded(host_name=name):
            return _("Webhook to {name} added").format(name=name)
        case security_events.WebhookRedirected(before=before, host_name=name):
            return _("Webhook to {before} changed to {name}").format(before=before, name=name)
        case security_events.WebhookRemoved(host_name=name):
            return _("Webhook to {name} removed").format(name=name)
        case security_events.SessionEnded():
            return _("Session in another browser ended")
        case security_events.SignedOutEverywhere():
            return _("Signed out everywhere")
        case security_events.Disowned():
            return _("Everyone else locked out, after “This wasn’t me”")
        case security_events.GuestDetailsErased():
            return _("A guest’s details erased")
        case security_events.DataExported(contents="bookings"):
            return _("Bookings downloaded")
        case security_events.DataExported():
            return _("Data downloaded")
        case security_events.AccountDeleted():
            return _("Account deleted")
        case _:
            assert_never(event)


def failures_words(count: int, way: SignInWay) -> str:
    """What several failures in a row come to."""
    if way == "passkey":
        return ngettext("Passkey refused", "Passkey refused, {n} times", count).format(n=count)
    return ngettext("Wrong password", "Wrong password, {n} times", count).format(n=count)


def browser_words(origin: Origin | None) -> str:
    """`Firefox on Windows`, as far as it is known."""
    match origin:
        case Origin(browser="", system="") | None:
            return _("Unknown browser")
        case Origin(browser="", system=name) | Origin(browser=name, system=""):
            return name
        case Origin(browser=browser, system=system):
            return _("{browser} on {system}").format(browser=browser, system=system)


def place_words(origin: Origin | None) -> str:
    """`Firefox on Windows · 203.0.113.7`; what TimeTuna or a provider did has no place."""
    return _("Automatically") if origin is None else f"{browser_words(origin)} · {origin.network}"


def _signed_in(way: SignInWay) -> str:
    match way:
        case "password":
            return _("Signed in")
        case "passkey":
            return _("Signed in with a passkey")
        case "sign-up":
            return _("Account created")
        case _:
            assert_never(way)
