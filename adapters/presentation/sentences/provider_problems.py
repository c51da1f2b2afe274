"""A provider's problem in a sentence for the host, who can act on it."""

from datetime import UTC
from typing import assert_never

from adapters.presentation.language import gettext as _
from adapters.presentation.providers import words_of
from domain.provider_problem import (
    AccessTokenRefused,
    AppDisabled,
    AppNotAllowed,
    ApprovalRequired,
    CodeRefused,
    ConnectedElsewhere,
    DailyLimitReached,
    GrantEnded,
    GrantUnreadable,
    InvitationPending,
    MeetingsNotAllowed,
    Misconfigured,
    NothingConnected,
    NotSetUp,
    OutOfOrder,
    PermissionMissing,
    PersonalAccountUnsupported,
    PersonalRoomUsed,
    ProviderProblem,
    RateLimited,
    RequestRejected,
    SignInRequired,
    Superseded,
    TimedOut,
    UnexpectedResponse,
    Unreachable,
    UserMoved,
    UserUnknown,
)


def for_host(problem: ProviderProblem) -> str:
    """What happened and what to do next."""
    name = words_of(problem.provider).name
    if isinstance(problem, DailyLimitReached):
        return _for_host(problem).format(name=name, time=f"{problem.resets_at.astimezone(UTC):%H:%M}")
    return _for_host(problem).format(name=name)


def _for_host(problem: ProviderProblem) -> str:
    match problem:
        case Unreachable():
            return _("We couldn’t reach {name}. Your connection is kept.")
        case TimedOut():
            return _("{name} took too long to answer. Your connection is kept.")
        case OutOfOrder():
            return _("{name} had technical problems. Your connection is kept.")
        case RateLimited():
            return _("{name} was busy. Your connection is kept.")
        case UnexpectedResponse():
            return _("{name} sent an unexpected response. Your connection is kept.")
        case AccessTokenRefused():
            return _("{name} refused our access. If this keeps happening, reconnect {name}.")
        case CodeRefused():
            return _(
                "{name} didn’t accept the connection: it may have taken too long, or was already used. Connect again."
            )
        case NothingConnected():
            return _("No {name} account is connected.")
        case GrantEnded():
            return _("{name} no longer accepts this connection. Reconnect {name}.")
        case GrantUnreadable():
            return _(
                "This server can’t read its stored access to {name}. Reconnect {name}, or tell your administrator."
            )
        case Superseded():
            return _(
                "The same {name} login was connected by another TimeTuna account, which ended this connection. "
                "Reconnect {name} to use it here; or use another {name} login."
            )
        case ConnectedElsewhere():
            return _(
                "The same {name} login was connected again somewhere else, which ended this connection. Reconnect "
                "{name} to use it here."
            )
        case PermissionMissing():
            return _("{name} no longer grants all permissions. Reconnect {name} and allow all of them.")
        case SignInRequired():
            return _("Your organisation wants you to sign in to {name} again. Reconnect {name}.")
        case UserUnknown():
            return _("{name} doesn’t know this user any more. Reconnect {name} with the account that you use now.")
        case UserMoved():
            return _("This {name} user has moved to another account. Reconnect {name}.")
        case MeetingsNotAllowed():
            return _(
                "{name} doesn’t let this account create meetings. Ask your {name} administrator to allow it, or "
                "connect another {name} account."
            )
        case PersonalRoomUsed():
            return _(
                "{name} put the meeting into your personal room, where guests of other bookings could walk in, so we "
                "don’t use its link. Ask your {name} administrator to let apps create meetings with their own ID."
            )
        case InvitationPending():
            return _(
                "This {name} user hasn’t accepted the invitation to its account yet. Accept it at {name}, then try "
                "again."
            )
        case PersonalAccountUnsupported():
            return _(
                "This is a personal {name} account, and {name} lets only work and school accounts create meetings. "
                "Connect a work or school account."
            )
        case AppNotAllowed():
            return _("Your {name} administrator doesn’t allow this app. Ask them to allow it, then reconnect {name}.")
        case ApprovalRequired():
            return _(
                "Your organisation wants an administrator to approve this app at {name} first. Ask them to approve "
                "it, then reconnect {name}."
            )
        case NotSetUp():
            return _("{name} is not set up on this server.")
        case Misconfigured():
            return _(
                "This server’s settings for {name} are wrong. Your connection is kept; please tell your administrator."
            )
        case AppDisabled():
            return _(
                "This server’s app is switched off at {name}. Your connection is kept; please tell your administrator."
            )
        case RequestRejected():
            return _("{name} didn’t accept our request. That is our mistake; please tell your administrator.")
        case DailyLimitReached(limited="user"):
            return _(
                "{name} limits how many meetings each user can create a day, and yours are used up for today. The "
                "limit resets at {time} UTC."
            )
        case DailyLimitReached():
            return _(
                "Your {name} account has used up the requests that {name} allows it for today. The limit resets at "
                "{time} UTC."
            )
        case _:
            assert_never(problem)
