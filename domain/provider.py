"""Providers of meetings and the properties of their meetings.

How a provider is talked to, and what it can do, is the port's to say: `application.ports.oauth.GrantCapabilities`.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Literal

import msgspec

from domain.words import Words

Provider = Literal["zoom", "google", "microsoft"]


class About(msgspec.Struct, frozen=True, kw_only=True):
    """One provider, as far as bookings, and words about them, depend on it.

    Attributes:
        name: whose account a host connects.
        product: what its meetings are called.
        meeting: one of them, for the middle of a sentence.
        join: what a button that leads to one says.
        link_lives_for: how long past the end that the provider knows a link stays good.
        shows_meetings: hosts see the meetings in their account, at the time that each was made for, and can delete them
            there.
        id_groups: how long a meeting ID is, and how the provider's own pages group its digits then.
        help: what its help page is called.
        removal: how a host takes the app off the account at the provider.
    """

    name: str
    product: str
    meeting: str
    join: str
    link_lives_for: timedelta
    shows_meetings: bool
    id_groups: Mapping[int, tuple[int, int]] = {}
    help: str
    removal: str


def about(provider: Provider) -> About:
    return _ABOUT[provider]


def provider_named(name: str) -> Provider | None:
    """The provider that an address means, if there is one of that name."""
    return next((each for each in PROVIDERS if each == name), None)


_ABOUT: Mapping[Provider, About] = {
    "zoom": About(
        name="Zoom",
        product="Zoom",
        meeting=Words("a Zoom meeting"),
        join=Words("Join Zoom meeting"),
        link_lives_for=timedelta(days=30),
        shows_meetings=True,
        id_groups={9: (3, 6), 10: (3, 6), 11: (3, 7)},
        help="zoom",
        removal=Words("Sign in at zoom.us, open Apps, then Installed Apps, find TimeTuna, click Remove and confirm."),
    ),
    "google": About(
        name="Google",
        product="Google Meet",
        meeting=Words("a Google Meet call"),
        join=Words("Join Google Meet"),
        # A link lives for a year from its last use, and an unused one from the day on which the guest booked: half
        # a year is left for booking ahead.
        link_lives_for=timedelta(days=180),
        # A space is in no calendar and on no list.
        shows_meetings=False,
        help="google-meet",
        removal=Words(
            "Sign in at myaccount.google.com/connections, choose TimeTuna, click Delete all connections and confirm."
        ),
    ),
    "microsoft": About(
        name="Microsoft",
        product="Microsoft Teams",
        meeting=Words("a Microsoft Teams meeting"),
        join=Words("Join Microsoft Teams meeting"),
        link_lives_for=timedelta(days=60),
        # Meetings that an app makes this way are in no calendar.
        shows_meetings=False,
        help="microsoft-teams",
        removal=Words(
            "Sign in at myapps.microsoft.com, open the menu of TimeTuna, choose Manage your application, then Revoke "
            "permissions."
        ),
    ),
}

PROVIDERS: tuple[Provider, ...] = tuple(_ABOUT)
PROVIDER_NAMES: Mapping[Provider, str] = {each: _ABOUT[each].name for each in PROVIDERS}
