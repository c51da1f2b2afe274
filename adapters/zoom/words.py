"""What is a host told when Zoom says no, or nothing? Each sentence says what happened and what to do next."""

from collections.abc import Mapping
from typing import Final

from adapters.http_client.words import Words
from adapters.presentation.language import marked

ZOOM: Final = Words("Zoom")

DAILY_LIMIT: Final = marked(
    "Zoom lets each user create 100 meetings a day, and yours are used up for today. The limit resets at 00:00 UTC."
)
ACCOUNT_LIMIT: Final = marked(
    "Your Zoom account has used up the requests that Zoom allows it for today. The limit resets at 00:00 UTC."
)

PERSONAL_ROOM: Final = marked(
    "Zoom put the meeting into your Personal Meeting Room, where guests of other bookings could walk in, so its link"
    " isn’t used. Please ask your Zoom administrator to let apps create meetings with an ID of their own."
)
NO_MEETINGS: Final = marked(
    "This Zoom user has no right to host meetings. Please ask your Zoom administrator for it, or connect another Zoom"
    " account."
)


def for_code(code: int | None) -> str:
    """The words for one of Zoom's numbers; a number without words of its own belongs to a dead grant."""
    return ZOOM.dead if code is None else _BY_CODE.get(code, ZOOM.dead)


_BY_CODE: Final[Mapping[int, str]] = {
    200: marked(
        "Zoom doesn’t let this account create meetings, by its plan or its role. Please ask your Zoom administrator."
    ),
    300: marked(
        "Zoom didn’t accept the details of this meeting. That is our mistake; please tell whoever runs this server."
    ),
    1001: marked("Zoom doesn’t know this user any more. Please reconnect Zoom with the account that you use now."),
    1010: marked("This Zoom user has moved to another account. Please reconnect Zoom."),
    1120: marked(
        "This Zoom user hasn’t accepted the invitation to its account yet. Please accept it in Zoom, then try again."
    ),
    3000: marked("Zoom doesn’t let this user schedule meetings. Please ask your Zoom administrator."),
    3161: NO_MEETINGS,
    4700: ZOOM.not_understood,
    4711: marked("A permission that TimeTuna needs is missing. Please reconnect Zoom and allow both permissions."),
    4717: marked("The app that connects TimeTuna to Zoom is switched off. Please tell whoever runs this server."),
    4724: ZOOM.not_understood,
    4735: marked("Zoom doesn’t know this user any more. Please reconnect Zoom with the account that you use now."),
    4738: marked(
        "Your Zoom administrator has switched off this app. Please ask them to allow it, then reconnect Zoom."
    ),
    4741: marked(
        "The same Zoom account was connected again somewhere else, which ended this connection."
        " Please reconnect Zoom to use it here."
    ),
}
