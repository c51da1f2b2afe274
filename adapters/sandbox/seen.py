"""Records every request: complete for tests, masked for people."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from urllib.parse import parse_qsl

import msgspec

from adapters.sandbox.asgi import Request

MOST: Final = 10_000
MASK: Final = "•••"
_PLAIN: Final = frozenset(
    {
        "access_type",
        "client_id",
        "code_challenge_method",
        "grant_type",
        "prompt",
        "redirect_uri",
        "response_mode",
        "response_type",
        "scope",
    }
)


class Seen(msgspec.Struct):
    """One request as it arrived; `status` stays None where no answer was sent."""

    number: int
    at: datetime
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes
    endpoint: str | None = None
    failure: str | None = None
    status: int | None = None

    def json(self) -> Any:
        return msgspec.json.decode(self.body)

    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode(), keep_blank_values=True))

    @property
    def operation(self) -> str:
        """Method and path, such as `POST /oauth/token`."""
        return f"{self.method} {self.path}"

    @property
    def shown_query(self) -> str:
        return _masked(self.query)

    @property
    def shown_authorization(self) -> str:
        scheme = self.headers.get("authorization", "").partition(" ")[0]
        return f"{scheme} {MASK}" if scheme else "none"

    @property
    def shown_body(self) -> str:
        """Say what the body holds: JSON as it is, form fields with every secret masked."""
        if not self.body:
            return ""
        content_type = self.headers.get("content-type", "")
        if content_type.startswith("application/x-www-form-urlencoded"):
            return _masked(dict(parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True)))
        if content_type.startswith("application/json"):
            return self.body.decode("utf-8", "replace")
        return f"{len(self.body)} bytes of {content_type or 'something'}"


class Log:
    """The newest requests, oldest first."""

    def __init__(self) -> None:
        self.requests: list[Seen] = []
        self._count = 0

    def note(self, request: Request, at: datetime) -> Seen:
        self._count += 1
        seen = Seen(
            number=self._count,
            at=at,
            method=request.method,
            path=request.path,
            query=request.query,
            headers=request.headers,
            body=request.body,
        )
        self.requests.append(seen)
        del self.requests[:-MOST]
        return seen


def _masked(fields: Mapping[str, str]) -> str:
    return "&".join(f"{name}={value if name in _PLAIN else MASK}" for name, value in fields.items())
