"""The sandbox's pages for people, and its control endpoints for tests in other processes."""

from collections.abc import Iterable, Mapping
from typing import Any

from adapters.sandbox.control import Control
from adapters.sandbox.google.accounts import GoogleAccount
from adapters.sandbox.google.spaces import Spaces, StoredSpace
from adapters.sandbox.google.switches import GoogleEndpoint, GoogleFailure
from adapters.sandbox.grants import Grants
from adapters.sandbox.provider_pages import ProviderPages
from adapters.sandbox.registration import Registration
from adapters.sandbox.seen import Log
from adapters.sandbox.switches import Switches


class GoogleControl(Control):
    testing: bool | None = None


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
        log: Log,
        switches: Switches[GoogleFailure, GoogleEndpoint],
    ) -> None:
        super().__init__(registration, accounts, grants, log, switches)
        self._spaces = spaces

    def _all_made(self) -> Iterable[StoredSpace]:
        return self._spaces.all()

    def _obey(self, control: GoogleControl) -> None:
        if control.testing is not None:
            self._grants.testing = control.testing

    def _own_state(self) -> dict[str, Any]:
        return {
            "testing": self._grants.testing,
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
