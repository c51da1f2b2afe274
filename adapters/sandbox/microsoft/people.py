"""The sandbox's pages for people, and its control endpoints for tests in other processes."""

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

from adapters.sandbox.asgi import Reply, Request, see_other
from adapters.sandbox.control import WrongControl
from adapters.sandbox.grants import Grants
from adapters.sandbox.microsoft.accounts import MicrosoftAccount
from adapters.sandbox.microsoft.calendar_edits import CalendarControl, CalendarEdits
from adapters.sandbox.microsoft.meetings import MicrosoftMeetings, StoredOnlineMeeting
from adapters.sandbox.microsoft.switches import MicrosoftEndpoint, MicrosoftFailure
from adapters.sandbox.microsoft.tenants import Tenants
from adapters.sandbox.provider_pages import PageChange, ProviderPages, Show
from adapters.sandbox.registration import Registration
from adapters.sandbox.seen import Log
from adapters.sandbox.switches import Switches


class MicrosoftControl(CalendarControl):
    """`approve` is the organisation whose administrator approves the app, `withdraw` the one that takes it back."""

    approve: str | None = None
    withdraw: str | None = None


class MicrosoftPages(ProviderPages[MicrosoftAccount, MicrosoftFailure, MicrosoftEndpoint, MicrosoftControl]):
    name = "microsoft"
    control_type = MicrosoftControl

    def __init__(
        self,
        registration: Registration,
        accounts: Mapping[str, MicrosoftAccount],
        grants: Grants,
        meetings: MicrosoftMeetings,
        tenants: Tenants,
        edits: CalendarEdits,
        log: Log,
        switches: Switches[MicrosoftFailure, MicrosoftEndpoint],
    ) -> None:
        super().__init__(registration, accounts, grants, log, switches)
        self._meetings = meetings
        self._tenants = tenants
        self._edits = edits

    @classmethod
    def shown(cls) -> dict[str, Show]:
        return {**super().shown(), "/calendars": cls._calendars}

    @classmethod
    def changed(cls) -> dict[str, PageChange]:
        return {**super().changed(), "/calendars": cls._edit}

    def _all_made(self) -> Iterable[StoredOnlineMeeting]:
        return self._meetings.all()

    def _shown_with_connections(self) -> dict[str, Any]:
        return {"tenants": [(tenant, self._tenants.has_approved(tenant)) for tenant in self._guarded()]}

    async def _clicked(self, form: Mapping[str, str]) -> None:
        await super()._clicked(form)
        for tenant in self._guarded():
            if tenant == form.get("approve"):
                self._tenants.approve(tenant)
            elif tenant == form.get("withdraw"):
                self._tenants.approve(tenant, approved=False)

    def _calendars(self, request: Request, problem: str = "", status: int = HTTPStatus.OK) -> Reply:
        shown = self._edits.shown()
        return self._page(request, "microsoft/calendars.html", status, mailboxes=shown, problem=problem)

    async def _edit(self, request: Request) -> Reply:
        try:
            self._edits.by_form(request.form())
        except WrongControl as wrong:
            return self._calendars(request, str(wrong), HTTPStatus.BAD_REQUEST)
        return see_other(request.href("/calendars"))

    def _obey(self, control: MicrosoftControl) -> None:
        self._edits.obey(control)
        for tenant, approved in ((control.approve, True), (control.withdraw, False)):
            if tenant is None:
                continue
            if tenant not in self._guarded():
                raise WrongControl(f"no organisation {tenant} whose administrator has to approve apps")
            self._tenants.approve(tenant, approved=approved)

    def _own_state(self) -> dict[str, Any]:
        return {
            "approved": [tenant for tenant in self._guarded() if self._tenants.has_approved(tenant)],
            "meetings": [
                {
                    "id": meeting.id,
                    "external_id": meeting.external_id,
                    "host_email": meeting.host_email,
                    "subject": meeting.subject,
                    "start": meeting.start,
                    "end": meeting.end,
                    "join_url": meeting.join_url,
                }
                for meeting in self._meetings.all()
            ],
            **self._edits.state(),
        }

    def _guarded(self) -> list[str]:
        """List the organisations that leave consent to an administrator."""
        return sorted({account.tenant for account in self._accounts.values() if not account.users_may_consent})
