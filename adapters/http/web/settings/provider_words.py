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
        "Ask whoever administers your {name} account to allow the TimeTuna app for you, and to let you schedule "
        "meetings through apps."
    ).format(name=name)


def before_connecting(overview: ProviderOverview) -> list[str]:
    """What a host had better know before connecting the provider."""
    can, known = overview.can, list[str]()
    if can is None:
        return known
    if not can.personal_accounts:
        known.append(
            _(
                "Connect a work or school account: {name} makes no meetings for personal accounts, so TimeTuna "
                "refuses them."
            )
        )
    if can.needs_admin:
        known.append(
            _(
                "In most organisations an administrator has to approve TimeTuna first. If {name} says “Need admin "
                "approval”, ask yours, then come back and click Connect {name} again. It has to be done only once."
            )
        )
    if can.one_grant_per_login:
        known.append(
            _(
                "Use a {name} login with one TimeTuna account only: {name} ends the older connection when the same "
                "login is connected again somewhere else."
            )
        )
    return [each.format(name=overview.name) for each in known]


def revoking_words(provider: Provider, revoked: Revoked) -> str:
    """What disconnecting ends at the provider itself."""
    name = words_of(provider).name
    match revoked:
        case "nothing":
            words = _(
                "{name} can’t be told: it keeps TimeTuna on your account’s list of apps, without any use. To take it "
                "off there too: {removal}"
            )
        case "kept-for-others":
            words = _(
                "{name} isn’t told, because another TimeTuna account uses the same {name} login. To end it for both: "
                "{removal}"
            )
        case "kept-for-calendars":
            words = _(
                "{name} isn’t told, because that would disconnect your calendars of the same {name} login as well. To "
                "end both: {removal}"
            )
        case "kept-for-meetings":
            words = _(
                "{name} isn’t told, because that would end your {product} connection with the same login as well. To "
                "end both: {removal}"
            )
        case "grant":
            words = _("{name} is told that TimeTuna’s permission has ended.")
        case "login":
            words = _("{name} is told as well, and takes TimeTuna off your {name} account.")
        case "project":
            words = _(
                "{name} is told as well. It then ends everything that you have allowed to this server’s app at {name}, "
                "also where the same app signs you in or reads your calendar."
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
            return Message("status", _("{name} is disconnected. The stored tokens are deleted.").format(name=name))
        case "disconnected-kept-for-calendars":
            text = _(
                "{name} is disconnected. The stored tokens are deleted. We didn’t tell {name}, so that your calendars "
                "of the same login stay connected."
            )
            return Message("status", text.format(name=name, product=product))
        case "in-use":
            return Message("status", _("Saved. The next booking on it can use {product}.").format(product=product))
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
                "Nothing was connected: you said no at {name}, or your organisation wants an administrator to approve "
                "TimeTuna first. If so, please ask them, then click Connect {name} again."
            )
            if needs_admin
            else _("You said no at {name}, so nothing was connected. You can try again whenever you like.")
        )
        return Message("status", text.format(name=name), neutral=True)
    failed = _FAILED.get(code)
    return Message("alert", _(failed).format(name=name)) if failed else None


_FAILED: dict[str, str] = {
    CallbackOutcome.NO_CODE: marked(
        "{name} sent you back without an answer, so nothing was connected. Please click Connect {name} again."
    ),
    CallbackOutcome.NO_STATE: marked(
        "You came here without having started at TimeTuna, so nothing was changed. Please click Connect {name} below."
    ),
    CallbackOutcome.UNKNOWN_STATE: marked(
        "This return from {name} belongs to no start that TimeTuna knows of, so nothing was changed. Please click "
        "Connect {name} below."
    ),
    CallbackOutcome.USED_BEFORE: marked(
        "You have come back from {name} this way before, so nothing was changed this time. If the row below isn’t as "
        "you want it, start again from there."
    ),
    CallbackOutcome.ELSEWHERE: marked(
        "You started at {name} in another browser, or signed in as somebody else, so nothing was changed. Please go on "
        "there, or start again here."
    ),
    CallbackOutcome.TOO_LATE: marked(
        "You came back from {name} after more than ten minutes, so nothing was connected. Please click "
        "Connect {name} again."
    ),
    CallbackOutcome.CODE_REFUSED: marked(
        "{name} didn’t accept its own answer any more, so nothing was connected. Please try again."
    ),
    CallbackOutcome.TOO_FEW_SCOPES: marked(
        "{name} didn’t grant everything that TimeTuna needs, so nothing was connected. Please click Connect {name} "
        "again and allow all of it: your name and email, and creating meetings."
    ),
    CallbackOutcome.NEEDS_ADMIN: marked(
        "{name} says that an administrator of your organisation has to allow TimeTuna first, so nothing was connected. "
        "Please ask them, then click Connect {name} again."
    ),
    CallbackOutcome.PERSONAL_ACCOUNT: marked(
        "That was a personal {name} account, and {name} makes meetings for work and school accounts only, so nothing "
        "was connected. Please click Connect {name} again and choose a work or school account."
    ),
    CallbackOutcome.NOT_PERMITTED: marked(
        "This {name} account may not use TimeTuna, so nothing was connected. An administrator of the account can "
        "allow it; or connect another account."
    ),
    CallbackOutcome.TRY_LATER: marked(
        "{name} is busy or can’t be reached right now, so nothing was connected. Please try again soon."
    ),
    CallbackOutcome.MISCONFIGURED: marked(
        "{name} refused this server’s own settings, so nothing was connected. Please tell whoever runs this server."
    ),
    "signed-out": marked(
        "You were signed out when {name} sent you back, so nothing was connected. Please click Connect {name} again."
    ),
    "not-set-up": marked("{name} is not set up on this server."),
}
