"""The body of `POST /control`, and its refusals."""

from http import HTTPStatus
from typing import TypeVar

import msgspec

from adapters.sandbox.asgi import Reply, json
from adapters.sandbox.refused import Refused


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

    def answer(self) -> Reply:
        return json({"problem": self._problem}, self._status)
