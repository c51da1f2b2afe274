"""The names of providers and of what they make, their buttons, help pages and instructions."""

from collections.abc import Mapping

import msgspec

from adapters.presentation.language import gettext as _
from adapters.presentation.language import marked
from domain.provider import PROVIDERS, Provider


class ProviderWords(msgspec.Struct, frozen=True, kw_only=True):
    """What people read about one provider.

    Attributes:
        name: whose account a host connects.
        product: what its meetings are called.
        help: what its help page is called in the address.
        id_groups: how long a meeting ID is, and how the provider's own pages group its digits then.
    """

    name: str
    product: str
    help: str
    id_groups: Mapping[int, tuple[int, int]] = {}
    join_message: str
    join_with_message: str
    removal_message: str

    @property
    def join(self) -> str:
        """What a button that leads to a meeting says."""
        return _(self.join_message)

    def join_with(self, guest: str) -> str:
        """The same for a list, where screen readers have to tell one button from the others."""
        return _(self.join_with_message).format(guest=guest)

    @property
    def removal(self) -> str:
        """How a host takes the app off the account at the provider."""
        return _(self.removal_message)


def words_of(provider: Provider) -> ProviderWords:
    return _WORDS[provider]


_WORDS: Mapping[Provider, ProviderWords] = {
    "zoom": ProviderWords(
        name="Zoom",
        product="Zoom",
        help="zoom",
        id_groups={9: (3, 6), 10: (3, 6), 11: (3, 7)},
        join_message=marked("Join Zoom meeting"),
        join_with_message=marked("Join Zoom meeting with {guest}"),
        removal_message=marked(
            "Sign in at zoom.us, open Apps, then Installed Apps, find TimeTuna, click Remove and confirm."
        ),
    ),
    "google": ProviderWords(
        name="Google",
        product="Google Meet",
        help="google-meet",
        join_message=marked("Join Google Meet"),
        join_with_message=marked("Join Google Meet with {guest}"),
        removal_message=marked(
            "Sign in at myaccount.google.com/connections, choose TimeTuna, click Delete all connections and confirm."
        ),
    ),
    "microsoft": ProviderWords(
        name="Microsoft",
        product="Microsoft Teams",
        help="microsoft-teams",
        join_message=marked("Join Microsoft Teams meeting"),
        join_with_message=marked("Join Microsoft Teams meeting with {guest}"),
        removal_message=marked(
            "Sign in at myapps.microsoft.com, open the menu of TimeTuna, choose Manage your application, then Revoke "
            "permissions."
        ),
    ),
}

PROVIDER_NAMES: Mapping[Provider, str] = {each: _WORDS[each].name for each in PROVIDERS}
