"""What can a person (or a test in another process) see and change here?"""

from collections.abc import Mapping
from typing import Any

from adapters.sandbox.asgi import Answer, Request, json, see_other
from adapters.sandbox.google.accounts import Account
from adapters.sandbox.google.grants import Grants
from adapters.sandbox.google.spaces import Spaces
from adapters.sandbox.google.switches import Endpoint, Failure
from adapters.sandbox.pages import render
from adapters.sandbox.people import CommonPages, Control, WrongControl
from adapters.sandbox.registration import Registration, by_email
from adapters.sandbox.seen import Log
from adapters.sandbox.switches import Switches


class GoogleControl(Control):
    testing: bool | None = None


class People:
    """The pages beside Google's own wire, and `/control`."""

    def __init__(
        self,
        registration: Registration,
        accounts: Mapping[str, Account],
        grants: Grants,
        spaces: Spaces,
        log: Log,
        switches: Switches[Failure, Endpoint],
    ) -> None:
        self._registration = registration
        self._accounts = accounts
        self._grants = grants
        self._spaces = spaces
        self._switches = switches
        self._common = CommonPages("google/base.html", log, switches)

    def answer(self, request: Request) -> Answer | None:
        """Answer a request for a page; None where it is none of these."""
        match request.method, request.path:
            case "GET", "/":
                return self._home(request)
            case "GET", "/connections":
                return self._connections(request)
            case "POST", "/connections":
                self._grants.remove(request.form().get("remove", ""))
                return see_other(request.href("/connections"))
            case "GET", "/spaces":
                return render(request, "google/spaces.html", spaces=self._spaces.all()[::-1])
            case "GET", "/control":
                return json(self._state())
            case "POST", "/control":
                return self._control(request)
            case _:
                return self._common.answer(request)

    def _home(self, request: Request) -> Answer:
        return render(
            request,
            "google/home.html",
            app_name=self._registration.app_name,
            client_id=self._registration.client_id,
            address=f"{request.origin}{request.prefix}",
            accounts=list(self._accounts.values()),
            failures=len(self._switches.all()),
        )

    def _connections(self, request: Request) -> Answer:
        allowed: dict[str, list[str]] = {}
        for grant in self._grants.live():
            allowed.setdefault(grant.user_id, []).extend(grant.scopes)
        connected = [(self._accounts[user_id], sorted(set(scopes))) for user_id, scopes in allowed.items()]
        return render(request, "google/connections.html", app_name=self._registration.app_name, connected=connected)

    def _control(self, request: Request) -> Answer:
        try:
            control = self._common.control(request, GoogleControl)
        except WrongControl as wrong:
            return wrong.answer()
        if control.testing is not None:
            self._grants.testing = control.testing
        if control.expire_access_tokens:
            self._grants.expire_access_tokens()
        if control.remove is not None:
            account = by_email(self._accounts, control.remove)
            if account is None:
                return WrongControl(f"no account {control.remove}").answer()
            self._grants.remove(account.id)
        return json(self._state())

    def _state(self) -> dict[str, Any]:
        return {
            **self._common.state(),
            "testing": self._grants.testing,
            "accounts": [account.email for account in self._accounts.values()],
            "connected": [self._accounts[grant.user_id].email for grant in self._grants.live()],
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
