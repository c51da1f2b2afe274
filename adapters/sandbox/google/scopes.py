"""Scopes that an app can request, with their descriptions."""

from collections.abc import Iterable, Mapping
from typing import Final

OPENID: Final = "openid"
EMAIL: Final = "https://www.googleapis.com/auth/userinfo.email"
PROFILE: Final = "https://www.googleapis.com/auth/userinfo.profile"
SPACE_CREATED: Final = "https://www.googleapis.com/auth/meetings.space.created"
SPACE_READONLY: Final = "https://www.googleapis.com/auth/meetings.space.readonly"
SPACE_SETTINGS: Final = "https://www.googleapis.com/auth/meetings.space.settings"

SIGN_IN: Final[Mapping[str, str]] = {
    OPENID: "Associate you with your personal info on Google",
    EMAIL: "See your primary Google Account email address",
    PROFILE: "See your personal info, including any personal info you've made publicly available",
}
"""What comes with signing in; it can't be unticked."""

API: Final[Mapping[str, str]] = {
    SPACE_CREATED: "Create, edit, and see information about your Google Meet conferences created by the app.",
    SPACE_READONLY: "Read information about any of your Google Meet conferences",
    SPACE_SETTINGS: "Edit, and see settings for all of your Google Meet calls.",
}
USUAL: Final = (OPENID, EMAIL, SPACE_CREATED)

_SHORT: Final[Mapping[str, str]] = {"email": EMAIL, "profile": PROFILE}


def named_in_full(scopes: Iterable[str]) -> list[str]:
    """Write scopes as Google's answers have them: `email` and `profile` are asked for by short names."""
    return list(dict.fromkeys(_SHORT.get(scope, scope) for scope in scopes))
