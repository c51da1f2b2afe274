"""Pages and control endpoints that every provider sandbox has."""

from http import HTTPStatus
from typing import Any, Generic, TypeVar

import msgspec

from adapters.sandbox.asgi import Answer, Request, json, see_other
from adapters.sandbox.pages import render, style
from adapters.sandbox.refused import Refused
from adapters.sandbox.seen import Log
from adapters.sandbox.switches import E, F, Switches


class Fail(msgspec.Struct, forbid_unknown_fields=True):
    failure: str
    on: str | None = None
    times: int | None = 1
    seconds: float | None = None


class Control(msgspec.Struct, forbid_unknown_fields=True):
    """The body of `POST /control`; what is left out stays as it is.

    `works` comes first (`"all"` or an endpoint), so that one call can replace what is on. `remove` is the email
    address of an account that the app is to be taken off.
    """

    works: str | None = None
    fail: list[Fail] = []
    latency: float | None = None
    expire_access_tokens: bool = False
    remove: str | None = None


C = TypeVar("C", bound=Control)


class WrongControl(Refused):
    def __init__(self, problem: str, status: int = HTTPStatus.BAD_REQUEST) -> None:
        super().__init__(problem)
        self._problem = problem
        self._status = status

    def answer(self) -> Answer:
        return json({"problem": self._problem}, self._status)


class CommonPages(Generic[F, E]):
    """The failures, the requests, and the part of `/control` that is about them.

    Args:
        layout: the template that the pages extend.
    """

    def __init__(self, layout: str, log: Log, switches: Switches[F, E]) -> None:
        self._layout = layout
        self._log = log
        self._switches = switches

    def answer(self, request: Request) -> Answer | None:
        """Answer a request for a page; None where it is none of these."""
        match request.method, request.path:
            case "GET", "/sandbox.css":
                return style()
            case "GET", "/favicon.ico":
                return Answer(HTTPStatus.NO_CONTENT)
            case "GET", "/switches":
                return self._failures(request)
            case "POST", "/switches":
                return self._switch(request)
            case "GET", "/requests":
                shown = self._log.requests[::-1][:200]
                return render(request, "provider/requests.html", layout=self._layout, requests=shown)
            case _:
                return None

    def control(self, request: Request, type_: type[C]) -> C:
        """Read a command and do what every stand-in can.

        Raises:
            WrongControl: it can't be done.
        """
        if not request.headers.get("content-type", "").startswith("application/json"):
            raise WrongControl("application/json expected", HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
        try:
            control = msgspec.json.decode(request.body, type=type_)
            if control.works is not None:
                self._switches.works(None if control.works == "all" else control.works)
            for fail in control.fail:
                self._switches.fail(fail.failure, on=fail.on, times=fail.times, seconds=fail.seconds)
        except ValueError as error:
            raise WrongControl(str(error)) from error
        if control.latency is not None:
            self._switches.latency = control.latency
        return control

    def state(self) -> dict[str, Any]:
        return {
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
        }

    def _failures(self, request: Request, problem: str = "", status: int = HTTPStatus.OK) -> Answer:
        return render(
            request,
            "provider/switches.html",
            status,
            layout=self._layout,
            on=self._switches.all(),
            failures=list(self._switches.failures),
            endpoints=list(self._switches.endpoints),
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
