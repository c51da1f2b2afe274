"""Sentences about the scopes of an API token."""

from adapters.presentation.language import gettext as _
from adapters.presentation.language import marked
from domain.api_token import GrantedScope


def scope_words(scope: GrantedScope) -> str:
    return _(_ALLOWS[scope])


_ALLOWS: dict[GrantedScope, str] = {
    "bookings:read": marked("See your bookings, with your guests’ names, addresses and answers."),
    "bookings:write": marked(
        "Book, reschedule and cancel for you, add join links, resend emails and erase guests’ details. Includes seeing "
        "your bookings."
    ),
    "pages:read": marked("See your booking pages, event types and schedules."),
    "pages:write": marked(
        "Create, change and delete your booking pages, event types and schedules. Includes seeing them."
    ),
    "account:read": marked(
        "See your profile, connected providers and calendars, sessions, API tokens and security activity."
    ),
    "account:write": marked(
        "Change your profile, connect and disconnect providers and calendars, end sessions, and create and revoke API "
        "tokens. Includes seeing all that."
    ),
    "webhooks": marked(
        "Add, change and remove your webhooks, and read their events. Includes seeing your bookings, with your guests’ "
        "names, addresses and answers."
    ),
    "*": marked("Everything above, and whatever the API can do in the future."),
}
