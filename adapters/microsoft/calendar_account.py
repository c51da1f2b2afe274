"""Microsoft accounts whose calendars are connected, those of people without an organisation too."""

from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Final

from adapters.http_client.oauth import HttpOAuthClient
from adapters.microsoft.account import profile
from adapters.microsoft.settings import MicrosoftCalendarSettings
from application.ports.clock import Clock
from application.ports.oauth import Grant, GrantCapabilities
from application.ports.provider import TryLater
from domain.calendar_problem import CalendarPermission
from domain.connection import ProviderAccount
from domain.provider_problem import UnexpectedResponse

CALENDARS: Final = "Calendars.ReadWrite"
SCOPES: Final = frozenset({CALENDARS})
CAPABILITIES: Final = GrantCapabilities(rotation="soft", revocation=None, needs_admin=True)


class MicrosoftCalendarAccountClient(HttpOAuthClient):
    """Microsoft behind the port CalendarAccountClient. It asks for one permission, which allows everything."""

    permissions: Mapping[str, CalendarPermission] = MappingProxyType({CALENDARS: "read"})

    def __init__(
        self, settings: MicrosoftCalendarSettings, clock: Clock, *, total: timedelta = timedelta(seconds=10)
    ) -> None:
        asked_for = f"{CALENDARS} offline_access openid profile email"
        super().__init__(profile(settings, CALENDARS, asked_for, CAPABILITIES), clock, total)

    async def account(self, grant: Grant, /) -> ProviderAccount:
        """Read who has connected from what came with the tokens; nothing is asked of Microsoft."""
        if grant.account is None:
            raise self._calls.noted("account", TryLater(UnexpectedResponse("microsoft")))
        return grant.account
