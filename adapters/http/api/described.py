"""The description of a call in the API's document; kept beside the handler."""

from typing import Any

import msgspec

from domain.api_token import Scope


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """One call in words and types.

    Attributes:
        members_required: of the body, beyond those that its type requires.
        scopes: what a token needs for it.
        status: of the answer when all goes well; `result` is its body.
        gives: what comes when all goes well, where the description of `result` doesn't say it.
        problems: the names of the problems that the call answers with, beside those that every call of its kind has.
    """

    id: str
    summary: str
    description: str = ""
    scopes: tuple[Scope, ...] = ()
    query: Any = None
    body: Any = None
    body_required: bool = True
    members_required: tuple[str, ...] = ()
    takes_key: bool = False
    status: int = 200
    result: Any = None
    gives: str = ""
    problems: tuple[str, ...] = ()

    def every_problem(self, *, for_hosts: bool) -> frozenset[str]:
        """The names of all problems that it answers with, but those of a server in trouble."""
        names = {*self.problems}
        if self.body:
            names |= {"invalid-input", "too-large", "unsupported-media-type"}
        if self.takes_key:
            names |= {"invalid-input", "idempotency-key-reused"}
        if for_hosts:
            names |= {"unauthorized", "forbidden"}
        return frozenset(names)


def call(**words: Any) -> dict[str, Any]:
    """The `opt` of a handler that is listed in the description."""
    return {"call": Call(**words)}
