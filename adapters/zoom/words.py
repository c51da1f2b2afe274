"""What is a host told when Zoom says no, or nothing? Each sentence says what happened and what to do next."""

from collections.abc import Mapping
from typing import Final

UNREACHABLE: Final = "Zoom can't be reached at the moment. This usually passes within minutes; your connection is kept."
SLOW: Final = "Zoom took too long to answer. This usually passes within minutes; your connection is kept."
BROKEN: Final = (
    "Zoom has a problem of its own at the moment. This usually passes within minutes; your connection is kept."
)
BUSY: Final = "Zoom gets more requests than it takes at the moment. This passes by itself; your connection is kept."
UNINTELLIGIBLE: Final = "Zoom's answer made no sense this time. This usually passes by itself; your connection is kept."
DAILY_LIMIT: Final = (
    "Zoom lets each user create 100 meetings a day, and yours are used up for today. The limit resets at 00:00 UTC."
)
ACCOUNT_LIMIT: Final = (
    "Your Zoom account has used up the requests that Zoom allows it for today. The limit resets at 00:00 UTC."
)

EXPIRED: Final = "Zoom's permission has to be renewed. This happens by itself; if it goes on, reconnect Zoom."
DEAD: Final = "Zoom no longer accepts this connection. Please reconnect Zoom."
CODE_REFUSED: Final = (
    "Zoom didn't accept the way back to us: it may have taken too long, or was used already. Please connect again."
)

PERSONAL_ROOM: Final = (
    "Zoom put the meeting into your Personal Meeting Room, where guests of other bookings could walk in, so its link"
    " isn't used. Please ask your Zoom administrator to let apps create meetings with an ID of their own."
)
NO_MEETINGS: Final = (
    "This Zoom user has no right to host meetings. Please ask your Zoom administrator for it, or connect another Zoom"
    " account."
)

NOT_UNDERSTOOD_BY_ZOOM: Final = (
    "Zoom didn't accept what TimeTuna sent. That is our mistake, not yours; please tell whoever runs this server."
)
MISCONFIGURED: Final = (
    "This server's settings for Zoom are wrong. Your connection is kept; please tell whoever runs this server."
)


def for_code(code: int | None) -> str:
    """The words for one of Zoom's numbers; a number without words of its own belongs to a dead grant."""
    return DEAD if code is None else _BY_CODE.get(code, DEAD)


_BY_CODE: Final[Mapping[int, str]] = {
    200: "Zoom doesn't let this account create meetings, by its plan or its role. Please ask your Zoom administrator.",
    300: "Zoom didn't accept the details of this meeting. That is our mistake; please tell whoever runs this server.",
    1001: "Zoom doesn't know this user any more. Please reconnect Zoom with the account that you use now.",
    1010: "This Zoom user has moved to another account. Please reconnect Zoom.",
    1120: "This Zoom user hasn't accepted the invitation to its account yet. Please accept it in Zoom, then try again.",
    3000: "Zoom doesn't let this user schedule meetings. Please ask your Zoom administrator.",
    3161: NO_MEETINGS,
    4700: NOT_UNDERSTOOD_BY_ZOOM,
    4711: "A permission that TimeTuna needs is missing. Please reconnect Zoom and allow both permissions.",
    4717: "The app that connects TimeTuna to Zoom is switched off. Please tell whoever runs this server.",
    4724: NOT_UNDERSTOOD_BY_ZOOM,
    4735: "Zoom doesn't know this user any more. Please reconnect Zoom with the account that you use now.",
    4738: "Your Zoom administrator has switched off this app. Please ask them to allow it, then reconnect Zoom.",
    4741: (
        "The same Zoom account was connected again somewhere else, which ended this connection."
        " Please reconnect Zoom to use it here."
    ),
}
