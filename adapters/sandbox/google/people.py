"""The sandbox's pages for people, and its control endpoints for tests in other processes."""

from collections.abc import Iterable, Mapping
from typing import Any

from adapters.sandbox.asgi import Reply, Request
from adapters.sandbox.control import Control
from adapters.sandbox.google.accounts import GoogleAccount
from adapters.sandbox.google.calendar.channels import GoogleChannels
from adapters.sandbox.google.calendar.pages import CalendarPages
from adapters.sandbox.google.spaces import Spaces, StoredSpace
from adapters.sandbox.google.switches import GoogleEndpoint, GoogleFailure
from adapters.sandbox.grants import Grants
from adapters.sandbox.provider_pages import PageChange, ProviderPages, Show
from adapters.sandbox.registration import Registration
from adapters.sandbox.seen import Log
from adapters.sandbox.switches import Switches


class GoogleControl(Control):
    """What only this sandbox can be told.

    Attributes:
        lose_pushes: messages of channels are lost from now on, or no longer.
        expire_channels: every channel runs out now.
    """

    testing: bool | None = None
    lose_pushes: bool | None = None
    expire_channels: bool = False


class GooglePages(ProviderPages[GoogleAccount, GoogleFailure, GoogleEndpoint, GoogleControl]):
    name = "google"
    control_type = GoogleControl
    made = "spaces"

    def __init__(
        self,
        registration: Registration,
        accounts: Mapping[str, GoogleAccount],
        grants: Grants,
        spaces: Spaces,
        calendar: CalendarPages,
        channels: GoogleChannels,
        log: Log,
        switches: Switches[GoogleFailure, GoogleEndpoint],
    ) -> None:
        super().__init__(registration, accounts, grants, log, switches)
        self._spaces = spaces
        self._calendar = calendar
        self._channels = channels

    @classmethod
    def shown(cls) -> dict[str, Show]:
        return {
            **super().shown(),
            "/calendar": cls._week,
            "/calendar/event": cls._event,
            "/calendar.css": cls._calendar_style,
            "/calendar.js": cls._calendar_script,
        }

    @classmethod
    def changed(cls) -> dict[str, PageChange]:
        return {**super().changed(), "/calendar": cls._change_calendar}

    def _week(self, request: Request) -> Reply:
        return self._calendar.week(request)

    def _event(self, request: Request) -> Reply:
        return self._calendar.event(request)

    def _calendar_style(self, request: Request) -> Reply:
        del request
        return self._calendar.style()

    def _calendar_script(self, request: Request) -> Reply:
        del request
        return self._calendar.script()

    async def _change_calendar(self, request: Request) -> Reply:
        return self._calendar.change(request)

    def _all_made(self) -> Iterable[StoredSpace]:
        return self._spaces.all()

    def _obey(self, control: GoogleControl) -> None:
        if control.testing is not None:
            self._grants.testing = control.testing
        if control.lose_pushes is not None:
            self._channels.is_lossy = control.lose_pushes
        if control.expire_channels:
            self._channels.expire()

    def _own_state(self) -> dict[str, Any]:
        return {
            "testing": self._grants.testing,
            "calendars": self._calendar.state(),
            "channels": [
                {"id": each.id, "calendar": each.calendar_id, "address": each.address, "expires_at": each.expires_at}
                for each in self._channels.live()
            ],
            "pushes": [
                {"state": each.headers["x-goog-resource-state"], "statuses": each.statuses}
                for each in self._channels.pushes
            ],
            "spaces": [
                {
                    "name": space.name,
                    "host_email": space.host_email,
                    "meeting_uri": space.meeting_uri,
                    "access_type": space.access_type,
                }
                for space in self._spaces.all()
            ],
        }
