"""What can a person (or a test in another process) see and change here?"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import msgspec

from adapters.sandbox.asgi import Answer, Request, json, see_other
from adapters.sandbox.pages import render, style
from adapters.sandbox.store import Table
from adapters.sandbox.zoom.accounts import Account
from adapters.sandbox.zoom.deauthorization import Deauthorizations
from adapters.sandbox.zoom.grants import Grants
from adapters.sandbox.zoom.meetings import Meetings
from adapters.sandbox.zoom.seen import Log
from adapters.sandbox.zoom.switches import Endpoint, Failure, Switches


class Fail(msgspec.Struct, forbid_unknown_fields=True):
    failure: Failure
    on: Endpoint | None = None
    times: int | None = 1
    seconds: float | None = None


class Control(msgspec.Struct, forbid_unknown_fields=True):
    """The body of `POST /control`; what is left out stays as it is.

    `works` comes first (`"all"` or an endpoint), so that one call can replace what is on.
    """

    works: str | None = None
    fail: list[Fail] = []
    latency: float | None = None
    grace: bool | None = None
    expire_access_tokens: bool = False
    remove: str | None = None
    deauthorization_url: str | None = None


class People:
    """The pages beside Zoom's own wire, and `/control`."""

    def __init__(
        self,
        accounts: Table[Account],
        grants: Grants,
        meetings: Meetings,
        log: Log,
        switches: Switches,
        deauthorizations: Deauthorizations,
        *,
        app_name: str,
        client_id: str,
    ) -> None:
        self._accounts = accounts
        self._grants = grants
        self._meetings = meetings
        self._log = log
        self._switches = switches
        self._deauthorizations = deauthorizations
        self._app_name = app_name
        self._client_id = client_id

    async def answer(self, request: Request) -> Answer | None:
        """Answer a request for a page; None where it is none of these."""
        match request.method, request.path:
            case "GET", "/":
                return self._home(request)
            case "GET", "/sandbox.css":
                return style()
            case "GET", "/favicon.ico":
                return Answer(HTTPStatus.NO_CONTENT)
            case "GET", "/installed":
                return self._installed(request)
            case "POST", "/installed":
                return await self._change_installed(request)
            case "GET", "/switches":
                return self._failures(request)
            case "POST", "/switches":
                return self._switch(request)
            case "GET", "/meetings":
                return render(request, "zoom/meetings.html", meetings=self._meetings.all()[::-1])
            case "GET", "/requests":
                return render(request, "zoom/requests.html", requests=self._log.requests[::-1][:200])
            case "GET", "/control":
                return json(self._state())
            case "POST", "/control":
                return await self._control(request)
            case _:
                return None

    def _home(self, request: Request) -> Answer:
        return render(
            request,
            "zoom/home.html",
            app_name=self._app_name,
            client_id=self._client_id,
            address=f"{request.origin}{request.prefix}",
            accounts=[(account, self._meetings.made_today(account)) for account in self._accounts.values()],
            failures=len(self._switches.all()),
        )

    def _installed(self, request: Request) -> Answer:
        return render(
            request,
            "zoom/installed.html",
            app_name=self._app_name,
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

    def _failures(self, request: Request, problem: str = "", status: int = HTTPStatus.OK) -> Answer:
        return render(
            request,
            "zoom/switches.html",
            status,
            on=self._switches.all(),
            failures=list(Failure),
            endpoints=list(Endpoint),
            latency=self._switches.latency,
            problem=problem,
        )

    def _switch(self, request: Request) -> Answer:
        form = {name: value for name, value in request.form().items() if value}
        if "works" in form:
            self._switches.works()
            return see_other(request.href("/switches"))
        try:
            self._switches.fail(
                form.get("failure", ""),
                on=form.get("on"),
                times=None if "always" in form else int(form.get("times", "1")),
                seconds=float(form["seconds"]) if "seconds" in form else None,
            )
        except ValueError as error:
            return self._failures(request, str(error), HTTPStatus.BAD_REQUEST)
        return see_other(request.href("/switches"))

    async def _control(self, request: Request) -> Answer:
        if not request.headers.get("content-type", "").startswith("application/json"):
            return json({"problem": "application/json expected"}, HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
        try:
            control = msgspec.json.decode(request.body, type=Control)
            if control.works is not None:
                self._switches.works(None if control.works == "all" else control.works)
            for fail in control.fail:
                self._switches.fail(fail.failure, on=fail.on, times=fail.times, seconds=fail.seconds)
        except ValueError as error:
            return json({"problem": str(error)}, HTTPStatus.BAD_REQUEST)
        if control.latency is not None:
            self._switches.latency = control.latency
        if control.grace is not None:
            self._grants.grace = control.grace
        if control.deauthorization_url is not None:
            self._deauthorizations.url = control.deauthorization_url
        if control.expire_access_tokens:
            self._grants.expire_access_tokens()
        if control.remove is not None:
            account = _by_email(self._accounts, control.remove)
            if account is None:
                return json({"problem": f"no account {control.remove}"}, HTTPStatus.BAD_REQUEST)
            await self._deauthorizations.remove(account)
        return json(self._state())

    def _state(self) -> dict[str, Any]:
        accounts = self._accounts
        return {
            "latency": self._switches.latency,
            "grace": self._grants.grace,
            "switches": self._switches.all(),
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
            "requests": [
                {
                    "number": seen.number,
                    "operation": seen.operation,
                    "failure": seen.failure,
                    "status": seen.status,
                }
                for seen in self._log.requests
            ],
            "notifications": [
                {"about": sent.about, "status": sent.status, "problem": sent.problem}
                for sent in self._deauthorizations.sent
            ],
        }


def _by_email(accounts: Mapping[str, Account], email: str) -> Account | None:
    return next((account for account in accounts.values() if account.email == email), None)
