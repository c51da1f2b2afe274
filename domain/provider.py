"""Providers of meetings and the properties of their meetings.

How a provider is talked to, and what it can do, is the port's to say: `application.ports.oauth.GrantCapabilities`.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Literal

import msgspec

Provider = Literal["zoom", "google", "microsoft"]


class ProviderFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What is true of one provider's meetings, as far as bookings depend on it.

    Attributes:
        link_lives_for: how long past the end that the provider knows a link stays good.
        meetings_a_day: how many it makes for one account on a day of UTC; None is without a limit worth counting to.
        shows_meetings: hosts see the meetings in their account, at the time that each was made for, and can delete them
            there.
    """

    link_lives_for: timedelta
    shows_meetings: bool
    meetings_a_day: int | None = None

    def keeps_link(self, made_for: datetime, start: datetime) -> bool:
        """Whether the link of a meeting that was made for a time up to `made_for` is still good at `start`."""
        return start <= made_for + self.link_lives_for


def about(provider: Provider) -> ProviderFacts:
    return _ABOUT[provider]


def provider_named(name: str) -> Provider | None:
    """The provider that an address means, if there is one of that name."""
    return next((each for each in PROVIDERS if each == name), None)


_ABOUT: Mapping[Provider, ProviderFacts] = {
    "zoom": ProviderFacts(link_lives_for=timedelta(days=30), shows_meetings=True, meetings_a_day=100),
    "google": ProviderFacts(
        # A link lives for a year from its last use, and an unused one from the day on which the guest booked: half
        # a year is left for booking ahead.
        link_lives_for=timedelta(days=180),
        # A space is in no calendar and on no list.
        shows_meetings=False,
    ),
    # Meetings that an app makes this way are in no calendar.
    "microsoft": ProviderFacts(link_lives_for=timedelta(days=60), shows_meetings=False),
}

PROVIDERS: tuple[Provider, ...] = tuple(_ABOUT)
