"""What is a host told when Microsoft says no? Each sentence says what happened and what to do next."""

from typing import Final

from adapters.http_client.words import Words
from adapters.presentation.language import marked

MICROSOFT: Final = Words("Microsoft")

PERSONAL_ACCOUNT: Final = marked(
    "This is a personal Microsoft account, and Microsoft lets only work and school accounts create Teams meetings."
    " Please connect a work or school account."
)
NEEDS_ADMIN: Final = marked(
    "Your organisation wants an administrator to approve this app at Microsoft first. Please ask them to approve it,"
    " then reconnect Microsoft."
)
NOT_PERMITTED: Final = marked(
    "Microsoft doesn’t let this account create Teams meetings. Please ask your Microsoft 365 administrator for a Teams"
    " licence and for leave to schedule meetings, or connect another account."
)
SIGN_IN_AGAIN: Final = marked("Your organisation wants you to sign in to Microsoft again. Please reconnect Microsoft.")
