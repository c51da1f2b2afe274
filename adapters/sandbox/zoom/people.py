"""The sandbox's pages for people, and its control endpoints for tests in other processes."""

from collections.abc import Iterable, Mapping
from typing import Any

from adapters.sandbox.control import Control
from adapters.sandbox.grants import Grants
from adapters.sandbox.provider_pages import ProviderPages
from adapters.sandbox.registration import Registration
from adapters.sandbox.seen import Log
from adapters.sandbox.switches import Switches
from adapters.sandbox.zoom.accounts import ZoomAccount
from adapters.sandbox.zoom.deauthorization import Deauthorizations
from adapters.sandbox.zoom.meetings import StoredMeeting, ZoomMeetings
from adapters.sandbox.zoom.switches import ZoomEndpoint, ZoomFailure


class ZoomControl(Control):
    grace: bool | None = None
    deauthorization_url: str | None = None


class ZoomPages(ProviderPages[ZoomAccount, ZoomFailure, ZoomEndpoint, ZoomControl]):
    name = "zoom"
    control_type = ZoomControl
    connections = "installed"
    connected = "installed"

    def __init__(
        self,
        registration: Registration,
        accounts: Mapping[str, ZoomAccount],
        grants: Grants,
        meetings: ZoomMeetings,
        log: Log,
        switches: Switches[ZoomFailure, ZoomEndpoint],
        deauthorizations: Deauthorizations,
    ) -> None:
        super().__init__(registration, accounts, grants, log, switches)
        self._meetings = meetings
        self._deauthorizations = deauthorizations

    def _all_made(self) -> Iterable[StoredMeeting]:
        return self._meetings.all()

    def _shown_of(self, account: ZoomAccount) -> tuple[ZoomAccount, int]:
        return account, self._meetings.made_today(account)

    def _shown_with_connections(self) -> dict[str, Any]:
        return {
            "address": self._deauthorizations.url,
            "sent": list(enumerate(self._deauthorizations.sent))[::-1],
        }

    async def _clicked(self, form: Mapping[str, str]) -> None:
        await super()._clicked(form)
        number = form.get("again", "")
        if number.isdecimal() and int(number) < len(self._deauthorizations.sent):
            await self._deauthorizations.again(self._deauthorizations.sent[int(number)])
        if "check" in form:
            await self._deauthorizations.checks_the_address()

    async def _remove(self, account: ZoomAccount) -> None:
        await self._deauthorizations.remove(account)

    def _obey(self, control: ZoomControl) -> None:
        if control.grace is not None:
            self._grants.grace = control.grace
        if control.deauthorization_url is not None:
            self._deauthorizations.url = control.deauthorization_url

    def _own_state(self) -> dict[str, Any]:
        return {
            "grace": self._grants.grace,
            "meetings": [
                {
                    "id": meeting.id,
                    "host_email": meeting.host_email,
                    "topic": meeting.topic,
                    "start_time": meeting.start_time,
                    "join_url": meeting.join_url,
                }
                for meeting in self._meetings.all()
            ],
            "notifications": [
                {"about": sent.about, "status": sent.status, "problem": sent.problem}
                for sent in self._deauthorizations.sent
            ],
        }
