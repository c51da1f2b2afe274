"""Sentences about a provider's row and about each result of its callback."""

from typing import Literal

import msgspec

from adapters.http.web.booking_words import Message
from adapters.http.web.provider_status import ProviderOverview
from adapters.presentation.language import gettext as _
from adapters.presentation.language import marked
from adapters.presentation.providers import words_of
from application.connections.authorization import CallbackOutcome
from application.connections.revoking import Revoked
from domain.provider import Provider


class Badge(msgspec.Struct, frozen=True):
    """How a provider is doing, in two or three words."""

    words: str
    tone: Literal["", "good", "bad", "warn"]


def badge(overview: ProviderOverview) -> Badge:
    match overview.status:
        case "not_configured":
            return Badge(_("Not set up on this server"), "")
        case "not_connected":
            return Badge(_("Not connected"), "")
        case "needs_reconnect":
            return Badge(_("Needs reconnecting"), "bad")
        case "blocked":
            return Badge(_("Not permitted by {name}").format(name=overview.name), "bad")
        case "connected" if overview.may_have_ended:
            return Badge(_("May need reconnecting"), "warn")
        case "connected" if overview.limited_until:
            return Badge(_("Daily limit reached"), "warn")
        case "connected":
            return Badge(_("Connected"), "good")


def asking(name: str) -> str:
    """What to ask an administrator for."""
    return _(
        "Ask your {name} administrator to allow the TimeTuna app and to let you schedule meetings through apps."
    ).format(name=name)


def before_connecting(overview: ProviderOverview) -> list[str]:
    """What a host had better know before connecting the provider."""
    can, known = overview.can, list[str]()
    if can is None:
        return known
    if not can.personal_accounts:
        known.append(_("Connect a work or school account. {name} doesn’t create meetings for personal accounts."))
    if can.needs_admin:
        known.append(
            _(
                "In most organisations an administrator has to approve TimeTuna once. If {name} says “Need admin "
                "approval”, ask yours, then come back and click Connect {name} again."
            )
        )
    if can.one_grant_per_login:
        known.append(
            _(
                "Connect each {name} account to one TimeTuna account only. Connecting it again elsewhere ends this "
                "connection."
            )
        )
    return [each.format(name=overview.name) for each in known]


def revoking_words(provider: Provider, revoked: Revoked) -> str:
    """What disconnecting ends at the provider itself."""
    name = words_of(provider).name
    match revoked:
        case "nothing":
            words = _(
                "TimeTuna stays on your {name} account’s list of apps, without access. To remove it there too: "
                "{removal}"
            )
        case "kept-for-others":
            words = _(
                "TimeTuna keeps its access at {name} because another TimeTuna account uses the same {name} login. To "
                "end both: {removal}"
            )
        case "kept-for-calendars":
            words = _(
                "TimeTuna keeps its access at {name}, or your calendars with the same login would disconnect too. To "
                "end both: {removal}"
            )
        case "kept-for-meetings":
            words = _(
                "TimeTuna keeps its access at {name}, or your {product} connection with the same login would end "
                "too. To end both: {removal}"
            )
        case "grant":
            words = _("This also revokes TimeTuna’s access at {name}.")
        case "login":
            words = _("This also removes TimeTuna from your {name} account.")
        case "project":
            words = _(
                "This also revokes our access at {name}. {name} then ends everything you’ve allowed this server’s "
                "app, including sign-in and calendar access."
            )
    return words.format(name=name, product=words_of(provider).product, removal=words_of(provider).removal)


def message_for(code: str, overview: ProviderOverview) -> Message | None:
    """The words for a short code; an unknown one says nothing."""
    name, product, connection = overview.name, words_of(overview.provider).product, overview.connection
    match code:
        case CallbackOutcome.CONNECTED if connection is not None:
            return Message(
                "status", _("{name} is connected as {email}.").format(name=name, email=connection.account.email)
            )
        case "disconnected":
            return Message("status", _("{name} is disconnected. We’ve deleted our access.").format(name=name))
        case "disconnected-kept-for-calendars":
            text = _(
                "{name} is disconnected. We’ve deleted our access here but didn’t revoke it at {name}, so your "
                "calendars with the same login stay connected."
            )
            return Message("status", text.format(name=name, product=product))
        case "in-use":
            return Message("status", _("Saved. New bookings on it can use {product}.").format(product=product))
        case _:
            return callback_message(code, name, needs_admin=overview.can is not None and overview.can.needs_admin)


def callback_message(code: str, name: str, *, needs_admin: bool) -> Message | None:
    """Why a callback has connected nothing.

    Args:
        name: what the host was about to connect, as its button calls it.
        needs_admin: an administrator may have to approve the app.
    """
    if code == CallbackOutcome.DECLINED:
        # Where an administrator would have to approve it, the provider may say no in the host's name.
        text = (
            _(
                "Nothing was connected. You didn’t allow access in {name}, or an administrator has to approve "
                "TimeTuna first. If so, ask them, then click Connect {name} again."
            )
            if needs_admin
            else _("You didn’t allow access in {name}, so nothing was connected. You can try again at any time.")
        )
        return Message("status", text.format(name=name), neutral=True)
    failed = _FAILED.get(code)
    return Message("alert", _(failed).format(name=name)) if failed else None


_FAILED: dict[str, str] = {
    CallbackOutcome.NO_CODE: marked(
        "{name} sent you back without an answer, so nothing was connected. Click Connect {name} again."
    ),
    CallbackOutcome.NO_STATE: marked("You didn’t start from TimeTuna, so nothing changed. Click Connect {name} below."),
    CallbackOutcome.UNKNOWN_STATE: marked(
        "We don’t recognise this response from {name}, so nothing changed. Click Connect {name} below."
    ),
    CallbackOutcome.USED_BEFORE: marked(
        "You’ve already used this link from {name}, so nothing changed. If the row below isn’t right, start "
        "again from there."
    ),
    CallbackOutcome.ELSEWHERE: marked(
        "You started at {name} in another browser, or signed in as somebody else, so nothing changed. Continue "
        "there, or start again here."
    ),
    CallbackOutcome.TOO_LATE: marked(
        "You came back from {name} after more than ten minutes, so nothing was connected. Click Connect {name} again."
    ),
    CallbackOutcome.CODE_REFUSED: marked("{name} no longer accepts this sign-in, so nothing was connected. Try again."),
    CallbackOutcome.TOO_FEW_SCOPES: marked(
        "{name} didn’t grant everything that TimeTuna needs, so nothing was connected. Click Connect {name} "
        "again and allow all of it: your name and email, and creating meetings."
    ),
    CallbackOutcome.ACCOUNT_GONE: marked(
        "{name} says that this account doesn’t exist any more, or has moved to another organisation, so nothing was "
        "connected. Sign in to {name} to check it, then click Connect {name} again."
    ),
    CallbackOutcome.NEEDS_ADMIN: marked(
        "{name} says that an administrator of your organisation has to allow TimeTuna first, so nothing was "
        "connected. Ask them, then click Connect {name} again."
    ),
    CallbackOutcome.PERSONAL_ACCOUNT: marked(
        "That was a personal {name} account, and {name} creates meetings only for work and school accounts, so "
        "nothing was connected. Click Connect {name} again and choose a work or school account."
    ),
    CallbackOutcome.NOT_PERMITTED: marked(
        "This {name} account may not use TimeTuna, so nothing was connected. An administrator of the account can "
        "allow it; or connect another account."
    ),
    CallbackOutcome.TRY_LATER: marked(
        "{name} is busy, can’t be reached or sent an unexpected response, so nothing was connected. Try again soon."
    ),
    # Only Zoom has such a limit, and resets it at midnight UTC.
    CallbackOutcome.DAILY_LIMIT: marked(
        "Your {name} account has used up the requests that {name} allows it for today, so nothing was connected. The "
        "limit resets at 00:00 UTC. Try again after that."
    ),
    CallbackOutcome.MISCONFIGURED: marked(
        "{name} refused this server’s settings, so nothing was connected. Tell your administrator."
    ),
    "signed-out": marked(
        "You were signed out when {name} sent you back, so nothing was connected. Click Connect {name} again."
    ),
    "not-set-up": marked("{name} is not set up on this server."),
}
