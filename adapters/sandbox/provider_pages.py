"""Pages and control endpoints of sandboxes that announce no removals."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, Generic

from adapters.sandbox.asgi import Answer, Request, json, see_other
from adapters.sandbox.grants import AnyGrants, G
from adapters.sandbox.pages import render
from adapters.sandbox.people import C, CommonPages, WrongControl
from adapters.sandbox.registration import A, Registration, by_email
from adapters.sandbox.seen import Log
from adapters.sandbox.switches import E, F, Switches


class ProviderPages(ABC, Generic[A, G, F, E, C]):
    """The pages beside the provider's own wire, and `/control`.

    Args:
        name: the folder of the templates.
        control_type: what `POST /control` takes.
    """

    def __init__(
        self,
        name: str,
        control_type: type[C],
        registration: Registration,
        accounts: Mapping[str, A],
        grants: AnyGrants[G],
        log: Log,
        switches: Switches[F, E],
    ) -> None:
        self._name = name
        self._control_type = control_type
        self._registration = registration
        self._accounts = accounts
        self._grants = grants
        self._switches = switches
        self._common = CommonPages(f"{name}/base.html", log, switches)

    def answer(self, request: Request) -> Answer | None:
        """Answer a request for a page; None where it is none of these."""
        match request.method, request.path:
            case "GET", "/":
                return self._home(request)
            case "GET", "/connections":
                return self._connections(request)
            case "POST", "/connections":
                self._clicked(request.form())
                return see_other(request.href("/connections"))
            case "GET", "/control":
                return json(self._state())
            case "POST", "/control":
                return self._control(request)
            case _:
                return self._own_page(request) or self._common.answer(request)

    @abstractmethod
    def _own_page(self, request: Request) -> Answer | None:
        """Answer a request for a page that only this provider has."""

    @abstractmethod
    def _own_state(self) -> dict[str, Any]:
        """Say what `/control` shows of this provider alone."""

    @abstractmethod
    def _obey(self, control: C) -> None:
        """Do what only this provider can be told.

        Raises:
            WrongControl: it can't be done.
        """

    def _shown_with_connections(self) -> dict[str, Any]:
        return {}

    def _clicked(self, form: Mapping[str, str]) -> None:
        self._grants.remove(form.get("remove", ""))

    def _home(self, request: Request) -> Answer:
        return render(
            request,
            f"{self._name}/home.html",
            layout=f"{self._name}/base.html",
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
        return render(
            request,
            f"{self._name}/connections.html",
            layout=f"{self._name}/base.html",
            app_name=self._registration.app_name,
            connected=[(self._accounts[user_id], sorted(set(scopes))) for user_id, scopes in allowed.items()],
            **self._shown_with_connections(),
        )

    def _control(self, request: Request) -> Answer:
        try:
            control = self._common.control(request, self._control_type)
            self._obey(control)
        except WrongControl as wrong:
            return wrong.answer()
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
            **self._own_state(),
            "accounts": [account.email for account in self._accounts.values()],
            "connected": [self._accounts[grant.user_id].email for grant in self._grants.live()],
        }
