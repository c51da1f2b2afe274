"""What is a host told when Google says no? Each sentence says what happened and what to do next."""

from typing import Final

from adapters.http_client.words import Words
from adapters.presentation.language import marked

GOOGLE: Final = Words("Google")

SCOPE_MISSING: Final = marked(
    "TimeTuna lacks the permission to create Google Meet links. Please reconnect Google and leave its box ticked."
)
NOT_PERMITTED: Final = marked(
    "Google doesn’t let this account create Google Meet links. Please ask your Google Workspace administrator, or"
    " connect another Google account."
)
SIGN_IN_AGAIN: Final = marked("Your organisation wants you to sign in to Google again. Please reconnect Google.")
NOT_ALLOWED_BY_ADMIN: Final = marked(
    "Your Google Workspace administrator doesn’t allow this app. Please ask them to allow it, then reconnect Google."
)
MEET_API_OFF: Final = marked(
    "The Google Meet API is switched off for this server’s app at Google. Your connection is kept; please tell whoever"
    " runs this server."
)
