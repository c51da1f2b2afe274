"""The sandbox's pages for people, and its control endpoints for tests in other processes."""

from typing import Any

from adapters.sandbox.asgi import Answer, Request, json, see_other
from adapters.sandbox.pages import render
from adapters.sandbox.people import CommonPages, Control, WrongControl
from adapters.sandbox.registration import Registration, by_email
from adapters.sandbox.seen import Log
from adapters.sandbox.store import Table
from adapters.sandbox.switches import Switches
from adapters.sandbox.zoom.accounts import Account
from adapters.sandbox.zoom.deauthorization import Deauthorizations
from adapters.sandbox.zoom.grants import Grants
from adapters.sandbox.zoom.meetings import Meetings
from adapters.sandbox.zoom.switches import Endpoint, Failure


class ZoomControl(Control):
    grace: bool | None = None
    deauthorization_url: str | None = None


class People:
    """The pages beside Zoom's own wire, and `/control`."""

    def __init__(
        self,
        registration: Registration,
        accounts: Table[Account],
        grants: Grants,
        meetings: Meetings,
        log: Log,
        switches: Switches[Failure, Endpoint],
        deauthorizations: Deauthorizations,
    ) -> None:
        self._registration = registration
        self._accounts = accounts
        self._grants = grants
        self._meetings = meetings
        self._switches = switches
        self._common = CommonPages("zoom/base.html", log, switches)
        self._deauthorizations = deauthorizations

    async def answer(self, request: Request) -> Answer | None:
        """Answer a request for a page; None where it is none of these."""
        match request.method, request.path:
            case "GET", "/":
                return self._home(request)
            case "GET", "/installed":
                return self._installed(request)
            case "POST", "/installed":
                return await self._change_installed(request)
            case "GET", "/meetings":
                return render(request, "zoom/meetings.html", meetings=self._meetings.all()[::-1])
            case "GET", "/control":
                return json(self._state())
            case "POST", "/control":
                return await self._control(request)
            case _:
                return self._common.answer(request)

    def _home(self, request: Request) -> Answer:
        return render(
            request,
            "zoom/home.html",
            app_name=self._registration.app_name,
            client_id=self._registration.client_id,
            address=f"{request.origin}{request.prefix}",
            accounts=[(account, self._meetings.made_today(account)) for account in self._accounts.values()],
            failures=len(self._switches.all()),
        )

    def _installed(self, request: Request) -> Answer:
        return render(
            request,
            "zoom/installed.html",
            app_name=self._registration.app_name,
            installed=[(grant, self._accounts[grant.user_id]) for grant in self._grants.live()],
            address=self._deauthorizations.url,
            sent=list(enumerate(self._deauthorizations.sent))[::-1],
        )

    async def _change_installed(self, request: Request) -> Answer:
        form = request.form()
        account = self._accounts.get(form.get("remove", ""))
        number = form.get("again", "")
        if account is not None:
            await self._deauthorizations.remove(account)
        if number.isdecimal() and int(number) < len(self._deauthorizations.sent):
            await self._deauthorizations.again(self._deauthorizations.sent[int(number)])
        if "check" in form:
            await self._deauthorizations.checks_the_address()
        return see_other(request.href("/installed"))

    async def _control(self, request: Request) -> Answer:
        try:
            control = self._common.control(request, ZoomControl)
        except WrongControl as wrong:
            return wrong.answer()
        if control.grace is not None:
            self._grants.grace = control.grace
        if control.deauthorization_url is not None:
            self._deauthorizations.url = control.deauthorization_url
        if control.expire_access_tokens:
            self._grants.expire_access_tokens()
        if control.remove is not None:
            account = by_email(self._accounts, control.remove)
            if account is None:
                return WrongControl(f"no account {control.remove}").answer()
            await self._deauthorizations.remove(account)
        return json(self._state())

    def _state(self) -> dict[str, Any]:
        accounts = self._accounts
        return {
            **self._common.state(),
            "grace": self._grants.grace,
            "accounts": [account.email for account in accounts.values()],
            "installed": [accounts[grant.user_id].email for grant in self._grants.live()],
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
