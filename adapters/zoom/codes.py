"""Zoom's error codes, of its OAuth endpoints and its API, and the problem behind each.

Source: Zoom API, "Errors"; Zoom, "OAuth error messages".
"""

from collections.abc import Mapping
from typing import Final

from domain.provider_problem import (
    AppDisabled,
    AppNotAllowed,
    ConnectedElsewhere,
    GrantEnded,
    InvitationPending,
    MeetingsNotAllowed,
    PermissionMissing,
    ProviderProblem,
    RequestRejected,
    UserMoved,
    UserUnknown,
)

_PROBLEMS: Final[Mapping[int, ProviderProblem]] = {
    200: MeetingsNotAllowed("zoom"),
    300: RequestRejected("zoom"),
    1001: UserUnknown("zoom"),
    1010: UserMoved("zoom"),
    1120: InvitationPending("zoom"),
    3000: MeetingsNotAllowed("zoom"),
    3161: MeetingsNotAllowed("zoom"),
    4700: RequestRejected("zoom"),
    4711: PermissionMissing("zoom"),
    4717: AppDisabled("zoom"),
    4724: RequestRejected("zoom"),
    4735: UserUnknown("zoom"),
    4738: AppNotAllowed("zoom"),
    4741: ConnectedElsewhere("zoom"),
}


def problem_of(code: int | None) -> ProviderProblem:
    """The problem behind a number; one that isn't listed belongs to a dead grant."""
    ended = GrantEnded("zoom")
    return ended if code is None else _PROBLEMS.get(code, ended)
