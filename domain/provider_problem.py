"""Problems of a provider, an account there, or its grant: facts without words for people."""

import re
from datetime import datetime
from typing import Literal

import msgspec

from domain.provider import Provider


def _tag(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "-", name).lower()


class _AtProvider(msgspec.Struct, frozen=True, tag_field="type", tag=_tag):
    provider: Provider


class Unreachable(_AtProvider, frozen=True):
    """No connection to the provider could be made."""


class TimedOut(_AtProvider, frozen=True):
    """The provider didn't answer in time."""


class OutOfOrder(_AtProvider, frozen=True):
    """The provider reported an error of its own."""


class RateLimited(_AtProvider, frozen=True):
    """Too many requests at the moment."""


class UnexpectedResponse(_AtProvider, frozen=True):
    """The provider's response lacks something, or isn't in a known form."""


class DailyLimitReached(_AtProvider, frozen=True):
    """No more meetings until `resets_at`, for this user or for the whole account."""

    resets_at: datetime
    limited: Literal["user", "account"] = "user"


class AccessTokenRefused(_AtProvider, frozen=True):
    """The access token isn't accepted although it should still live."""


class CodeRefused(_AtProvider, frozen=True):
    """The authorization code was used before, has expired, or was made for another client."""


class NothingConnected(_AtProvider, frozen=True):
    """The host has no account connected."""


class GrantEnded(_AtProvider, frozen=True):
    """The provider no longer accepts the grant."""


class GrantUnreadable(_AtProvider, frozen=True):
    """The stored grant can't be opened: this server lacks the key that sealed it."""


class Superseded(_AtProvider, frozen=True):
    """Another host of this server has connected the same login later."""


class ConnectedElsewhere(_AtProvider, frozen=True):
    """The same login was authorized anew somewhere else."""


class PermissionMissing(_AtProvider, frozen=True):
    """The grant lacks a scope that is needed."""


class SignInRequired(_AtProvider, frozen=True):
    """The organisation demands that its user signs in again."""


class UserUnknown(_AtProvider, frozen=True):
    """The provider no longer knows the user who connected."""


class UserMoved(_AtProvider, frozen=True):
    """The user now belongs to another account at the provider."""


class MeetingsNotAllowed(_AtProvider, frozen=True):
    """Plan, role, licence or policy keep the account from creating meetings."""


class PersonalRoomUsed(_AtProvider, frozen=True):
    """The account's settings put every meeting into the user's personal room."""


class InvitationPending(_AtProvider, frozen=True):
    """The user hasn't accepted the invitation to the account yet."""


class PersonalAccountUnsupported(_AtProvider, frozen=True):
    """The account belongs to no organisation, and only members of one can create meetings."""


class AppNotAllowed(_AtProvider, frozen=True):
    """The organisation's administrator forbids this app."""


class ApprovalRequired(_AtProvider, frozen=True):
    """The organisation's administrator has to approve this app first."""


class NotSetUp(_AtProvider, frozen=True):
    """This server has no settings for the provider."""


class Misconfigured(_AtProvider, frozen=True):
    """This server's client settings are wrong."""


class AppDisabled(_AtProvider, frozen=True):
    """This server's app is disabled at the provider, or lacks the API that it needs."""


class RequestRejected(_AtProvider, frozen=True):
    """The provider found our request invalid."""


ProviderProblem = (
    Unreachable
    | TimedOut
    | OutOfOrder
    | RateLimited
    | UnexpectedResponse
    | DailyLimitReached
    | AccessTokenRefused
    | CodeRefused
    | NothingConnected
    | GrantEnded
    | GrantUnreadable
    | Superseded
    | ConnectedElsewhere
    | PermissionMissing
    | SignInRequired
    | UserUnknown
    | UserMoved
    | MeetingsNotAllowed
    | PersonalRoomUsed
    | InvitationPending
    | PersonalAccountUnsupported
    | AppNotAllowed
    | ApprovalRequired
    | NotSetUp
    | Misconfigured
    | AppDisabled
    | RequestRejected
)
