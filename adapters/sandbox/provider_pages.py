"""Pages beside the provider's own wire, and `/control` for tests in other processes."""

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Iterable, Mapping
from http import HTTPStatus
from typing import Any, ClassVar, Final, Generic

import msgspec

from adapters.sandbox.asgi import Reply, Request, json, see_other
from adapters.sandbox.control import C, WrongControl
from adapters.sandbox.grants import Grants, IssuedGrant
from adapters.sandbox.pages import render, style
from adapters.sandbox.registration import A, Registration, by_email
from adapters.sandbox.seen import Log
from adapters.sandbox.switches import E, F, Switches

Show = Callable[[Any, Request], Reply]
PageChange = Callable[[Any, Request], Awaitable[Reply]]

_MOST_SHOWN: Final = 200


class ProviderPages(ABC, Generic[A, F, E, C]):
    """The pages of one provider, and what its own do besides.

    Attributes:
        name: the folder of the templates.
        control_type: what `POST /control` takes.
        connections: the page, and its template, on which people take the app off their accounts.
        connected: what `/control` calls those who have the app.
        made: the page, and its template, that lists what was made.
    """

    name: ClassVar[str]
    control_type: type[C]
    connections: ClassVar[str] = "connections"
    connected: ClassVar[str] = "connected"
    made: ClassVar[str] = "meetings"

    def __init__(
        self,
        registration: Registration,
        accounts: Mapping[str, A],
        grants: Grants,
        log: Log,
        switches: Switches[F, E],
    ) -> None:
        self._registration = registration
        self._accounts = accounts
        self._grants = grants
        self._log = log
        self._switches = switches

    @classmethod
    def shown(cls) -> dict[str, Show]:
        """List the pages by their paths."""
        return {
            "/": cls._home,
            f"/{cls.connections}": cls._connections,
            f"/{cls.made}": cls._what_was_made,
            "/switches": cls._failures,
            "/requests": cls._requests,
            "/control": cls._state,
            "/sandbox.css": cls._style,
            "/favicon.ico": cls._no_icon,
        }

    @classmethod
    def changed(cls) -> dict[str, PageChange]:
        """List what takes a person's click, or a command, by its path."""
        return {f"/{cls.connections}": cls._click, "/switches": cls._switch, "/control": cls._control}

    @abstractmethod
    def _all_made(self) -> Iterable[Any]:
        """List what was made, oldest first."""

    @abstractmethod
    def _own_state(self) -> dict[str, Any]:
        """Say what `/control` shows of this provider alone."""

    @abstractmethod
    def _obey(self, control: C) -> None:
        """Do what only this provider can be told.

        Raises:
            WrongControl: it can't be done.
        """

    def _shown_of(self, account: A) -> Any:
        """Say what the first page shows of an account."""
        return account

    def _shown_with_connections(self) -> dict[str, Any]:
        return {}

    async def _clicked(self, form: Mapping[str, str]) -> None:
        account = self._accounts.get(form.get("remove", ""))
        if account is not None:
            await self._remove(account)

    async def _remove(self, account: A) -> None:
        self._grants.remove(account.id)

    def _home(self, request: Request) -> Reply:
        return self._page(
            request,
            f"{self.name}/home.html",
            app_name=self._registration.app_name,
            client_id=self._registration.client_id,
            address=f"{request.origin}{request.prefix}",
            accounts=[self._shown_of(account) for account in self._accounts.values()],
            failures=len(self._switches.all()),
        )

    def _connections(self, request: Request) -> Reply:
        granted: dict[str, list[IssuedGrant]] = {}
        for grant in self._grants.live():
            granted.setdefault(grant.user_id, []).append(grant)
        return self._page(
            request,
            f"{self.name}/{self.connections}.html",
            app_name=self._registration.app_name,
            connected=[
                (self._accounts[user_id], sorted({scope for grant in grants for scope in grant.scopes}), grants[0])
                for user_id, grants in granted.items()
            ],
            **self._shown_with_connections(),
        )

    def _what_was_made(self, request: Request) -> Reply:
        return self._page(request, f"{self.name}/{self.made}.html", made=list(self._all_made())[::-1])

    def _requests(self, request: Request) -> Reply:
        return self._page(request, "provider/requests.html", requests=self._log.requests[::-1][:_MOST_SHOWN])

    def _failures(self, request: Request, problem: str = "", status: int = HTTPStatus.OK) -> Reply:
        return self._page(
            request,
            "provider/switches.html",
            status,
            on=self._switches.all(),
            failures=list(self._switches.failures),
            endpoints=list(self._switches.endpoints),
            latency=self._switches.latency,
            problem=problem,
        )

    def _style(self, request: Request) -> Reply:
        del request
        return style()

    def _no_icon(self, request: Request) -> Reply:
        del request
        return Reply(HTTPStatus.NO_CONTENT)

    def _page(self, request: Request, template: str, status: int = HTTPStatus.OK, **shown: Any) -> Reply:
        return render(request, template, status, layout=f"{self.name}/base.html", **shown)

    async def _click(self, request: Request) -> Reply:
        await self._clicked(request.form())
        return see_other(request.href(f"/{self.connections}"))

    async def _switch(self, request: Request) -> Reply:
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

    async def _control(self, request: Request) -> Reply:
        try:
            control = self._commanded(request)
            self._obey(control)
            if control.expire_access_tokens:
                self._grants.expire_access_tokens()
            if control.remove is not None:
                await self._remove(self._named(control.remove))
        except WrongControl as wrong:
            return wrong.answer()
        return self._state(request)

    def _named(self, email: str) -> A:
        account = by_email(self._accounts, email)
        if account is None:
            raise WrongControl(f"no account {email}")
        return account

    def _commanded(self, request: Request) -> C:
        """Read a command, and do to the switches what it says."""
        if not request.headers.get("content-type", "").startswith("application/json"):
            raise WrongControl("application/json expected", HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
        try:
            control = msgspec.json.decode(request.body, type=self.control_type)
            if control.works is not None:
                self._switches.works(None if control.works == "all" else control.works)
            for fail in control.fail:
                self._switches.fail(fail.failure, on=fail.on, times=fail.times, seconds=fail.seconds)
        except ValueError as error:
            raise WrongControl(str(error)) from error
        if control.latency is not None:
            self._switches.latency = control.latency
        return control

    def _state(self, request: Request) -> Reply:
        del request
        return json(
            {
                "latency": self._switches.latency,
                "switches": self._switches.all(),
                "requests": [
                    {
                        "number": seen.number,
                        "operation": seen.operation,
                        "failure": seen.failure,
                        "status": seen.status,
                    }
                    for seen in self._log.requests
                ],
                **self._own_state(),
                "accounts": [account.email for account in self._accounts.values()],
                self.connected: [self._accounts[grant.user_id].email for grant in self._grants.live()],
            }
        )
